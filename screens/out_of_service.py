"""Nothing can be done here now: why, where to go instead, and the number for the help desk."""

from kiosk.messages import msg
from kiosk.prompts import OutOfService, Row
from kiosk.values import Digits
from screens.page import Page
from screens.screen import Screen
from screens.theme import Look
from screens.widgets.boxes import Card, Column
from screens.widgets.boxes import Row as SideBySide
from screens.widgets.icon import Icon
from screens.widgets.label import Label
from screens.widgets.node import Node
from screens.widgets.rows import facts_card


class OutOfServiceScreen(Screen[OutOfService]):
    def page(self, look: Look) -> Page:
        prompt = self.prompt
        words = Column(
            [
                Label(msg("screen.out-of-service"), look.title_style, "attention"),
                Label(prompt.reason, "body"),
            ],
            2,
        )
        head = Card(
            SideBySide([Icon("tool", 22, "attention"), words], (0, 1), 6), "attention_tint", "attention"
        )
        instead: list[Node] = [
            Card(
                Column([Label(msg("screen.instead"), "heading", "primary"), Label(prompt.instead, "body")], 2)
            )
        ]
        number = facts_card((Row(msg("screen.fault-number"), Digits(prompt.number, personal=False), True),
                             Row(msg("screen.help-phone"), self.room.help.phone, True)))  # fmt: skip
        return Page(fixed=[head], flow=[*instead, number])
