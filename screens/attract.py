"""The idle screen: what can be done here, and one touch to begin, in either language."""

from collections.abc import Sequence

from kiosk.messages import msg
from kiosk.prompts import Attract, Begin
from screens.page import Page
from screens.screen import Screen
from screens.theme import GAP_MM, MARGIN_MM, Look
from screens.widgets.boxes import Card, Column, Grid, Row
from screens.widgets.icon import Icon
from screens.widgets.label import Label
from screens.widgets.node import Node
from screens.widgets.panel import Panel
from screens.widgets.rows import NoteCard
from screens.widgets.street import Street

BODY = (0.60, 0.52)
"""Upright, lying: the part of the glass between the welcome and the footer."""

STRIP = 0.08
"""What the switches take of it at the foot of a lying panel in the lowered layout."""


class AttractScreen(Screen[Attract]):
    """A welcome, the services, and a button for each language."""

    def page(self, look: Look) -> Page:
        elder = self.room.preferences.elder
        high = (
            74 if look.roomy and not look.lowered else (62 if look.panel.lowers and not look.lowered else 36)
        )
        starts: list[Node] = [
            self._start(look, "begin-zh", "screen.begin-zh", Begin("zh", elder), high),
            self._start(look, "begin-en", "screen.begin-en", Begin("en", elder), high),
        ]
        begin = Column([Grid(starts, 2, GAP_MM), self._large(look)], GAP_MM)
        notices: list[Node] = [NoteCard(note) for note in self.prompt.notices]
        services = self._services(look)
        cards = [*notices, services] if self._fit(look, [*notices, services], begin) else notices
        drawn = look.text_size == "normal" and not look.lowered
        return Page(
            title=msg("screen.welcome"),
            explain=msg("screen.welcome-line"),
            fixed=cards if drawn else [],
            sheets=[Street()] if drawn else [],
            flow=[] if drawn else cards,
            flow_columns=(1, 1),
            side=begin,
        )

    def _fit(self, look: Look, cards: Sequence[Node], begin: Node) -> bool:
        """Nobody turns pages before they begin: where the list is too long for the glass, the menu tells."""
        if look.compact:
            return False
        inner = look.panel.width_px - 2 * look.px(MARGIN_MM)
        width = (inner - look.px(2 * GAP_MM)) // 2 if look.landscape else inner
        strip = STRIP if look.landscape and look.lowered else 0
        room = round(look.panel.height_px * (BODY[look.landscape] - strip))
        if not look.landscape:
            room -= begin.measure(look, inner)
        return Column(cards, GAP_MM).measure(look, width) <= room

    def _services(self, look: Look) -> Node:
        names: list[Node] = [
            Row([Icon("check", 8), Label(name, "value")], (0, 1), 3) for name in self.prompt.services
        ]
        columns = 2 if look.text_size == "normal" else 1
        return Card(Column([Label(msg("screen.can-do"), "body", "soft"), Grid(names, columns, 3)], 4))

    def _start(self, look: Look, key: str, label: str, begin: Begin, high_mm: float) -> Panel:
        hand: list[Node] = [Icon("hand-click", 18, "on_primary")] if high_mm > 40 else []
        words = Column(
            [
                *hand,
                Label(msg(label), look.title_style, "on_primary", "centre", measured=False),
                *([] if look.compact else [Label(msg(f"{label}-line"), "body", "on_primary", "centre")]),
            ],
            2,
        )
        return Panel(key, msg(label), self.answer(begin), words, "button", "primary", high_mm=high_mm)

    def _large(self, look: Look) -> Panel:
        words = Column(
            [
                Label(msg("screen.begin-elder"), look.title_style, "primary", measured=False),
                *(
                    []
                    if look.compact
                    else [Label(msg("screen.begin-elder-line"), "body", "soft", measured=False)]
                ),
            ]
        )
        content = Row([Icon("text-size", 16), words], (0, 1), 5)
        begin = self.answer(Begin(look.language, True))
        return Panel("begin-elder", msg("screen.begin-elder"), begin, content, "button", high_mm=30)
