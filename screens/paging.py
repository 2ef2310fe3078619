"""Dividing what does not fit: choices over pages of like length, cards over columns and pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from screens.theme import GAP_MM, Look
from screens.widgets.boxes import Grid
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
    pages: list[list[Placed]] = []
    for first in range(0, len(choices), each):
        grid = Grid(choices[first : first + each], columns, GAP_MM)
        tallest = grid.rows() * (look.px(wanted.tallest_mm) + gap) - gap
        height = max(grid.measure(look, area.w), min(reach, tallest))
        pages.append([(grid, Box(0, 0, area.w, height))])
    return pages


def flow_pages(look: Look, flow: Sequence[Node], area: Box, columns: int) -> list[list[Placed]]:
    """Fill column by column, page by page; what fits on one page is spread evenly over its columns."""
    if not flow:
        return []
    columns = max(1, min(columns, area.w // (look.em("body") * LEAST_COLUMN_EM)))
    if len(flow) == 1 and flow[0].measure(look, area.w) <= area.h:
        columns = 1
    pages = _filled(look, flow, area, columns, area.h)
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


def _filled(look: Look, flow: Sequence[Node], area: Box, columns: int, limit: int) -> list[list[Placed]]:
    """The pages when each column may be `limit` px high. A card is broken only when no column holds it whole."""
    gap = look.px(GAP_MM)
    width = (area.w - gap * (columns - 1)) // columns
    pages: list[list[Placed]] = [[]]
    column, used = 0, 0
    rest = list(flow)
    while rest:
        node = rest.pop(0)
        height = node.measure(look, width)
        if used + height <= limit:
            pages[-1].append((node, Box(column * (width + gap), used, width, height)))
            used += height + gap
            continue
        elsewhere = used and (height <= area.h or limit - used < LEAST_PART * area.h)
        first, more = (None, node) if elsewhere else node.split(look, width, limit - used)
        if first is None and not used:
            first, more = node, None  # higher than the glass and not to be broken: the layout audit finds it
        if first is not None:
            pages[-1].append((first, Box(column * (width + gap), used, width, first.measure(look, width))))
        if more is not None:
            rest.insert(0, more)
        if rest:
            column, used = column + 1, 0
            if column == columns:
                column = 0
                pages.append([])
    return pages
