"""Where a code may be: the places where edges run both ways, as they do in a QR code and hardly elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.scanner.enhance import scaled
from hardware.scanner.found import Picture

COPY_WIDTH_PX = 320
"""The search runs on a copy this wide: a code fit to be read is still a blob of some 15 px there."""

MOST_BOXES = 6
"""A large code is nearly always in the first; a small one in a busy hall may come late."""
FRAME = 0
"""The place that is the whole picture; 1 to MOST_BOXES are the proposed boxes."""

_MARGIN = 0.12  # of the box's side: the quiet zone, and a search that cuts corners off

Density = NDArray[np.float32]
"""How likely a code is around each pixel of the small copy."""


@dataclass(frozen=True)
class Box:
    """A part of a picture, in pixels: left, top, right, bottom (the last two are outside)."""

    left: int
    top: int
    right: int
    bottom: int

    def cut(self, picture: Picture) -> Picture:
        """The part of `picture` inside the box, a view."""
        return picture[self.top : self.bottom, self.left : self.right]


class Places:
    """A picture with the places where a code may be, looked for when they are first asked for."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self._boxes: list[Box] | None = None

    def cut(self, place: int) -> Picture | None:
        """The picture at a place: FRAME is all of it, 1 the likeliest box; None when there are fewer."""
        if place == FRAME:
            return self.picture
        if self._boxes is None:
            self._boxes = propose(self.picture)
        return self._boxes[place - 1].cut(self.picture) if place <= len(self._boxes) else None


def propose(picture: Picture) -> list[Box]:
    """Up to MOST_BOXES places of `picture` where a code may be, the likeliest first."""
    height, width = picture.shape
    scale = min(1.0, COPY_WIDTH_PX / width)
    density = _both_ways(scaled(picture, scale))
    boxes = []
    for _ in range(MOST_BOXES):
        _, peak, _, at = cv2.minMaxLoc(density)
        if peak < 1.0:
            break
        left, top, wide, high = _flood(density, at, peak)
        density[top : top + high, left : left + wide] = 0.0
        if wide >= 6 and high >= 6:
            boxes.append(_grown(left / scale, top / scale, wide / scale, high / scale, width, height))
    return boxes


def _both_ways(small: Picture) -> Density:
    """How much edge there is in x and in y around each pixel, whichever is the less."""
    across = cv2.boxFilter(np.abs(cv2.Sobel(small, cv2.CV_32F, 1, 0)), -1, (9, 9))
    down = cv2.boxFilter(np.abs(cv2.Sobel(small, cv2.CV_32F, 0, 1)), -1, (9, 9))
    return np.asarray(cv2.GaussianBlur(np.minimum(across, down), (0, 0), 3), np.float32)


def _flood(density: Density, at: Sequence[int], peak: float) -> tuple[int, int, int, int]:
    """The box around `at` (x, y) in which the density stays above 45% of `peak`: left, top, width, height."""
    mask = (density > peak * 0.45).astype(np.uint8)
    _, _, _, (left, top, wide, high) = cv2.floodFill(mask, None, at, 2)
    return left, top, wide, high


def _grown(left: float, top: float, wide: float, high: float, width: int, height: int) -> Box:
    margin = _MARGIN * max(wide, high)
    return Box(
        max(0, int(left - margin)),
        max(0, int(top - margin)),
        min(width, int(left + wide + margin) + 1),
        min(height, int(top + high + margin) + 1),
    )
