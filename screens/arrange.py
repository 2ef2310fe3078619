"""Laying out a page. Nothing scrolls: what does not fit goes to the next column, then to the next page.

Cards are broken between rows, and only when they would not fit whole elsewhere. In the lowered layout everything
sinks towards the bottom, and what is to be touched stays within reach from a wheelchair.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kiosk.messages import msg
from kiosk.values import Count
from screens.page import Page, Turning
from screens.paging import ChoiceGrid, Placed, choice_pages, flow_pages
from screens.theme import GAP_MM, Look
from screens.widgets.boxes import Column, Row
from screens.widgets.button import Button
from screens.widgets.header import Dots
from screens.widgets.label import Label
from screens.widgets.node import Box, Node
from screens.widgets.pairs import Either
from screens.widgets.rowed import ButtonRow


def arrange(page: Page, look: Look, body: Box, turning: Turning, spare: Box | None = None) -> list[Node]:
    """Place everything of the page, or of the first other that stands on one page, in the body and in the spare room
    of the footer. Returns the placed nodes in reading order.
    """
    number = turning.number
    while page.otherwise:
        placed = _arranged(page, look, body, turning, spare)
        side = page.side
        if turning.count == 1 and (side is None or side.measure(look, side.box.w) <= side.box.h):
            return placed
        page, turning.number = page.otherwise, number
    return _arranged(page, look, body, turning, spare)


def _arranged(page: Page, look: Look, body: Box, turning: Turning, spare: Box | None) -> list[Node]:
    if page.centred:
        return _centred(page, look, body)
    if page.side is None:
        pinned = list(page.pinned)
        placed, count = _stack(page, look, body, pinned, turning, spare), turning.count
        headed = _headed_by_actions(page, look, body.w) if count > 1 else None
        if headed:
            placed = _stack(headed, look, body, pinned, turning, spare)
            if turning.count > count:
                placed = _stack(page, look, body, pinned, turning, spare)
        return placed
    if not look.landscape:
        return _stack(page, look, body, [page.side, *page.pinned], turning, spare)
    return _beside(page, page.side, look, body, turning, spare)


def _beside(page: Page, side: Node, look: Look, body: Box, turning: Turning, spare: Box | None) -> list[Node]:
    """The side at the right; the title over both where the height allows, and where the text does not sink."""
    gap = look.px(2 * GAP_MM)
    width = int((body.w - gap) * page.side_share)
    height = min(body.h, side.measure(look, width))
    over: list[Node] = []
    title = _title(page)
    if title and not look.lowered:
        top = title.measure(look, body.w) + look.px(GAP_MM)
        if top + height <= body.h:
            title.place(look, Box(body.x, body.y, body.w, top - look.px(GAP_MM)))
            over = [title]
            page = replace(page, title=None, step=None)
            body = Box(body.x, body.y + top, body.w, body.h - top)
    main = Box(body.x, body.y, body.w - gap - width, body.h)
    placed = _stack(page, look, main, list(page.pinned), turning, spare)
    y = body.y
    if look.lowered:  # a picture sinks with the words that it belongs to
        words = body.bottom if page.side_is_control else min(node.box.y for node in placed)
        y = min(words, body.bottom - height)
    side.place(look, Box(main.right + gap, y, width, height))
    return [*over, *placed, side]


def _centred(page: Page, look: Look, body: Box) -> list[Node]:
    title = [Label(page.title, look.title_style, align="centre", measured=False)] if page.title else []
    explain = [Label(page.explain, "body", "soft", "centre")] if page.explain else []
    column = Column([*page.fixed, *title, *explain, *page.flow], 6)
    height = column.measure(look, body.w)
    column.place(look, Box(body.x, body.y + max(0, (body.h - height) // 2), body.w, height))
    return [column]


def _headed_by_actions(page: Page, look: Look, width: int) -> Page | None:
    """The page with its secondary actions beside the title; None where height is no need or nothing is saved."""
    title = _title(page)
    if not (look.compact and title and page.actions) or look.lowered or page.step:
        return None
    actions = ButtonRow(page.actions)
    row = Row([title, actions], (1, 0), GAP_MM)
    apart = title.measure(look, width) + actions.measure(look, width)
    fits = row.least(look) <= width and row.measure(look, width) < apart
    return replace(page, title=row, actions=()) if fits else None


def _title(page: Page) -> Node | None:
    if page.title is None or isinstance(page.title, Node):
        return page.title
    title = Title(page.title)
    return Row([title, Dots(page.step)], (1, 0), GAP_MM, "top") if page.step else title


class Title(Label):
    """A screen's title: a size smaller where height is short."""

    def __init__(self, part: object) -> None:
        super().__init__(part, "title", measured=False)  # type: ignore[arg-type]

    def measure(self, look: Look, width: int) -> int:
        self.style = look.title_style
        return super().measure(look, width)

    def natural(self, look: Look) -> int:
        self.style = look.title_style
        return super().natural(look)


