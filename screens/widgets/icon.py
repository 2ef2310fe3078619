"""Icons: one line style, from the icon font in config/fonts."""

from screens import fonts, glyphs
from screens.pen import Pen
from screens.theme import Look
from screens.widgets.node import Box, Node

UNKNOWN = "point"


class Icon(Node):
    """An icon by name, `mm` square, centred in its box."""

    def __init__(self, name: str, mm: float, ink: str = "primary") -> None:
        self.name, self.mm, self.ink = name, mm, ink

    def measure(self, look: Look, width: int) -> int:
        return look.px(self.mm)

    def natural(self, look: Look) -> int:
        return look.px(self.mm)

    def draw(self, look: Look, pen: Pen) -> None:
        draw_icon(look, pen, self.box, self.name, self.mm, self.ink)


def draw_icon(look: Look, pen: Pen, box: Box, name: str, mm: float, ink: str) -> None:
    em = look.px(mm)
    code = fonts.icon_codes().get(name) or fonts.icon_codes()[UNKNOWN]
    x, y = box.x + (box.w - em) // 2, box.y + (box.h - em) // 2
    pen.shape(("icon", name, em), lambda: glyphs.icon(code, em), x, y, look.colour(ink))
