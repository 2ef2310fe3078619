"""The font of the A4 sheet: found through fontconfig, and known by every character that it has."""

import subprocess
from functools import lru_cache
from pathlib import Path

from hardware.receipt_printer.cells import clean

FAMILY = "Noto Sans CJK SC"
TIMEOUT_S = 10.0


class NoFont(RuntimeError):
    """The font of the A4 sheet is not installed (Debian: fonts-noto-cjk)."""


def font_folder() -> Path:
    """The folder of the font. Raises NoFont."""
    return Path(_face()[0]).parent


def legible(text: str) -> str:
    """`text` with nothing in it that the sheet could not show: what the font lacks is spelled [U+20C3C]. Nothing is
    remembered: what stands on a paper belongs to one citizen."""
    if text.isprintable() and _coverage().issuperset(text):
        return text
    return clean(text, lambda character: character in _coverage())


@lru_cache(maxsize=1)
def _face() -> tuple[str, int]:
    family, file, index = _ask("fc-match", "-f", "%{family}\n%{file}\n%{index}", f"{FAMILY}:regular").split(
        "\n"
    )
    if FAMILY not in family.split(","):
        raise NoFont(f"{FAMILY} is not installed")
    return file, int(index) & 0xFFFF


@lru_cache(maxsize=1)
def _coverage() -> frozenset[str]:
    file, index = _face()
    characters: set[str] = set()
    for part in _ask("fc-query", "-i", str(index), "-f", "%{charset}", file).split():
        first, _, last = part.partition("-")
        characters.update(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return frozenset(characters)


def _ask(*words: str) -> str:
    try:
        return subprocess.run(words, capture_output=True, text=True, timeout=TIMEOUT_S, check=True).stdout
    except (OSError, subprocess.SubprocessError) as problem:
        raise NoFont(f"fontconfig does not answer: {type(problem).__name__}") from None