def _heads(page: Page, look: Look) -> Iterator[tuple[list[Node], list[Node]]]:
    """What stands on every page, and what is paged for want of room: first all stands, then less and less."""
    title = _title(page)
    always = [title] if title else []
    explain: list[Node] = [Label(page.explain, "body", "soft")] if page.explain else []
    loose = [*explain, *page.fixed]
    yield [*always, *explain, *page.kept, *page.fixed], []
    if explain and page.fixed:
        yield [*always, *page.kept, *page.fixed], explain
    for keep in range(len(loose) - 2 if explain and page.fixed else len(loose) - 1, -1, -1):
        standing = page.fixed[:keep]
        yield [*always, *page.kept, *standing], [node for node in loose if node not in standing]


LEAST_AREA = 0.4
"""When pages have to be turned, they get at least this part of the body if the head can give way."""


@dataclass
class Bars:
    """The page bar and the secondary actions: those above the footer, and the one in its spare room."""

    above: list[Node]
    within: Node | None = None


def _bars(page: Page, look: Look, width: int, turning: Turning, spare: Box | None) -> Bars:
    """In one row where it is wide enough; in the footer where height is short and it has room."""
    actions = ButtonRow(page.actions) if page.actions else None
    turns = turning.count > 1
    near = _page_bar(turning, "screen.page-of", (0, 0, 0)) if turns else None
    least = _page_bar(turning, "screen.page-of", (0, 0, 0), signs=True) if turns else None
    wide = _page_bar(turning, "screen.page", (0, 1, 0)) if turns else None
    both = Row([least, actions], (0, 0), GAP_MM) if least and actions else None
    for bar, other in ((both, None), (near, actions), (least, actions), (actions, wide)):
        if bar and spare and bar.natural(look) <= spare.w and bar.measure(look, bar.natural(look)) <= spare.h:
            return Bars([other] if other else [], bar)
    if wide and wide.natural(look) > width:
        wide = _page_bar(turning, "screen.page-of", (0, 1, 0), signs=True)
    if not wide or not actions:
        return Bars([bar for bar in (wide, actions) if bar])
    for words, signs in (("screen.page", False), ("screen.page-of", False), ("screen.page-of", True)):
        bar = _page_bar(turning, words, (0, 0, 0), signs)
        if bar.natural(look) + actions.natural(look) + look.px(GAP_MM) <= width:
            return Bars([Row([bar, actions], (0, 1), GAP_MM)])
    return Bars([wide, actions])


def _page_bar(turning: Turning, words: str, shares: tuple[float, float, float], signs: bool = False) -> Node:
    """Earlier, where we are, later; `signs` leaves the arrows to speak for themselves where width is short."""
    before, after = turning.number - 1, turning.number + 1
    number, of = Count(after), Count(turning.count)
    earlier = (lambda: turning.turn(before)) if before >= 0 else None
    later = (lambda: turning.turn(after)) if after < turning.count else None
    short = Label(msg("screen.page-of", number=number, of=of), "strong", "soft", "centre")
    return Row(
        [
            Button("page-before", msg("screen.page-before"), earlier, icon="chevron-left", icon_only=signs),
            Either(Label(msg(words, number=number, of=of), "strong", "soft", "centre"), short),
            Button(
                "page-after",
                msg("screen.page-after"),
                later,
                icon="chevron-right",
                icon_after=True,
                icon_only=signs,
            ),
        ],
        shares,
        GAP_MM,
    )


