"""Fonts: which file draws which character.

Noto Sans CJK comes as one collection whose first face is Japanese: 骨, 直 and 角 would take Japanese shapes. So the
face is looked up by its name, and Pillow opens exactly that one. Characters that it lacks (rare surnames, CJK
extensions) go to the next family in FALLBACKS that is installed; one that none has is shown as its code, U+XXXX.
"""

import subprocess
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FAMILY = "Noto Sans CJK SC"
FALLBACKS = (
    "Noto Serif CJK SC",
    "BabelStone Han",
    "HanaMinA",
    "HanaMinB",
    "Plangothic P1",
    "Plangothic P2",
    "DejaVu Sans",
)
"""In this order; those that are not installed are passed over. Debian: fonts-babelstone-han, fonts-hanazono."""

VARIATIONS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""They choose among the shapes of the character before them; the font's own shape is legible without."""

ICON_FOLDER = Path(__file__).parent.parent / "config" / "fonts"
NOT_A_CHARACTER = "\U0010ffff"
"""No font has it, so its picture is the font's own sign for a missing glyph."""


class FontMissing(Exception):
    """The family that everything is set in is not installed."""


@dataclass(frozen=True)
class Face:
    """One face of a font file; `index` counts within a collection."""

    path: str
    index: int


@lru_cache
def installed() -> Mapping[tuple[str, str], Face]:
    """(family, style) -> face, as fontconfig knows them."""
    listing = subprocess.run(
        ["fc-list", "--format", "%{family}|%{style}|%{file}|%{index}\n"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found: dict[tuple[str, str], Face] = {}
    for line in listing.splitlines():
        families, styles, path, index = line.split("|")
        for family in families.split(","):
            for style in styles.split(","):
                found.setdefault((family, style), Face(path, int(index) & 0xFFFF))
    return found


@lru_cache
def chain(bold: bool) -> tuple[Face, ...]:
    """The faces to ask for a glyph, in order. Raises FontMissing."""
    known = installed()
    style = "Bold" if bold else "Regular"
    first = known.get((FAMILY, style))
    if first is None:
        raise FontMissing(f"{FAMILY} {style} is not installed (Debian package fonts-noto-cjk)")
    others = (
        known.get((family, style)) or known.get((family, "Regular")) or known.get((family, "Book"))
        for family in FALLBACKS
    )
    return (first, *(face for face in others if face is not None))


@lru_cache(maxsize=256)
def opened(face: Face, size_px: int, kerned: bool = False) -> ImageFont.FreeTypeFont:
    """The face at a size. `kerned` shapes with HarfBuzz: right for Latin words, needless for Hanzi and digits."""
    layout = ImageFont.Layout.RAQM if kerned else ImageFont.Layout.BASIC
    return ImageFont.truetype(face.path, size_px, index=face.index, layout_engine=layout)


@lru_cache(maxsize=256)
def _missing_sign(face: Face, size_px: int) -> bytes:
    return bytes(opened(face, size_px).getmask(NOT_A_CHARACTER))


@lru_cache(maxsize=8192)
def face_for(character: str, bold: bool) -> Face | None:
    """The first face that has the character; None when no installed font draws it. What a font draws for private use
    is its maker's own, and may be another character than the sender's."""
    probe_px = 24
    if character.isspace():
        return chain(bold)[0]
    if unicodedata.category(character) == "Co":
        return None
    for face in chain(bold):
        if bytes(opened(face, probe_px).getmask(character)) != _missing_sign(face, probe_px):
            return face
    return None


def invisible(character: str) -> bool:
    """Whether it is there to be obeyed, not to be seen (direction, joining, variation): fonts for scholars draw a box
    with its name."""
    return unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") or character in VARIATIONS


def em_for_cap(cap_px: float, bold: bool) -> int:
    """The smallest font size (px) whose capital I is at least `cap_px` tall, measured on the drawn glyph."""
    size = max(4, int(cap_px / 0.74) - 1)
    while cap_height(size, bold) < cap_px:
        size += 1
    return size


@lru_cache(maxsize=256)
def cap_height(size_px: int, bold: bool) -> int:
    """Height in px of the capital I as it is drawn."""
    return opened(chain(bold)[0], size_px).getmask("I").size[1]


@lru_cache
def icon_codes() -> Mapping[str, str]:
    """Icon name or meaning -> its character in the icon font."""
    with (ICON_FOLDER / "icons.toml").open("rb") as file:
        table = tomllib.load(file)
    codes = {name: chr(code) for name, code in table["codes"].items()}
    return codes | {meaning: codes[name] for meaning, name in table["meanings"].items()}


ICON_FACE = Face(str(ICON_FOLDER / "icons.ttf"), 0)
