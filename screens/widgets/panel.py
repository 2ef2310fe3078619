"""A card that is one large thing to touch: tiles, options, the buttons that begin a visit."""

from collections.abc import Callable, Sequence

from kiosk.messages import Part
from screens.pen import Pen
from screens.theme import PADDING_MM, Look
from screens.widgets.node import Box, Control, Node, draw_card

EDGE_MM = 0.5


class Panel(Control):
    """A touchable card around content, or what is `least_said` where a whole page has no height for that; it takes a
    tint under the finger."""

    def __init__(
        self,
        key: str,
        label: Part,
        press: Callable[[], None] | None,
        content: Node,
        role: str = "tile",
        ground: str = "card",
        says: tuple[Part, ...] = (),
        padding: float = PADDING_MM,
        high_mm: float = 0,
        least_said: Node | None = None,
    ) -> None:
        super().__init__(key, label, press)
        self.content, self.role, self.says, self.ground, self.padding = content, role, says, ground, padding
        self.high_mm, self.least_said = high_mm or self.least_mm[1], least_said

    def slim(self) -> Node:
        if self.least_said is None:
            return self
        return Panel(
            self.key, self.label, self.press, self.least_said, self.role, self.ground, self.says, self.padding,
            self.high_mm,
        )  # fmt: skip

    def children(self) -> Sequence[Node]:
        return (self.content,)

    def measure(self, look: Look, width: int) -> int:
        padding = look.padding(self.padding)
        return max(self.content.measure(look, width - 2 * padding) + 2 * padding, look.least(self.high_mm))

    def natural(self, look: Look) -> int:
        return self.content.natural(look) + 2 * look.padding(self.padding)

    def least(self, look: Look) -> int:
        return self.content.least(look) + 2 * look.padding(self.padding)

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        inner = box.inset(look.padding(self.padding))
        height = min(inner.h, self.content.measure(look, inner.w))
        self.content.place(look, Box(inner.x, inner.y + (inner.h - height) // 2, inner.w, height))

    def draw(self, look: Look, pen: Pen) -> None:
        ground = self.ground if self.enabled else "disabled_ground"
        draw_card(look, pen, self.box, ground, "line" if self.enabled else look.disabled_edge, EDGE_MM)
        self.content.draw(look, pen)

    def draw_pressed(self, look: Look, pen: Pen) -> None:
        ground = "pressed" if self.ground == "primary" else "tint"
        draw_card(look, pen, self.box, ground, "primary", 3 * EDGE_MM)
        self.content.draw(look, pen)

    def spoken(self) -> tuple[Part, ...]:
        return self.says or (self.label, *(part for part in self.content.spoken() if part != self.label))
