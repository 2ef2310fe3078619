"""What an engine reports of one picture, and which of several codes is meant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

LEAST_MODULE_PX = 1.0
"""Below this a code cannot be read by any means."""

Picture = NDArray[np.uint8]
"""A grey picture, uint8, shape (height, width)."""


@dataclass(frozen=True)
class Found:
    """One code: its text, and the corners that the engine gave, in pixels (x, y), in no promised order."""

    text: str = field(repr=False)
    corners: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Glimpse:
    """A code that was seen but not read: its corners clockwise from the top left, and its modules a side."""

    corners: tuple[tuple[float, float], ...]
    modules: int


@dataclass(frozen=True)
class Look:
    """What one engine saw in one picture."""

    codes: Sequence[Found] = ()
    glimpses: Sequence[Glimpse] = ()


class Engine(Protocol):
    """A decoder library."""

    name: str

    def look(self, picture: Picture) -> Look:
        """Every QR code that it reads, and the places of those that it cannot read, if it tells."""
        ...


def most_plausible(codes: Iterable[Found], picture: Picture) -> Found | None:
    """The code that the citizen is showing: the largest one, less so the further it is from the middle.

    The same codes in any order give the same answer.
    """
    height, width = picture.shape
    ranked = sorted(codes, key=lambda code: (-_weight(code, width, height), code.corners, code.text))
    return ranked[0] if ranked else None


def best_glimpse(glimpses: Iterable[Glimpse]) -> Glimpse | None:
    """The one that is worth another attempt: the largest that can be a code at all."""
    ranked = sorted(glimpses, key=lambda glimpse: (-_module_px(glimpse), glimpse.corners))
    return ranked[0] if ranked and _module_px(ranked[0]) >= LEAST_MODULE_PX else None


def _module_px(glimpse: Glimpse) -> float:
    """The mean size of a module in pixels; 0 for corners that do not go round clockwise, or are folded."""
    corners = np.array(glimpse.corners)
    sides = np.roll(corners, -1, axis=0) - corners
    turns = sides[:, 0] * np.roll(sides[:, 1], -1) - sides[:, 1] * np.roll(sides[:, 0], -1)
    return float(np.linalg.norm(sides, axis=1).mean() / glimpse.modules) if (turns > 0).all() else 0.0


def _weight(code: Found, width: int, height: int) -> float:
    """The area of the code as a share of the picture, times 1 in the middle and 1/2 in a corner."""
    if not code.corners:
        return 0.0
    points = np.array(code.corners)
    extent = points.max(axis=0) - points.min(axis=0)
    offset = np.abs(points.mean(axis=0) / (width, height) - 0.5).max()  # 0 middle .. 0.5 edge
    return float(extent[0] * extent[1] / (width * height) * (1.0 - offset))
