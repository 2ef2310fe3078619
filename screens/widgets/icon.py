"""Icons: one line style, from the icon font in config/fonts; flows name them by what they mean."""

from screens import fonts, glyphs
from screens.pen import Pen
from screens.theme import RADIUS_MM, Look
from screens.widgets.node import Box, Node

UNKNOWN = "point"
BADGE_PART = 0.62
"""How much of a badge its icon takes."""


class Icon(Node):
    """An icon by name, `mm` square, centred in its box."""

    def __init__(self, name: str, mm: float, ink: str = "primary") -> None:
        self.name, self.mm, self.ink = name, mm, ink

    def measure(self, look: Look, width: int) -> int:
        return look.px(self.mm)

    def natural(self, look: Look) -> int:
        return look.px(self.mm)

    def draw(self, look: Look, pen: Pen) -> None:
        em = look.px(self.mm)
        code = fonts.icon_codes().get(self.name) or fonts.icon_codes()[UNKNOWN]
        x, y = self.box.x + (self.box.w - em) // 2, self.box.y + (self.box.h - em) // 2
        pen.shape(("icon", self.name, em), lambda: glyphs.icon(code, em), x, y, look.colour(self.ink))


class Badge(Node):
    """An icon on a tinted square: the sign of a service."""

    def __init__(self, name: str, mm: float, ink: str = "primary", ground: str = "tint") -> None:
        self.name, self.mm, self.ink = name, mm, ink
        self.ground = ground if ink == "primary" else "disabled_ground"

    def measure(self, look: Look, width: int) -> int:
        return look.px(self.mm)

    def natural(self, look: Look) -> int:
        return look.px(self.mm)

    def draw(self, look: Look, pen: Pen) -> None:
        side = look.px(self.mm)
        y = self.box.y + (self.box.h - side) // 2
        pen.round_box(self.box.x, y, side, side, look.px(RADIUS_MM), look.colour(self.ground))
        icon = Icon(self.name, self.mm * BADGE_PART, self.ink)
        icon.place(look, Box(self.box.x, y, side, side))
        icon.draw(look, pen)


class Dot(Node):
    """The mark of a point in a list."""

    def __init__(self, ink: str = "primary") -> None:
        self.ink = ink

    def measure(self, look: Look, width: int) -> int:
        return look.px(2.4)

    def natural(self, look: Look) -> int:
        return look.px(5)

    def draw(self, look: Look, pen: Pen) -> None:
        side = look.px(2.4)
        x = self.box.x + (self.box.w - side) // 2
        pen.round_box(x, self.box.y, side, side, side // 2, look.colour(self.ink))


class Number(Node):
    """A number on a disc: the mark of a step."""

    def __init__(self, label: Node, mm: float = 11.0) -> None:
        self.label, self.mm = label, mm

    def children(self) -> tuple[Node, ...]:
        return (self.label,)

    def measure(self, look: Look, width: int) -> int:
        return max(look.px(self.mm), self.label.measure(look, width))

    def natural(self, look: Look) -> int:
        return self.measure(look, look.px(self.mm))

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        height = self.label.measure(look, box.w)
        self.label.place(look, Box(box.x, box.y + (box.h - height) // 2, box.w, height))

    def draw(self, look: Look, pen: Pen) -> None:
        side = min(self.box.w, self.box.h)
        pen.round_box(self.box.x, self.box.y, side, side, side // 2, look.colour("tint"))
        self.label.draw(look, pen)
