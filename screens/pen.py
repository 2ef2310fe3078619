"""The pen: the one place that draws with Kivy. Nodes speak in pixels from the top left; the pen turns the page.

Edges are smoothed in small textures that are made once per radius, so the window needs no multisampling.
"""

from collections import OrderedDict
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from kivy.graphics import BorderImage, Color, InstructionGroup, Rectangle
from kivy.graphics.texture import Texture
from PIL import Image, ImageDraw

from screens import glyphs, typeset
from screens.theme import Colour

CACHE_BYTES = 48_000_000
"""Pictures of text kept for the next time they are shown."""

LARGE_PX = 40_000
"""Outlines of larger boxes are drawn in pieces: what they enclose would cost more than the pieces."""

SMOOTHING = 8
"""Corners are drawn this many times too large and scaled down."""


class TextureCache:
    """Textures by key, the least recently used dropped first when they take more than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._kept: OrderedDict[object, Texture] = OrderedDict()
        self._bytes = 0

    def get(self, key: object, make: Callable[[], npt.NDArray[np.uint8]]) -> Texture:
        """The texture under a key; `make` gives coverage (rows from the top) when it is not there."""
        texture = self._kept.get(key)
        if texture is None:
            texture = self._kept[key] = texture_of(make())
            self._bytes += _size(texture)
            while self._bytes > self.limit:
                self._bytes -= _size(self._kept.popitem(last=False)[1])
        else:
            self._kept.move_to_end(key)
        return texture

    def clear(self) -> None:
        self._kept.clear()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._kept)


def _size(texture: Texture) -> int:
    return 2 * texture.width * texture.height


def texture_of(coverage: npt.NDArray[np.uint8]) -> Texture:
    """A texture of coverage (white where covered), tinted when drawn; or of RGB pixels for a picture."""
    height, width = coverage.shape[:2]
    if coverage.ndim == 3:
        texture = Texture.create(size=(width, height), colorfmt="rgb")
        texture.blit_buffer(np.ascontiguousarray(coverage).tobytes(), colorfmt="rgb", bufferfmt="ubyte")
    else:
        texture = Texture.create(size=(width, height), colorfmt="luminance_alpha")
        both = np.full((height, width, 2), 255, np.uint8)
        both[:, :, 1] = coverage
        texture.blit_buffer(both.tobytes(), colorfmt="luminance_alpha", bufferfmt="ubyte")
    # Drawn pixel for pixel: smoothing costs a third of a frame.
    texture.mag_filter = texture.min_filter = "nearest"
    texture.flip_vertical()
    return texture


_shapes = TextureCache(8_000_000)
_drawings = TextureCache(24_000_000)
_texts = TextureCache(CACHE_BYTES)


def forget_texts() -> None:
    """Drop every picture of text (a visit has ended)."""
    _texts.clear()


def kept_textures() -> tuple[int, int]:
    """How many pictures of shapes and of text are kept."""
    return len(_shapes), len(_texts)


def _plain() -> npt.NDArray[np.uint8]:
    """Covered all over."""
    return np.full((1, 1), 255, np.uint8)


def _round_box(radius: int, line: int) -> npt.NDArray[np.uint8]:
    """A box with round corners, just large enough to be stretched; only its outline when `line` > 0."""
    side = 2 * radius + 2
    image = Image.new("L", (side * SMOOTHING, side * SMOOTHING), 0)
    draw = ImageDraw.Draw(image)
    edge = side * SMOOTHING - 1
    draw.rounded_rectangle((0, 0, edge, edge), radius * SMOOTHING, fill=255)
    if line:
        inset = line * SMOOTHING
        inner = max(0, radius - line) * SMOOTHING
        draw.rounded_rectangle((inset, inset, edge - inset, edge - inset), inner, fill=0)
    return np.asarray(image.resize((side, side), Image.Resampling.BOX))


class Pen:
    """Draws into one group of instructions; (0, 0) is the window's top left."""

    def __init__(self, group: InstructionGroup, window_height: int) -> None:
        self._group = group
        self._height = window_height
        self._ink: Colour | None = None
        self._alpha = 1.0

    def ink(self, colour: Colour, alpha: float = 1.0) -> None:
        if colour != self._ink or alpha != self._alpha:
            self._ink, self._alpha = colour, alpha
            self._group.add(Color(colour[0] / 255, colour[1] / 255, colour[2] / 255, alpha))

    def box(self, x: int, y: int, w: int, h: int, colour: Colour, alpha: float = 1.0) -> None:
        """A plain rectangle."""
        self.ink(colour, alpha)
        self._fill(x, y, w, h)

    def round_box(self, x: int, y: int, w: int, h: int, radius: int, colour: Colour) -> None:
        self._stretched(x, y, w, h, radius, 0, colour)

    def outline(self, x: int, y: int, w: int, h: int, radius: int, line: int, colour: Colour) -> None:
        """The outline of a round box, `line` px thick, inside the box."""
        self._stretched(x, y, w, h, max(radius, line), line, colour)

    def _stretched(self, x: int, y: int, w: int, h: int, radius: int, line: int, colour: Colour) -> None:
        radius = max(1, min(radius, w // 2 - 1, h // 2 - 1))
        texture = _shapes.get((radius, line), lambda: _round_box(radius, line))
        self.ink(colour)
        if line and w * h > LARGE_PX:
            self._ring(texture, x, y, w, h, radius, line)
        else:
            border = (radius, radius, radius, radius)
            self._group.add(
                BorderImage(texture=texture, border=border, pos=(x, self._height - y - h), size=(w, h))
            )

    def _ring(self, texture: Texture, x: int, y: int, w: int, h: int, radius: int, line: int) -> None:
        """An outline in eight pieces: what it encloses is not touched."""
        far = texture.width - radius
        for right in (False, True):
            for low in (False, True):
                corner = texture.get_region(far * right, far * (not low), radius, radius)
                self._put(corner, x + (w - radius) * right, y + (h - radius) * low, radius, radius)
        for low in (False, True):
            self._fill(x + radius, y + (h - line) * low, w - 2 * radius, line)
        for right in (False, True):
            self._fill(x + (w - line) * right, y + radius, line, h - 2 * radius)

    def _fill(self, x: int, y: int, w: int, h: int) -> None:
        self._put(_shapes.get("plain", _plain), x, y, w, h)

    def _put(self, texture: Texture, x: int, y: int, w: int, h: int) -> None:
        self._group.add(Rectangle(texture=texture, pos=(x, self._height - y - h), size=(w, h)))

    def shape(
        self, key: object, make: Callable[[], npt.NDArray[np.uint8]], x: int, y: int, colour: Colour
    ) -> None:
        """A picture of coverage that is made once per key."""
        self._place(_shapes.get(key, make), x, y, colour)

    def plot(
        self,
        key: object,
        make: Callable[[], npt.NDArray[np.uint8]],
        x: int,
        y: int,
        colour: Colour,
        part: float = 1.0,
    ) -> None:
        """The left `part` (0 to 1) of a chart's ink. It is a citizen's: forgotten with the texts."""
        texture = _texts.get(key, make)
        w, h = texture.size
        shown = round(w * part)
        if shown:
            u0, v0, u1, _, _, v1, *_ = texture.tex_coords
            u1 = u0 + (u1 - u0) * shown / w
            self.ink(colour)
            self._group.add(
                Rectangle(
                    texture=texture, pos=(x, self._height - y - h), size=(shown, h),
                    tex_coords=(u0, v0, u1, v0, u1, v1, u0, v1),
                )
            )  # fmt: skip

    def drawing(self, key: object, make: Callable[[], npt.NDArray[np.uint8]], x: int, y: int) -> None:
        """A drawing in its own colours that is made once per key."""
        texture = _drawings.get(key, make)
        self.picture(texture, x, y, *texture.size)

    def picture(self, texture: Texture, x: int, y: int, w: int, h: int) -> None:
        """A picture in its own colours, scaled to w x h."""
        self.ink((255, 255, 255))
        self._put(texture, x, y, w, h)

    def line(self, line: typeset.Line, x: int, base_line: int, em: int, bold: bool, colour: Colour) -> None:
        """One line of text with its pen at (x, base_line)."""
        above, below = em, round(em * 0.35)
        margin = em // 4

        def make() -> npt.NDArray[np.uint8]:
            mask = np.zeros((above + below, line.width + 2 * margin), np.uint8)
            at = margin
            for n, word in enumerate(line.words):
                at += word.gap if n else 0
                glyphs.stamp(mask, glyphs.glyph(word.text, em, bold), at, above)
                at += word.width
            return mask

        if line.words:
            self._place(_texts.get((line, em, bold), make), x - margin, base_line - above, colour)

    def _place(self, texture: Texture, x: int, y: int, colour: Colour) -> None:
        self.ink(colour)
        self._put(texture, x, y, *texture.size)
