"""Rows that may fill several pages. Where the columns do not fit side by side, each row becomes a small card."""

from dataclasses import replace

from kiosk.messages import Part, msg, text
from kiosk.prompts import Column as TableColumn
from kiosk.prompts import Row as FactRow
from kiosk.prompts import Table
from kiosk.values import Yuan
from screens.charted import ChartedScreen
from screens.page import Page
from screens.theme import GAP_MM, MARGIN_MM, PADDING_MM, Look, Style
from screens.widgets.boxes import Card, Column
from screens.widgets.label import Label
from screens.widgets.node import Box, Node
from screens.widgets.rowed import Sums
from screens.widgets.rows import Fact, Facts

CELL_GAP_MM = 5.0
ROW_PAD_MM = 1.2
LOW_ROW_PAD_MM = -0.6
"""Where height is short, rows with a line between them stand closer than the lines of a text."""

SIDE_SHARE = 0.4
STANDING = 0.12
"""What stands above the rows on every page is at most so high, as a part of the glass."""


LONG_EM = 9  # a text longer than this may take two lines


class Line(Node):
    """One row of cells under shared column widths."""

    def __init__(self, cells: list[Label], widths: list[int]) -> None:
        self.cells, self.widths = cells, widths

    def children(self) -> list[Label]:
        return self.cells

    def measure(self, look: Look, width: int) -> int:
        height = max(cell.measure(look, w) for cell, w in zip(self.cells, self.widths, strict=True))
        return height + 2 * look.px(LOW_ROW_PAD_MM if look.compact else ROW_PAD_MM)

    def natural(self, look: Look) -> int:
        return sum(self.widths) + look.px(CELL_GAP_MM) * (len(self.widths) - 1)

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        x = box.x
        for cell, w in zip(self.cells, self.widths, strict=True):
            h = cell.measure(look, w)
            cell.place(look, Box(x, box.y + (box.h - h) // 2, w, h))
            x += w + look.px(CELL_GAP_MM)

    def draw(self, look: Look, pen: object) -> None:
        for cell in self.cells:
            cell.draw(look, pen)  # type: ignore[arg-type]


class TableScreen(ChartedScreen[Table]):
    """Where the columns leave room beside them, summary and chart stand there; else above."""

    def page(self, look: Look) -> Page:
        prompt = self.prompt
        actions, primary = self.buttons(prompt.actions)
        page = Page(
            title=prompt.title, step=prompt.step, actions=actions, primary=primary, flow_columns=(1, 1)
        )
        if prompt.rows:
            return self._beside(look, page) or self._above(look, page)
        empty = [Card(Label(prompt.empty, "body"))] if prompt.empty else []
        return replace(page, fixed=self._sums(), flow=empty)

    def _sums(self) -> list[Node]:
        return [Card(Sums(self.prompt.summary), padding=5)] if self.prompt.summary else []

    def _beside(self, look: Look, page: Page) -> Page | None:
        """On a lying panel the rows take the height, and what sums them up stands at their right; None: no room.

        Where height is short the whole width serves the rows: bars side by side under them take fewer lines.
        """
        if not self.prompt.summary or look.compact:
            return None
        sums = Card(Facts([Fact(row) for row in self.prompt.summary]))
        side = self.beside(look, SIDE_SHARE, [sums])
        inner = look.panel.width_px - 2 * look.px(MARGIN_MM) - look.px(2 * GAP_MM)
        rows = self._side_by_side(
            look, inner - int(inner * SIDE_SHARE) - 2 * look.padding(PADDING_MM) if side else 0
        )
        if not side or not rows:
            return None
        chart = [] if len(side.children()) > 1 else self.chart()
        return replace(page, flow=[rows, *chart], side=side, side_is_control=False, side_share=SIDE_SHARE)

    def _above(self, look: Look, page: Page) -> Page:
        room = look.panel.width_px - 2 * look.px(MARGIN_MM) - 2 * look.px(PADDING_MM)
        rows = self._side_by_side(look, room)
        columns = (1, 1) if rows else (1, 2)
        rows = rows or Card(Facts([self._stacked(row) for row in self.prompt.rows]))
        flow = [*self.chart(), rows] if look.roomy else [rows, *self.chart()]
        sums = self._sums()
        high = sum(card.measure(look, room) for card in sums) > look.panel.height_px * STANDING
        if high:  # where height is short they would leave the rows no room: they stand on the first page only
            return replace(page, flow=[*sums, *flow], flow_columns=columns)
        return replace(page, fixed=sums, flow=flow, flow_columns=columns)

    def _side_by_side(self, look: Look, room: int) -> Card | None:
        """The widest setting that fits into `room` px: body text, smaller text, or none."""
        styles: tuple[Style, ...] = ("body", "caption")
        for style in styles:
            widths = self._widths(look, style)
            if sum(widths) + look.px(CELL_GAP_MM) * (len(widths) - 1) <= room:
                return Card(self._lines(look, widths, room, style))
        return None

    def _widths(self, look: Look, style: Style) -> list[int]:
        """What each column needs; long texts may take two lines, figures and dates never."""
        found = []
        for n, column in enumerate(self.prompt.columns):
            cells = [self._cell(column, row[n], style) for row in self.prompt.rows]
            widest = max(cell.natural(look) for cell in cells)
            if not column.amount and widest > LONG_EM * look.em(style):
                widest = max(cell.folded(look) for cell in cells)
            found.append(max(widest, Label(column.label, "strong").least(look)))
        return found

    def _lines(self, look: Look, widths: list[int], room: int, style: Style) -> Facts:
        spare = room - sum(widths) - look.px(CELL_GAP_MM) * (len(widths) - 1)
        widths = [w + spare // len(widths) for w in widths]
        head = Line(
            [
                Label(c.label, "strong", "primary", "right" if c.amount else "left", False)
                for c in self.prompt.columns
            ],
            widths,
        )
        rows: list[Node] = [
            Line(
                [
                    self._cell(column, cell, style)
                    for column, cell in zip(self.prompt.columns, row, strict=True)
                ],
                widths,
            )
            for row in self.prompt.rows
        ]
        return Facts(rows, head=head)

    def _cell(self, column: TableColumn, cell: Part, style: Style) -> Label:
        if isinstance(cell, Yuan):
            style = "strong" if style == "body" else "strip"
        return Label(cell, style, "text", "right" if column.amount else "left", measured=False)

    def _stacked(self, row: tuple[Part, ...]) -> Node:
        """A row without room for its columns: texts at the left, amounts at the right, the first on the first line."""
        cells = [
            (column, cell) for column, cell in zip(self.prompt.columns, row, strict=True) if text(cell, "zh")
        ]
        amounts = [(column, cell) for column, cell in cells if column.amount]
        texts = [cell for column, cell in cells if not column.amount]
        if not amounts or len(texts) > len(amounts):
            return Column([Fact(FactRow(column.label, cell)) for column, cell in cells])
        lines: list[Node] = []
        for n, (column, amount) in enumerate(amounts):
            if n >= len(texts):
                lines.append(Fact(FactRow(column.label, amount)))
            elif n == 0:
                lines.append(Fact(FactRow(texts[n], amount, True)))
            else:
                named = msg("screen.labelled", label=column.label, value=amount)
                lines.append(Fact(FactRow(texts[n], named)))
        return Column(lines)
