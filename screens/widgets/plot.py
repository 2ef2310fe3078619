"""The plot of a chart: axis, round amounts, and the ink, of which a growing part is to be seen."""

from collections.abc import Sequence
from datetime import date

from kiosk.charts import BalanceCourse, YearlySums
from kiosk.contract.money import FEN_PER_YUAN
from kiosk.messages import Part
from kiosk.values import Month
from screens import plotting
from screens.pen import Pen
from screens.theme import Look
from screens.widgets.label import Label
from screens.widgets.node import Box, Node

HEIGHT_SHARE = 0.12
"""Of the height of the glass."""

LEAST_MM = 32.0
LOW_MM = 20.0
GUTTER_MM = 2.5


class Plot(Node):
    """Amounts over time. What it shows in pictures, the sentence above it says in words."""

    def __init__(self, part: float, low: bool = False) -> None:
        self.part, self.low = part, low
        self.scale: list[Label] = []
        self.times: list[Label] = []

    def children(self) -> Sequence[Node]:
        return [*self.scale, *self.times]

    def spoken(self) -> tuple[Part, ...]:
        return ()

    def highest(self) -> int:
        """The highest amount in fen."""
        raise AssertionError(f"{type(self).__name__} does not say it")

    def measure(self, look: Look, width: int) -> int:
        share = int(look.panel.height_px * HEIGHT_SHARE)
        plot = max(look.px(LOW_MM), share // 2) if self.low else max(look.px(LEAST_MM), share)
        return plot + round(1.7 * Label("0", "caption").leading(look))

    def natural(self, look: Look) -> int:
        return look.px(4 * LEAST_MM)

    def _ticks(self) -> tuple[int, ...]:
        return plotting.ticks(self.highest())

    def top(self) -> int:
        """The amount in fen at the upper edge."""
        return self._ticks()[-1] * FEN_PER_YUAN

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        marks = self._ticks()
        line = Label("0", "caption").leading(look)
        texts = [plotting.tick_text(mark, marks[1], look.language) for mark in marks]
        self.scale = [Label(text, "caption", "soft", "right") for text in texts]
        gutter = max(label.natural(look) for label in self.scale)
        left = box.x + gutter + look.px(GUTTER_MM)
        height = box.h - round(1.7 * line)
        self.area = Box(left, box.y + line // 2, box.right - left, height)
        room = max(1, height // (len(marks) - 1))
        every = max(1, -(-line // room))  # on a low plot not every line has its amount
        shown = []
        for n, label in enumerate(self.scale):
            if n % every == 0:
                y = self.area.bottom - height * n // (len(marks) - 1)
                label.place(look, Box(box.x, y - line // 2, gutter, line))
                shown.append(label)
        self.scale = shown
        self.times = self.under(look, box.bottom - line, line)

    def under(self, look: Look, y: int, line: int) -> list[Label]:
        """The placed labels of the time axis."""
        raise AssertionError(f"{type(self).__name__} does not say it")

    def draw(self, look: Look, pen: Pen) -> None:
        marks, area = self._ticks(), self.area
        thin = max(1, look.px(0.3))
        for n in range(len(marks)):
            y = area.bottom - area.h * n // (len(marks) - 1)
            pen.box(area.x, y, area.w, thin, look.colour("hairline" if n else "line"))
        self.ink(look, pen)
        for label in self.children():
            label.draw(look, pen)

    def ink(self, look: Look, pen: Pen) -> None:
        """Draw what grows."""
        raise AssertionError(f"{type(self).__name__} does not say it")


class CoursePlot(Plot):
    """A balance as a stepped line over its tinted ground."""

    def __init__(self, course: BalanceCourse, part: float, low: bool = False) -> None:
        super().__init__(part, low)
        self.course = course

    def highest(self) -> int:
        return max(self.course.amounts)

    def under(self, look: Look, y: int, line: int) -> list[Label]:
        first = Label(_month(self.course.days[0]), "caption", "soft")
        last = Label(_month(self.course.until), "caption", "soft", "right")
        wide = last.natural(look)
        first.place(look, Box(self.area.x, y, first.natural(look), line))
        last.place(look, Box(self.area.right - wide, y, wide, line))
        return [first, last] if first.natural(look) + wide < self.area.w else [last]

    def ink(self, look: Look, pen: Pen) -> None:
        area, margin = self.area, float(look.px(plotting.DOT_MM))
        size = (area.w, area.h, self.top(), margin)
        pen.plot(
            ("area", self.course, size), lambda: plotting.course_area(self.course, *size),
            area.x, area.y, look.colour("tint"), self.part,
        )  # fmt: skip
        pen.plot(
            ("line", self.course, size), lambda: plotting.course_line(self.course, *size, look),
            area.x, area.y, look.colour("primary"), self.part,
        )  # fmt: skip


class YearsPlot(Plot):
    """A bar a year, its layers one on another: the lower solid, the upper hatched."""

    inks = ("primary", "attention")

    def __init__(self, sums: YearlySums, part: float, low: bool = False) -> None:
        super().__init__(part, low)
        self.sums = sums

    def highest(self) -> int:
        return max(
            sum(amounts) for amounts in zip(*(layer.amounts for layer in self.sums.layers), strict=True)
        )

    def under(self, look: Look, y: int, line: int) -> list[Label]:
        years = self.sums.years
        pitch = self.area.w / len(years)
        wide = Label("2000", "caption").natural(look)
        labels: list[Label] = []
        free = self.area.x
        for n, year in enumerate(years):
            x = round(self.area.x + pitch * (n + 0.5) - wide / 2)
            x = min(max(x, self.area.x), self.area.right - wide)
            if x >= free:
                labels.append(Label(str(year), "caption", "soft", "centre"))
                labels[-1].place(look, Box(x, y, wide, line))
                free = x + wide + look.px(GUTTER_MM)
        return labels

    def ink(self, look: Look, pen: Pen) -> None:
        area = self.area
        for n, ink in enumerate(self.inks[: len(self.sums.layers)]):
            key = ("years", self.sums, n, area.w, area.h, look.panel.px_per_mm)
            pen.plot(
                key, lambda n=n: plotting.year_layer(self.sums, n, area.w, area.h, self.top(), look),  # type: ignore[misc]
                area.x, area.y, look.colour(ink), self.part,
            )  # fmt: skip


def _month(day: date) -> Month:
    return Month(f"{day:%Y-%m}")
