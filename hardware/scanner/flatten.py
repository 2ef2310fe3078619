"""A code that was seen but not read, laid flat: first turned upright, then, if its sheet is bent, smoothed out.

The edges of a code lie on a grid. After a first, flat guess at where the corners are, the strength of the
edges along x, multiplied by a wave as long as a module and averaged over the neighbourhood, has a phase that
tells how far the grid is shifted there; the same along y. Those phases, joined into a smooth surface, are the
bend of the sheet, and are taken out again. (This is how fringe patterns are demodulated in optics.)
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.scanner.found import Glimpse, Picture

MODULE_PX = 6
"""The size of a module in what comes out."""
QUIET_MODULES = 4

_ROUNDS: Sequence[tuple[float, int]] = ((1.2, 3), (1.5, 5), (2.0, 6))
"""Coarse to fine: over how many modules a phase is averaged (sigma), and the degree of the surface."""
_FINDER_MODULES = 7

Floats = NDArray[np.float32]


def upright(picture: Picture, glimpse: Glimpse) -> Picture:
    """The code as a square seen from straight above, MODULE_PX a module, with its quiet zone around it."""
    start, end = QUIET_MODULES * MODULE_PX, (QUIET_MODULES + glimpse.modules) * MODULE_PX
    square = np.array([(start, start), (end, start), (end, end), (start, end)], np.float32)
    turn = cv2.getPerspectiveTransform(np.array(glimpse.corners, np.float32), square)
    side = start + end
    return np.asarray(
        cv2.warpPerspective(
            picture, turn, (side, side), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        ),
        np.uint8,
    )


def flattened(picture: Picture, glimpse: Glimpse) -> Picture:
    """The code upright, with the bends of its sheet taken out."""
    bent = upright(picture, glimpse)
    rows, columns = np.mgrid[0 : bent.shape[0], 0 : bent.shape[1]].astype(np.float32)
    from_x, from_y = columns, rows
    flat = bent
    for sigma_modules, degree in _ROUNDS:
        shift_x, shift_y = _shifts(flat, glimpse.modules, sigma_modules, degree)
        x, y = columns + shift_x, rows + shift_y
        # compose with the rounds before, so that the picture itself is resampled only once
        from_x, from_y = _warped(from_x, x, y), _warped(from_y, x, y)
        flat = np.asarray(
            cv2.remap(bent, from_x, from_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8
        )
    return flat


def _shifts(picture: Picture, modules: int, sigma_modules: float, degree: int) -> tuple[Floats, Floats]:
    """How far the grid of the code is shifted along x and along y, in pixels, at every pixel."""
    calm = cv2.GaussianBlur(picture, (0, 0), MODULE_PX / 8)
    inner = slice(QUIET_MODULES, QUIET_MODULES + modules)
    wave = np.exp(-2j * np.pi * (np.arange(picture.shape[0]) + 0.5) / MODULE_PX)
    shifts = []
    for edges, carrier in (
        (np.abs(cv2.Sobel(calm, cv2.CV_32F, 1, 0)), wave[None, :]),
        (np.abs(cv2.Sobel(calm, cv2.CV_32F, 0, 1)), wave[:, None]),
    ):
        real, imaginary = (
            cv2.GaussianBlur(_by_modules(edges * part), (0, 0), sigma_modules)
            for part in (carrier.real.astype(np.float32), carrier.imag.astype(np.float32))
        )
        tone = (real + 1j * imaginary)[inner, inner]
        shift = _surface(tone, degree) * (-MODULE_PX / (2 * np.pi))
        shifts.append(_everywhere(shift - _whole_modules(shift), picture.shape[0]))
    return shifts[0], shifts[1]


def _by_modules(values: Floats) -> Floats:
    """The mean of `values` over each module."""
    side = values.shape[0] // MODULE_PX
    return np.asarray(cv2.resize(values, (side, side), interpolation=cv2.INTER_AREA), np.float32)


def _surface(tone: NDArray[np.complex128], degree: int) -> NDArray[np.float64]:
    """The phase of `tone`, shape (n, n), as a polynomial surface without jumps, in radians."""
    side = tone.shape[0]
    weight = np.minimum(np.abs(tone) / (np.abs(tone).mean() + 1e-9), 2.0)
    terms = _polynomials(side, degree)
    # Steps from module to module are small, so their phases do not wrap: fit the slopes first.
    slopes = []
    for near, far in ((np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:-1, :], np.s_[1:, :])):
        trust = np.sqrt(weight[far] * weight[near])
        step = np.angle(tone[far] * np.conj(tone[near]))
        slopes.append(((terms[far] - terms[near]) * trust[..., None], step * trust))
    matrix = np.concatenate([left.reshape(-1, terms.shape[-1]) for left, _ in slopes])
    phase = terms @ _solved(matrix, np.concatenate([right.ravel() for _, right in slopes]))
    # What is left is less than half a turn: fit it directly, twice.
    level = np.concatenate([np.ones((side, side, 1)), terms], axis=-1).reshape(side * side, -1)
    root = np.sqrt(weight).ravel()
    for _ in range(2):
        rest = tone * np.exp(-1j * phase)
        offset = np.angle((rest * weight).sum())
        remainder = np.angle(rest * np.exp(-1j * offset)).ravel()
        phase = (
            phase + offset + (level @ _solved(level * root[:, None], remainder * root)).reshape(side, side)
        )
    return np.asarray(phase, np.float64)


def _polynomials(side: int, degree: int) -> NDArray[np.float64]:
    """The products of Legendre polynomials in x and y up to `degree`, without the constant: (side, side, k)."""
    place = (np.arange(side) + 0.5) / side * 2 - 1
    legendre = np.polynomial.legendre.legvander(place, degree)
    products = [
        np.outer(legendre[:, row], legendre[:, column])
        for row in range(degree + 1)
        for column in range(degree + 1 - row)
        if row + column > 0
    ]
    return np.stack(products, axis=-1)


def _solved(matrix: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Least squares with a little damping: coefficients that nothing speaks for stay at zero."""
    normal = matrix.T @ matrix
    return np.asarray(np.linalg.solve(normal + 1e-3 * np.eye(len(normal)), matrix.T @ values), np.float64)


def _whole_modules(shift: NDArray[np.float64]) -> float:
    """A phase knows no whole modules: those by which the three finders would be off, which are in place."""
    size = _FINDER_MODULES
    finders = shift[:size, :size], shift[:size, -size:], shift[-size:, :size]
    return MODULE_PX * round(float(np.mean(finders)) / MODULE_PX)


def _everywhere(shift: NDArray[np.float64], side_px: int) -> Floats:
    """From a value for each module to one for each pixel, quiet zone included."""
    padded = cv2.copyMakeBorder(shift.astype(np.float32), *(QUIET_MODULES,) * 4, cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(padded, (side_px, side_px), interpolation=cv2.INTER_CUBIC), np.float32)


def _warped(values: Floats, x: Floats, y: Floats) -> Floats:
    """`values` as they are at the places (x, y)."""
    return np.asarray(cv2.remap(values, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)
