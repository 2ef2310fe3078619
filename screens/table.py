"""Rows that may fill several pages. Where the columns do not fit side by side, each row becomes a small card."""

from kiosk.messages import Part, text
from kiosk.prompts import Column as TableColumn
from kiosk.prompts import Row as FactRow
from kiosk.prompts import Table
from kiosk.values import Yuan
from screens.page import Page
from screens.screen import Screen
from screens.theme import PADDING_MM, Look, Style
from screens.widgets.boxes import Card, Column
from screens.widgets.label import Label
from screens.widgets.node import Box, Node
from screens.widgets.rowed import Sums
from screens.widgets.rows import Fact, Facts

CELL_GAP_MM = 5.0
ROW_PAD_MM = 1.2
LONG_EM = 9  # a text longer than this may take two lines


class Line(Node):
    """One row of cells under shared column widths."""

    def __init__(self, cells: list[Label], widths: list[int]) -> None:
        self.cells, self.widths = cells, widths

    def children(self) -> list[Label]:
        return self.cells

    def measure(self, look: Look, width: int) -> int:
        height = max(cell.measure(look, w) for cell, w in zip(self.cells, self.widths, strict=True))
        return height + 2 * look.px(ROW_PAD_MM)

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


class TableScreen(Screen[Table]):
    def page(self, look: Look) -> Page:
        prompt = self.prompt
        actions, primary = self.buttons(prompt.actions)
        fixed: list[Node] = [Card(Sums(prompt.summary), padding=5)] if prompt.summary else []
        flow: list[Node] = []
        columns = (1, 1)
        if not prompt.rows and prompt.empty:
            flow = [Card(Label(prompt.empty, "body"))]
        elif prompt.rows:
            flow, columns = self._rows(look)
        return Page(
            title=prompt.title,
            step=prompt.step,
            fixed=fixed,
            flow=flow,
            flow_columns=columns,
            actions=actions,
            primary=primary,
        )

    def _rows(self, look: Look) -> tuple[list[Node], tuple[int, int]]:
        """The widest setting that fits: body text, smaller text, or each row as a small card."""
        room = self._room(look)
        for style in ("body", "caption"):
            widths = self._widths(look, style)  # type: ignore[arg-type]
            if sum(widths) + look.px(CELL_GAP_MM) * (len(widths) - 1) <= room:
                return [Card(self._lines(look, widths, room, style))], (1, 1)  # type: ignore[arg-type]
        return [Card(Facts([self._stacked(row) for row in self.prompt.rows]))], (1, 2)

    def _room(self, look: Look) -> int:
        return look.panel.width_px - 2 * look.px(10) - 2 * look.px(PADDING_MM)

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
        pairs = [
            Fact(FactRow(column.label, cell))
            for column, cell in zip(self.prompt.columns, row, strict=True)
            if text(cell, "zh")
        ]
        return Column(pairs)
