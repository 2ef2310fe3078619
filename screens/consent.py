"""Plain sentences to agree to; the button says what is agreed."""

from kiosk.messages import Message, msg
from kiosk.prompts import Consent
from kiosk.values import Count
from screens.page import Page
from screens.screen import Screen
from screens.theme import Look
from screens.widgets.boxes import Card
from screens.widgets.button import Button
from screens.widgets.icon import Number
from screens.widgets.label import Label
from screens.widgets.node import Node
from screens.widgets.pairs import Marked


class ConsentScreen(Screen[Consent]):
    """Each sentence a card of its own, numbered, so that none is skipped over."""

    def page(self, look: Look) -> Page:
        prompt = self.prompt
        agree = Button("agree", prompt.agree, self.answer(True), "money", "check")
        flow = [self._card(n, paragraph) for n, paragraph in enumerate(prompt.paragraphs, 1)]
        return Page(title=prompt.title, step=prompt.step, flow=flow, primary=agree)

    def _card(self, number: int, paragraph: Message) -> Node:
        mark = Number(Label(msg("screen.count", number=Count(number)), "strong", "primary", "centre"))
        return Card(Marked(mark, Label(paragraph, "body"), 4))
