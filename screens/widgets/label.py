"""Text on the glass: a message or value in one of the theme's styles, broken into lines that fit."""

from kiosk.messages import Part, text
from screens import typeset
from screens.pen import Pen
from screens.theme import MEASURE_EM, TYPE, Look, Style
from screens.widgets.node import Box, Node

CJK_ASCENT = 0.88
"""The part of the em above the base line, for Hanzi and for the drawing of a line."""

BALANCED: frozenset[Style] = frozenset({"title", "heading", "button", "figure", "value", "key"})


class Label(Node):
    """`part` in a style. `align` is left, centre or right; `measured` keeps lines to a readable length."""

    def __init__(
        self,
        part: Part | str,
        style: Style = "body",
        ink: str = "text",
        align: str = "left",
        measured: bool = True,
        balanced: bool = False,
        glued: bool = False,
    ) -> None:
        self.part, self.style, self.ink, self.align, self.measured = part, style, ink, align, measured
        self.glued = glued  # broken at spaces only: a short name stays whole
        self.balanced = balanced or style in BALANCED or align == "centre"
        self._first, self._end = 0, -1  # of a text that was split; -1: to the end

    def shown(self, look: Look) -> str:
        return self.part if isinstance(self.part, str) else text(self.part, look.language)

    def lines(self, look: Look, width: int) -> tuple[typeset.Line, ...]:
        em, bold = look.em(self.style), TYPE[self.style].bold
        if self.measured:
            width = min(width, em * MEASURE_EM[look.language])
        found = typeset.lines(
            self.shown(look), em, bold, width, self.style in BALANCED or self.align == "centre"
        )
        return found[self._first : None if self._end < 0 else self._end]

    def leading(self, look: Look) -> int:
        return round(look.em(self.style) * TYPE[self.style].leading)

    def measure(self, look: Look, width: int) -> int:
        return len(self.lines(look, width)) * self.leading(look)

    def first_line(self, look: Look) -> int:
        return self.leading(look)

    def natural(self, look: Look) -> int:
        return typeset.natural_width(self.shown(look), look.em(self.style), TYPE[self.style].bold)

    def least(self, look: Look) -> int:
        return typeset.longest_word(self.shown(look), look.em(self.style), TYPE[self.style].bold, self.glued)

    def folded(self, look: Look) -> int:
        """The width in px it takes on two lines of like length."""
        half = int(self.natural(look) * 0.62)
        return max((line.width for line in self.lines(look, max(half, self.least(look)))), default=0)

    def draw(self, look: Look, pen: Pen) -> None:
        em, bold, leading = look.em(self.style), TYPE[self.style].bold, self.leading(look)
        base_line = self.box.y + (leading - em) // 2 + round(em * CJK_ASCENT)
        colour = look.colour(self.ink)
        for line in self.lines(look, self.box.w):
            spare = self.box.w - line.width
            x = self.box.x + {"left": 0, "centre": spare // 2, "right": spare}[self.align]
            pen.line(line, x, base_line, em, bold, colour)
            base_line += leading

    def split(self, look: Look, width: int, height: int) -> tuple[Node | None, Node | None]:
        fit, count = max(0, height // self.leading(look)), len(self.lines(look, width))
        if count <= fit:
            return self, None
        if count - fit == 1 and fit > 2:  # no lone line at the head of the next page
            fit -= 1
        return (self._part(0, fit), self._part(fit, count)) if fit else (None, self)

    def _part(self, first: int, last: int) -> "Label":
        part = Label(self.part, self.style, self.ink, self.align, self.measured, self.balanced, self.glued)
        part._first, part._end = self._first + first, self._first + last
        return part

    def spoken(self) -> tuple[Part, ...]:
        return () if isinstance(self.part, str) or self._first else (self.part,)

    def shown_box(self, look: Look) -> Box:  # type: ignore[override]
        """Where the lines really are: for audits."""
        width = max((line.width for line in self.lines(look, self.box.w)), default=0)
        spare = self.box.w - width
        x = self.box.x + {"left": 0, "centre": spare // 2, "right": spare}[self.align]
        return Box(x, self.box.y, width, self.measure(look, self.box.w))
