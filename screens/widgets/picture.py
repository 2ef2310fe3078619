"""Pictures of the hand: where on this kiosk the device is, and what the hand does there."""

import numpy as np

from kiosk.prompts import Hand
from screens.pen import Pen
from screens.places import Side
from screens.theme import Look
from screens.widgets import sketch
from screens.widgets.node import Node, draw_card

HIGH_MM = (118.0, 132.0)  # lying, upright
PADDING_MM = 6.0


class Picture(Node):
    """On the left the kiosk with the device marked, on the right the hand; `beat` moves the arrow."""

    def __init__(self, hand: Hand, side: Side, beat: int = 0) -> None:
        self.hand, self.side, self.beat = hand, side, beat

    def measure(self, look: Look, width: int) -> int:
        wanted = look.px(HIGH_MM[look.panel.portrait])
        return min(wanted, width // 2 + 2 * look.px(PADDING_MM), look.panel.height_px * 5 // 12)

    def draw(self, look: Look, pen: Pen) -> None:
        draw_card(look, pen, self.box, "tint", "hairline")
        side = min(self.box.h - 2 * look.px(PADDING_MM), self.box.w // 2 - look.px(PADDING_MM))
        y = self.box.y + (self.box.h - side) // 2
        middle = self.box.x + self.box.w // 2
        gap = (self.box.w // 2 - side) // 3
        inks = sketch.Inks(*(look.colour(ink) for ink in sketch.Inks._fields))
        upright = look.panel.portrait
        where = ("where", self.side, upright, side, inks)
        pen.drawing(
            where, lambda: np.asarray(sketch.where(self.side, upright, side, inks)), middle - gap - side, y
        )
        how = ("how", self.hand, self.beat, side, inks)
        pen.drawing(how, lambda: np.asarray(sketch.how(self.hand, self.beat, side, inks)), middle + gap, y)
