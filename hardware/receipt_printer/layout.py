"""From a receipt to placed lines: the only module that knows how wide the paper is in cells.

Pure: the same receipt and width always give the same lines. Places and sizes are in cells and lines of
ordinary print; nothing here knows a byte or a dot.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from itertools import zip_longest

from hardware.receipt_printer.cells import cells, clean, longest_atom, wrap, wrap_evenly
from hardware.receipt_printer.receipt import (
    Align,
    Block,
    Columns,
    Cut,
    Emphasis,
    QrCode,
    Receipt,
    Row,
    Rule,
    Space,
    Text,
    Title,
)

ROW_GAP = 2
"""Cells that stay free between a label and its value."""


FOLD_GAP = 2
"""Cells between the columns of a table that takes two lines for each row."""


class Size(Enum):
    """Times the ordinary (width, height) of a character."""

    NORMAL = (1, 1)
    TALL = (1, 2)
    LARGE = (2, 2)

    @property
    def wide(self) -> int:
        """Cells that one ordinary cell becomes."""
        return self.value[0]

    @property
    def high(self) -> int:
        """Lines of ordinary print that one line becomes."""
        return self.value[1]


@dataclass(frozen=True)
class Span:
    """Text that starts at cell `at`, counted in cells of ordinary width from the left edge."""

    text: str
    at: int
    size: Size = Size.NORMAL
    bold: bool = False

    @property
    def width(self) -> int:
        """Cells of ordinary width."""
        return cells(self.text) * self.size.wide


@dataclass(frozen=True)
class Line:
    """One line of text; its spans stand from left to right without touching each other."""

    spans: tuple[Span, ...]


@dataclass(frozen=True)
class RuleLine:
    """A line across the paper."""


@dataclass(frozen=True)
class Blank:
    """So many lines of ordinary print, left white."""

    lines: int


@dataclass(frozen=True)
class Code:
    """A QR code, centred."""

    code: QrCode


@dataclass(frozen=True)
class CutHere:
    """The end of one piece of paper."""


Item = Line | RuleLine | Blank | Code | CutHere


@dataclass(frozen=True)
class _Page:
    width: int
    large: bool
    legible: Callable[[str], bool]

    def body(self, text: str) -> Size:
        return self.fit(text) if self.large else Size.NORMAL

    def value(self, text: str, emphasis: Emphasis) -> Size:
        return self.fit(text) if self.large or emphasis is Emphasis.LARGE else Size.NORMAL

    def fit(self, text: str) -> Size:
        """LARGE, unless a word or a figure would have to be broken for it; then only as tall."""
        return Size.LARGE if longest_atom(text) * Size.LARGE.wide <= self.width else Size.TALL


def lay_out(
    receipt: Receipt, width: int, legible: Callable[[str], bool] = lambda character: True
) -> list[Item]:
    """Set `receipt` on paper of `width` cells (48 on 80 mm, 32 on 58 mm); it always ends in a cut.

    `legible` says of a character whether printer or font can show it; others are spelled by their number.
    """
    page = _Page(width, receipt.large, legible)
    items: list[Item] = []
    for item in (item for block in receipt.blocks for item in _set(block, page)):
        if items[-1:] != [item] or not isinstance(item, RuleLine):  # one rule is enough
            items.append(item)
    if not items or not isinstance(items[-1], CutHere):
        items.append(CutHere())
    return items


def _set(block: Block, page: _Page) -> Iterator[Item]:
    match block:
        case Title(text):
            text = clean(text, page.legible)
            size = page.fit(text)
            for line in wrap_evenly(text, page.width // size.wide):
                yield _placed(line, Align.CENTRE, page.width, size, bold=True)
        case Text(text, align, emphasis):
            text = clean(text, page.legible)
            size = page.value(text, emphasis)
            for line in wrap(text, page.width // size.wide):
                yield _placed(line, align, page.width, size, bold=emphasis is not Emphasis.NORMAL)
        case Row():
            yield from _set_row(block, page)
        case Columns():
            yield from _set_columns(block, page)
        case Rule():
            yield RuleLine()
        case QrCode():
            yield Code(block)
        case Space(lines):
            yield Blank(lines)
        case Cut():
            yield CutHere()


def _placed(text: str, align: Align, width: int, size: Size, *, bold: bool = False, left: int = 0) -> Line:
    """`text` in an area of `width` cells that starts at cell `left`."""
    free = width - cells(text) * size.wide
    at = left + {Align.LEFT: 0, Align.CENTRE: free // 2, Align.RIGHT: free}[align]
    return Line((Span(text, at, size, bold),) if text else ())


def _set_row(row: Row, page: _Page) -> Iterator[Item]:
    """All on one line where that fits; else line by line, each line of the label with the one of the value."""
    label, value = clean(row.label, page.legible), clean(row.value, page.legible)
    whole = replace(row, label=label.replace("\n", " "), value=value.replace("\n", " "))
    if "\n" not in label + value or _fits_one_line(whole, page):
        yield from _set_pair(whole, page)
        return
    for one, other in zip_longest(label.split("\n"), value.split("\n"), fillvalue=""):
        yield from _set_pair(replace(row, label=one, value=other), page)


def _fits_one_line(row: Row, page: _Page) -> bool:
    label_width = cells(row.label) * page.body(row.label).wide
    value_width = cells(row.value) * page.value(row.value, row.emphasis).wide
    return label_width + ROW_GAP + value_width <= page.width


def _set_pair(row: Row, page: _Page) -> Iterator[Item]:
    label, value = row.label, row.value
    bold = row.emphasis is not Emphasis.NORMAL
    label_size, value_size = page.body(label), page.value(value, row.emphasis)
    label_width, value_width = cells(label) * label_size.wide, cells(value) * value_size.wide
    beside_value = page.width - value_width - ROW_GAP
    beside_label = page.width - label_width - ROW_GAP

    if label_width <= beside_value:
        yield _pair(label, label_size, value, value_size, page.width - value_width, bold)
    elif value_width <= page.width // 2 and longest_atom(label) * label_size.wide <= beside_value:
        *first, last = wrap_evenly(label, beside_value // label_size.wide)
        for line in first:
            yield _placed(line, Align.LEFT, page.width, label_size)
        yield _pair(last, label_size, value, value_size, page.width - value_width, bold)
    elif label_width <= page.width // 3 and longest_atom(value) * value_size.wide <= beside_label:
        lines = wrap_evenly(value, beside_label // value_size.wide)
        left = page.width - max(cells(line) for line in lines) * value_size.wide
        yield _pair(label, label_size, lines[0], value_size, left, bold)
        for line in lines[1:]:
            yield _placed(line, Align.LEFT, page.width, value_size, bold=bold, left=left)
    else:
        for line in wrap(label, page.width // label_size.wide):
            yield _placed(line, Align.LEFT, page.width, label_size)
        for line in wrap_evenly(value, page.width // value_size.wide):
            yield _placed(line, Align.RIGHT, page.width, value_size, bold=bold)


def _pair(label: str, label_size: Size, value: str, value_size: Size, at: int, bold: bool) -> Line:
    spans = (Span(label, 0, label_size), Span(value, at, value_size, bold))
    return Line(tuple(span for span in spans if span.text))


def _set_columns(table: Columns, page: _Page) -> Iterator[Item]:
    header = tuple(clean(text, page.legible) for text in table.header)
    rows = [tuple(clean(text, page.legible) for text in row) for row in table.rows]
    size = Size.TALL if page.large else Size.NORMAL
    folds = _folded(header, rows, table.align, page.width)
    if folds is None:
        yield from _set_stacked(header, rows, page)
        return
    if any(header):
        for fold in folds:
            yield from fold.set(header, size, bold=True)
        yield RuleLine()
    for row in rows:
        for fold in folds:
            yield from fold.set(row, size, bold=False)


@dataclass(frozen=True)
class _Fold:
    """The columns of a table that stand on one line: which they are, how wide, and from which cell on."""

    numbers: tuple[int, ...]
    widths: list[int]
    lefts: list[int]
    align: tuple[Align, ...]

    def set(self, row: tuple[str, ...], size: Size, *, bold: bool) -> Iterator[Line]:
        cells_of_it = tuple(row[number] for number in self.numbers)
        yield from _set_cells(cells_of_it, self.widths, self.lefts, self.align, size, bold=bold)


def _folded(
    header: tuple[str, ...], rows: list[tuple[str, ...]], align: tuple[Align, ...], width: int
) -> tuple[_Fold, ...] | None:
    """One line for each row of the table; else two, what is read on the one and the figures on the other; else
    None."""
    everything = tuple(range(len(align)))
    figures = tuple(number for number in everything if align[number] is Align.RIGHT)
    read = tuple(number for number in everything if number not in figures)
    for groups in ((everything,), (read, figures)):
        folds = []
        for numbers in groups:
            part = [tuple(row[number] for number in numbers) for row in [header, *rows]]
            widths = _column_widths(part, width) if numbers else None
            if widths is not None:
                lefts = _lefts(widths, width, spread=len(groups) == 1, right=numbers is figures)
                folds.append(_Fold(numbers, widths, lefts, tuple(align[number] for number in numbers)))
        if len(folds) == len(groups):
            return tuple(folds)
    return None


def _lefts(widths: list[int], width: int, *, spread: bool, right: bool) -> list[int]:
    """Where each column begins: spread over the line, or together at its left or right end."""
    spare = width - sum(widths)
    gaps = max(1, len(widths) - 1)
    if not spread and spare >= FOLD_GAP * gaps:
        begin = spare - FOLD_GAP * gaps if right else 0
        return [begin + sum(widths[:i]) + FOLD_GAP * i for i in range(len(widths))]
    return [sum(widths[:i]) + spare * i // gaps for i in range(len(widths))]


def _column_widths(rows: list[tuple[str, ...]], width: int) -> list[int] | None:
    """Cells for each column, or None when they cannot stand side by side with every word whole."""
    columns = list(zip(*rows, strict=True))
    widest = [max(max(map(cells, text.split("\n"))) for text in column) for column in columns]
    widths = [max(map(longest_atom, column)) for column in columns]
    spare = width - sum(widths) - (len(columns) - 1)
    if spare < 0:
        return None
    while spare and widths != widest:
        neediest = max(range(len(widths)), key=lambda i: widest[i] - widths[i])
        widths[neediest] += 1
        spare -= 1
    return widths


def _set_cells(
    row: tuple[str, ...],
    widths: list[int],
    lefts: list[int],
    align: tuple[Align, ...],
    size: Size,
    *,
    bold: bool,
) -> Iterator[Line]:
    columns = [wrap_evenly(text, max(2, width)) for text, width in zip(row, widths, strict=True)]
    for number in range(max(map(len, columns))):
        spans: list[Span] = []
        for i, lines in enumerate(columns):
            if number < len(lines):
                spans += _placed(lines[number], align[i], widths[i], size, bold=bold, left=lefts[i]).spans
        yield Line(tuple(spans))


def _set_stacked(header: tuple[str, ...], rows: list[tuple[str, ...]], page: _Page) -> Iterator[Item]:
    for row in rows:
        yield RuleLine()
        for label, value in zip(header, row, strict=True):
            yield from _set_row(Row(label, value), page)
    if rows:
        yield RuleLine()
