"""Laying out a page. Nothing scrolls: what does not fit goes to the next column, then to the next page.

Cards are broken between rows, and only when they would not fit whole elsewhere. In the lowered layout everything
sinks towards the bottom, and what is to be touched stays within reach from a wheelchair.
"""

from collections.abc import Sequence
from dataclasses import replace

from kiosk.messages import msg
from kiosk.values import Count
from screens.page import Page, Turning
from screens.paging import Placed, choice_pages, flow_pages
from screens.theme import GAP_MM, Look
from screens.widgets.button import Button
from screens.widgets.header import Dots
from screens.widgets.label import Label
from screens.widgets.node import Box, Column, Node, Row
from screens.widgets.rowed import ButtonRow

MOST_HEAD = 0.75
"""When title and explanation would take more than this part of the body, the explanation is paged instead."""


def arrange(page: Page, look: Look, body: Box, turning: Turning) -> list[Node]:
    """Place everything of the page in the body; returns the placed nodes in reading order."""
    if page.centred:
        return _centred(page, look, body)
    if page.side is None:
        return _stack(page, look, body, list(page.pinned), turning)
    if not look.landscape or (look.lowered and page.side_is_control):
        return _stack(page, look, body, [page.side, *page.pinned], turning)
    return _beside(page, page.side, look, body, turning)


def _beside(page: Page, side: Node, look: Look, body: Box, turning: Turning) -> list[Node]:
    """The side at the right; the title over both where the height allows."""
    gap = look.px(2 * GAP_MM)
    width = int((body.w - gap) * page.side_share)
    height = min(body.h, side.measure(look, width))
    over: list[Node] = []
    title = _title(page)
    if title:
        top = title.measure(look, body.w) + look.px(GAP_MM)
        if top + height <= body.h:
            title.place(look, Box(body.x, body.y, body.w, top - look.px(GAP_MM)))
            over = [title]
            page = replace(page, title=None, step=None)
            body = Box(body.x, body.y + top, body.w, body.h - top)
    main = Box(body.x, body.y, body.w - gap - width, body.h)
    side.place(look, Box(main.right + gap, body.y, width, height))
    return [*over, *_stack(page, look, main, list(page.pinned), turning), side]


def _centred(page: Page, look: Look, body: Box) -> list[Node]:
    title = [Label(page.title, look.title_style, align="centre", measured=False)] if page.title else []
    explain = [Label(page.explain, "body", "soft", "centre")] if page.explain else []
    column = Column([*page.fixed, *title, *explain, *page.flow], 6)
    height = column.measure(look, body.w)
    column.place(look, Box(body.x, body.y + max(0, (body.h - height) // 2), body.w, height))
    return [column]


def _title(page: Page) -> Node | None:
    if page.title is None:
        return None
    title = Title(page.title)
    return Row([title, Dots(page.step)], (1, 0), GAP_MM, "top") if page.step else title


class Title(Label):
    """A screen's title: a size smaller where height is short."""

    def __init__(self, part: object) -> None:
        super().__init__(part, "title", measured=False)  # type: ignore[arg-type]

    def measure(self, look: Look, width: int) -> int:
        self.style = look.title_style
        return super().measure(look, width)


def _head(page: Page, look: Look, main: Box) -> tuple[list[Node], list[Node]]:
    """What stands under the header on every page, and what goes into the flow for want of room."""
    title = _title(page)
    head: list[Node] = [title] if title else []
    if not page.explain:
        return [*head, *page.fixed], []
    explain = Label(page.explain, "body", "soft")
    tall = sum(node.measure(look, main.w) for node in [*head, explain, *page.fixed])
    if tall > main.h * MOST_HEAD and not page.choices and not page.sheets:
        return [*head, *page.fixed], [explain]
    return [*head, explain, *page.fixed], []


def _bars(page: Page, look: Look, width: int, turning: Turning) -> list[Node]:
    """The page bar and the secondary actions, in one row where it is wide enough."""
    actions = ButtonRow(page.actions) if page.actions else None
    if turning.count == 1:
        return [actions] if actions else []
    if actions is None:
        return [_page_bar(turning, (0, 1, 0))]
    near = _page_bar(turning, (0, 0, 0))
    if near.natural(look) + actions.natural(look) + look.px(3 * GAP_MM) <= width:
        return [Row([near, actions], (0, 1), 3 * GAP_MM)]
    return [_page_bar(turning, (0, 1, 0)), actions]


def _page_bar(turning: Turning, shares: tuple[float, float, float]) -> Node:
    """Earlier, where we are, later."""
    before, after = turning.number - 1, turning.number + 1
    where = msg("screen.page", number=Count(after), of=Count(turning.count))
    earlier = (lambda: turning.turn(before)) if before >= 0 else None
    later = (lambda: turning.turn(after)) if after < turning.count else None
    return Row(
        [
            Button("page-before", msg("screen.page-before"), earlier, icon="chevron-left"),
            Label(where, "strong", "soft", "centre"),
            Button("page-after", msg("screen.page-after"), later, icon="chevron-right", icon_after=True),
        ],
        shares,
        GAP_MM,
    )


def _stack(page: Page, look: Look, main: Box, pinned: list[Node], turning: Turning) -> list[Node]:
    """Head, then what is paged, then what is pinned; with a page bar when it takes more than one page."""
    head, first = _head(page, look, main)
    flow = [*first, *page.flow]
    top = main.y + _height(look, head, main.w)
    if look.lowered and page.choices:
        top = max(top, look.lowered_top)

    def paged() -> tuple[list[list[Placed]], list[Node], Box]:
        bars = [*pinned, *_bars(page, look, main.w, turning)]
        area = Box(main.x, top, main.w, main.bottom - _height(look, bars, main.w) - top)
        return _pages(page, look, flow, area), bars, area

    turning.count = 1
    pages, bars, area = paged()
    if len(pages) > 1:
        turning.count = len(pages)
        pages, bars, area = paged()
        turning.count = len(pages)
        turning.number = min(turning.number, turning.count - 1)
        bars = [*pinned, *_bars(page, look, main.w, turning)]
    else:
        turning.number = 0
    shown = pages[turning.number] if pages else []
    used = max((box.bottom for _, box in shown), default=0)
    sunk = max(0, area.h - used) if look.lowered else 0
    _one_under_another(look, head, main.x, top - _height(look, head, main.w) + sunk, main.w)
    for node, box in shown:
        node.place(look, Box(area.x + box.x, area.y + sunk + box.y, box.w, box.h))
    _one_under_another(
        look, bars, main.x, main.bottom - _height(look, bars, main.w) + look.px(GAP_MM), main.w
    )
    return [*head, *(node for node, _ in shown), *bars]


def _pages(page: Page, look: Look, flow: list[Node], area: Box) -> list[list[Placed]]:
    """What is on each page; boxes are relative to the area."""
    if page.sheets:
        return [[(sheet, Box(0, 0, area.w, area.h))] for sheet in page.sheets]
    if page.choices:
        columns = page.choice_columns[look.landscape]
        return choice_pages(look, page.choices, area, columns, page.most, page.tallest_mm)
    return flow_pages(look, flow, area, page.flow_columns[look.landscape])


def _height(look: Look, nodes: Sequence[Node], width: int) -> int:
    return sum(node.measure(look, width) + look.px(GAP_MM) for node in nodes)


def _one_under_another(look: Look, nodes: Sequence[Node], x: int, y: int, width: int) -> None:
    for node in nodes:
        height = node.measure(look, width)
        node.place(look, Box(x, y, width, height))
        y += height + look.px(GAP_MM)
