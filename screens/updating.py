"""An update is being installed: calm, with the way out, and a line that moves so that nobody thinks it has died."""

from kiosk.messages import msg
from kiosk.prompts import Row, Updating
from kiosk.values import Name
from screens.page import Page
from screens.screen import Room, Screen
from screens.theme import MOTION_FPS, Look
from screens.widgets.boxes import Card, Column
from screens.widgets.boxes import Row as SideBySide
from screens.widgets.icon import Icon
from screens.widgets.label import Label
from screens.widgets.progress import Progress
from screens.widgets.rows import facts_card


class UpdatingScreen(Screen[Updating]):
    """Nothing can be touched but help and the switches."""

    def __init__(self, prompt: Updating, room: Room) -> None:
        super().__init__(prompt, room)
        self.frame = 0

    def opened(self) -> None:
        if self.room.motion:
            self.room.after(1 / MOTION_FPS, self._tick)

    def page(self, look: Look) -> Page:
        words = Column(
            [
                Label(msg("screen.updating.title"), look.title_style, "primary"),
                Label(msg("screen.updating.line")),
            ],
            2,
        )
        head = Card(Column([SideBySide([Icon("refresh", 22), words], (0, 1), 6), Progress(self.frame)], 5))
        instead = Card(
            Column([Label(msg("screen.instead"), "heading", "primary"), Label(self.prompt.instead)], 2)
        )
        facts = facts_card((
            Row(msg("screen.version"), Name(self.prompt.version, personal=False)),
            Row(msg("screen.help-phone"), self.room.help.phone, True),
        ))  # fmt: skip
        return Page(fixed=[head], flow=[instead, facts])

    def _tick(self) -> None:
        self.frame += 1
        self.room.refresh()
        self.room.after(1 / MOTION_FPS, self._tick)
