"""A chart on a card: its title, what it shows in a sentence, and the picture. A voice says title and sentence."""

from collections.abc import Sequence

from kiosk.charts import BalanceCourse, Bar, Bars, Chart, YearlySums
from kiosk.messages import Part
from kiosk.prompts import Row as FactRow
from screens import plotting
from screens.pen import Pen
from screens.theme import Look
from screens.widgets.boxes import Card, Column, Row
from screens.widgets.label import Label
from screens.widgets.node import Box, Node
from screens.widgets.plot import CoursePlot, YearsPlot
from screens.widgets.rows import Fact

SWATCH_MM = 7.0
BAR_MM = 6.0
PADDING_MM = 5.0


class Swatch(Node):
    """The pattern of a layer, for the legend."""

    def __init__(self, layer: int) -> None:
        self.layer = layer

    def measure(self, look: Look, width: int) -> int:
        return look.px(SWATCH_MM)

    def natural(self, look: Look) -> int:
        return look.px(SWATCH_MM)

    def draw(self, look: Look, pen: Pen) -> None:
        _patterned(look, pen, self.box, YearsPlot.inks[self.layer], hatched=self.layer > 0)


def _patterned(look: Look, pen: Pen, box: Box, ink: str, *, hatched: bool, part: float = 1.0) -> None:
    """The left `part` of a box, solid or hatched."""
    if hatched:
        key = ("hatch", box.w, box.h, look.panel.px_per_mm)
        pen.plot(key, lambda: plotting.hatched(box.w, box.h, look), box.x, box.y, look.colour(ink), part)
    else:
        pen.box(box.x, box.y, round(box.w * part), box.h, look.colour(ink))


class Legend(Row):
    """What each pattern means; the sentence above names them too, so no voice reads it."""

    def __init__(self, sums: YearlySums) -> None:
        nodes: list[Node] = []
        for n, layer in enumerate(sums.layers):
            nodes += [Swatch(n), Label(layer.name, "caption")]
        super().__init__(nodes, [0] * len(nodes), 3)

    def spoken(self) -> tuple[Part, ...]:
        return ()


class BarNode(Node):
    """A name, its value, and under both a bar as long as the value is large."""

    def __init__(self, bar: Bar, longest: int, part: float) -> None:
        self.bar, self.longest, self.part = bar, max(1, longest), part
        self.fact = Fact(FactRow(bar.name, bar.value, emphasis=not bar.before))

    def children(self) -> Sequence[Node]:
        return (self.fact,)

    def measure(self, look: Look, width: int) -> int:
        return self.fact.measure(look, width) + look.px(BAR_MM)

    def least(self, look: Look) -> int:
        return self.fact.least(look)

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        self.fact.place(look, Box(box.x, box.y, box.w, self.fact.measure(look, box.w)))

    def draw(self, look: Look, pen: Pen) -> None:
        self.fact.draw(look, pen)
        high = look.px(BAR_MM)
        wide = max(look.px(1), self.box.w * self.bar.size // self.longest)
        box = Box(self.box.x, self.box.bottom - high, wide, high)
        ink = "soft" if self.bar.before else "primary"
        _patterned(look, pen, box, ink, hatched=self.bar.before, part=self.part)


class ChartCard(Card):
    """Where height is short, `brief` leaves the sentence to the voice and its caption, and lowers the plot."""

    def __init__(self, chart: Chart, part: float = 1.0, brief: bool = False) -> None:
        self.chart, self.part = chart, part
        words = [Label(chart.title, "heading")]
        if not brief:
            words.append(Label(chart.says, "body", "soft"))
        super().__init__(Column([*words, *_picture(chart, part, brief)], 2), padding=PADDING_MM)
        self.whole = True

    def spoken(self) -> tuple[Part, ...]:
        return (self.chart.title, self.chart.says)

    def slim(self) -> "ChartCard":
        return ChartCard(self.chart, self.part, brief=True)

    def split(self, look: Look, width: int, height: int) -> tuple[Node | None, Node | None]:
        """Asked only where the whole fits on no page: the brief one, and bars over more pages before a clipped one."""
        if self.measure(look, width) <= height:
            return self, None
        brief = self.slim()
        if brief.measure(look, width) <= height:
            return brief, None
        words: list[Node] = [Label(self.chart.title, "heading"), Label(self.chart.says, "body", "soft")]
        apart = Card(Column([*words, *_picture(self.chart, self.part, low=True)], 2), padding=PADDING_MM)
        return apart.split(look, width, height)


def _picture(chart: Chart, part: float, low: bool) -> list[Node]:
    match chart:
        case BalanceCourse():
            return [CoursePlot(chart, part, low)]
        case YearlySums():
            return [Legend(chart), YearsPlot(chart, part, low)]
        case Bars():
            longest = max(bar.size for bar in chart.bars)
            return [BarNode(bar, longest, part) for bar in chart.bars]
