"""The kiosk is busy: calm at once, a progress line when it takes longer, and after a while what else can be done."""

from kiosk.messages import msg
from kiosk.prompts import Working
from screens.page import Page
from screens.screen import Room, Screen
from screens.theme import LONG_WAIT_S, MOTION_FPS, PROGRESS_AFTER_S, Look
from screens.widgets.boxes import Space
from screens.widgets.label import Label
from screens.widgets.node import Node
from screens.widgets.progress import Progress


class WorkingScreen(Screen[Working]):
    def __init__(self, prompt: Working, room: Room) -> None:
        super().__init__(prompt, room)
        self.slow = self.long = False
        self.frame = 0

    def opened(self) -> None:
        self.room.after(PROGRESS_AFTER_S, self._slow)
        self.room.after(LONG_WAIT_S, self._long)

    def page(self, look: Look) -> Page:
        flow: list[Node] = [Progress(self.frame) if self.slow else Space(4)]
        if self.long:
            flow.append(Label(msg("screen.long-wait"), "body", "text", "centre"))
        return Page(title=self.prompt.title, explain=self.prompt.explain, centred=True, flow=flow)

    def _slow(self) -> None:
        self.slow = True
        self._tick()

    def _long(self) -> None:
        self.long = True
        self.room.tell((msg("screen.long-wait"),))
        self.room.refresh()

    def _tick(self) -> None:
        self.frame += 1
        self.room.refresh()
        if self.room.motion:
            self.room.after(1 / MOTION_FPS, self._tick)
