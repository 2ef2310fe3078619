"""Nodes that belong together: a mark and its text, a caption and its content, a long and a short wording."""

from collections.abc import Sequence

from screens.pen import Pen
from screens.theme import Look
from screens.widgets.node import Box, Node


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


class Level(Node):
    """One of several that stand side by side at the same width: as high as the highest of them."""

    def __init__(self, content: Node, beside: Sequence[Node]) -> None:
        self.content, self.beside = content, beside

    def children(self) -> Sequence[Node]:
        return (self.content,)

    def measure(self, look: Look, width: int) -> int:
        return max(node.measure(look, width) for node in self.beside)

    def natural(self, look: Look) -> int:
        return self.content.natural(look)

    def least(self, look: Look) -> int:
        return self.content.least(look)

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        self.content.place(look, Box(box.x, box.y, box.w, self.content.measure(look, box.w)))

    def draw(self, look: Look, pen: Pen) -> None:
        self.content.draw(look, pen)


def level(nodes: Sequence[Node]) -> list[Node]:
    """The same nodes, all as high as the highest."""
    return [Level(node, nodes) for node in nodes]


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
