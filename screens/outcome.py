"""How it ended: what happened, what to do next, and the number to quote."""

from kiosk.messages import msg
from kiosk.prompts import Outcome, OutcomeKind, Row
from kiosk.values import Digits
from screens.page import Page
from screens.screen import Screen
from screens.theme import Look
from screens.widgets.boxes import Card
from screens.widgets.boxes import Row as SideBySide
from screens.widgets.icon import Icon
from screens.widgets.label import Label
from screens.widgets.node import Node
from screens.widgets.rows import Facts, FigureCard, facts_card

KINDS = {
    OutcomeKind.DONE: ("success_tint", "success", "circle-check"),
    OutcomeKind.PENDING: ("attention_tint", "attention", "hourglass"),
    OutcomeKind.REFUSED: ("refusal_tint", "refusal", "circle-x"),
    OutcomeKind.TROUBLE: ("attention_tint", "attention", "alert-triangle"),
}
"""Kind -> ground, ink and icon; the word is the title's."""


class OutcomeScreen(Screen[Outcome]):
    """Success is quiet: a tick, the figure, the number, the next thing."""

    def opened(self) -> None:
        self.room.sound("done" if self.prompt.kind is OutcomeKind.DONE else "wrong")

    def page(self, look: Look) -> Page:
        prompt = self.prompt
        ground, ink, icon = KINDS[prompt.kind]
        title = Label(prompt.title, look.title_style, ink, measured=False)
        head = Card(SideBySide([Icon(icon, 14 if look.compact else 20, ink), title], (0, 1), 6), ground, ink)
        flow: list[Node] = []
        if prompt.figure:
            flow.append(FigureCard(prompt.figure))
        rows = prompt.rows
        if prompt.number:
            label = prompt.number_label or msg("screen.number-to-quote")
            rows = (Row(label, Digits(prompt.number, personal=False), True), *rows)
        if rows:
            flow.append(facts_card(rows))
        if prompt.explain:
            explain = Card(Facts([Label(part) for part in prompt.explain]))
            explain.whole = True
            flow.append(explain)
        actions, primary = self.buttons(prompt.actions)
        return Page(title=head, flow=flow, actions=actions, primary=primary)
