"""Nodes: what is on the glass, as a tree that is built anew for every change and laid out in a single pass.

A node is told a width and answers with its height; then it is placed; then it draws. It keeps nothing, observes
nothing and knows no Kivy: only the pen does. Sizes and places are px from the window's top left.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from kiosk.messages import Part, text
from screens.pen import Pen
from screens.theme import COMPACT_PADDING_MM, HAIRLINE_MM, PADDING_MM, RADIUS_MM, TARGET_MM, Look


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        return self.x + self.w

    @property
    def bottom(self) -> int:
        return self.y + self.h

    def holds(self, x: float, y: float) -> bool:
        return self.x <= x < self.right and self.y <= y < self.bottom

    def inset(self, px: int) -> "Box":
        return Box(self.x + px, self.y + px, self.w - 2 * px, self.h - 2 * px)


def _once_per_width(method: Any) -> Any:
    """Remember what a node measured: it never changes, and layout asks again and again."""
    name = method.__name__

    @wraps(method)
    def remembered(self: "Node", look: Look, width: int = 0) -> int:
        known: dict[tuple[str, int], int] = self.__dict__.setdefault("_measured", {})
        found = known.get((name, width))
        if found is None:
            found = known[name, width] = (
                method(self, look, width) if name == "measure" else method(self, look)
            )
        return found

    return remembered


class Node:
    """Something on the glass."""

    def __init_subclass__(cls) -> None:
        for name in ("measure", "natural", "least"):
            if name in cls.__dict__:
                setattr(cls, name, _once_per_width(cls.__dict__[name]))

    box = Box(0, 0, 0, 0)
    shown_box: "Callable[[Look], Box] | None" = None
    """Where the text really is, of nodes that draw text themselves: for audits."""

    def measure(self, look: Look, width: int) -> int:
        """The height in px it needs at this width."""
        raise AssertionError(f"{type(self).__name__} does not measure itself")

    def natural(self, look: Look) -> int:
        """The width in px it would take on one line."""
        return 0

    def least(self, look: Look) -> int:
        """The width in px below which it cannot be shown whole."""
        return self.natural(look)

    def first_line(self, look: Look) -> int:
        """The height of its first line in px: a mark beside it is centred there."""
        return 0

    def place(self, look: Look, box: Box) -> None:
        """Take a box, and place what is inside."""
        self.box = box

    def draw(self, look: Look, pen: Pen) -> None:
        """Draw at the place given."""

    def children(self) -> Sequence["Node"]:
        return ()

    def split(self, look: Look, width: int, height: int) -> "tuple[Node | None, Node | None]":
        """What of it fits into `height` px, and the rest for the next column or page."""
        return (self, None) if self.measure(look, width) <= height else (None, self)

    def shown(self, look: Look) -> str:
        """The text that it draws itself; empty for all that only holds others."""
        return ""

    def spoken(self) -> tuple[Part, ...]:
        """What a voice says for it: the same parts that are shown, in reading order."""
        return tuple(part for child in self.children() for part in child.spoken())

    def walk(self) -> "Iterator[Node]":
        """This node and all below, in drawing order."""
        yield self
        for child in self.children():
            yield from child.walk()


class Space(Node):
    """Nothing, so many mm high."""

    def __init__(self, mm: float) -> None:
        self.mm = mm

    def measure(self, look: Look, width: int) -> int:
        return look.px(self.mm)


class Column(Node):
    """One under the other, `gap` mm apart."""

    def __init__(self, items: Sequence[Node], gap: float = 0) -> None:
        self.items = [item for item in items if item is not None]
        self.gap = gap

    def children(self) -> Sequence[Node]:
        return self.items

    def measure(self, look: Look, width: int) -> int:
        gaps = look.px(self.gap) * max(0, len(self.items) - 1)
        return sum(item.measure(look, width) for item in self.items) + gaps

    def natural(self, look: Look) -> int:
        return max((item.natural(look) for item in self.items), default=0)

    def least(self, look: Look) -> int:
        return max((item.least(look) for item in self.items), default=0)

    def first_line(self, look: Look) -> int:
        return self.items[0].first_line(look) if self.items else 0

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        y = box.y
        for item in self.items:
            height = item.measure(look, box.w)
            item.place(look, Box(box.x, y, box.w, height))
            y += height + look.px(self.gap)

    def draw(self, look: Look, pen: Pen) -> None:
        for item in self.items:
            item.draw(look, pen)

    def split(self, look: Look, width: int, height: int) -> tuple[Node | None, Node | None]:
        room, gap = height, look.px(self.gap)
        for n, item in enumerate(self.items):
            need = item.measure(look, width)
            if need > room:
                head, tail = item.split(look, width, room)
                first = [*self.items[:n], *([head] if head else [])]
                rest = [*([tail] if tail else []), *self.items[n + 1 :]]
                return self._of(first), self._of(rest)
            room -= need + gap
        return self, None

    def _of(self, items: list[Node]) -> "Column | None":
        return Column(items, self.gap) if items else None


class Row(Node):
    """Side by side, `gap` mm apart; shares say how the width is divided, 0 takes what it naturally needs."""

    def __init__(
        self, items: Sequence[Node], shares: Sequence[float], gap: float = 0, align: str = "middle"
    ) -> None:
        self.items, self.shares, self.gap, self.align = list(items), shares, gap, align

    def children(self) -> Sequence[Node]:
        return self.items

    def _widths(self, look: Look, width: int) -> list[int]:
        gaps = look.px(self.gap) * (len(self.items) - 1)
        fixed = [
            0 if share else item.natural(look) for item, share in zip(self.items, self.shares, strict=True)
        ]
        left = width - gaps - sum(fixed)
        total = sum(self.shares) or 1
        return [
            int(left * share / total) if share else need
            for need, share in zip(fixed, self.shares, strict=True)
        ]

    def measure(self, look: Look, width: int) -> int:
        widths = self._widths(look, width)
        return max(item.measure(look, w) for item, w in zip(self.items, widths, strict=True))

    def natural(self, look: Look) -> int:
        return sum(item.natural(look) for item in self.items) + look.px(self.gap) * (len(self.items) - 1)

    def least(self, look: Look) -> int:
        return sum(item.least(look) for item in self.items) + look.px(self.gap) * (len(self.items) - 1)

    def first_line(self, look: Look) -> int:
        return max(item.first_line(look) for item in self.items)

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        x = box.x
        for item, w in zip(self.items, self._widths(look, box.w), strict=True):
            h = box.h if self.align == "fill" else item.measure(look, w)
            y = box.y + (box.h - h) // 2 if self.align == "middle" else box.y
            item.place(look, Box(x, y, w, h))
            x += w + look.px(self.gap)

    def draw(self, look: Look, pen: Pen) -> None:
        for item in self.items:
            item.draw(look, pen)


class Grid(Node):
    """Cells of one size in rows of `columns`; a short last row keeps the size. Cells fill the height given."""

    def __init__(self, items: Sequence[Node], columns: int, gap: float) -> None:
        self.items, self.columns, self.gap = list(items), columns, gap

    def children(self) -> Sequence[Node]:
        return self.items

    def cell_width(self, look: Look, width: int) -> int:
        return (width - look.px(self.gap) * (self.columns - 1)) // self.columns

    def least(self, look: Look) -> int:
        widest = max((item.least(look) for item in self.items), default=0)
        return self.columns * (widest + look.px(self.gap)) - look.px(self.gap)

    def rows(self) -> int:
        return -(-len(self.items) // self.columns)

    def split(self, look: Look, width: int, height: int) -> tuple[Node | None, Node | None]:
        if self.rows() > 1:
            fit = (
                (height + look.px(self.gap))
                // (self.cell_height(look, width) + look.px(self.gap))
                * self.columns
            )
            if fit >= len(self.items):
                return self, None
            if not fit:
                return None, self
            return Grid(self.items[:fit], self.columns, self.gap), Grid(
                self.items[fit:], self.columns, self.gap
            )
        halves = [item.split(look, self.cell_width(look, width), height) for item in self.items]
        if any(head is None for head, _ in halves):
            return None, self
        heads = [head or Space(0) for head, _ in halves]
        tails = [tail or Space(0) for _, tail in halves]
        return Grid(heads, self.columns, self.gap), Grid(tails, self.columns, self.gap)

    def cell_height(self, look: Look, width: int) -> int:
        return max((item.measure(look, self.cell_width(look, width)) for item in self.items), default=0)

    def measure(self, look: Look, width: int) -> int:
        if not self.items:
            return 0
        return self.rows() * (self.cell_height(look, width) + look.px(self.gap)) - look.px(self.gap)

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        w, gap = self.cell_width(look, box.w), look.px(self.gap)
        h = max(self.cell_height(look, box.w), (box.h + gap) // max(1, self.rows()) - gap)
        for n, item in enumerate(self.items):
            row, column = divmod(n, self.columns)
            item.place(look, Box(box.x + column * (w + gap), box.y + row * (h + gap), w, h))

    def draw(self, look: Look, pen: Pen) -> None:
        for item in self.items:
            item.draw(look, pen)


class Card(Node):
    """A white card with a hairline around its content, or a tinted one with a coloured bar."""

    def __init__(
        self, content: Node, ground: str = "card", edge: str = "hairline", padding: float = PADDING_MM
    ) -> None:
        self.content, self.ground, self.edge, self.padding = content, ground, edge, padding

    def _pad(self, look: Look) -> int:
        return look.px(min(self.padding, COMPACT_PADDING_MM) if look.compact else self.padding)

    def children(self) -> Sequence[Node]:
        return (self.content,)

    def measure(self, look: Look, width: int) -> int:
        padding = self._pad(look)
        return self.content.measure(look, width - 2 * padding) + 2 * padding

    def natural(self, look: Look) -> int:
        return self.content.natural(look) + 2 * self._pad(look)

    def least(self, look: Look) -> int:
        return self.content.least(look) + 2 * self._pad(look)

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        self.content.place(look, box.inset(self._pad(look)))

    def draw(self, look: Look, pen: Pen) -> None:
        draw_card(look, pen, self.box, self.ground, self.edge)
        self.content.draw(look, pen)

    def split(self, look: Look, width: int, height: int) -> tuple[Node | None, Node | None]:
        padding = self._pad(look)
        head, tail = self.content.split(look, width - 2 * padding, height - 2 * padding)
        return self._of(head), self._of(tail)

    def _of(self, content: Node | None) -> "Card | None":
        return Card(content, self.ground, self.edge, self.padding) if content else None


def draw_card(look: Look, pen: Pen, box: Box, ground: str, edge: str, line_mm: float = HAIRLINE_MM) -> None:
    radius, line = look.px(RADIUS_MM), max(1, look.px(line_mm))
    pen.round_box(box.x, box.y, box.w, box.h, radius, look.colour(ground))
    if edge:
        pen.outline(box.x, box.y, box.w, box.h, radius, line, look.colour(edge))


class Control(Node):
    """Something to touch: it has a label, a role, and what it does. `press` is None while it cannot be used."""

    role = "button"
    least_mm = (TARGET_MM, TARGET_MM)

    def __init__(self, key: str, label: Part, press: Callable[[], None] | None) -> None:
        self.key, self.label, self.press = key, label, press

    @property
    def enabled(self) -> bool:
        return self.press is not None

    def label_text(self, look: Look) -> str:
        """The label as it is spoken and found by."""
        return text(self.label, look.language)

    def spoken(self) -> tuple[Part, ...]:
        return (self.label,)

    def draw_pressed(self, look: Look, pen: Pen) -> None:
        """Draw again as it looks under the finger."""
        self.draw(look, pen)


def share_width(look: Look, nodes: Sequence[Node], room: int) -> list[int]:
    """Natural widths when they fit; else each gives way towards what it needs at least, in proportion."""
    natural, least = [node.natural(look) for node in nodes], [node.least(look) for node in nodes]
    over, slack = sum(natural) - room, sum(natural) - sum(least)
    if over <= 0 or slack <= 0:
        return natural
    part = min(1.0, over / slack)
    return [int(n - (n - m) * part) for n, m in zip(natural, least, strict=True)]


class Blank(Node):
    """As wide as a mark, and empty: beside the rest of a text whose mark stands on the page before."""

    def __init__(self, mark: Node) -> None:
        self.mark = mark

    def measure(self, look: Look, width: int) -> int:
        return 0

    def natural(self, look: Look) -> int:
        return self.mark.natural(look)


class Marked(Node):
    """A small mark (icon, dot, number) beside the first line of a text."""

    def __init__(self, mark: Node, content: Node, gap: float = 3) -> None:
        self.mark, self.content, self.gap = mark, content, gap

    def children(self) -> Sequence[Node]:
        return (self.mark, self.content)

    def _taken(self, look: Look) -> int:
        return self.mark.natural(look) + look.px(self.gap)

    def measure(self, look: Look, width: int) -> int:
        return max(self.mark.measure(look, width), self.content.measure(look, width - self._taken(look)))

    def natural(self, look: Look) -> int:
        return self._taken(look) + self.content.natural(look)

    def least(self, look: Look) -> int:
        return self._taken(look) + self.content.least(look)

    def first_line(self, look: Look) -> int:
        return self.content.first_line(look)

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        mark = self.mark.measure(look, self.mark.natural(look))
        drop = max(0, self.content.first_line(look) - mark) // 2
        self.mark.place(look, Box(box.x, box.y + drop, self.mark.natural(look), mark))
        taken = self._taken(look)
        self.content.place(look, Box(box.x + taken, box.y, box.w - taken, box.h))

    def draw(self, look: Look, pen: Pen) -> None:
        self.mark.draw(look, pen)
        self.content.draw(look, pen)

    def split(self, look: Look, width: int, height: int) -> tuple[Node | None, Node | None]:
        head, tail = self.content.split(look, width - self._taken(look), height)
        if head is None:
            return None, self
        return Marked(self.mark, head, self.gap), Marked(Blank(self.mark), tail, self.gap) if tail else None


class Either(Node):
    """The first where it fits on its line, else the second, shorter one."""

    def __init__(self, first: Node, second: Node) -> None:
        self.first, self.second = first, second
        self._taken = first

    def children(self) -> Sequence[Node]:
        return (self._taken,)

    def _fitting(self, look: Look, width: int) -> Node:
        return self.first if self.first.natural(look) <= width else self.second

    def measure(self, look: Look, width: int) -> int:
        return self._fitting(look, width).measure(look, width)

    def natural(self, look: Look) -> int:
        return self.first.natural(look)

    def least(self, look: Look) -> int:
        return self.second.natural(look)

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        self._taken = self._fitting(look, box.w)
        self._taken.place(look, box)

    def draw(self, look: Look, pen: Pen) -> None:
        self._taken.draw(look, pen)


class Captioned(Node):
    """A caption over something that takes the rest of the height."""

    def __init__(self, caption: Node, content: Node, gap: float = 1.5) -> None:
        self.caption, self.content, self.gap = caption, content, gap

    def children(self) -> Sequence[Node]:
        return (self.caption, self.content)

    def measure(self, look: Look, width: int) -> int:
        return self.caption.measure(look, width) + look.px(self.gap) + self.content.measure(look, width)

    def natural(self, look: Look) -> int:
        return max(self.caption.natural(look), self.content.natural(look))

    def least(self, look: Look) -> int:
        return max(self.caption.least(look), self.content.least(look))

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        top = self.caption.measure(look, box.w)
        self.caption.place(look, Box(box.x, box.y, box.w, top))
        top += look.px(self.gap)
        self.content.place(look, Box(box.x, box.y + top, box.w, box.h - top))

    def draw(self, look: Look, pen: Pen) -> None:
        self.caption.draw(look, pen)
        self.content.draw(look, pen)
