"""A receipt as data: the one layout language that flows speak and every width, size and printer understands.

Nothing here counts cells or pads strings. How a block is set on 80 mm or 58 mm paper, in ordinary or in large
print, is decided in `layout`; which bytes carry it, in `encoder`.
"""

from dataclasses import dataclass
from enum import StrEnum


class Align(StrEnum):
    """Where text stands in its line or column."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Emphasis(StrEnum):
    """How much a value should stand out; LARGE doubles its height, and its width where it still fits."""

    NORMAL = "normal"
    BOLD = "bold"
    LARGE = "large"


@dataclass(frozen=True)
class Title:
    """The heading of a receipt: centred, bold, double size."""

    text: str


@dataclass(frozen=True)
class Text:
    """A paragraph. It wraps at the width of the paper; a newline starts a new line."""

    text: str
    align: Align = Align.LEFT
    emphasis: Emphasis = Emphasis.NORMAL


@dataclass(frozen=True)
class Row:
    """A label on the left and its value on the right; on lines of their own when they do not fit beside
    each other.

    A newline is where a label or value in two languages may break: when all of it does not fit on one line, the
    first line of the label stands with the first of the value, the second with the second.
    """

    label: str
    value: str
    emphasis: Emphasis = Emphasis.NORMAL


@dataclass(frozen=True)
class Columns:
    """A table. `header` and every row have as many texts as `align` has columns.

    When the columns cannot stand beside each other without breaking a word or a figure, each row takes two lines,
    the figures (columns aligned right) on the second; when that does not help either, it is printed as
    label-and-value lines under its header's names, so that nothing is ever cut off.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: tuple[Align, ...]

    def __post_init__(self) -> None:
        if not self.align or any(len(row) != len(self.align) for row in (self.header, *self.rows)):
            raise ValueError("every row of a table has one text for each column")


@dataclass(frozen=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True)
class QrCode:
    """A QR code of `data`, centred; as large as asked for and the paper allows.

    `module_mm` is the wanted edge of one module; `level` is the error correction, L, M, Q or H.
    """

    data: str
    module_mm: float = 0.5
    level: str = "M"

    def __post_init__(self) -> None:
        if self.level not in ("L", "M", "Q", "H"):
            raise ValueError("the error correction of a QR code is L, M, Q or H")


@dataclass(frozen=True)
class Space:
    """Blank lines, counted in lines of ordinary print."""

    lines: int = 1


@dataclass(frozen=True)
class Cut:
    """A cut inside a receipt of several pieces. The end of a receipt is always cut and needs none."""


Block = Title | Text | Row | Columns | Rule | QrCode | Space | Cut


@dataclass(frozen=True)
class Receipt:
    """What is to be printed, from top to bottom. `large` sets it in large print (numerals of 3.5 mm and
    more)."""

    blocks: tuple[Block, ...]
    large: bool = False
