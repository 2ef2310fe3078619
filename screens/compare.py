"""Two or three options side by side with the same rows; below each, the button that takes it."""

import math
from dataclasses import replace

from kiosk.messages import msg
from kiosk.prompts import Choose, Compare, Option
from screens.charted import BESIDE, ChartedScreen
from screens.choose import ChooseScreen, option_words
from screens.page import Page
from screens.theme import GAP_MM, MARGIN_MM, Look
from screens.widgets.boxes import Card, Column, Grid
from screens.widgets.button import Button
from screens.widgets.node import Node
from screens.widgets.pairs import level
from screens.widgets.rows import Fact, Facts

SIDE_SHARE = 0.36


class CompareScreen(ChartedScreen[Compare]):
    """The rows of all options stand on the same lines."""

    def page(self, look: Look) -> Page:
        prompt = self.prompt
        cards = self._cards()
        takes = Grid([self._take(n, option) for n, option in enumerate(prompt.options)], len(cards), GAP_MM)
        room = look.panel.width_px - 2 * look.px(MARGIN_MM)
        beside = Grid(cards, len(cards), GAP_MM)
        page = Page(title=prompt.title, explain=prompt.explain, step=prompt.step, flow_columns=(1, 1))
        side = self.beside(look, SIDE_SHARE) if prompt.chart else None
        left = int((room - look.px(2 * GAP_MM)) * (1 - SIDE_SHARE))
        if side and self._fits(look, cards, beside, left) and self._high(look, beside, takes, left) <= BESIDE:
            return replace(
                page, flow=[beside], pinned=[takes], side=side, side_is_control=False, side_share=SIDE_SHARE
            )
        if not self._fits(look, cards, beside, room) or self._high(look, beside, takes, room) > BESIDE:
            # one after the other, each whole, to be touched itself
            choice = Choose(prompt.title, prompt.options, prompt.step, prompt.explain)
            return ChooseScreen(choice, self.room).page(look)
        if look.lowered:
            return replace(page, flow=[beside, *self.chart()], pinned=[takes])
        return replace(page, flow=[beside, takes, *self.chart()])

    def _fits(self, look: Look, cards: list[Node], beside: Grid, room: int) -> bool:
        return all(card.least(look) <= beside.cell_width(look, room) for card in cards)

    def _high(self, look: Look, beside: Grid, takes: Grid, room: int) -> float:
        """The height of all in this width, as a part of the glass; without end where the buttons are too wide."""
        high = beside.measure(look, room) + takes.measure(look, room)
        return high / look.panel.height_px if takes.least(look) <= room else math.inf

    def _cards(self) -> list[Node]:
        heads: list[Node] = [
            Column(option_words(replace(option, rows=())), 2) for option in self.prompt.options
        ]
        facts: list[list[Node]] = [[Fact(row) for row in option.rows] for option in self.prompt.options]
        lines = zip(*map(level, zip(*facts, strict=True)), strict=True)
        return [
            Card(Column([head, Facts(list(rows))], 2)) for head, rows in zip(level(heads), lines, strict=True)
        ]

    def _take(self, number: int, option: Option) -> Button:
        press = self.answer(option.value) if option.enabled else None
        label = msg("screen.take", option=option.title)
        icon = "check" if option.enabled else ""
        return Button(f"option-{number}", label, press, "primary", icon, role="option", reason=option.reason)
