"""Things of a kind in a row: secondary buttons, and sums side by side."""

from collections.abc import Sequence

from kiosk.prompts import Row as FactRow
from screens.pen import Pen
from screens.theme import GAP_MM, PADDING_MM, Look
from screens.widgets.boxes import Column, Grid
from screens.widgets.boxes import Row as SideBySide
from screens.widgets.button import Button
from screens.widgets.label import Label
from screens.widgets.node import Box, Node
from screens.widgets.rows import Fact, Facts, value_node

BUTTON_WIDE_MM = 62.0
MOST_IN_A_ROW = 4
PAIRED_GAP_MM = 1.5


class ButtonRow(Node):
    """Buttons of one width at the right, above the primary action; in more rows when their words need it."""

    def __init__(self, buttons: Sequence[Button]) -> None:
        self.buttons = list(buttons)

    def children(self) -> Sequence[Node]:
        return self.buttons

    def _grid(self, look: Look, width: int) -> tuple[Grid, int]:
        """The grid and the width it takes."""
        gap = look.px(GAP_MM)
        for columns in range(min(len(self.buttons), MOST_IN_A_ROW), 1, -1):
            grid = Grid(self.buttons, columns, GAP_MM)
            cell = grid.cell_width(look, width)
            if all(self._wanted(look, button) <= cell for button in self.buttons):
                cell = min(
                    cell, max(look.px(BUTTON_WIDE_MM), *(button.natural(look) for button in self.buttons))
                )
                return grid, columns * (cell + gap) - gap
        wanted = max(look.px(BUTTON_WIDE_MM), *(button.natural(look) for button in self.buttons), 0)
        return Grid(self.buttons, 1, GAP_MM), min(width, wanted)

    def _wanted(self, look: Look, button: Button) -> int:
        return button.natural(look) if look.text_size == "normal" else button.least(look)

    def natural(self, look: Look) -> int:
        wanted = max(look.px(BUTTON_WIDE_MM), *(button.natural(look) for button in self.buttons))
        return len(self.buttons) * (wanted + look.px(GAP_MM)) - look.px(GAP_MM)

    def measure(self, look: Look, width: int) -> int:
        grid, wide = self._grid(look, width)
        return grid.measure(look, wide)

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        grid, wide = self._grid(look, box.w)
        grid.place(look, Box(box.right - wide, box.y, wide, box.h))

    def draw(self, look: Look, pen: Pen) -> None:
        for button in self.buttons:
            button.draw(look, pen)


class Sums(Node):
    """Values side by side, each under its label; a list where the width does not do, and before that, where height is
    short, in as few rows as it allows."""

    def __init__(self, rows: Sequence[FactRow]) -> None:
        cells = [
            Column([Label(row.label, "body", "soft"), value_node(row.value, row.emphasis, "left")])
            for row in rows
        ]
        self.cells = cells
        self._wide = SideBySide(cells, [1] * len(cells), PADDING_MM, "top")
        self._list = Facts([Fact(row) for row in rows])
        self._shown: Node = self._list

    def _choice(self, look: Look, width: int) -> Node:
        widest = max((node.natural(look) for node in self.cells), default=0)
        if look.compact and len(self.cells) == 1 and self._list.natural(look) <= width:
            return self._list
        if widest <= (width - look.px(PADDING_MM) * (len(self.cells) - 1)) // max(1, len(self.cells)):
            return self._wide
        if look.compact:
            for rows in range(1, len(self.cells)):
                grid = Grid(self.cells, -(-len(self.cells) // rows), PAIRED_GAP_MM)
                if grid.columns > 1 and widest <= grid.cell_width(look, width):
                    return grid
        return self._list

    def children(self) -> Sequence[Node]:
        return (self._shown,)

    def measure(self, look: Look, width: int) -> int:
        return self._choice(look, width).measure(look, width)

    def natural(self, look: Look) -> int:
        return self._list.natural(look)

    def least(self, look: Look) -> int:
        return self._list.least(look)

    def split(self, look: Look, width: int, height: int) -> tuple[Node | None, Node | None]:
        return self._choice(look, width).split(look, width, height)

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        self._shown = self._choice(look, box.w)
        self._shown.place(look, box)

    def draw(self, look: Look, pen: Pen) -> None:
        self._shown.draw(look, pen)
