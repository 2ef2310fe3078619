"""The digits that are entered, one cell each, in groups; a password shows dots."""

from screens.pen import Pen
from screens.theme import Look
from screens.widgets.label import Label
from screens.widgets.node import Box, Node, draw_card

CELL_MM = (15.0, 22.0)
LEAST_CELL_MM = 13.0
"""A cell may be so narrow where that keeps all on one row."""

ROOMY_CELL_MM = (24.0, 33.0)
MOST_ROOMY = 8
GAP_MM = 2.0
GROUP_GAP_MM = 7.0


class Cells(Node):
    """`length` cells over as many rows as the width asks for; rows are of like length and break between groups.

    Lying they begin where the title does; upright they stand in the middle, over the keypad.
    """

    def __init__(self, entered: str, length: int, masked: bool, group: int) -> None:
        self.entered, self.length, self.masked, self.group = entered, length, masked, group or length

    def _places(self, look: Look, width: int) -> list[Box]:
        w_mm, h_mm = ROOMY_CELL_MM if look.roomy and self.length <= MOST_ROOMY else CELL_MM
        w, h, gap, wide = look.px(w_mm), look.px(h_mm), look.px(GAP_MM), look.px(GROUP_GAP_MM)
        groups = -(-self.length // self.group)
        one_row = (width - (groups - 1) * wide - groups * (self.group - 1) * gap) // (groups * self.group)
        if one_row >= look.px(LEAST_CELL_MM):
            w = min(w, one_row)
        group = self.group * (w + gap) - gap
        fit = max(1, (width + wide) // (group + wide))
        in_a_row = -(-groups // -(-groups // fit))
        row = in_a_row * (group + wide) - wide
        left = 0 if look.landscape else max(0, (width - row) // 2)
        found: list[Box] = []
        for n in range(self.length):
            at, place = divmod(n, self.group)
            line, column = divmod(at, in_a_row)
            x = left + column * (group + wide) + place * (w + gap)
            found.append(Box(x, line * (h + 2 * gap), w, h))
        return found

    def measure(self, look: Look, width: int) -> int:
        return self._places(look, width)[-1].bottom

    def draw(self, look: Look, pen: Pen) -> None:
        for n, place in enumerate(self._places(look, self.box.w)):
            box = Box(self.box.x + place.x, self.box.y + place.y, place.w, place.h)
            filled = n < len(self.entered)
            here = n == len(self.entered)
            draw_card(look, pen, box, "card", "primary" if filled or here else "line", 0.9 if here else 0.5)
            if filled and self.masked:
                size = look.px(6)
                pen.round_box(
                    box.x + (box.w - size) // 2,
                    box.y + (box.h - size) // 2,
                    size,
                    size,
                    size // 2,
                    look.colour("text"),
                )
            elif filled:
                digit = Label(self.entered[n], "figure", align="centre")
                height = digit.measure(look, box.w)
                digit.place(look, Box(box.x, box.y + (box.h - height) // 2, box.w, height))
                digit.draw(look, pen)

    def shown(self, look: Look) -> str:
        """For those who look for texts: never the password."""
        return "" if self.masked else self.entered
