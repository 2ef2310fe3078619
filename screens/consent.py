"""Plain sentences to agree to; the button says what is agreed."""

from kiosk.prompts import Consent
from screens.page import Page
from screens.screen import Screen
from screens.theme import Look
from screens.widgets.button import Button
from screens.widgets.icon import Icon
from screens.widgets.label import Label
from screens.widgets.node import Card, Node, Row
from screens.widgets.rows import Facts


class ConsentScreen(Screen[Consent]):
    def page(self, look: Look) -> Page:
        prompt = self.prompt
        rows: list[Node] = [
            Row([Icon("point", 6, "primary"), Label(paragraph, "body")], (0, 1), 4, "top")
            for paragraph in prompt.paragraphs
        ]
        agree = Button("agree", prompt.agree, self.answer(True), "money", "check")
        return Page(
            title=prompt.title, step=prompt.step, flow=[Card(Facts(rows))], flow_columns=(1, 1), primary=agree
        )
