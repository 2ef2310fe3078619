"""Digits on the kiosk's own keypad; a password shows dots and is never part of the screen's texts."""

from kiosk.messages import msg
from kiosk.prompts import EnterDigits
from kiosk.values import Count
from screens.page import Page
from screens.screen import Room, Screen
from screens.theme import Look
from screens.widgets.button import Button
from screens.widgets.cells import Cells
from screens.widgets.keypad import Keypad
from screens.widgets.node import Node
from screens.widgets.rows import NoteCard


class DigitsScreen(Screen[EnterDigits]):
    def __init__(self, prompt: EnterDigits, room: Room) -> None:
        super().__init__(prompt, room)
        self.entered = ""

    def page(self, look: Look) -> Page:
        prompt = self.prompt
        fixed: list[Node] = [Cells(self.entered, prompt.length, prompt.masked, prompt.group)]
        if prompt.note:
            fixed.append(NoteCard(prompt.note))
        ready = len(self.entered) == prompt.length
        return Page(
            title=prompt.title,
            explain=prompt.explain,
            step=prompt.step,
            fixed=fixed,
            side=Keypad(self.digit, self.erase, ("clear", msg("screen.clear"), "x", self._clear), ready),
            primary=Button(
                "confirm", msg("screen.confirm") if ready else msg("screen.digits-left", count=Count(prompt.length - len(self.entered))),
                self.answer(self.entered) if ready else None, "primary", "check" if ready else "",
            ),
        )  # fmt: skip

    def digit(self, digit: str) -> bool:
        if not digit.isdigit() or len(self.entered) >= self.prompt.length:
            return False
        self.entered += digit
        self.room.refresh()
        return True

    def erase(self) -> bool:
        if not self.entered:
            return False
        self.entered = self.entered[:-1]
        self.room.refresh()
        return True

    def _clear(self) -> None:
        self.entered = ""
        self.room.refresh()
