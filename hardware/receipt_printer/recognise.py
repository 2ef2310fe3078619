"""Reads text back from the dots of a printed picture, so that a rare name can be checked as text and not only by
eye. Compares each cell with every glyph of the Chinese font; what is like none of them is 〓, the mark that
printers of books set for a missing character.
"""

import subprocess
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

UNREAD = "〓"
TOLERANCE = 0.15
"""Share of a glyph's ink that may differ: half-dot shifts pass, another character does not."""

CERTAIN = 0.02
"""A glyph this like ends the search; the same font gives the same dots."""

STAGES = 3
_HEIGHT = 24
_SPILL = 8
"""Rows above and below a cell into which a glyph may reach without touching the next one."""

_INK = 110
_SKIPPED = (range(0xAC00, 0xD7B0), range(0x2E80, 0x2FE0))
"""Hangul, which no record here holds, and radicals that look like the hanzi they head."""

Dots = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Table:
    characters: str
    glyphs: npt.NDArray[np.uint8]  # one row for each character, eight dots to a byte
    ink: npt.NDArray[np.int64]  # how many dots of it are set


def read_line(image: Image.Image) -> str:
    """The text of one printed line (mode "1", ink is set), one cell of 12 dots after the other.

    Lines whose dots were doubled are reduced first. Only the regular weight is known. The answer is empty when the
    picture is no line of text.
    """
    dots = np.asarray(image.convert("L")) > 0
    if image.height == 2 * _HEIGHT:
        dots = dots[::2]
        left, right = dots[:, 0::2], dots[:, 1::2]
        if left.shape == right.shape and (left == right).all():
            dots = left
    return _read(dots) if len(dots) == _HEIGHT else ""


def _read(dots: Dots) -> str:
    width = dots.shape[1]
    dots = np.pad(dots, ((0, 0), (0, 24)))
    text, x = "", 0
    while x < width:
        narrow, wide = dots[:, x : x + 12], dots[:, x : x + 24]
        if not narrow.any() and not (wide.any() and _best(wide, 24)[1] <= TOLERANCE):
            text, x = text + " ", x + 12
            continue
        (one, off), (two, off_wide) = _best(narrow, 12), _best(wide, 24)
        if off <= min(off_wide, TOLERANCE):
            text, x = text + one, x + 12
        elif off_wide <= TOLERANCE:
            text, x = text + two, x + 24
        else:
            text, x = text + UNREAD, x + 24
    return text.rstrip()


def _best(cell: Dots, width: int) -> tuple[str, float]:
    """The likest character, and the share of ink in which it differs; looks among the commonest first."""
    packed, ink = np.packbits(cell.ravel()), max(1, int(cell.sum()))
    found, off = UNREAD, 1.0
    for stage in range(1 if width == 12 else STAGES):
        table = _table(width, stage)
        differing = np.bitwise_count(table.glyphs ^ packed).sum(axis=1)
        share = differing / np.maximum(table.ink, ink)
        best = int(share.argmin())
        if share[best] < off:
            found, off = table.characters[best], float(share[best])
        if off <= CERTAIN:
            break
    return found, off


@lru_cache(maxsize=8)
def _table(width: int, stage: int) -> _Table:
    path, index = _ask("fc-match", "-f", "%{file}\n%{index}", "Noto Sans Mono CJK SC:regular").split("\n")
    face = ImageFont.truetype(path, _HEIGHT, index=int(index), layout_engine=ImageFont.Layout.BASIC)
    points = list(range(0x21, 0x7F)) if width == 12 else _points(path, index, stage)
    pitch = _HEIGHT + 2 * _SPILL
    sheet = Image.new("L", (width, pitch * len(points)))
    pen = ImageDraw.Draw(sheet)
    for number, point in enumerate(points):
        letter = point < 0x2E80  # letters stand higher than hanzi, and may be narrower than their cell
        indent = (width - round(face.getlength(chr(point)))) // 2 if letter else 0
        baseline = _SPILL + (19 if letter else 21)
        pen.text((indent, number * pitch + baseline), chr(point), 255, face, "ls")
    cells = np.asarray(sheet).reshape(len(points), pitch, width)[:, _SPILL:-_SPILL]
    dots = (cells >= _INK).reshape(len(points), -1)
    return _Table("".join(map(chr, points)), np.packbits(dots, axis=1), dots.sum(axis=1))


def _points(path: str, index: str, stage: int) -> list[int]:
    """The wide characters of the font: first those of GB 2312, then those that GB 18030 puts in four bytes (they
    are why a line is a picture), then the rest. Of two that look alike the lower is read."""
    points: set[int] = set()
    for part in _ask("fc-query", "-i", index, "-f", "%{charset}", path).split():
        first, _, last = part.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    wide = (point for point in points if point > 0x7F and not any(point in skipped for skipped in _SKIPPED))
    return sorted(point for point in wide if _stage(chr(point)) == stage)


def _stage(character: str) -> int:
    encoded = character.encode("gb18030")
    if len(encoded) == 4:
        return 1
    try:
        encoded.decode("gb2312")
    except UnicodeDecodeError:
        return 2
    return 0


def _ask(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, timeout=10, check=True).stdout
