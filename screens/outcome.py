"""How it ended: what happened, what to do next, and the number to quote."""

from kiosk.messages import msg
from kiosk.prompts import Outcome, OutcomeKind, Row
from kiosk.values import Digits
from screens.page import Page
from screens.screen import Screen
from screens.theme import Look
from screens.widgets.icon import Icon
from screens.widgets.label import Label
from screens.widgets.node import Card, Column, Node
from screens.widgets.node import Row as SideBySide
from screens.widgets.rows import Facts, facts_card, figure_card

KINDS = {
    OutcomeKind.DONE: ("success_tint", "success", "circle-check", "screen.good"),
    OutcomeKind.PENDING: ("attention_tint", "attention", "hourglass", "screen.pending"),
    OutcomeKind.REFUSED: ("refusal_tint", "refusal", "circle-x", "screen.refused"),
    OutcomeKind.TROUBLE: ("attention_tint", "attention", "alert-triangle", "screen.trouble"),
}
"""Kind -> ground, ink, icon, word."""


class OutcomeScreen(Screen[Outcome]):
    def opened(self) -> None:
        self.room.sound("done" if self.prompt.kind is OutcomeKind.DONE else "wrong")

    def page(self, look: Look) -> Page:
        prompt = self.prompt
        ground, ink, icon, word = KINDS[prompt.kind]
        words: list[Node] = [
            Label(msg(word), "strong", ink),
            Label(prompt.title, look.title_style, ink, measured=False),
        ]
        head = Card(SideBySide([Icon(icon, 20, ink), Column(words)], (0, 1), 6), ground, ink)
        flow: list[Node] = []
        if prompt.figure:
            flow.append(figure_card(prompt.figure))
        rows = prompt.rows
        if prompt.number:
            number = Digits(prompt.number, personal=False)
            rows = (Row(prompt.number_label or msg("screen.number-to-quote"), number, True), *rows)
        if rows:
            flow.append(facts_card(rows))
        if prompt.explain:
            flow.append(Card(Facts([Label(part, "body") for part in prompt.explain])))
        actions, primary = self.buttons(prompt.actions)
        return Page(fixed=[head], flow=flow, actions=actions, primary=primary)
