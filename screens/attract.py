"""The idle screen: what can be done here, and one touch to begin, in either language."""

from kiosk.messages import LANGUAGES, Part, msg
from kiosk.prompts import Attract, Begin
from screens.page import Page
from screens.screen import Screen
from screens.theme import GAP_MM, Look
from screens.widgets.boxes import Card, Column, Grid, Row
from screens.widgets.icon import Icon
from screens.widgets.label import Label
from screens.widgets.node import Node
from screens.widgets.panel import Panel
from screens.widgets.rows import NoteCard
from screens.widgets.street import Street

UPRIGHT_MM = (62.0, 74.0)
LYING = 0.28
LOWERED_MM = 36.0
"""How high the buttons are that begin a visit: upright at the large and the normal size, lying as a part of the glass,
and in the lowered layout."""


class AttractScreen(Screen[Attract]):
    """A welcome, the services, and a button for each language."""

    def spoken(self) -> tuple[Part, ...]:
        """How to begin goes before what can be done: whoever waits for another language need not hear out this one."""
        notices = (part for note in self.prompt.notices for part in NoteCard(note).spoken())
        begins = (msg(f"screen.begin-{way}") for way in (*LANGUAGES, "elder"))
        how = (msg("screen.welcome-line"),) if self.prompt.identifies else ()
        more = (msg("screen.begin-elder-line"), *how, msg("screen.can-do"))
        return (msg("screen.welcome"), *notices, *begins, *more, *self.prompt.services)

    def page(self, look: Look) -> Page:
        elder = self.room.preferences.elder
        high = LYING * look.panel.height_mm if look.landscape else UPRIGHT_MM[look.roomy]
        high = LOWERED_MM if look.lowered else high
        starts: list[Node] = [
            self._start(look, f"begin-{one}", f"screen.begin-{one}", Begin(one, elder), high)
            for one in LANGUAGES
        ]
        begin = Column([Grid(starts, len(starts), GAP_MM), self._large(look)], GAP_MM)
        notices: list[Node] = [NoteCard(note) for note in self.prompt.notices]
        return Page(
            title=msg("screen.welcome"),
            explain=msg("screen.welcome-line") if self.prompt.identifies else None,
            fixed=notices,
            extra=[self._services(look)],
            scenery=Street(),
            side=begin,
        )

    def _services(self, look: Look) -> Node:
        names: list[Node] = [
            Row([Icon("check", 8), Label(name, "value")], (0, 1), 3) for name in self.prompt.services
        ]
        pairs: list[Node] = list(names)
        if look.text_size == "normal":
            pairs = [
                Row(names[n : n + 2], (1, 1), 3) if n + 1 < len(names) else names[n]
                for n in range(0, len(names), 2)
            ]
        return Card(Column([Label(msg("screen.can-do"), "body", "soft"), Column(pairs, 3)], 4))

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
