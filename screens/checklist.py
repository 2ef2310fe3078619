"""What must be so, and whether it is: a tick or a cross, the word for it, and what to do instead."""

from kiosk.messages import msg
from kiosk.prompts import CheckItem, Checklist
from screens.page import Page
from screens.screen import Screen
from screens.theme import Look
from screens.widgets.boxes import Card, Column, Row
from screens.widgets.icon import Icon
from screens.widgets.label import Label
from screens.widgets.node import Node
from screens.widgets.pairs import Marked
from screens.widgets.rows import NoteCard


class ChecklistScreen(Screen[Checklist]):
    """One card for each condition."""

    def page(self, look: Look) -> Page:
        prompt = self.prompt
        flow: list[Node] = [self._item(item) for item in prompt.items]
        if prompt.note:
            flow.insert(0, NoteCard(prompt.note))
        actions, primary = self.buttons(prompt.actions)
        return Page(title=prompt.title, step=prompt.step, flow=flow, actions=actions, primary=primary)

    def _item(self, item: CheckItem) -> Node:
        icon, ink, word = ("circle-check", "success", "screen.met")
        if not item.passed:
            icon, ink, word = ("circle-x", "refusal", "screen.not-met")
        verdict = Label(msg(word), "strong", ink, "right", measured=False)
        words: list[Node] = [Row([Label(item.text, "value"), verdict], (1, 0), 4, "top")]
        if item.detail:
            words.append(Label(item.detail, "body", "text"))
        if item.source:
            words.append(Label(item.source, "caption", "soft"))
        content = Marked(Icon(icon, 11, ink), Column(words, 1), 4)
        return Card(content, "card" if item.passed else "refusal_tint", "hairline" if item.passed else ink, 5)
