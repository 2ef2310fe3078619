"""Dividing what does not fit: choices over pages of like length, cards over columns and pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from screens.theme import GAP_MM, Look
from screens.widgets.boxes import Column, Grid
from screens.widgets.node import Box, Node

LEAST_COLUMN_EM = 13
"""No column of text is narrower."""

LEAST_PART = 0.35
"""A card is not begun in less of a column than this."""

Placed = tuple[Node, Box]
"""A node and its box, relative to the area that is divided."""


@dataclass(frozen=True)
class ChoiceGrid:
    """How choices may be laid out: columns at most, choices on a page at most (0: as many as fit), height of a cell."""

    columns: int
    most: int
    tallest_mm: float


def choice_pages(
    look: Look, choices: Sequence[Node], area: Box, reach: int, wanted: ChoiceGrid
) -> list[list[Placed]]:
    """A grid for each page, `reach` px high at most, in the columns that bring the most choices onto a page."""
    gap = look.px(GAP_MM)
    columns, fit = 1, 1
    for tried in range(min(wanted.columns, len(choices)), 0, -1):
        grid = Grid(choices, tried, GAP_MM)
        narrow = tried > 1 and max(choice.least(look) for choice in choices) > grid.cell_width(look, area.w)
        rows = (reach + gap) // (grid.cell_height(look, area.w) + gap)
        if not narrow and rows * tried > (fit if columns > 1 or fit > 1 else 0):
            columns, fit = tried, rows * tried
    most = min(fit, wanted.most) if wanted.most else fit
    count = -(-len(choices) // most)
    each = -(-len(choices) // count)
    each = min(max(most, columns), -(-each // columns) * columns)
    piled = _piled(look, choices, area.w, reach, wanted, columns)
    if columns == 1 or len(piled) < count:
        return piled
    return [
        _even(look, choices[first : first + each], area.w, reach, columns, wanted)
        for first in range(0, len(choices), each)
    ]


def _even(
    look: Look, choices: Sequence[Node], width: int, reach: int, columns: int, wanted: ChoiceGrid
) -> list[Placed]:
    """A page of choices of one size, as tall as wanted where there is room."""
    gap = look.px(GAP_MM)
    grid = Grid(choices, columns, GAP_MM)
    tallest = grid.rows() * (look.px(wanted.tallest_mm) + gap) - gap
    return [(grid, Box(0, 0, width, max(grid.measure(look, width), min(reach, tallest))))]


def _piled(
    look: Look, choices: Sequence[Node], width: int, reach: int, wanted: ChoiceGrid, columns: int
) -> list[list[Placed]]:
    """Row under row over pages of like length: of one height where that fits, else each as high as it needs."""
    rows: Sequence[Node] = choices
    if columns > 1:
        rows = [Grid(choices[n : n + columns], columns, GAP_MM) for n in range(0, len(choices), columns)]
    most = max(1, wanted.most // columns) if wanted.most else len(rows)

    def fits(some: Sequence[Node]) -> bool:
        return Column(some, GAP_MM).measure(look, width) <= reach and len(some) <= most

    pages: list[list[Node]] = [[]]
    for row in rows:
        if pages[-1] and not fits([*pages[-1], row]):
            pages.append([])
        pages[-1].append(row)
    each = -(-len(rows) // len(pages))
    even = [rows[first : first + each] for first in range(0, len(rows), each)]
    found: list[list[Placed]] = []
    for page in even if all(map(fits, even)) else pages:
        placed = _even(look, page, width, reach, 1, wanted)
        if placed[0][1].h > reach:
            pile = Column(page, GAP_MM)
            if pile.measure(look, width) > reach:
                pile = Column([card.slim() for card in page], GAP_MM)
            placed = [(pile, Box(0, 0, width, pile.measure(look, width)))]
        found.append(placed)
    return found


def flow_pages(look: Look, flow: Sequence[Node], area: Box, columns: int) -> list[list[Placed]]:
    """Fill column by column, page by page; what fits on one page is spread evenly over its columns."""
    if not flow:
        return []
    columns = max(1, min(columns, area.w // (look.em("body") * LEAST_COLUMN_EM)))
    if len(flow) == 1 and flow[0].measure(look, area.w) <= area.h:
        columns = 1
    width = _column(look, area, columns)
    pages = _filled(look, flow, area, columns, area.h)
    if any(_spans(look, node, width, area) for node in flow):
        whole = _filled(look, flow, area, 1, area.h)
        columns, pages = (1, whole) if len(whole) <= len(pages) else (columns, pages)
    slim = [node.slim() for node in flow]
    if len(pages) > 1 and len(_filled(look, slim, area, columns, area.h)) == 1:
        flow, pages = slim, _filled(look, slim, area, columns, area.h)
    if len(pages) > 1 or columns == 1:
        return pages
    low, high = 1, area.h
    while low < high:
        middle = (low + high) // 2
        spread = _filled(look, flow, area, columns, middle)
        if len(spread) == 1 and all(box.bottom <= middle for _, box in spread[0]):
            high = middle
        else:
            low = middle + 1
    return _filled(look, flow, area, columns, high)


def _spans(look: Look, node: Node, width: int, area: Box) -> bool:
    """Is it a thought that no column holds, but the whole width does?"""
    return node.whole and node.slim().measure(look, width) > area.h >= node.slim().measure(look, area.w)


def _column(look: Look, area: Box, columns: int) -> int:
    return (area.w - look.px(GAP_MM) * (columns - 1)) // columns


def _filled(look: Look, flow: Sequence[Node], area: Box, columns: int, limit: int) -> list[list[Placed]]:
    """The pages when each column may be `limit` px high. A card is broken only when no column holds it whole; a thought
    that the whole width holds has a page for itself.
    """
    gap, width = look.px(GAP_MM), _column(look, area, columns)
    pages: list[list[Placed]] = [[]]
    column, used = 0, 0
    rest = list(flow)
    while rest:
        node = rest.pop(0)
        if columns > 1 and _spans(look, node, width, area):
            if pages[-1]:
                pages.append([])
            node = node.slim()
            pages[-1].append((node, Box(0, 0, area.w, node.measure(look, area.w))))
            if rest:
                pages.append([])
                column, used = 0, 0
            continue
        height = node.measure(look, width)
        if used + height <= limit:
            pages[-1].append((node, Box(column * (width + gap), used, width, height)))
            used += height + gap
            continue
        whole = node.slim().measure(look, width) <= area.h
        elsewhere = used and (whole or limit - used < LEAST_PART * area.h)
        first, more = (None, node) if elsewhere else node.split(look, width, limit - used)
        if first is None and not used:
            first, more = node, None  # higher than the glass and not to be broken: the layout audit finds it
        if first is not None:
            pages[-1].append((first, Box(column * (width + gap), used, width, first.measure(look, width))))
        if more is not None:
            rest.insert(0, more.continued() if first and column + 1 < columns else more)
        if rest:
            column, used = column + 1, 0
            if column == columns:
                column = 0
                pages.append([])
    return pages
