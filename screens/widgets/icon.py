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
