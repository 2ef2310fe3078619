"""Set up, not enrolled: what the installer does next. The kiosk goes on by itself as soon as it is enrolled."""

from kiosk.messages import msg
from kiosk.prompts import FirstRun, Row
from kiosk.values import Count, Name
from screens.page import Page
from screens.screen import Screen
from screens.theme import Look
from screens.widgets.boxes import Card, Column
from screens.widgets.icon import Number
from screens.widgets.label import Label
from screens.widgets.node import Node
from screens.widgets.pairs import Marked
from screens.widgets.rows import facts_card

STEPS = ("code", "command", "wait")


class FirstRunScreen(Screen[FirstRun]):
    """Three steps, and what the centre's staff will ask for."""

    def page(self, look: Look) -> Page:
        prompt = self.prompt
        rows = (
            Row(msg("screen.first-run.kiosk"), Name(prompt.kiosk, personal=False), True),
            Row(msg("screen.first-run.centre"), Name(prompt.centre, personal=False)),
            Row(msg("screen.version"), Name(prompt.version, personal=False)),
        )
        steps: list[Node] = [self._step(number, name) for number, name in enumerate(STEPS, 1)]
        return Page(
            title=msg("screen.first-run.title"),
            explain=msg("screen.first-run.line"),
            flow=[*steps, facts_card(rows)],
        )

    def _step(self, number: int, name: str) -> Card:
        mark = Number(Label(msg("screen.count", number=Count(number)), "strong", "primary", "centre"))
        words: list[Node] = [Label(msg(f"screen.first-run.{name}"))]
        if name == "command":
            words.append(Label(Name(self.prompt.command, personal=False), "strong", measured=False))
        return Card(Marked(mark, Column(words, 1), 4), padding=5)
