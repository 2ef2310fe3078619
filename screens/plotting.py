"""The ink of charts: pure functions from figures to coverage, in px of the plot. No window is needed for it."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from kiosk.charts import BalanceCourse, YearlySums
from kiosk.contract.money import FEN_PER_YUAN
from screens.theme import Look

Mask = npt.NDArray[np.uint8]

SMOOTHING = 3
"""Drawn this many times too large and scaled down."""

MOST_STEPS = 4
WAN = 10_000
LINE_MM = 0.9
DOT_MM = 1.7
HATCH_MM = 2.6
HATCH_INK = 0.45
"""The part of a hatch that is ink."""

EDGE_MM = 0.5
BAR_SHARE = 0.72
"""The part of a year's width that its bar takes."""


def ticks(highest: int) -> tuple[int, ...]:
    """Round amounts in yuan from 0 to the first at or above `highest` fen: two to four steps of 1, 2 or 5 x 10^n."""
    yuan = max(1, -(-highest // FEN_PER_YUAN))
    size = 1
    while True:
        for factor in (1, 2, 5):
            step = factor * size
            count = -(-yuan // step)
            if count <= MOST_STEPS:
                return tuple(step * n for n in range(count + 1))
        size *= 10


def tick_text(yuan: int, step: int, language: str) -> str:
    """A round amount on the axis: 5万元, ¥50,000."""
    if language == "en":
        return f"¥{yuan:,}"
    return f"{yuan // WAN}万元" if step % WAN == 0 and yuan else f"{yuan:,}元"


class _Sheet:
    """A sheet of coverage on which shapes are put in plot px; y grows downwards."""

    def __init__(self, w: int, h: int) -> None:
        self.size = (w, h)
        self.image = Image.new("L", (w * SMOOTHING, h * SMOOTHING), 0)
        self.draw = ImageDraw.Draw(self.image)

    def scaled(self, points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(x * SMOOTHING, y * SMOOTHING) for x, y in points]

    def mask(self) -> Mask:
        return np.asarray(self.image.resize(self.size, Image.Resampling.BOX))


def _corners(course: BalanceCourse, w: int, h: int, top: int, margin: float) -> list[tuple[float, float]]:
    """The stepped line: each amount holds until the next one. `top` is the amount in fen at the plot's upper edge."""
    first, last = course.days[0], course.until
    days = max(1, (last - first).days)

    def x(day: date) -> float:
        return margin + (w - 2 * margin) * (day - first).days / days

    def y(amount: int) -> float:
        return h - h * amount / top

    points: list[tuple[float, float]] = []
    for n, (day, amount) in enumerate(zip(course.days, course.amounts, strict=True)):
        if n:
            points.append((x(day), points[-1][1]))
        points.append((x(day), y(amount)))
    return [*points, (x(last), points[-1][1])]


def course_area(course: BalanceCourse, w: int, h: int, top: int, margin: float) -> Mask:
    """What lies under the line."""
    sheet = _Sheet(w, h)
    points = _corners(course, w, h, top, margin)
    sheet.draw.polygon(sheet.scaled([(points[0][0], h), *points, (points[-1][0], h)]), fill=255)
    return sheet.mask()


def course_line(course: BalanceCourse, w: int, h: int, top: int, margin: float, look: Look) -> Mask:
    """The line, and a dot where it has come to."""
    sheet = _Sheet(w, h)
    points = _corners(course, w, h, top, margin)
    sheet.draw.line(sheet.scaled(points), fill=255, width=max(2, look.px(LINE_MM)) * SMOOTHING, joint="curve")
    x, y = points[-1]
    r = look.px(DOT_MM)
    ((left, upper), (right, lower)) = sheet.scaled([(x - r, y - r), (x + r, y + r)])
    sheet.draw.ellipse((left, upper, right, lower), fill=255)
    return sheet.mask()


def year_boxes(sums: YearlySums, layer: int, w: int, h: int, top: int) -> list[tuple[int, int, int, int]]:
    """The boxes (x, y, w, h) of one layer, a year each."""
    pitch = w / len(sums.years)
    found = []
    for n in range(len(sums.years)):
        below = sum(other.amounts[n] for other in sums.layers[:layer])
        lower = h - round(h * below / top)
        upper = h - round(h * (below + sums.layers[layer].amounts[n]) / top)
        x = round(pitch * (n + (1 - BAR_SHARE) / 2))
        found.append((x, upper, max(2, round(pitch * BAR_SHARE)), lower - upper))
    return found


def year_layer(sums: YearlySums, layer: int, w: int, h: int, top: int, look: Look) -> Mask:
    """The first layer is solid, the second hatched, so that they differ without colour."""
    mask = np.zeros((h, w), np.uint8)
    for x, y, wide, high in year_boxes(sums, layer, w, h, top):
        if high > 0:
            box = mask[y : y + high, x : x + wide]
            box[:] = hatched(box.shape[1], box.shape[0], look) if layer else 255
    return mask


def hatched(w: int, h: int, look: Look) -> Mask:
    """Slanting stripes within an edge."""
    pitch, edge = max(4, look.px(HATCH_MM)), max(1, look.px(EDGE_MM))
    y, x = np.mgrid[0:h, 0:w]
    mask = np.where((x + y) % pitch < HATCH_INK * pitch, 255, 0).astype(np.uint8)
    mask[:edge] = mask[-edge:] = 255
    mask[:, :edge] = mask[:, -edge:] = 255
    return mask
