"""What holds other nodes: columns, rows, grids and cards."""

from collections.abc import Sequence

from screens.pen import Pen
from screens.theme import PADDING_MM, Look
from screens.widgets.node import Box, Node, draw_card
from screens.widgets.pairs import Marked


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
                # a short text is not torn where it can go over whole
                head, tail = (
                    (None, item) if n > 1 and isinstance(item, Marked) else item.split(look, width, room)
                )
                first = [*self.items[:n], *([head] if head else [])]
                rest = [*([tail] if tail else []), *self.items[n + 1 :]]
                return self._of(first), self._of(rest)
            room -= need + gap
        return self, None

    def _of(self, items: list[Node]) -> "Column | None":
        return Column(items, self.gap) if items else None


class Headed(Column):
    """A heading and what belongs to it: the heading is never left alone at the end of a column."""

    def split(self, look: Look, width: int, height: int) -> tuple[Node | None, Node | None]:
        first, rest = super().split(look, width, height)
        return (None, self) if isinstance(first, Column) and len(first.items) == 1 else (first, rest)


class Row(Node):
    """Side by side, `gap` mm apart; shares say how the width is divided, 0 takes what it naturally needs."""

    def __init__(
        self, items: Sequence[Node], shares: Sequence[float], gap: float = 0, align: str = "middle"
    ) -> None:
        self.items, self.shares, self.gap, self.align = list(items), shares, gap, align

    def children(self) -> Sequence[Node]:
        return self.items

    def _widths(self, look: Look, width: int) -> list[int]:
        """By shares; but none gets less than it needs to be shown whole, as long as the others can spare it."""
        left = width - look.px(self.gap) * (len(self.items) - 1)
        widths = [
            0 if share else item.natural(look) for item, share in zip(self.items, self.shares, strict=True)
        ]
        left -= sum(widths)
        shares = {n: share for n, share in enumerate(self.shares) if share}
        least = {n: self.items[n].least(look) for n in shares}
        while shares:
            divided = {n: int(left * share / sum(shares.values())) for n, share in shares.items()}
            short = [n for n in shares if divided[n] < least[n]]
            if not short or sum(least[n] for n in shares) > left:
                short = list(shares)
            else:
                divided = least
            for n in short:
                widths[n] = divided[n]
                left -= divided[n]
                del shares[n]
        return widths

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
        self.whole = isinstance(content, Marked)

    def children(self) -> Sequence[Node]:
        return (self.content,)

    def measure(self, look: Look, width: int) -> int:
        padding = look.padding(self.padding)
        return self.content.measure(look, width - 2 * padding) + 2 * padding

    def natural(self, look: Look) -> int:
        return self.content.natural(look) + 2 * look.padding(self.padding)

    def least(self, look: Look) -> int:
        return self.content.least(look) + 2 * look.padding(self.padding)

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        self.content.place(look, box.inset(look.padding(self.padding)))

    def draw(self, look: Look, pen: Pen) -> None:
        draw_card(look, pen, self.box, self.ground, self.edge)
        self.content.draw(look, pen)

    def split(self, look: Look, width: int, height: int) -> tuple[Node | None, Node | None]:
        padding = look.padding(self.padding)
        head, tail = self.content.split(look, width - 2 * padding, height - 2 * padding)
        return self._of(head), self._of(tail)

    def continued(self) -> Node:
        return Card(self.content.continued(), self.ground, self.edge, self.padding)

    def _of(self, content: Node | None) -> "Card | None":
        return Card(content, self.ground, self.edge, self.padding) if content else None


def share_width(look: Look, nodes: Sequence[Node], room: int) -> list[int]:
    """Natural widths when they fit; else each gives way towards what it needs at least, in proportion."""
    natural, least = [node.natural(look) for node in nodes], [node.least(look) for node in nodes]
    over, slack = sum(natural) - room, sum(natural) - sum(least)
    if over <= 0 or slack <= 0:
        return natural
    part = min(1.0, over / slack)
    return [int(n - (n - m) * part) for n, m in zip(natural, least, strict=True)]
