"""Fonts for what a printer cannot set itself, found through fontconfig so that no path is written down
anywhere.

Needs the programs fc-match, fc-list and fc-query (Debian: fontconfig) and a Chinese font (fonts-noto-cjk). A
character that no installed font has is reported as not drawable, never drawn as an empty box.
"""

import subprocess
from dataclasses import dataclass
from functools import lru_cache

from PIL import ImageFont

PREFERRED_FAMILIES = ("Noto Sans Mono CJK SC", "Noto Sans CJK SC")
"""The Mono face first: its ASCII is exactly half as wide as its hanzi, like a printer's own font."""

_QUERY_TIMEOUT_S = 10.0


@dataclass(frozen=True)
class Face:
    """One face in a font file."""

    path: str
    index: int


def font(cluster: str, size_px: int, *, bold: bool) -> ImageFont.FreeTypeFont | None:
    """The first face that has the first character of `cluster`, at `size_px`; None when no installed font has it.

    Only a cluster of several characters is laid out by Raqm, which places its marks but is four times as slow.
    """
    face = _face_for(cluster[0], bold)
    engine = ImageFont.Layout.BASIC if len(cluster) == 1 else ImageFont.Layout.RAQM
    return _load(face, size_px, engine) if face else None


def drawable(character: str) -> bool:
    """Whether any installed font has `character`."""
    return _face_for(character, False) is not None


@lru_cache(maxsize=4096)
def _face_for(character: str, bold: bool) -> Face | None:
    for face in _preferred(bold):
        if ord(character) in _coverage(face):
            return face
    found = _faces("fc-list", f":charset={ord(character):x}")
    return min(found, key=lambda face: (face.path, face.index), default=None)


@lru_cache(maxsize=64)
def _load(face: Face, size_px: int, engine: ImageFont.Layout) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(face.path, size_px, index=face.index, layout_engine=engine)


@lru_cache(maxsize=2)
def _preferred(bold: bool) -> tuple[Face, ...]:
    weight = ":bold" if bold else ":regular"
    return tuple(face for family in PREFERRED_FAMILIES for face in _faces("fc-match", family + weight))


@lru_cache(maxsize=16)
def _coverage(face: Face) -> frozenset[int]:
    """Every code point of a face, from fontconfig's list of ranges in hexadecimal."""
    points: set[int] = set()
    for part in _ask("fc-query", "-i", str(face.index), "--format", "%{charset}", face.path).split():
        first, _, last = part.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(points)


def _faces(program: str, pattern: str) -> tuple[Face, ...]:
    lines = _ask(program, "--format", "%{file}|%{index}\n", pattern).splitlines()
    parts = [line.rpartition("|") for line in lines]
    # The upper half of fontconfig's index names an instance of a variable font; the file knows only the
    # lower.
    return tuple(Face(path, int(index) & 0xFFFF) for path, _, index in parts)


def _ask(*words: str) -> str:
    try:
        return subprocess.run(
            words, capture_output=True, text=True, timeout=_QUERY_TIMEOUT_S, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""  # no fontconfig, no fonts: every character then counts as not drawable and is spelled out