def _stack(
    page: Page, look: Look, main: Box, pinned: list[Node], turning: Turning, spare: Box | None
) -> list[Node]:
    """Head, then what is paged, then what is pinned."""
    head, pages, area = _headed(page, look, main, pinned, turning, spare)
    turning.number = min(turning.number, turning.count - 1)
    bars = _bars(page, look, main.w, turning, spare)
    shown = pages[turning.number] if pages else []
    used = max((box.bottom for _, box in shown), default=0)
    sunk = max(0, area.h - used) if look.lowered else 0
    _one_under_another(look, head, main.x, main.y + sunk, main.w)
    scenery = [page.scenery] if page.scenery else []
    above = Box(main.x, main.y, main.w, max(0, sunk - look.px(2 * GAP_MM)))
    below = Box(area.x, area.y + used, area.w, area.h - used)
    for node in scenery:
        node.place(look, above if look.lowered else below)
    for node, box in shown:
        node.place(look, Box(area.x + box.x, area.y + sunk + box.y, box.w, box.h))
    foot = [*pinned, *bars.above]
    _one_under_another(
        look, foot, main.x, main.bottom - _height(look, foot, main.w) + look.px(GAP_MM), main.w
    )
    within: list[Node] = []
    if bars.within and spare:
        width = min(spare.w, bars.within.natural(look))
        height = bars.within.measure(look, width)
        y = spare.y + (spare.h - height) // 2
        bars.within.place(look, Box(spare.right - width, y, width, height))
        within = [bars.within]
    return [*head, *(node for node, _ in shown), *scenery, *foot, *within]


def _headed(
    page: Page, look: Look, main: Box, pinned: list[Node], turning: Turning, spare: Box | None
) -> tuple[list[Node], list[list[Placed]], Box]:
    """The head, the pages and where they stand: the first head under which everything fits, or, of options that take
    several pages, the one under which they take the fewest."""
    if page.extra:
        full = replace(page, fixed=[*page.fixed, *page.extra])
        head, loose = next(_heads(full, look))
        pages, area = _paged(full, look, main, pinned, head, loose, turning, spare)
        if len(pages) <= 1 and area.h >= 0:
            return head, pages, area
    fewest: tuple[int, list[Node], list[Node]] | None = None
    for head, loose in _heads(page, look):
        pages, area = _paged(page, look, main, pinned, head, loose, turning, spare)
        if area.h <= 0 or any(box.bottom > area.h for shown in pages for _, box in shown):
            continue
        if len(pages) <= 1 or (area.h >= LEAST_AREA * main.h and not page.choices):
            return head, pages, area
        if page.choices and (fewest is None or len(pages) < fewest[0]):
            fewest = len(pages), head, loose
    if fewest:
        _, head, loose = fewest
        pages, area = _paged(page, look, main, pinned, head, loose, turning, spare)
    return head, pages, area


def _paged(
    page: Page, look: Look, main: Box, pinned: list[Node], head: list[Node], loose: list[Node], turning: Turning,
    spare: Box | None,
) -> tuple[list[list[Placed]], Box]:  # fmt: skip
    """The pages under this head, and where they stand; a page bar takes room only when there is more than one."""
    top = main.y + _height(look, head, main.w)
    count, shown = 1, turning.number
    while True:
        turning.count, turning.number = count, count - 1  # the last page has the longest words on its bar
        bars = _bars(page, look, main.w, turning, spare)
        below = _height(look, [*pinned, *bars.above], main.w)
        area = Box(main.x, top, main.w, main.bottom - below - top)
        pages = _pages(page, look, loose, area)
        if len(pages) <= count:
            break
        count = len(pages)
    turning.count, turning.number = max(1, len(pages)), shown
    return pages, area


def _pages(page: Page, look: Look, loose: list[Node], area: Box) -> list[list[Placed]]:
    """What is on each page; boxes are relative to the area."""
    columns = page.flow_columns[look.landscape]
    if page.sheets:
        sheets = [[(sheet, Box(0, 0, area.w, area.h))] for sheet in page.sheets]
        return [*flow_pages(look, loose, area, columns), *sheets]
    if page.choices:
        reach = area.bottom - max(area.y, look.reach_top) if look.lowered else area.h
        grid = ChoiceGrid(page.choice_columns[look.landscape], page.most, page.tallest_mm)
        chosen_from = choice_pages(look, page.choices, area, reach, grid)
        # What is asked comes before what explains it.
        return [*chosen_from, *flow_pages(look, loose, area, columns)]
    return flow_pages(look, [*loose, *page.flow], area, columns)


def _height(look: Look, nodes: Sequence[Node], width: int) -> int:
    return sum(node.measure(look, width) + look.px(GAP_MM) for node in nodes)


def _one_under_another(look: Look, nodes: Sequence[Node], x: int, y: int, width: int) -> None:
    for node in nodes:
        height = node.measure(look, width)
        node.place(look, Box(x, y, width, height))
        y += height + look.px(GAP_MM)
