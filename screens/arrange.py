"""Laying out a page. Nothing scrolls: what does not fit goes to the next column, then to the next page.

Cards are broken between rows, and only when they would not fit whole elsewhere. In the lowered layout everything
sinks towards the bottom, and what is to be touched stays within reach from a wheelchair.
"""

from collections.abc import Sequence

from kiosk.messages import msg
from kiosk.values import Count
from screens.page import Page, Turning
from screens.theme import GAP_MM, Look
from screens.widgets.button import Button
from screens.widgets.header import Dots
from screens.widgets.label import Label
from screens.widgets.node import Box, Column, Grid, Node, Row
from screens.widgets.rowed import ButtonRow

MOST_HEAD = 0.5
"""When title and explanation would take more than this part of the body, the explanation is paged instead."""

Placed = tuple[Node, Box]


def page_bar(turning: Turning) -> Node:
    """Earlier, where we are, later."""
    number, count = turning.number, turning.count
    before, after = number - 1, number + 1
    return Row(
        [
            Button(
                "page-before",
                msg("screen.page-before"),
                (lambda: turning.turn(before)) if number > 0 else None,
                icon="chevron-left",
            ),
            Label(msg("screen.page", number=Count(number + 1), of=Count(count)), "strong", "soft", "centre"),
            Button(
                "page-after",
                msg("screen.page-after"),
                (lambda: turning.turn(after)) if after < count else None,
                icon="chevron-right",
                icon_after=True,
            ),
        ],
        (0, 1, 0),
        GAP_MM,
    )


