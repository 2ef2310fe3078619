"""A business guide: its sections over pages, and the code that opens the same guide on a phone."""

from kiosk.messages import Part, msg
from kiosk.prompts import Guide, GuideSection
from kiosk.values import Count
from screens.page import Page
from screens.screen import Screen
from screens.theme import Look
from screens.widgets.code import Code
from screens.widgets.icon import Icon
from screens.widgets.label import Label
from screens.widgets.node import Card, Column, Node, Row
from screens.widgets.rows import Facts


class GuideScreen(Screen[Guide]):
    def page(self, look: Look) -> Page:
        prompt = self.prompt
        actions, primary = self.buttons(prompt.actions)
        words = Column(
            [Label(msg("screen.guide_scan"), "strong"), Label(msg("screen.guide_scan_line"), "body", "soft")],
            1,
        )
        code = Card(Row([Code(prompt.code_text, 46), words], (0, 1), 5), padding=4)
        return Page(
            title=prompt.title,
            fixed=[Label(prompt.line, "body", "soft"), code],
            flow=[self._section(section) for section in prompt.sections if section.items],
            actions=actions,
            primary=primary,
        )

    def _section(self, section: GuideSection) -> Node:
        items = [self._item(n, item, section.numbered) for n, item in enumerate(section.items, 1)]
        head = Row(
            [Icon(section.icon or "info-circle", 10), Label(section.heading, "heading", "primary")], (0, 1), 3
        )
        return Card(Column([head, *items], 2))

    def _item(self, number: int, item: Part, numbered: bool) -> Node:
        mark: Node = (
            Label(msg("screen.number", number=Count(number)), "strong", "primary")
            if numbered
            else Icon("point", 6)
        )
        return Row([mark, Label(item, "body")], (0, 1), 3, "top")


__all__ = ["Facts", "GuideScreen"]
