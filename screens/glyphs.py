"""Glyph pictures: each Hanzi and each Latin word is drawn once per size, then put together into lines.

FreeType takes about 0.1 ms for a glyph; a screen has a thousand. Nothing that a citizen's text brought in outlives
the visit: `forget` keeps only what belongs to the catalogue.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image

from kiosk.messages import LANGUAGES, texts
from screens import fonts

Mask = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Glyph:
    """Coverage 0..255 of one unbroken piece; `left` and `top` (px) place it from the pen and above the base line."""

    mask: Mask
    left: int
    top: int
    advance: int


_cache: dict[tuple[str, int, bool], Glyph] = {}
_reported: set[str] = set()
_listeners: list[Callable[[str], None]] = []


def glyph(piece: str, em: int, bold: bool) -> Glyph:
    """The picture of a piece that is never broken, at `em` px."""
    key = (piece, em, bold)
    found = _cache.get(key)
    if found is None:
        found = _cache[key] = _draw(piece, em, bold)
    return found


def advance(piece: str, em: int, bold: bool) -> int:
    """The width in px that the piece takes on a line."""
    return glyph(piece, em, bold).advance


def kept() -> Iterable[tuple[str, int, bool]]:
    """The pieces whose pictures are kept, with size and weight."""
    return _cache.keys()


@lru_cache
def of_catalogues() -> frozenset[str]:
    """The characters and words of the kiosk's own texts: nobody's secret, and needed again at once."""
    own = [text for language in LANGUAGES for text in texts(language).values()]
    return frozenset(character for text in own for character in text) | {
        word for text in own for word in text.split()
    }


def forget(keep: Iterable[str] = ()) -> None:
    """Drop every picture but those of the given pieces."""
    kept = set(keep)
    for key in [key for key in _cache if key[0] not in kept]:
        del _cache[key]
    _reported.clear()


def on_missing(listener: Callable[[str], None]) -> None:
    """Have `listener` called with "U+XXXX" the first time a character is met that no installed font draws."""
    _listeners.append(listener)


LATIN_QUOTES = str.maketrans("‘’“”", "''\"\"")
"""The Chinese font draws curly quotes as wide as a Hanzi; among Latin letters they would tear a word apart."""


def _draw(piece: str, em: int, bold: bool) -> Glyph:
    if any(character.isascii() and character.isalpha() for character in piece):
        piece = piece.translate(LATIN_QUOTES)
    runs = list(_runs(piece, bold))
    if len(runs) == 1:
        face, text = runs[0]
        return _picture(face, text, em)
    return _side_by_side([_picture(face, text, em) for face, text in runs])


def _runs(piece: str, bold: bool) -> Iterable[tuple[fonts.Face, str]]:
    """Neighbouring characters of one face. A character that no font has becomes its code, one that is not there to be
    seen nothing."""
    face_now, text = fonts.chain(bold)[0], ""
    for character in piece:
        if fonts.invisible(character):
            continue
        face = fonts.face_for(character, bold)
        if face is None:
            code = f"U+{ord(character):04X}"
            if code not in _reported:
                _reported.add(code)
                for listener in _listeners:
                    listener(code)
            character, face = code, fonts.chain(bold)[0]
        if face != face_now and text:
            yield face_now, text
            text = ""
        face_now, text = face, text + character
    yield face_now, text


def _picture(face: fonts.Face, text: str, em: int) -> Glyph:
    kerned = text.isascii() and len(text) > 1 and not any(c.isdigit() for c in text)
    font = fonts.opened(face, em, kerned)
    core, (left, top) = font.getmask2(text, mode="L", anchor="ls")
    width, height = core.size
    mask = (
        np.asarray(Image.frombytes("L", (width, height), bytes(core)))
        if width and height
        else np.zeros((0, 0), np.uint8)
    )
    return Glyph(mask, int(left), -int(top), round(font.getlength(text)))


def _side_by_side(parts: list[Glyph]) -> Glyph:
    top = max(part.top for part in parts)
    bottom = min(part.top - part.mask.shape[0] for part in parts)
    total = sum(part.advance for part in parts)
    margin = top - bottom
    mask = np.zeros((top - bottom, total + 2 * margin), np.uint8)
    at = margin
    for part in parts:
        stamp(mask, part, at, top)
        at += part.advance
    return Glyph(mask, -margin, top, total)


def stamp(target: Mask, part: Glyph, x: int, base_line: int) -> None:
    """Put a glyph into a larger mask with its pen at (x, base_line), px from the top left. Clips at the edges."""
    height, width = part.mask.shape
    left, top = x + part.left, base_line - part.top
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + width, target.shape[1]), min(top + height, target.shape[0])
    if x0 < x1 and y0 < y1:
        region = target[y0:y1, x0:x1]
        np.maximum(region, part.mask[y0 - top : y1 - top, x0 - left : x1 - left], out=region)


def icon(code: str, size: int) -> Mask:
    """An icon's coverage in a square of `size` px, its ink centred."""
    mask = np.zeros((size, size), np.uint8)
    picture = _picture(fonts.ICON_FACE, code, size).mask
    height, width = picture.shape
    stamp(mask, Glyph(picture, (size - width) // 2, 0, size), 0, (size - height) // 2)
    return mask
