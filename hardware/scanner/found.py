"""What an engine reports of one picture, and which of several codes is meant."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""A grey picture, uint8, shape (height, width)."""


@dataclass(frozen=True)
class Found:
    """One code: its text, and the corners that the engine gave, in pixels (x, y), in no promised order."""

    text: str = field(repr=False)
    corners: tuple[tuple[float, float], ...]


class Engine(Protocol):
    """A decoder library."""

    name: str

    def read(self, picture: Picture) -> list[Found]:
        """Every QR code that it reads in `picture`."""
        ...


def most_plausible(codes: Iterable[Found], picture: Picture) -> Found | None:
    """The code that the citizen is showing: the largest one, less so the further it is from the middle.

    The same codes in any order give the same answer.
    """
    height, width = picture.shape
    ranked = sorted(codes, key=lambda code: (-_weight(code, width, height), code.corners, code.text))
    return ranked[0] if ranked else None


def _weight(code: Found, width: int, height: int) -> float:
    """The area of the code as a share of the picture, times 1 in the middle and 1/2 in a corner."""
    if not code.corners:
        return 0.0
    points = np.array(code.corners)
    extent = points.max(axis=0) - points.min(axis=0)
    offset = np.abs(points.mean(axis=0) / (width, height) - 0.5).max()  # 0 middle .. 0.5 edge
    return float(extent[0] * extent[1] / (width * height) * (1.0 - offset))
