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

CODE_MM = 46.0
CODE_BESIDE_MM = 62.0


class GuideScreen(Screen[Guide]):
    """Upright the code stands over the sections, lying beside them."""

    def page(self, look: Look) -> Page:
        prompt = self.prompt
        actions, primary = self.buttons(prompt.actions)
        scan = [
            Label(msg("screen.guide-scan"), "strong"),
            Label(msg("screen.guide-scan-line"), "body", "soft"),
        ]
        beside = look.landscape
        over = Card(Row([Code(prompt.code_text, CODE_MM), Column(scan, 1)], (0, 1), 5), padding=4)
        return Page(
            title=prompt.title,
            fixed=[] if beside else [Label(prompt.line, "body", "soft"), over],
            flow=[
                *([Label(prompt.line, "body", "soft")] if beside else []),
                *(self._section(section) for section in prompt.sections if section.items),
            ],
            flow_columns=(1, 1),
            side=Card(Column([Code(prompt.code_text, CODE_BESIDE_MM), *scan], 1), padding=5)
            if beside
            else None,
            side_is_control=False,
            side_share=0.3,
            actions=actions,
            primary=primary,
        )

    def _section(self, section: GuideSection) -> Node:
        items = [self._item(n, item, section.numbered) for n, item in enumerate(section.items, 1)]
        icon = Icon(section.icon or "info-circle", 9)
        head = Row([icon, Label(section.heading, "heading", "primary")], (0, 1), 3)
        return Card(Column([head, *items], 2))

    def _item(self, number: int, item: Part, numbered: bool) -> Node:
        mark: Node = (
            Label(msg("screen.number", number=Count(number)), "body", "soft")
            if numbered
            else Icon("point", 6)
        )
        return Row([mark, Label(item, "body")], (0, 1), 3, "top")
