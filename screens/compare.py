"""Two or three options side by side with the same rows; below each, the button that takes it."""

from dataclasses import replace
from itertools import pairwise

from kiosk.messages import msg
from kiosk.prompts import Choose, Compare, Option
from screens.charted import ChartedScreen
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
        """Side by side with the chart beside or under them, without it, or one after the other: the first that fits."""
        prompt = self.prompt
        cards = self._cards()
        beside = Grid(cards, len(cards), GAP_MM)
        takes = Grid([self._take(n, option) for n, option in enumerate(prompt.options)], len(cards), GAP_MM)
        page = Page(title=prompt.title, explain=prompt.explain, step=prompt.step, flow_columns=(1, 1))
        charts = [self.chart(), self.chart(brief=True)] if prompt.chart else []
        room = look.panel.width_px - 2 * look.px(MARGIN_MM)
        left = int((room - look.px(2 * GAP_MM)) * (1 - SIDE_SHARE))
        found: list[Page] = []
        if look.landscape and max(beside.least(look), takes.least(look)) <= left:
            found += [
                replace(page, flow=[beside], pinned=[takes], side=Column(chart), side_is_control=False,
                        side_share=SIDE_SHARE)
                for chart in charts
            ]  # fmt: skip
        if max(beside.least(look), takes.least(look)) <= room:
            for chart in [*charts, []]:
                under = {"flow": [beside, *chart], "pinned": [takes]}
                found.append(replace(page, **(under if look.lowered else {"flow": [beside, takes, *chart]})))
        choice = ChooseScreen(Choose(prompt.title, prompt.options, prompt.step, prompt.explain), self.room)
        found += [choice.page(look), choice.bare(), choice.page(look)]  # the last over several pages
        for one, other in pairwise(found):
            one.otherwise = other
        return found[0]

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
