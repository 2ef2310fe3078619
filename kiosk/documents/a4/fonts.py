"""The fonts of the A4 sheet: found through fontconfig, and known by every character that they have."""

import subprocess
from functools import lru_cache
from pathlib import Path

from hardware.receipt_printer.cells import VARIATIONS, clean

FAMILY = "Noto Sans CJK SC"
RARE_FAMILIES = ("BabelStone Han", "HanaMinA", "HanaMinB")
"""For what the first lacks, in this order, as sheet.typ has it too; those that are not installed are passed over."""

TIMEOUT_S = 10.0


class NoFont(RuntimeError):
    """The font of the A4 sheet is not installed (Debian: fonts-noto-cjk)."""


def font_folders() -> list[str]:
    """The folders of the fonts. Raises NoFont."""
    return sorted({str(Path(file).parent) for file, _ in _faces()})


def legible(text: str) -> str:
    """`text` with nothing in it that the sheet could not show: what every font lacks is spelled [U+2EBF0]. Nothing is
    remembered: what stands on a paper belongs to one citizen."""
    if text.isprintable() and _coverage().issuperset(text):
        return text
    return clean(text, lambda character: character in _coverage())


@lru_cache(maxsize=1)
def _faces() -> tuple[tuple[str, int], ...]:
    """File and index of each family that is installed."""
    found = {family: _face(family) for family in (FAMILY, *RARE_FAMILIES)}
    if found[FAMILY] is None:
        raise NoFont(f"{FAMILY} is not installed")
    return tuple(face for face in found.values() if face)


def _face(family: str) -> tuple[str, int] | None:
    """None when fontconfig has only a substitute for it."""
    named, file, index = _ask("fc-match", "-f", "%{family}\n%{file}\n%{index}", f"{family}:regular").split(
        "\n"
    )
    return (file, int(index) & 0xFFFF) if family in named.split(",") else None


@lru_cache(maxsize=1)
def _coverage() -> frozenset[str]:
    characters: set[str] = set()
    for file, index in _faces():
        for part in _ask("fc-query", "-i", str(index), "-f", "%{charset}", file).split():
            first, _, last = part.partition("-")
            characters.update(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return frozenset(characters - VARIATIONS)


def _ask(*words: str) -> str:
    try:
        return subprocess.run(words, capture_output=True, text=True, timeout=TIMEOUT_S, check=True).stdout
    except (OSError, subprocess.SubprocessError) as problem:
        raise NoFont(f"fontconfig does not answer: {type(problem).__name__}") from None
