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
from screens.theme import HAIRLINE_MM, RADIUS_MM, TARGET_MM, Look


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
    whole = False
    """Is it one thought (a note, a condition, a step), which should not be torn over two columns?"""
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

    def continued(self) -> "Node":
        """What stands for it in the next column of a page, when it is the rest of what was begun on the same page."""
        return self

    def slim(self) -> "Node":
        """What stands for it where that saves a page: less high, and nothing lost that is not said otherwise."""
        return self

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
