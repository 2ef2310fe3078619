"""Pictures of the hand: where on this kiosk the device is, and what the hand does there."""

import numpy as np

from kiosk.prompts import Hand
from screens.pen import Pen
from screens.places import Side
from screens.theme import Look
from screens.widgets import sketch
from screens.widgets.node import Node, draw_card

PADDING_MM = 6.0


class Picture(Node):
    """First the kiosk with the device marked, then the hand; beside or under one another. `beat` moves the arrow."""

    def __init__(self, hand: Hand, side: Side, beat: int = 0) -> None:
        self.hand, self.side, self.beat = hand, side, beat

    def measure(self, look: Look, width: int) -> int:
        return min(width // 2 + look.px(PADDING_MM), look.panel.height_px)

    def draw(self, look: Look, pen: Pen) -> None:
        draw_card(look, pen, self.box, "tint", "hairline")
        box, pad = self.box, look.px(PADDING_MM)
        upright = box.h > box.w
        side = (
            min(box.w - 2 * pad, (box.h - 3 * pad) // 2)
            if upright
            else min(box.h - 2 * pad, (box.w - 3 * pad) // 2)
        )
        dx, dy = (0, side + pad) if upright else (side + pad, 0)
        x = box.x + (box.w - side - dx) // 2
        y = box.y + (box.h - side - dy) // 2
        inks = sketch.Inks(*(look.colour(ink) for ink in sketch.Inks._fields))
        panel_upright = look.panel.portrait
        where = ("where", self.side, panel_upright, side, inks)
        pen.drawing(where, lambda: np.asarray(sketch.where(self.side, panel_upright, side, inks)), x, y)
        how = ("how", self.hand, self.beat, side, inks)
        pen.drawing(how, lambda: np.asarray(sketch.how(self.hand, self.beat, side, inks)), x + dx, y + dy)
