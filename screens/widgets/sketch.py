"""The drawings themselves: a square of 100 x 100 units in the theme's colours, with the line style of the icons."""

from collections.abc import Callable
from typing import NamedTuple

from PIL import Image, ImageDraw

from kiosk.prompts import Hand
from screens.places import Side
from screens.theme import Colour

SMOOTHING = 3
LINE = 1.5
BEATS = 3
"""The arrow moves in so many steps, then begins again."""


class Inks(NamedTuple):
    """The colours of a drawing: names of the theme."""

    tint: Colour
    primary: Colour
    card: Colour
    hairline: Colour
    metal: Colour
    line: Colour
    attention: Colour


class Sketch:
    """Draws in units; y grows downwards."""

    def __init__(self, side: int, inks: Inks) -> None:
        self.inks = inks
        self._unit = side * SMOOTHING / 100
        self._side = side
        self._image = Image.new("RGB", (side * SMOOTHING, side * SMOOTHING), inks.tint)
        self._draw = ImageDraw.Draw(self._image)

    def _at(self, *units: float) -> list[float]:
        return [value * self._unit for value in units]

    def box(
        self, x: float, y: float, w: float, h: float, radius: float, fill: Colour | None, edge: Colour | None = None,
        line: float = LINE,
    ) -> None:  # fmt: skip
        self._draw.rounded_rectangle(
            self._at(x, y, x + w, y + h),
            radius * self._unit,
            fill,
            edge,
            max(1, round(line * self._unit)) if edge else 0,
        )

    def disc(self, x: float, y: float, r: float, fill: Colour | None, edge: Colour | None = None) -> None:
        width = max(1, round(LINE * self._unit)) if edge else 0
        self._draw.ellipse(self._at(x - r, y - r, x + r, y + r), fill, edge, width)

    def polygon(self, *points: float, fill: Colour) -> None:
        self._draw.polygon(self._at(*points), fill)

    def arc(self, x: float, y: float, r: float, start: float, end: float, ink: Colour) -> None:
        self._draw.arc(self._at(x - r, y - r, x + r, y + r), start, end, ink, round(2 * self._unit))

    def finished(self) -> Image.Image:
        return self._image.resize((self._side, self._side), Image.Resampling.BOX)

    # ------------------------------------------------------------------ things

    def arrow(self, x: float, y: float, down: bool) -> None:
        """A thick arrow whose tip is at (x, y)."""
        ink, way = self.inks.attention, -1 if down else 1
        self.polygon(x - 8, y + way * 9, x + 8, y + way * 9, x, y, fill=ink)
        top, bottom = sorted((y + way * 8, y + way * 20))
        self.box(x - 3, top, 6, bottom - top, 0, ink)

    def card(self, x: float, y: float, w: float, h: float, chip: bool) -> None:
        """A card with a chip, or an identity card with a portrait."""
        i = self.inks
        self.box(x, y, w, h, 3, i.card, i.primary)
        if chip:
            self.box(x + w * 0.36, y + h * 0.14, w * 0.28, h * 0.17, 1.5, i.metal, i.primary, 1)
            for n in range(3):
                self.box(
                    x + w * 0.16, y + h * (0.5 + 0.12 * n), w * (0.68 if n < 2 else 0.4), 1.6, 0.8, i.line
                )
        else:
            self.box(x + w * 0.64, y + h * 0.18, w * 0.26, h * 0.56, 1.5, i.metal, i.primary, 1)
            self.disc(x + w * 0.77, y + h * 0.37, w * 0.06, i.primary)
            self.polygon(
                x + w * 0.68,
                y + h * 0.72,
                x + w * 0.86,
                y + h * 0.72,
                x + w * 0.77,
                y + h * 0.5,
                fill=i.primary,
            )
            for n in range(4):
                self.box(
                    x + w * 0.1, y + h * (0.2 + 0.16 * n), w * (0.45 if n % 2 else 0.34), 1.6, 0.8, i.line
                )

    def squares(self, x: float, y: float, side: float) -> None:
        """What says "code": three finders and some modules."""
        i, m = self.inks, side / 7
        self.box(x - m, y - m, side + 2 * m, side + 2 * m, 1, i.card)
        for fx, fy in ((0, 0), (4.5, 0), (0, 4.5)):
            self.box(x + fx * m, y + fy * m, 2.5 * m, 2.5 * m, 0.4, None, i.primary, m * 0.6)
        for mx, my in ((3, 0), (3, 2), (4, 3), (5, 4), (3, 5), (6, 6), (4, 6), (0, 3), (6, 3.5), (5, 5.2)):
            self.box(x + mx * m, y + my * m, 0.9 * m, 0.9 * m, 0, i.primary)

    def hand(self, x: float, y: float) -> None:
        """A right hand that holds something from below; (x, y) is the tip of the thumb. Draw after what it holds."""
        i = self.inks
        self.box(x - 3, y + 15, 33, 60, 10, i.card, i.primary)  # the back of the hand, off the lower edge
        self.box(x - 6, y - 2, 13, 34, 6.5, i.card, i.primary)  # the thumb
        self.box(x - 4.2, y + 18, 9.4, 14, 4, i.card)  # where the thumb grows out of the hand
        self.box(x - 3, y + 0.5, 7, 6, 3, i.metal)  # its nail

    def fingers(self, x: float, y: float, count: int = 3) -> None:
        """Finger tips that look out from behind what is held; draw before it."""
        for n in range(count):
            self.box(x, y + n * 8.5, 16, 8, 4, self.inks.card, self.inks.primary)


# ------------------------------------------------------------------ where on the kiosk


