"""What the hand should do, with a picture for this kiosk's own layout."""

from kiosk.prompts import Present
from screens.page import Page
from screens.screen import Screen
from screens.theme import Look
from screens.widgets.node import Node
from screens.widgets.picture import Picture
from screens.widgets.rows import NoteCard


class PresentScreen(Screen[Present]):
    def page(self, look: Look) -> Page:
        prompt = self.prompt
        fixed: list[Node] = [NoteCard(prompt.note)] if prompt.note else []
        picture = Picture(prompt.hand, self.room.places.sides[prompt.hand])
        return Page(
            title=prompt.title,
            explain=prompt.explain,
            step=prompt.step,
            fixed=fixed,
            side=picture,
            side_is_control=False,
        )
