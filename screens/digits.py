"""Digits on the kiosk's own keypad; a password shows dots and is never part of the screen's texts."""

from kiosk.messages import Part, msg
from kiosk.prompts import EnterDigits
from kiosk.values import Count
from screens.entering import entering
from screens.page import Page
from screens.screen import Room, Screen
from screens.spoken import of_digit
from screens.theme import Look
from screens.widgets.button import Button
from screens.widgets.cells import Cells
from screens.widgets.keypad import Keypad


class DigitsScreen(Screen[EnterDigits]):
    """What is entered lives here and nowhere else, and goes with the screen."""

    def __init__(self, prompt: EnterDigits, room: Room) -> None:
        super().__init__(prompt, room)
        self.entered = ""

    def page(self, look: Look) -> Page:
        prompt = self.prompt
        clear = ("clear", msg("screen.clear"), "x", self._clear)
        told = prompt.note and look.compact  # there is no room for both, and what was wrong says more
        page = Page(prompt.title, None if told else prompt.explain, prompt.step, primary=self._confirm())
        cells = Cells(self.entered, prompt.length, prompt.masked, prompt.group)
        keypad = Keypad(self.digit, self.erase, clear, full=self._left() == 0)
        return entering(page, look, cells, prompt.note, keypad)

    def _left(self) -> int:
        return self.prompt.length - len(self.entered)

    def _confirm(self) -> Button:
        if self._left():
            return Button("confirm", msg("screen.digits-left", count=Count(self._left())), None, "primary")
        return Button("confirm", msg("screen.confirm"), self.answer(self.entered), "primary", "check")

    def digit(self, digit: str) -> bool:
        if not digit.isdigit() or not self._left():
            return False
        self.entered += digit
        self.room.refresh()
        return True

    def spoken(self) -> tuple[Part, ...]:
        """What is asked for, and how many digits are still to come; the keypad's keys are felt, not read out."""
        prompt = self.prompt
        left = msg("screen.digits-left", count=Count(self._left())) if self._left() else None
        said = (prompt.note.text if prompt.note else None, prompt.title, prompt.explain, left)
        return tuple(part for part in said if part is not None)

    def echo(self, digit: str) -> tuple[Part, ...]:
        done = (msg("voice.all-digits"),) if not self._left() else ()
        return (*of_digit(digit, self.prompt.masked), *done)

    def told(self, key: str) -> tuple[Part, ...]:
        return {"erase": (msg("voice.erased"),), "clear": (msg("voice.cleared"),)}.get(key, ())

    def next_focus(self, typed: bool) -> str | None:
        return None if self._left() else "confirm"

    def erase(self) -> bool:
        if not self.entered:
            return False
        self.entered = self.entered[:-1]
        self.room.refresh()
        return True

    def _clear(self) -> None:
        self.entered = ""
        self.room.refresh()
