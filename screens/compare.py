"""Two or three options side by side with the same rows; below each, the button that takes it."""

from kiosk.messages import msg
from kiosk.prompts import Compare
from screens.choose import option_words
from screens.page import Page
from screens.screen import Screen
from screens.theme import GAP_MM, Look
from screens.widgets.button import Button
from screens.widgets.node import Card, Column, Grid, Node


class CompareScreen(Screen[Compare]):
    def page(self, look: Look) -> Page:
        options = self.prompt.options
        cards: list[Node] = [Card(Column(option_words(option), 2)) for option in options]
        buttons: list[Node] = [
            Button(
                f"option-{n}", msg("screen.take", option=option.title), self.answer(option.value) if option.enabled else None,
                "primary", role="option",
            )
            for n, option in enumerate(options)
        ]  # fmt: skip
        return Page(
            title=self.prompt.title,
            explain=self.prompt.explain,
            step=self.prompt.step,
            flow=[Grid(cards, len(cards), GAP_MM)],
            flow_columns=(1, 1),
            pinned=[Grid(buttons, len(buttons), GAP_MM)],
        )
