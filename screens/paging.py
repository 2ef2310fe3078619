"""Dividing what does not fit: choices over pages of like length, cards over columns and pages."""

from collections.abc import Sequence

from screens.theme import GAP_MM, Look
from screens.widgets.node import Box, Grid, Node

Placed = tuple[Node, Box]
"""A node and its box, relative to the area that is divided."""


def choice_pages(
    look: Look, choices: Sequence[Node], area: Box, columns: int, most: int, tallest_mm: float
) -> list[list[Placed]]:
    """A grid for each page, at most `most` choices on it; cells grow to `tallest_mm` where there is room."""
    columns = min(columns, len(choices))
    need = max(choice.least(look) for choice in choices)
    while columns > 1 and need > Grid(choices, columns, GAP_MM).cell_width(look, area.w):
        columns -= 1
    gap = look.px(GAP_MM)
    row = Grid(choices, columns, GAP_MM).cell_height(look, area.w) + gap
    fit = max(1, (area.h + gap) // row) * columns
    most = min(fit, most) if most else fit
    count = -(-len(choices) // most)
    each = -(-len(choices) // count)
    each = min(most, -(-each // columns) * columns)
    pages: list[list[Placed]] = []
    for first in range(0, len(choices), each):
        grid = Grid(choices[first : first + each], columns, GAP_MM)
        tallest = grid.rows() * (look.px(tallest_mm) + gap) - gap
        height = max(grid.measure(look, area.w), min(area.h, tallest))
        pages.append([(grid, Box(0, 0, area.w, height))])
    return pages


def flow_pages(look: Look, flow: Sequence[Node], area: Box, columns: int) -> list[list[Placed]]:
    """Fill column by column, page by page; what fits on one page is spread evenly over its columns."""
    if not flow:
        return []
    if len(flow) == 1 and len(_filled(look, flow, area, 1, area.h)) == 1:
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
        whole_elsewhere = used and height <= area.h
        first, more = (None, node) if whole_elsewhere else node.split(look, width, limit - used)
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
