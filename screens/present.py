"""What the hand should do, with a picture for this kiosk's own layout."""

from kiosk.messages import Part, msg
from kiosk.prompts import Present
from screens.page import Page
from screens.screen import Room, Screen
from screens.theme import Look
from screens.widgets.node import Node
from screens.widgets.picture import Picture
from screens.widgets.rows import NoteCard

BEAT_S = 0.7


class PresentScreen(Screen[Present]):
    """The arrow in the picture moves calmly, in steps."""

    def __init__(self, prompt: Present, room: Room) -> None:
        super().__init__(prompt, room)
        self.beat = 0

    def opened(self) -> None:
        if self.room.motion:
            self.room.after(BEAT_S, self._tick)

    def _tick(self) -> None:
        self.beat = (self.beat + 1) % 3
        self.room.refresh()
        self.room.after(BEAT_S, self._tick)

    def spoken(self) -> tuple[Part, ...]:
        """What went wrong the last time goes first; where the picture shows the hand to, is said."""
        prompt = self.prompt
        wrong = (prompt.note.text,) if prompt.note else ()
        return (
            *wrong,
            prompt.title,
            prompt.explain,
            msg(f"voice.place.{self.room.places.side(prompt.hand)}"),
        )

    def page(self, look: Look) -> Page:
        prompt = self.prompt
        fixed: list[Node] = [NoteCard(prompt.note)] if prompt.note else []
        picture = Picture(prompt.hand, self.room.places.side(prompt.hand), self.beat)
        return Page(
            title=prompt.title,
            explain=prompt.explain,
            step=prompt.step,
            fixed=fixed,
            sheets=[] if look.landscape else [picture],
            side=picture if look.landscape else None,
            side_is_control=False,
            side_share=0.5 if look.compact else 0.6,
        )
