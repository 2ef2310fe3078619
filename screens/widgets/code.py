"""A QR code, crisp: whole pixels for each module, black on white in every theme, with its quiet zone."""

from functools import lru_cache

import numpy as np
import segno

from screens.pen import Pen, texture_of
from screens.theme import Look
from screens.widgets.node import Box, Node

QUIET_MODULES = 4


@lru_cache(maxsize=8)
def _matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    return tuple(
        tuple(bool(module) for module in row) for row in segno.make(text, error="m", micro=False).matrix
    )


class Code(Node):
    """At most `mm` wide, centred."""

    def __init__(self, text: str, mm: float) -> None:
        self.text, self.mm = text, mm

    def _module_px(self, look: Look, room: int) -> int:
        count = len(_matrix(self.text)) + 2 * QUIET_MODULES
        return max(2, min(look.px(self.mm), room) // count)

    def _side(self, look: Look, room: int) -> int:
        return self._module_px(look, room) * (len(_matrix(self.text)) + 2 * QUIET_MODULES)

    def measure(self, look: Look, width: int) -> int:
        return self._side(look, width)

    def natural(self, look: Look) -> int:
        return self._side(look, look.panel.width_px)

    def draw(self, look: Look, pen: Pen) -> None:
        scale = self._module_px(look, self.box.w)
        dark = np.array(_matrix(self.text))
        dark = np.pad(dark, QUIET_MODULES).repeat(scale, 0).repeat(scale, 1)
        pixels = np.where(dark[:, :, None], 0, 255).astype(np.uint8).repeat(3, 2)
        side = pixels.shape[0]
        x = self.box.x + (self.box.w - side) // 2
        pen.picture(texture_of(pixels), x, self.box.y, side, side)

    def place(self, look: Look, box: Box) -> None:
        self.box = box
