"""Text measured in printer cells: what a character takes, where a line may break, what may not be printed.

A cell is half of a hanzi's width. ASCII takes one cell; whatever the Chinese code page carries in two bytes
takes two, as the printer's own font sets it, even for a Latin é.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

_NOT_AT_LINE_START = frozenset("，。、；：？！）》」』】〕”’…％‰℃·,.;:?!)]}%")
_NOT_AT_LINE_END = frozenset("（《「『【〔“‘￥([{")


_SAME_TO_A_READER = {"¥": "￥", "•": "·", "−": "-"}
"""Characters outside the printer's font that have a twin inside it; without this every amount with a yen sign
would have to be printed as a picture."""


_LATIN_QUOTE = re.compile(r"(?<=[!-~])[’”]|[‘“](?=[!-~])")
_TYPED = {"‘": "'", "’": "'", "“": '"', "”": '"'}

VARIATIONS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""They choose among the shapes of the character before them, which is legible without."""

_HANZI_PLANES = range(0x20000, 0x3FFFE)


def clean(text: str, legible: Callable[[str], bool] = lambda character: True) -> str:
    """`text` with nothing in it that a printer would obey or could not show.

    Control, direction and variation characters are dropped, odd spaces become plain ones, newlines stay. A character
    that cannot be shown (unassigned, private use, half a surrogate pair, or not `legible`) is spelled
    [U+20C3C], so that a reader sees that something stands there, and what. Quotation marks at a Latin word become
    those of a typewriter: the printer's own are as wide as a hanzi, and leave a hole in "centre's".
    """
    kept = []
    for written in _LATIN_QUOTE.sub(lambda found: _TYPED[found[0]], text):
        character = _SAME_TO_A_READER.get(written, written)
        category = unicodedata.category(character)
        if character == "\n" or character == " ":
            kept.append(character)
        elif category in ("Zs", "Zl", "Zp") or character == "\t":
            kept.append("\u3000" if character == "\u3000" else " ")
        elif category in ("Cc", "Cf") or character in VARIATIONS:
            continue
        elif category in ("Cs", "Co") or _unassigned(character) or not legible(character):
            kept.append(f"[U+{ord(character):04X}]")
        else:
            kept.append(character)
    return "".join(kept)


def _unassigned(character: str) -> bool:
    """Whether it is nothing yet. The planes of hanzi grow from year to year: one that Python's tables do not know
    is a hanzi all the same, and a font says whether it can be shown."""
    return unicodedata.category(character) == "Cn" and ord(character) not in _HANZI_PLANES


@lru_cache(maxsize=4096)
def two_bytes(character: str) -> bytes | None:
    """`character` in the two-byte part of GB 18030, all that a printer's font has; None when it is not there."""
    try:
        encoded = character.encode("gb18030")
    except UnicodeEncodeError:
        return None
    return encoded if len(encoded) == 2 else None


def clusters(text: str) -> list[str]:
    """`text` in pieces that must not be parted: a character with the combining marks that follow it."""
    pieces: list[str] = []
    for character in text:
        if pieces and unicodedata.category(character) in ("Mn", "Me"):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


@lru_cache(maxsize=4096)
def cluster_cells(cluster: str) -> int:
    """1 or 2: the cells of one cluster."""
    base = cluster[0]
    if base.isascii():
        return 1
    wide = two_bytes(base) is not None or unicodedata.east_asian_width(base) in ("W", "F")
    return 2 if wide else 1


def cells(text: str) -> int:
    """The cells of one line of text."""
    return sum(map(cluster_cells, clusters(text)))


def atoms(text: str) -> list[str]:
    """`text` in the pieces between which a line may break: words, single hanzi with their punctuation,
    spaces."""
    pieces: list[list[str]] = []
    last = ""
    for cluster in clusters(text):
        if " " in (cluster, last):
            joined = cluster == last
        elif cluster in _NOT_AT_LINE_START or last in _NOT_AT_LINE_END:
            joined = True
        else:
            joined = bool(last) and cluster_cells(cluster) == cluster_cells(last) == 1
        if joined and pieces:
            pieces[-1].append(cluster)
        else:
            pieces.append([cluster])
        last = cluster
    return ["".join(piece) for piece in pieces]


def longest_atom(text: str) -> int:
    """The cells of the widest piece that should not be broken."""
    return max((cells(atom) for line in text.split("\n") for atom in atoms(line)), default=0)


def wrap(text: str, width: int) -> list[str]:
    """Break `text` into lines of at most `width` (>= 2) cells; at least one line, and never a character lost.

    Breaks between words and between hanzi, keeps closing punctuation off the start of a line and opening
    brackets off its end; breaks a word only when it is wider than a whole line.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _wrap_paragraph(paragraph, width)
    return lines


def wrap_evenly(text: str, width: int) -> list[str]:
    """Like `wrap`, with as few lines, but none of them much shorter than the others: for headings."""
    lines = wrap(text, width)
    while width > 2 and len(wrap(text, width - 1)) == len(lines):
        width -= 1
        lines = wrap(text, width)
    return lines


def _wrap_paragraph(paragraph: str, width: int) -> list[str]:
    lines: list[str] = []
    line, used, gap = "", 0, ""
    for atom in atoms(paragraph):
        if atom.isspace() and atom[0] == " ":
            gap = atom
            continue
        taken = cells(atom)
        if line and used + len(gap) + taken <= width:
            line, used = line + gap + atom, used + len(gap) + taken
        else:
            if line:
                lines.append(line)
            *full, line = _split(atom, width)
            lines += full
            used = cells(line)
        gap = ""
    return [*lines, line] if line or not lines else lines


def _split(atom: str, width: int) -> list[str]:
    """Break one atom wherever the line is full."""
    lines: list[list[str]] = [[]]
    used = 0
    for cluster in clusters(atom):
        taken = cluster_cells(cluster)
        if used + taken > width:
            lines.append([])
            used = 0
        lines[-1].append(cluster)
        used += taken
    return ["".join(line) for line in lines]
