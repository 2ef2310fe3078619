"""A page: what a screen puts between header and footer, and how that is laid out, divided and paged.

Nothing scrolls. What does not fit goes to the next column and then to the next page, broken between rows, never
inside one; the page buttons stand above the footer. In the lowered layout what is to be touched keeps to the bottom.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kiosk.messages import Message, Part, msg
from kiosk.prompts import Step
from kiosk.values import Count
from screens.theme import GAP_MM, Look
from screens.widgets.button import Button
from screens.widgets.label import Label
from screens.widgets.node import Box, Column, Grid, Node, Row

SIDE_SHARE = 0.5
MOST_HEAD = 0.5
"""When title and explanation would take more than this part of the body, the explanation is paged instead."""


@dataclass
class Page:
    """What a screen shows. `flow` is paged; `choices` are a grid, paged; `fixed` and `pinned` stay on every page."""

    title: Part | None = None
    explain: Message | None = None
    step: Step | None = None
    fixed: Sequence[Node] = ()
    flow: Sequence[Node] = ()
    choices: Sequence[Node] = ()
    choice_columns: tuple[int, int] = (1, 2)  # portrait, landscape
    stretch: bool = False  # choices grow to fill the height
    most: int = 0  # choices on one page; 0: as many as fit
    pinned: Sequence[Node] = ()
    side: Node | None = None  # a keypad, a picture: beside in landscape, below in portrait
    side_is_control: bool = True
    flow_columns: tuple[int, int] = (1, 2)
    centred: bool = False  # a few words in the middle of the glass
    actions: Sequence[Button] = ()
    primary: Button | None = None


@dataclass
class Turning:
    """Which page of how many is shown; `turn` shows another."""

    number: int = 0
    turn: Callable[[int], None] = lambda number: None
    count: int = field(default=1, init=False)


class ButtonRow(Node):
    """Buttons of one width, side by side as far as their words fit, else in more rows."""

    def __init__(self, buttons: Sequence[Button]) -> None:
        self.buttons = list(buttons)

    def children(self) -> Sequence[Node]:
        return self.buttons

    def _grid(self, look: Look, width: int) -> Grid:
        count = len(self.buttons)
        for columns in range(min(count, 4), 1, -1):
            grid = Grid(self.buttons, columns, GAP_MM)
            cell = grid.cell_width(look, width)
            enough = [
                button.natural(look) <= cell or (look.text_size != "normal" and button.least(look) <= cell)
                for button in self.buttons
            ]
            if all(enough):
                return grid
        return Grid(self.buttons, 1, GAP_MM)

    def measure(self, look: Look, width: int) -> int:
        return self._grid(look, width).measure(look, width)

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        self._grid(look, box.w).place(look, box)

    def draw(self, look: Look, pen: object) -> None:
        for button in self.buttons:
            button.draw(look, pen)  # type: ignore[arg-type]


def page_bar(turning: Turning) -> Node:
    """Earlier, where we are, later."""
    number, count = turning.number, turning.count
    before = Button(
        "page-before",
        msg("screen.page_before"),
        (lambda: turning.turn(number - 1)) if number > 0 else None,
        icon="chevron-left",
    )
    after = Button(
        "page-after",
        msg("screen.page_after"),
        (lambda: turning.turn(number + 1)) if number < count - 1 else None,
        icon="chevron-right",
        icon_after=True,
    )
    where = Label(msg("screen.page", number=Count(number + 1), of=Count(count)), "strong", "soft", "centre")
    return Row([before, where, after], (0, 1, 0), GAP_MM)


def arrange(page: Page, look: Look, body: Box, turning: Turning) -> list[Node]:
    """Place everything of the page in the body; returns the placed nodes in reading order."""
    if page.centred:
        return _centred(page, look, body)
    side_by_side = page.side is not None and look.landscape and not (look.lowered and page.side_is_control)
    placed: list[Node] = []
    main = body
    if side_by_side and page.side is not None:
        gap = look.px(2 * GAP_MM)
        width = int((body.w - gap) * SIDE_SHARE)
        main = Box(body.x, body.y, body.w - gap - width, body.h)
        height = min(body.h, page.side.measure(look, width))
        page.side.place(look, Box(main.right + gap, body.y + (body.h - height) // 2, width, height))
    pinned = list(page.pinned)
    if page.side is not None and not side_by_side:
        pinned.insert(0, page.side)
    if page.actions:
        pinned.append(ButtonRow(page.actions))
    placed += _stack(page, look, main, pinned, turning)
    if side_by_side and page.side is not None:
        placed.append(page.side)
    return placed


def _centred(page: Page, look: Look, body: Box) -> list[Node]:
    column = Column(
        [
            *([Label(page.title, look.title_style, align="centre", measured=False)] if page.title else []),
            *([Label(page.explain, "body", "soft", "centre")] if page.explain else []),
            *page.flow,
        ],
        6,
    )
    height = column.measure(look, body.w)
    column.place(look, Box(body.x, body.y + max(0, (body.h - height) // 2), body.w, height))
    return [column]


def _stack(page: Page, look: Look, main: Box, pinned: list[Node], turning: Turning) -> list[Node]:
    """Title, fixed, flow or choices, pinned: from top to bottom, with a page bar when it takes more than one page."""
    gap = look.px(GAP_MM)
    head: list[Node] = [Label(page.title, look.title_style, measured=False)] if page.title else []
    flow = list(page.flow)
    if page.explain:
        explain = Label(page.explain, "body", "soft")
        tall = sum(node.measure(look, main.w) for node in [*head, explain, *page.fixed])
        if tall > main.h * MOST_HEAD and not page.choices:
            flow.insert(0, explain)
        else:
            head.append(explain)
    head += page.fixed

    def room(bars: list[Node]) -> Box:
        above = sum(node.measure(look, main.w) + gap for node in head)
        below = sum(node.measure(look, main.w) + gap for node in bars)
        top = main.y + above
        if look.lowered and page.choices:
            top = max(top, look.lowered_top)
        return Box(main.x, top, main.w, main.bottom - below - top)

    pages = _pages(page, look, flow, room(pinned))
    if len(pages) > 1:
        turning.count = len(pages)  # the bar's height does not depend on the numbers in it
        pages = _pages(page, look, flow, room([page_bar(turning), *pinned]))
        turning.count = len(pages)
        turning.number = min(turning.number, turning.count - 1)
        pinned = [page_bar(turning), *pinned]
    else:
        turning.count, turning.number = 1, 0
    area = room(pinned)
    y = main.y
    for node in head:
        height = node.measure(look, main.w)
        node.place(look, Box(main.x, y, main.w, height))
        y += height + gap
    shown = pages[turning.number] if pages else []
    for node, box in shown:
        node.place(look, Box(area.x + box.x, area.y + box.y, box.w, box.h))
    y = main.bottom
    for node in reversed(pinned):
        height = node.measure(look, main.w)
        y -= height
        node.place(look, Box(main.x, y, main.w, height))
        y -= gap
    return [*head, *(node for node, _ in shown), *pinned]


Placed = tuple[Node, Box]


def _pages(page: Page, look: Look, flow: list[Node], area: Box) -> list[list[Placed]]:
    """The pages of the flow, or of the choices; boxes are relative to the area."""
    if page.choices:
        return _choice_pages(page, look, area)
    return _flow_pages(look, flow, area, page.flow_columns[look.landscape])


def _choice_pages(page: Page, look: Look, area: Box) -> list[list[Placed]]:
    columns = min(page.choice_columns[look.landscape], len(page.choices))
    whole = Grid(page.choices, columns, GAP_MM)
    while columns > 1 and max(choice.least(look) for choice in page.choices) > whole.cell_width(look, area.w):
        columns -= 1
        whole = Grid(page.choices, columns, GAP_MM)
    row = whole.cell_height(look, area.w) + look.px(GAP_MM)
    fit = max(1, (area.h + look.px(GAP_MM)) // row) * columns
    fit = min(fit, page.most) if page.most else fit
    pages: list[list[Placed]] = []
    for first in range(0, len(page.choices), fit):
        grid = Grid(page.choices[first : first + fit], columns, GAP_MM, page.stretch)
        height = area.h if page.stretch else grid.measure(look, area.w)
        pages.append([(grid, Box(0, 0, area.w, height))])
    return pages


def _flow_pages(look: Look, flow: list[Node], area: Box, columns: int) -> list[list[Placed]]:
    """Fill column by column, page by page."""
    if not flow:
        return []
    gap = look.px(GAP_MM)
    if columns > 1 and (
        len(flow) == 1 or sum(node.measure(look, area.w) + gap for node in flow) <= area.h * 0.55
    ):
        columns = 1
    width = (area.w - gap * (columns - 1)) // columns
    pages: list[list[Placed]] = [[]]
    column, used = 0, 0
    rest: list[Node] = list(flow)
    while rest:
        node = rest.pop(0)
        room = area.h - used
        height = node.measure(look, width)
        if height <= room:
            pages[-1].append((node, Box(column * (width + gap), used, width, height)))
            used += height + gap
            continue
        first, more = node.split(look, width, room) if room > 0 else (None, node)
        if first is None and used == 0:
            first, more = node, None  # it fits nowhere: the layout audit finds it
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
