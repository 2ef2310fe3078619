"""Making a cut-out legible: a size that the engines like, blur undone, noise calmed, light levelled."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.scanner.found import Picture

MOST_ENLARGEMENT = 4.0

Kernel = NDArray[np.float32]
"""How a point is smeared; sums to 1."""


def sized(picture: Picture, long_side_px: int) -> Picture:
    """The picture with its longer side at `long_side_px`; enlarged at most MOST_ENLARGEMENT times."""
    return scaled(picture, min(MOST_ENLARGEMENT, long_side_px / max(picture.shape)))


def scaled(picture: Picture, scale: float) -> Picture:
    """The picture made larger or smaller; a strip keeps at least one pixel of its width."""
    height, width = (max(1, round(side * scale)) for side in picture.shape)
    how = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (width, height), interpolation=how), np.uint8)


def sharpened(picture: Picture) -> Picture:
    """Unsharp mask: gives back the edges that a soft lens or scaling took."""
    soft = cv2.GaussianBlur(picture, (0, 0), 3)
    return np.asarray(cv2.addWeighted(picture, 2.2, soft, -1.2, 0), np.uint8)


def levelled(picture: Picture, offset: int = 4) -> Picture:
    """Black and white against the mean light of the 61 pixels around: glare and shade fall away."""
    return np.asarray(
        cv2.adaptiveThreshold(
            picture, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, blockSize=61, C=offset
        ),
        np.uint8,
    )


def smoothed(picture: Picture, sigma_px: float) -> Picture:
    """Blurred until the noise of a dark room is gone, then levelled."""
    return levelled(np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma_px), np.uint8), offset=2)


def darkened(picture: Picture) -> Picture:
    """Stretched to full range, gamma 4, sharpened: spreads what is left of an overexposed code."""
    low, high = int(picture.min()), max(int(picture.max()), int(picture.min()) + 1)
    light = np.clip((np.arange(256) - low) / (high - low), 0.0, 1.0)
    return sharpened(np.asarray(cv2.LUT(picture, (light**4 * 255.0).astype(np.uint8)), np.uint8))


def refocused(picture: Picture, radius_px: float) -> Picture:
    """Undoes the blur of a lens that is out of focus by a disc of this radius."""
    reach = int(np.ceil(radius_px)) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = np.clip(radius_px + 0.5 - np.hypot(x, y), 0.0, 1.0).astype(np.float32)
    return _restored(picture, disc / disc.sum(), noise=0.02)


def steadied(picture: Picture, length_px: float) -> Picture:
    """Undoes the blur of a movement of this length, in the direction that the picture itself shows."""
    return _restored(picture, _stroke(length_px, _direction_of_blur(picture)), noise=0.03)


def _restored(picture: Picture, kernel: Kernel, noise: float) -> Picture:
    """Wiener's filter: divides by the kernel's spectrum where it is stronger than the noise."""
    margin = max(kernel.shape)
    height, width = (cv2.getOptimalDFTSize(side + 2 * margin) for side in picture.shape)
    padded = cv2.copyMakeBorder(
        picture,
        margin,
        height - picture.shape[0] - margin,
        margin,
        width - picture.shape[1] - margin,
        cv2.BORDER_REPLICATE,
    ).astype(np.float32)
    centred = np.zeros((height, width), np.float32)
    centred[: kernel.shape[0], : kernel.shape[1]] = kernel
    centred = np.roll(centred, (-(kernel.shape[0] // 2), -(kernel.shape[1] // 2)), axis=(0, 1))
    smear = np.fft.rfft2(centred)
    spectrum = np.fft.rfft2(padded) * np.conj(smear) / (np.abs(smear) ** 2 + noise)
    restored = np.fft.irfft2(spectrum, s=(height, width))
    inner = restored[margin : margin + picture.shape[0], margin : margin + picture.shape[1]]
    return np.clip(inner, 0, 255).astype(np.uint8)


def _stroke(length_px: float, direction: float) -> Kernel:
    """A straight line of this length, in radians from the x axis, with soft ends."""
    reach = int(np.ceil(length_px / 2)) + 1
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    for step in np.linspace(-length_px / 2, length_px / 2, 8 * reach):
        x, y = reach + step * np.cos(direction), reach + step * np.sin(direction)
        left, top = int(x), int(y)
        kernel[top : top + 2, left : left + 2] += np.outer((1 - y + top, y - top), (1 - x + left, x - left))
    return np.asarray(kernel / kernel.sum(), np.float32)


def _direction_of_blur(picture: Picture) -> float:
    """Where strong edges are rarest: the direction, in radians, with the least fourth power of the slope."""
    x = cv2.Sobel(picture, cv2.CV_32F, 1, 0).ravel() / 255.0
    y = cv2.Sobel(picture, cv2.CV_32F, 0, 1).ravel() / 255.0
    xx, xy, yy = x * x, x * y, y * y
    angles = np.linspace(0, np.pi, 72, endpoint=False)
    c, s = np.cos(angles), np.sin(angles)
    power = (
        (xx @ xx) * c**4
        + 4 * (xx @ xy) * c**3 * s
        + 6 * (xx @ yy) * c**2 * s**2
        + 4 * (xy @ yy) * c * s**3
        + (yy @ yy) * s**4
    )
    return float(angles[int(np.argmin(power))])
