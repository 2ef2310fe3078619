"""Typesetting: a text becomes lines of measured words, broken the Chinese way.

A line never begins with closing punctuation nor ends with opening punctuation; figures and Latin words stay whole, and
keep their unit; a paragraph never ends in a lone character. Between Hanzi and Latin or digits stands a thin space.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from screens import glyphs

NOT_FIRST = "，。、；：？！）》」』】〕”’…％%,.;:?!)]}·～—"
NOT_LAST = "（《「『【〔“‘([{¥￥"
UNITS = "元万年月日天期笔页号岁个分秒时次张份项条位人"
"""What a figure counts stands on its line, and so does the 第 before it."""

THIN_SPACE_EM = 0.16
LEAST_LAST_LINE_EM = 3.5
"""A paragraph's last line is at least this long: no orphaned character."""

_WORD = re.compile(
    r"\s+|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f\U00020000-\U000323af]+|.", re.DOTALL
)


@dataclass(frozen=True)
class Word:
    """What is never broken: a Hanzi with its punctuation, a figure, a Latin word. `gap` px stand before it; `held` by
    the word before, it begins no line."""

    text: str
    width: int
    gap: int
    held: bool = False


@dataclass(frozen=True)
class Line:
    words: tuple[Word, ...]
    width: int

    @property
    def text(self) -> str:
        return "".join(
            (" " if n and word.gap > 0 and not _wide(word.text[0]) else "") + word.text
            for n, word in enumerate(self.words)
        )


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _pieces(text: str) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    space = False
    for piece in _WORD.findall(text):
        if piece.isspace():
            space = True
            continue
        before = pieces[-1][0][-1] if pieces else ""
        if before and not space and ((piece[0] in NOT_FIRST and _wide(before)) or before in NOT_LAST):
            pieces[-1] = (pieces[-1][0] + piece, pieces[-1][1])
        else:
            pieces.append((piece, space))
        space = False
    return pieces


@lru_cache(maxsize=8192)
def words(text: str, em: int, bold: bool, glued: bool = False) -> tuple[Word, ...]:
    """One paragraph's words with their measured widths in px; `glued` breaks at spaces only."""
    pieces = [(part, n > 0) for n, part in enumerate(text.split())] if glued else _pieces(text)
    found: list[Word] = []
    for n, (piece, spaced) in enumerate(pieces):
        before = pieces[n - 1][0][-1] if n else ""
        gap = 0
        if before and spaced:
            gap = glyphs.advance(" ", em, bold)
        elif before and _wide(before) != _wide(piece[0]) and not _punctuation(before + piece[0]):
            gap = round(em * THIN_SPACE_EM)
        held = not glued and (
            (before.isdigit() and piece[0] in UNITS) or (before == "第" and piece[0].isdigit())
        )
        found.append(Word(piece, glyphs.advance(piece, em, bold), gap, held))
    return tuple(found)


def _punctuation(characters: str) -> bool:
    return any(unicodedata.category(character)[0] in "PSZ" for character in characters)


def forget() -> None:
    """Drop all measured texts: a visit has ended."""
    words.cache_clear()
    lines.cache_clear()


def natural_width(text: str, em: int, bold: bool) -> int:
    """The width in px of the longest paragraph when nothing is broken."""
    return max((_width(words(part, em, bold)) for part in text.split("\n")), default=0)


def longest_word(text: str, em: int, bold: bool, glued: bool = False) -> int:
    """The width in px below which the text cannot be set whole."""
    return max((word.width for part in text.split("\n") for word in words(part, em, bold, glued)), default=0)


def _width(line: tuple[Word, ...] | list[Word]) -> int:
    return sum(word.width + (word.gap if n else 0) for n, word in enumerate(line))


@lru_cache(maxsize=8192)
def lines(
    text: str, em: int, bold: bool, width: int, balanced: bool = False, glued: bool = False
) -> tuple[Line, ...]:
    """Break a text into lines of at most `width` px. `balanced` makes the lines alike in length (titles, buttons)."""
    found: list[Line] = []
    for part in text.split("\n"):
        paragraph = _breakable(words(part, em, bold, glued), em, bold, width)
        broken = _fill(paragraph, width)
        if len(broken) > 1:
            if balanced:
                broken = _balance(paragraph, width, len(broken))
            elif _width(broken[-1]) < LEAST_LAST_LINE_EM * em:
                broken = _without_orphan(broken, em)
        found += [Line(tuple(line), _width(line)) for line in broken]
    return tuple(found)


def _breakable(paragraph: tuple[Word, ...], em: int, bold: bool, width: int) -> tuple[Word, ...]:
    """Words that are longer than a line (addresses, names of settings) are cut where the line ends."""
    if all(word.width <= width for word in paragraph):
        return paragraph
    found: list[Word] = []
    for word in paragraph:
        rest, gap = word.text, word.gap
        while len(rest) > 1 and glyphs.advance(rest, em, bold) > width:
            end = next(
                n
                for n in range(len(rest) - 1, 0, -1)
                if n == 1 or glyphs.advance(rest[:n], em, bold) <= width
            )
            found.append(Word(rest[:end], glyphs.advance(rest[:end], em, bold), gap))
            rest, gap = rest[end:], 0
        found.append(Word(rest, glyphs.advance(rest, em, bold), gap))
    return tuple(found)


def _fill(paragraph: tuple[Word, ...], width: int) -> list[list[Word]]:
    broken: list[list[Word]] = [[]]
    used = 0
    for together in _held_together(paragraph, width):
        step = _width(together) + (together[0].gap if broken[-1] else 0)
        if broken[-1] and used + step > width:
            broken.append([])
            used, step = 0, _width(together)
        broken[-1] += together
        used += step
    return broken


def _held_together(paragraph: tuple[Word, ...], width: int) -> Iterator[list[Word]]:
    """Words with those that they hold, as long as a line has room for them."""
    together: list[Word] = []
    for word in paragraph:
        if together and not (word.held and _width([*together, word]) <= width):
            yield together
            together = []
        together.append(word)
    if together:
        yield together


def _balance(paragraph: tuple[Word, ...], width: int, count: int) -> list[list[Word]]:
    """The narrowest width that needs no more lines."""
    low, high = max(map(_width, _held_together(paragraph, width))), width
    while low < high:
        middle = (low + high) // 2
        if len(_fill(paragraph, middle)) <= count:
            high = middle
        else:
            low = middle + 1
    return _fill(paragraph, high)


def _without_orphan(broken: list[list[Word]], em: int) -> list[list[Word]]:
    last, before = list(broken[-1]), list(broken[-2])
    while len(before) > 2 and (_width(last) < LEAST_LAST_LINE_EM * em or last[0].held):
        last.insert(0, before.pop())
    return [*broken[:-2], before, last]