def where(side: Side, upright: bool, size: int, inks: Inks) -> Image.Image:
    """The front of the kiosk: its screen, and the device marked at one side of it."""
    s = Sketch(size, inks)
    w, h = (38, 56) if upright else (56, 36)
    frame = {"left": (26, 12), "right": (26, 12), "above": (12, 24), "below": (12, 24)}[side]
    x, y = {
        "left": (50 - w / 2 + 9, 46 - h / 2), "right": (50 - w / 2 - 9, 46 - h / 2),
        "above": (50 - w / 2, 46 - h / 2 + 8), "below": (50 - w / 2, 46 - h / 2 - 8),
    }[side]  # fmt: skip
    bx, by, bw, bh = 50 - (w + frame[0]) / 2, 46 - (h + frame[1]) / 2, w + frame[0], h + frame[1]
    s.box(bx + bw / 2 - 9, by + bh - 2, 18, 100 - by - bh - 2, 0, inks.metal, inks.line)
    s.box(bx, by, bw, bh, 4, inks.metal, inks.line)
    s.box(x, y, w, h, 2, inks.card, inks.line)
    for n in range(3):
        s.box(x + 6, y + 8 + n * 7, w - (12 if n else 22), 2.4, 1.2, inks.line)
    dx, dy = {
        "left": (bx + 9.5, 46), "right": (bx + bw - 9.5, 46), "above": (50, by + 8.5), "below": (50, by + bh - 8.5),
    }[side]  # fmt: skip
    s.disc(dx, dy, 12, None, inks.attention)
    s.disc(dx, dy, 8, inks.attention)
    return s.finished()


# ------------------------------------------------------------------ what the hand does


def _id_card(s: Sketch, beat: int) -> None:
    """A card laid on the reader."""
    i = s.inks
    s.box(16, 6, 68, 40, 6, i.metal, i.line)
    for n in range(3):
        s.arc(50, 34, 7 + n * 6, 225, 315, i.primary)
    s.disc(50, 33, 2.2, i.primary)
    s.fingers(18, 68, 3)
    s.card(22, 58, 52, 33, chip=False)
    s.hand(70, 70)
    s.arrow(13, 50 - beat * 2, down=False)


def _joint_card(s: Sketch, beat: int) -> None:
    """A card pushed into its slot, chip first."""
    i = s.inks
    s.box(16, 8, 68, 26, 6, i.metal, i.line)
    s.fingers(24, 66, 3)
    s.card(32, 30 - beat * 2, 34, 54, chip=True)
    s.box(16, 8, 68, 18, 6, i.metal, i.line)
    s.box(24, 23, 52, 5, 2, i.primary)
    s.hand(61, 68)
    s.arrow(17, 42 - beat * 2, down=False)


def _take_card(s: Sketch, beat: int) -> None:
    """A card drawn out of its slot."""
    i = s.inks
    s.fingers(24, 62, 3)
    s.card(32, 20 + beat * 2, 34, 54, chip=True)
    s.box(16, 8, 68, 18, 6, i.metal, i.line)
    s.box(24, 23, 52, 5, 2, i.primary)
    s.hand(61, 66)
    s.arrow(17, 60 + beat * 2, down=True)


def _camera(s: Sketch, beat: int) -> None:
    i = s.inks
    s.polygon(50, 16, 28, 50, 72, 50, fill=i.metal)
    s.box(28, 4, 44, 22, 8, i.metal, i.line)
    s.disc(50, 15, 8, i.card, i.primary)
    s.disc(50, 15, 3.4, i.primary)
    s.arrow(17, 34 - beat * 2, down=False)


def _phone_code(s: Sketch, beat: int) -> None:
    """A phone with a code on it, held before the camera."""
    _camera(s, beat)
    i = s.inks
    s.fingers(24, 62, 3)
    s.box(32, 42, 36, 56, 5, i.primary)
    s.box(34, 47, 32, 44, 1.5, i.card)
    s.squares(39.5, 53, 21)
    s.hand(64, 74)


def _guide_code(s: Sketch, beat: int) -> None:
    """A printed guide with a code on it, held before the camera."""
    _camera(s, beat)
    i = s.inks
    s.fingers(20, 64, 3)
    s.box(28, 42, 44, 56, 2, i.card, i.primary)
    s.squares(38.5, 50, 22)
    for n in range(3):
        s.box(34, 78 + n * 5, 24, 1.6, 0.8, i.line)
    s.hand(67, 72)


def _take_paper(s: Sketch, beat: int) -> None:
    """A slip taken from the printer's mouth."""
    i = s.inks
    low = 74 + beat * 2
    s.fingers(25, 58, 3)
    s.box(33, 20, 34, low - 20, 0, i.card, i.primary)
    teeth = [value for n in range(6) for value in (33 + n * 6.8, low - (0 if n % 2 else 4))]
    s.polygon(33, low - 6, *teeth, 67, low - 6, fill=i.tint)
    for n in range(5):
        s.box(38, 34 + n * 6.5 + beat, 24 if n % 2 else 16, 1.6, 0.8, i.line)
    s.box(16, 6, 68, 18, 6, i.metal, i.line)
    s.box(24, 21, 52, 5, 2, i.primary)
    s.hand(62, 62)
    s.arrow(16, 60 + beat * 2, down=True)


HANDS: dict[Hand, Callable[[Sketch, int], None]] = {
    "id_card": _id_card,
    "joint_card": _joint_card,
    "phone_code": _phone_code,
    "guide_code": _guide_code,
    "take_card": _take_card,
    "take_paper": _take_paper,
}


def how(hand: Hand, beat: int, size: int, inks: Inks) -> Image.Image:
    """The hand at the device."""
    s = Sketch(size, inks)
    HANDS[hand](s, beat % BEATS)
    return s.finished()
