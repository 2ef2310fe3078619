"""Making a cut-out legible: a size that the engines like, edges sharpened, light levelled."""

from collections.abc import Callable, Mapping

import cv2
import numpy as np

from hardware.scanner.found import Picture

MOST_ENLARGEMENT = 4.0
_THRESHOLD_WINDOW_PX = 61


def sized(picture: Picture, long_side_px: int) -> Picture:
    """The picture with its longer side at `long_side_px`; enlarged at most MOST_ENLARGEMENT times."""
    scale = min(MOST_ENLARGEMENT, long_side_px / max(picture.shape))
    how = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=how), np.uint8)


def plain(picture: Picture) -> Picture:
    """As it is."""
    return picture


def sharpened(picture: Picture) -> Picture:
    """Unsharp mask: gives back the edges that a soft lens or scaling took."""
    soft = cv2.GaussianBlur(picture, (0, 0), 3)
    return np.asarray(cv2.addWeighted(picture, 2.2, soft, -1.2, 0), np.uint8)


def levelled(picture: Picture) -> Picture:
    """Sharpened, then black and white against the light around each pixel: glare and shade fall away."""
    return np.asarray(
        cv2.adaptiveThreshold(
            sharpened(picture), 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, _THRESHOLD_WINDOW_PX, 4
        ),
        np.uint8,
    )


def darkened(picture: Picture) -> Picture:
    """Gamma 4, then sharpened: spreads what is left of an overexposed code."""
    table = ((np.arange(256) / 255.0) ** 4 * 255.0).astype(np.uint8)
    low, high = int(picture.min()), max(int(picture.max()), int(picture.min()) + 1)
    stretched = ((picture.astype(np.float32) - low) * (255.0 / (high - low))).astype(np.uint8)
    return sharpened(np.asarray(cv2.LUT(stretched, table), np.uint8))


ENHANCEMENTS: Mapping[str, Callable[[Picture], Picture]] = {
    "plain": plain,
    "sharpened": sharpened,
    "levelled": levelled,
    "darkened": darkened,
}
