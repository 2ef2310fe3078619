"""The amount that is being typed, large, grouped by thousands as it grows."""

from screens import typeset
from screens.pen import Pen
from screens.theme import TYPE, Look, Style
from screens.widgets.label import CJK_ASCENT
from screens.widgets.node import Node, draw_card

HIGH_MM = 30.0
COMPACT_HIGH_MM = 21.0


def grouped(typed: str) -> str:
    """ "1234567.5" -> "1,234,567.5"; what is not typed is not shown."""
    whole, point, part = typed.partition(".")
    return (f"{int(whole):,}" if whole else "0") + point + part


class Entry(Node):
    def __init__(self, typed: str, wrong: bool) -> None:
        self.typed, self.wrong = typed, wrong

    def measure(self, look: Look, width: int) -> int:
        return look.px(COMPACT_HIGH_MM if look.compact else HIGH_MM)

    def shown(self, look: Look) -> str:
        return "¥" + grouped(self.typed) if self.typed else ""

    def draw(self, look: Look, pen: Pen) -> None:
        edge = "attention" if self.wrong else "primary"
        draw_card(look, pen, self.box, "card", edge, 0.9)
        shown = grouped(self.typed) if self.typed else ""
        pad = look.px(6)
        style: Style = "hero"
        for candidate in ("figure", "value") if look.compact else ("hero", "figure", "value"):
            style = candidate  # type: ignore[assignment]
            if typeset.natural_width(shown, look.em(style), True) <= self.box.w - 2 * pad - look.px(14):
                break
        em = look.em(style)
        base_line = self.box.y + (self.box.h - em) // 2 + round(em * CJK_ASCENT)
        sign_em = look.em("heading")
        sign = typeset.lines("¥", sign_em, TYPE["heading"].bold, 10_000)[0]
        pen.line(sign, self.box.x + pad, base_line, sign_em, True, look.colour("soft"))
        if shown:
            line = typeset.lines(shown, em, True, 100_000)[0]
            pen.line(line, self.box.right - pad - line.width, base_line, em, True, look.colour("text"))
