"""Two or three options side by side with the same rows; below each, the button that takes it."""

from kiosk.messages import msg
from kiosk.prompts import Compare, Option
from screens.choose import option_words
from screens.page import Page
from screens.screen import Screen
from screens.theme import GAP_MM, MARGIN_MM, Look
from screens.widgets.boxes import Card, Column, Grid
from screens.widgets.button import Button
from screens.widgets.label import Label
from screens.widgets.node import Node


class CompareScreen(Screen[Compare]):
    """The rows of all options stand on the same lines."""

    def page(self, look: Look) -> Page:
        prompt = self.prompt
        badged = any(option.badge for option in prompt.options)
        cards: list[Node] = [self._card(option, badged) for option in prompt.options]
        takes = Grid([self._take(n, option) for n, option in enumerate(prompt.options)], len(cards), GAP_MM)
        room = look.panel.width_px - 2 * look.px(MARGIN_MM)
        beside = Grid(cards, len(cards), GAP_MM)
        fits = all(card.least(look) <= beside.cell_width(look, room) for card in cards)
        under = fits and not look.lowered
        return Page(
            title=prompt.title,
            explain=prompt.explain,
            step=prompt.step,
            flow=[beside, takes] if under else ([beside] if fits else cards),
            flow_columns=(1, 1),
            pinned=[] if under else [takes],
        )

    def _card(self, option: Option, badged: bool) -> Card:
        words = option_words(option, aligned=True)
        if badged and not option.badge:
            words.insert(1, Label("", "strong"))
        return Card(Column(words, 2))

    def _take(self, number: int, option: Option) -> Button:
        press = self.answer(option.value) if option.enabled else None
        label = msg("screen.take", option=option.title)
        icon = "check" if option.enabled else ""
        return Button(f"option-{number}", label, press, "primary", icon, role="option", reason=option.reason)