def arrange(page: Page, look: Look, body: Box, turning: Turning) -> list[Node]:
    """Place everything of the page in the body; returns the placed nodes in reading order."""
    if page.centred:
        return _centred(page, look, body)
    beside = page.side is not None and look.landscape and not (look.lowered and page.side_is_control)
    pinned = list(page.pinned)
    if page.side is None:
        return _stack(page, look, body, [*pinned, *_action_row(page)], turning)
    if not beside:
        return _stack(page, look, body, [page.side, *pinned, *_action_row(page)], turning)
    gap = look.px(2 * GAP_MM)
    width = int((body.w - gap) * page.side_share)
    main = Box(body.x, body.y, body.w - gap - width, body.h)
    height = min(body.h, page.side.measure(look, width))
    page.side.place(look, Box(main.right + gap, body.y + (body.h - height) // 2, width, height))
    return [*_stack(page, look, main, [*pinned, *_action_row(page)], turning), page.side]


def _action_row(page: Page) -> list[Node]:
    return [ButtonRow(page.actions)] if page.actions else []


def _centred(page: Page, look: Look, body: Box) -> list[Node]:
    title = [Label(page.title, look.title_style, align="centre", measured=False)] if page.title else []
    explain = [Label(page.explain, "body", "soft", "centre")] if page.explain else []
    column = Column([*page.fixed, *title, *explain, *page.flow], 6)
    height = column.measure(look, body.w)
    column.place(look, Box(body.x, body.y + max(0, (body.h - height) // 2), body.w, height))
    return [column]


def _head(page: Page, look: Look, main: Box) -> tuple[list[Node], list[Node]]:
    """What stands under the header on every page, and what goes into the flow for want of room."""
    head: list[Node] = []
    if page.title:
        title = Label(page.title, look.title_style, measured=False)
        head.append(Row([title, Dots(page.step)], (1, 0), GAP_MM) if page.step else title)
    if not page.explain:
        return [*head, *page.fixed], []
    explain = Label(page.explain, "body", "soft")
    tall = sum(node.measure(look, main.w) for node in [*head, explain, *page.fixed])
    if tall > main.h * MOST_HEAD and not page.choices and not page.sheets:
        return [*head, *page.fixed], [explain]
    return [*head, explain, *page.fixed], []


def _stack(page: Page, look: Look, main: Box, pinned: list[Node], turning: Turning) -> list[Node]:
    """Head, then what is paged, then what is pinned; with a page bar when it takes more than one page."""
    gap = look.px(GAP_MM)
    head, first = _head(page, look, main)
    flow = [*first, *page.flow]

    def room(bars: Sequence[Node]) -> Box:
        top = main.y + sum(node.measure(look, main.w) + gap for node in head)
        below = sum(node.measure(look, main.w) + gap for node in bars)
        if look.lowered and page.choices:
            top = max(top, look.lowered_top)
        return Box(main.x, top, main.w, main.bottom - below - top)

    pages = _pages(page, look, flow, room(pinned))
    turning.count = max(1, len(pages))
    if len(pages) > 1:
        pages = _pages(page, look, flow, room([page_bar(turning), *pinned]))
        turning.count = len(pages)
        turning.number = min(turning.number, turning.count - 1)
        pinned = [page_bar(turning), *pinned]
    turning.number = min(turning.number, turning.count - 1)
    area = room(pinned)
    shown = pages[turning.number] if pages else []
    used = max((box.bottom for _, box in shown), default=0)
    sunk = max(0, area.h - used) if look.lowered else 0
    y = main.y + (max(0, area.y - _height(look, head, main.w) - main.y) + sunk if look.lowered else 0)
    for node in head:
        height = node.measure(look, main.w)
        node.place(look, Box(main.x, y, main.w, height))
        y += height + gap
    for node, box in shown:
        node.place(look, Box(area.x + box.x, area.y + sunk + box.y, box.w, box.h))
    y = main.bottom
    for node in reversed(pinned):
        height = node.measure(look, main.w)
        y -= height
        node.place(look, Box(main.x, y, main.w, height))
        y -= gap
    return [*head, *(node for node, _ in shown), *pinned]


def _height(look: Look, nodes: Sequence[Node], width: int) -> int:
    return sum(node.measure(look, width) + look.px(GAP_MM) for node in nodes)


def _pages(page: Page, look: Look, flow: list[Node], area: Box) -> list[list[Placed]]:
    """What is on each page; boxes are relative to the area."""
    if page.sheets:
        return [[(sheet, Box(0, 0, area.w, area.h))] for sheet in page.sheets]
    if page.choices:
        return _choice_pages(page, look, area)
    return _flow_pages(look, flow, area, page.flow_columns[look.landscape])


def _choice_pages(page: Page, look: Look, area: Box) -> list[list[Placed]]:
    columns = min(page.choice_columns[look.landscape], len(page.choices))
    need = max(choice.least(look) for choice in page.choices)
    while columns > 1 and need > Grid(page.choices, columns, GAP_MM).cell_width(look, area.w):
        columns -= 1
    gap = look.px(GAP_MM)
    row = Grid(page.choices, columns, GAP_MM).cell_height(look, area.w) + gap
    rows = max(1, (area.h + gap) // row)
    most = min(rows * columns, page.most) if page.most else rows * columns
    count = -(-len(page.choices) // most)
    each = -(-len(page.choices) // count)  # pages of like length
    each = min(most, -(-each // columns) * columns)
    pages: list[list[Placed]] = []
    for first in range(0, len(page.choices), each):
        grid = Grid(page.choices[first : first + each], columns, GAP_MM)
        tallest = grid.rows() * (look.px(page.tallest_mm) + gap) - gap
        height = max(grid.measure(look, area.w), min(area.h, tallest))
        pages.append([(grid, Box(0, 0, area.w, height))])
    return pages


def _flow_pages(look: Look, flow: list[Node], area: Box, columns: int) -> list[list[Placed]]:
    """Fill column by column, page by page; what fits on one page is spread evenly over its columns."""
    if not flow:
        return []
    single = len(flow) == 1 and len(_filled(look, flow, area, 1, area.h)) == 1
    if columns > 1 and single:
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


def _filled(look: Look, flow: list[Node], area: Box, columns: int, limit: int) -> list[list[Placed]]:
    """The pages when each column may be `limit` px high."""
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
        if used and height <= area.h:
            first, more = None, node
        else:
            first, more = node.split(look, width, limit - used)
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
