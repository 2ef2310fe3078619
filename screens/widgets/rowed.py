"""Things of a kind in a row: secondary buttons, and sums side by side."""

from collections.abc import Sequence

from kiosk.prompts import Row as FactRow
from screens.pen import Pen
from screens.theme import GAP_MM, PADDING_MM, Look
from screens.widgets.button import Button
from screens.widgets.label import Label
from screens.widgets.node import Box, Card, Column, Grid, Node
from screens.widgets.node import Row as SideBySide
from screens.widgets.rows import facts_card, value_node

BUTTON_WIDE_MM = 62.0
MOST_IN_A_ROW = 4


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
    """Figures side by side, each under its label; a list where the width does not do."""

    def __init__(self, rows: Sequence[FactRow]) -> None:
        cells = [
            Column([Label(row.label, "body", "soft"), value_node(row.value, row.emphasis, "left")])
            for row in rows
        ]
        self.rows, self.cells = tuple(rows), cells
        self._wide = Card(SideBySide(cells, [1] * len(cells), PADDING_MM, "top"))
        self._narrow = facts_card(self.rows)

    def _card(self, look: Look, width: int) -> Card:
        cell = (width - look.px(PADDING_MM) * (len(self.cells) + 1)) // len(self.cells)
        return self._wide if all(node.natural(look) <= cell for node in self.cells) else self._narrow

    def children(self) -> Sequence[Node]:
        return (self._shown,)

    def measure(self, look: Look, width: int) -> int:
        return self._card(look, width).measure(look, width)

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        self._shown = self._card(look, box.w)
        self._shown.place(look, box)

    def draw(self, look: Look, pen: Pen) -> None:
        self._shown.draw(look, pen)
