"""The idle screen: what can be done here, and one touch to begin, in either language."""

from kiosk.messages import msg
from kiosk.prompts import Attract, Begin
from screens.frame import Emblem
from screens.page import Page
from screens.screen import Screen
from screens.theme import Look
from screens.widgets.icon import Icon
from screens.widgets.label import Label
from screens.widgets.node import Card, Column, Grid, Node, Row, Space
from screens.widgets.panel_control import Panel
from screens.widgets.rows import NoteCard


class AttractScreen(Screen[Attract]):
    def page(self, look: Look) -> Page:
        elder = self.room.preferences.elder
        services: list[Node] = [
            Row([Icon("check", 8), Label(name, "value")], (0, 1), 3) for name in self.prompt.services
        ]
        flow: list[Node] = [
            Label(msg("screen.welcome"), "title", "primary"),
            Card(Column([Label(msg("screen.can_do"), "body", "soft"), Space(2), Grid(services, 2, 3)])),
            *[NoteCard(note) for note in self.prompt.notices],
        ]
        starts: list[Node] = [
            self._start("begin-zh", "screen.begin_zh", "screen.begin_zh_line", Begin("zh", elder), 60),
            self._start("begin-en", "screen.begin_en", "screen.begin_en_line", Begin("en", elder), 60),
        ]
        large = self._start(
            "begin-elder", "screen.begin_elder", "screen.begin_elder_line", Begin(look.language, True), 30
        )
        return Page(flow=flow, pinned=[Grid(starts, 2, 5), large], flow_columns=(1, 1))

    def _start(self, key: str, label: str, line: str, begin: Begin, high_mm: float) -> Panel:
        words = Column(
            [
                Label(msg(label), "title", "on_primary", "centre"),
                Label(msg(line), "body", "on_primary", "centre"),
            ],
            1,
        )
        return Panel(key, msg(label), self.answer(begin), words, "button", ground="primary", high_mm=high_mm)


__all__ = ["AttractScreen", "Emblem"]
