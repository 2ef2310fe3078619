"""A line that moves while nobody can know how long it will take."""

import math

from screens.pen import Pen
from screens.theme import HAIRLINE_MM, MOTION_FPS, Look
from screens.widgets.node import Node

ROUND_S = 2.4


class Progress(Node):
    def __init__(self, frame: int) -> None:
        self.frame = frame

    def measure(self, look: Look, width: int) -> int:
        return look.px(4)

    def draw(self, look: Look, pen: Pen) -> None:
        width, high = min(self.box.w, look.px(150)), look.px(3)
        x, y = self.box.x + (self.box.w - width) // 2, self.box.y
        pen.outline(x, y, width, high, high // 2, max(1, look.px(HAIRLINE_MM)), look.colour("line"))
        part = width // 3
        where = (1 - math.cos(2 * math.pi * self.frame / (ROUND_S * MOTION_FPS))) / 2
        pen.round_box(x + int((width - part) * where), y, part, high, high // 2, look.colour("primary"))
