"""A business guide: its sections over pages, and the code that opens the same guide on a phone."""

from kiosk.messages import Part, msg
from kiosk.prompts import Guide, GuideSection
from kiosk.values import Count
from screens.page import Page
from screens.screen import Screen
from screens.theme import Look
from screens.widgets.boxes import Card, Column, Row
from screens.widgets.code import Code
from screens.widgets.icon import Dot, Icon, Number
from screens.widgets.label import Label
from screens.widgets.node import Node
from screens.widgets.pairs import Marked

CODE_MM = 46.0
CODE_BESIDE_MM = 66.0
COMPACT_CODE_MM = 40.0


class GuideScreen(Screen[Guide]):
    """Upright the code stands over the sections, lying beside them."""

    def page(self, look: Look) -> Page:
        prompt = self.prompt
        actions, primary = self.buttons(prompt.actions)
        scan = [
            Label(msg("screen.guide-scan"), "strong"),
            Label(msg("screen.guide-scan-line"), "body", "soft"),
        ]
        line = Label(prompt.line, "body", "soft")
        sections = [self._section(section) for section in prompt.sections if section.items]
        if look.landscape:
            side = Card(
                Column(
                    [Code(prompt.code_text, COMPACT_CODE_MM if look.compact else CODE_BESIDE_MM), *scan], 1
                ),
                padding=5,
            )
            flow, fixed, share = [line, *sections], [], 0.32 if look.compact else 0.24
        else:
            over = Card(Row([Code(prompt.code_text, CODE_MM), Column(scan, 1)], (0, 1), 5), padding=4)
            side, flow, fixed, share = None, sections, [line, over], 0.5
        return Page(
            title=prompt.title,
            fixed=fixed,
            flow=flow,
            side=side,
            side_is_control=False,
            side_share=share,
            actions=actions,
            primary=primary,
        )

    def _section(self, section: GuideSection) -> Node:
        items = [self._item(n, item, section.numbered) for n, item in enumerate(section.items, 1)]
        head = Marked(Icon(section.icon or "info-circle", 9), Label(section.heading, "heading", "primary"))
        return Card(Column([head, *items], 2), padding=5)

    def _item(self, number: int, item: Part, numbered: bool) -> Node:
        if not numbered:
            return Marked(Dot(), Label(item))
        mark = Number(Label(msg("screen.count", number=Count(number)), "caption", "primary", "centre"), 9)
        return Marked(mark, Label(item))
