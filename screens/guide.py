"""A business guide: its sections over pages, and the code that opens the same guide on a phone."""

from kiosk.messages import Part, msg
from kiosk.prompts import Guide, GuideSection
from kiosk.values import Count
from screens.page import Page
from screens.screen import Screen
from screens.theme import Look
from screens.widgets.boxes import Card, Column, Headed, Row
from screens.widgets.code import Code
from screens.widgets.icon import Dot, Icon, Number
from screens.widgets.label import Label
from screens.widgets.node import Node
from screens.widgets.pairs import Marked

CODE_MM = 46.0
CODE_BESIDE_MM = 66.0
COMPACT_CODE_MM = 40.0
CODE_SHARE = 0.24


class GuideScreen(Screen[Guide]):
    """Upright the code stands over the sections, lying beside them; where height is short it is the last of them."""

    def page(self, look: Look) -> Page:
        prompt = self.prompt
        actions, primary = self.buttons(prompt.actions)
        scan = [
            Label(msg("screen.guide-scan"), "strong"),
            Label(msg("screen.guide-scan-line"), "body", "soft"),
        ]
        line = Label(prompt.line, "body", "soft")
        sections = [self._section(section) for section in prompt.sections if section.items]
        side: Node | None = None
        flow, fixed = [line, *sections], list[Node]()
        if look.landscape and not look.compact:
            side = Card(Column([Code(prompt.code_text, CODE_BESIDE_MM), *scan], 1), padding=5)
        else:
            code = Code(prompt.code_text, COMPACT_CODE_MM if look.compact else CODE_MM)
            card = Card(Row([code, Column(scan, 1)], (0, 1), 5), padding=4)
            if look.compact:
                flow.append(card)
            else:
                flow, fixed = sections, [line, card]
        return Page(
            title=prompt.title,
            fixed=fixed,
            flow=flow,
            side=side,
            side_is_control=False,
            side_share=CODE_SHARE,
            actions=actions,
            primary=primary,
        )

    def _section(self, section: GuideSection) -> Node:
        items = [self._item(n, item, section.numbered) for n, item in enumerate(section.items, 1)]
        head = Marked(Icon(section.icon or "info-circle", 9), Label(section.heading, "heading", "primary"))
        return Card(Headed([head, *items], 2), padding=5)

    def _item(self, number: int, item: Part, numbered: bool) -> Node:
        if not numbered:
            return Marked(Dot(), Label(item))
        mark = Number(Label(msg("screen.count", number=Count(number)), "caption", "primary", "centre"), 9)
        return Marked(mark, Label(item))
