"""Labels with values, amounts, figures and notes: how facts look everywhere."""

from kiosk.messages import Message, Part, msg
from kiosk.prompts import Figure, Note, Row
from kiosk.values import Yuan
from screens import typeset
from screens.pen import Pen
from screens.theme import TYPE, Look, Style
from screens.widgets.boxes import Card, Column, Space
from screens.widgets.boxes import Row as SideBySide
from screens.widgets.icon import Icon
from screens.widgets.label import CJK_ASCENT, Label
from screens.widgets.node import Box, Node
from screens.widgets.pairs import Either, Marked

TONES = {
    "plain": ("card", "hairline", "primary", "info-circle", "screen.note"),
    "success": ("success_tint", "success", "success", "circle-check", "screen.good"),
    "attention": ("attention_tint", "attention", "attention", "alert-triangle", "screen.attention"),
    "refusal": ("refusal_tint", "refusal", "refusal", "circle-x", "screen.refused"),
}
"""Tone -> ground, edge, ink, icon, word: a state is never colour alone."""


class Amount(Node):
    """An amount in tabular figures with a smaller yuan sign. Steps down in size rather than be clipped."""

    sizes: tuple[Style, ...] = ("hero", "figure", "value", "strong")

    def __init__(self, amount: Yuan, style: Style = "value", ink: str = "text", align: str = "left") -> None:
        self.amount, self.style, self.ink, self.align = amount, style, ink, align

    def _sign_style(self, style: Style) -> Style:
        return {"hero": "heading", "figure": "strong"}.get(style, style)  # type: ignore[return-value]

    def _parts(self, look: Look, style: Style) -> list[tuple[str, Style]]:
        shown = self.amount.shown(look.language)
        sign = shown[0] if shown[0] in "−+" else ""
        return [(f"{sign}¥", self._sign_style(style)), (shown[len(sign) :], style)]

    def _width(self, look: Look, style: Style) -> int:
        gap = look.px(1.0)
        return gap + sum(
            typeset.natural_width(t, look.em(s), TYPE[s].bold) for t, s in self._parts(look, style)
        )

    def _fitting(self, look: Look, width: int) -> Style:
        wanted = self.sizes[self.sizes.index(self.style) :] if self.style in self.sizes else (self.style,)
        return next((style for style in wanted if self._width(look, style) <= width), wanted[-1])

    def measure(self, look: Look, width: int) -> int:
        style = self._fitting(look, width)
        return round(look.em(style) * TYPE[style].leading)

    def natural(self, look: Look) -> int:
        return self._width(look, self.style)

    def least(self, look: Look) -> int:
        return self._width(look, "strong" if self.style in self.sizes else self.style)

    def draw(self, look: Look, pen: Pen) -> None:
        style = self._fitting(look, self.box.w)
        em = look.em(style)
        leading = round(em * TYPE[style].leading)
        base_line = self.box.y + (leading - em) // 2 + round(em * CJK_ASCENT)
        spare = self.box.w - self._width(look, style)
        x = self.box.x + {"left": 0, "centre": spare // 2, "right": spare}[self.align]
        for shown, size in self._parts(look, style):
            line = typeset.lines(shown, look.em(size), TYPE[size].bold, 100_000)[0]
            pen.line(line, x, base_line, look.em(size), TYPE[size].bold, look.colour(self.ink))
            x += line.width + look.px(1.0)

    def shown(self, look: Look) -> str:
        return "".join(part for part, _ in self._parts(look, self.style))

    def shown_box(self, look: Look) -> Box:  # type: ignore[override]
        width = self._width(look, self._fitting(look, self.box.w))
        spare = self.box.w - width
        x = self.box.x + {"left": 0, "centre": spare // 2, "right": spare}[self.align]
        return Box(x, self.box.y, width, self.box.h)

    def spoken(self) -> tuple[Part, ...]:
        return (self.amount,)


def value_node(value: Part, emphasis: bool, align: str) -> Node:
    """A value in a row: amounts in figures, the rest as text."""
    if isinstance(value, Yuan):
        return Amount(value, "value" if emphasis else "strong", align=align)
    return Label(value, "value" if emphasis else "strong", align=align, measured=False, balanced=True)


FACT_PAD_MM = 1.5
LOW_FACT_PAD_MM = 0.5


class Fact(Node):
    """A label with its value at the right; the value goes below when both do not fit on a line."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.label = Label(row.label, "body", "soft")
        self.value = value_node(row.value, row.emphasis, "right")

    def children(self) -> tuple[Node, ...]:
        return (self.label, self.value)

    def _pad(self, look: Look) -> int:
        return look.px(LOW_FACT_PAD_MM if look.compact else FACT_PAD_MM)

    def _together(self, look: Look, width: int) -> bool:
        return self.label.natural(look) + look.px(6) + self.value.natural(look) <= width

    def measure(self, look: Look, width: int) -> int:
        label, value = self.label.measure(look, width), self.value.measure(look, width)
        return (max(label, value) if self._together(look, width) else label + value) + 2 * self._pad(look)

    def natural(self, look: Look) -> int:
        return self.label.natural(look) + look.px(6) + self.value.natural(look)

    def least(self, look: Look) -> int:
        return max(self.label.least(look), self.value.least(look))

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        pad = self._pad(look)
        if self._together(look, box.w):
            w = self.label.natural(look)
            for node, x, room in ((self.label, box.x, w), (self.value, box.x + w, box.w - w)):
                h = node.measure(look, room)
                node.place(look, Box(x, box.y + (box.h - h) // 2, room, h))
        else:
            h = self.label.measure(look, box.w)
            self.label.place(look, Box(box.x, box.y + pad, box.w, h))
            self.value.place(look, Box(box.x, box.y + pad + h, box.w, self.value.measure(look, box.w)))

    def split(self, look: Look, width: int, height: int) -> tuple[Node | None, Node | None]:
        if self.measure(look, width) <= height or self._together(look, width):
            return super().split(look, width, height)
        head, tail = Column([self.label, self.value]).split(look, width, height)
        return (head, tail) if isinstance(head, Column) and len(head.items) > 1 else (None, self)

    def draw(self, look: Look, pen: Pen) -> None:
        self.label.draw(look, pen)
        self.value.draw(look, pen)

    def spoken(self) -> tuple[Part, ...]:
        return (self.row.label, self.row.value)


class Rule(Node):
    """A hairline between rows."""

    def measure(self, look: Look, width: int) -> int:
        return look.px(1.5)

    def draw(self, look: Look, pen: Pen) -> None:
        thick = max(1, look.px(0.3))
        pen.box(self.box.x, self.box.y + self.box.h // 2, self.box.w, thick, look.colour("hairline"))


class Facts(Column):
    """Rows with hairlines between; may break over pages between any two rows. Heading and head are repeated there, the
    heading not within a page (`headed`)."""

    def __init__(
        self, nodes: list[Node], heading: Message | None = None, head: Node | None = None, headed: bool = True
    ) -> None:
        self.nodes, self.heading, self.head, self.headed = nodes, heading, head, headed
        items: list[Node] = [Label(heading, "heading"), Space(2)] if heading and headed else []
        if head:
            items += [head, Rule()]
        for n, node in enumerate(nodes):
            items += [Rule(), node] if n else [node]
        super().__init__(items)

    def split(self, look: Look, width: int, height: int) -> tuple[Node | None, Node | None]:
        room = height - Facts([], self.heading, self.head, self.headed).measure(look, width)
        fit = 0
        for n, node in enumerate(self.nodes):
            room -= node.measure(look, width) + (Rule().measure(look, width) if n else 0)
            if room < 0:
                break
            fit = n + 1
        if fit == len(self.nodes):
            return self, None
        if fit:
            return self._of(self.nodes[:fit]), self._of(self.nodes[fit:])
        first, more = self.nodes[0].split(look, width, room + self.nodes[0].measure(look, width))
        if first is not None and more is not None:
            return self._of([first]), self._of([more, *self.nodes[1:]])
        return None, self

    def continued(self) -> Node:
        return Facts(self.nodes, self.heading, self.head, headed=False)

    def _of(self, nodes: list[Node]) -> "Facts":
        return Facts(nodes, self.heading, self.head)


def facts_card(rows: tuple[Row, ...], heading: Message | None = None) -> Card:
    return Card(Facts([Fact(row) for row in rows], heading))


class FigureCard(Card):
    """The hero of a screen. Where height is short its note stands beside the label, so that both stay together."""

    def __init__(self, figure: Figure) -> None:
        label, amount = Label(figure.label, "body", "soft"), Amount(figure.amount, "hero", "primary")
        note = [Label(figure.note, "body", "soft")] if figure.note else []
        beside = SideBySide([label, *note], [1, *[0 for _ in note]], 6)
        smaller = Amount(figure.amount, "figure", "primary")
        self._low = Column([Either(beside, Column([label, *note])), smaller], 1)
        super().__init__(Column([label, amount, *note], 1))

    def measure(self, look: Look, width: int) -> int:
        if look.compact:
            self.content = self._low
        return super().measure(look, width)


class NoteCard(Card):
    """A remark: coloured ground and edge, icon, the word for its tone, and the text."""

    def __init__(self, note: Note) -> None:
        self.note = note
        ground, edge, ink, icon, word = TONES[note.tone]
        self._mark = Icon(icon, 10, ink)
        self._said: list[Part] = [note.text]
        lines: list[Node] = [Label(note.text, balanced=True)]
        if note.tone != "plain":
            self._said.insert(0, msg(word))
            lines.insert(0, Label(msg(word), "strong", ink))
        super().__init__(Marked(self._mark, Column(lines), 4), ground, edge, 5)

    def measure(self, look: Look, width: int) -> int:
        if look.compact and len(self._said) > 1:
            line = msg("screen.remark", label=self._said[0], value=self._said[1])
            self.content = Marked(self._mark, Label(line, balanced=True), 4)
        return super().measure(look, width)

    def spoken(self) -> tuple[Part, ...]:
        return tuple(self._said)
