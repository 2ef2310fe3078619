"""What every screen is: it turns its prompt into a page, and touches into the answer. Built anew for every change."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from kiosk.messages import Part
from kiosk.prompts import Action, Prompt
from kiosk.stage import Preferences, Sound
from screens.page import Page, Turning
from screens.places import Help, Places
from screens.spoken import of_digit
from screens.theme import Look
from screens.widgets.button import Button

P = TypeVar("P", bound=Prompt[Any])


@dataclass(frozen=True)
class Room:
    """What a screen may use of its surroundings."""

    reply: Callable[[Any], None]
    refresh: Callable[[], None]  # something has changed: show it
    after: Callable[[float, Callable[[], None]], None]  # seconds; forgotten when the screen goes
    sound: Callable[[Sound], None]
    now: Callable[[], datetime]
    places: Places
    help: Help
    preferences: Preferences
    motion: bool
    tell: Callable[[tuple[Part, ...]], None] = lambda parts: (
        None
    )  # have a voice say this now, to whom it leads


class Screen(Generic[P]):
    """One prompt on the glass. Subclasses give `page`; those that take digits also `digit` and `erase`."""

    def __init__(self, prompt: P, room: Room) -> None:
        self.prompt, self.room = prompt, room
        self.turning = Turning(0, self.turn)

    def page(self, look: Look) -> Page:
        """What is shown now."""
        raise AssertionError(f"{type(self).__name__} shows nothing")

    def opened(self) -> None:
        """Called once, when the screen is first shown."""

    def digit(self, digit: str) -> bool:
        """A digit key; True when it was of use."""
        return False

    def echo(self, digit: str) -> tuple[Part, ...]:
        """What a voice says after a digit key was of use."""
        return of_digit(digit, masked=False)

    def hint(self, key: str) -> tuple[Part, ...]:
        """What a voice adds for a control: why it cannot be used, or what it will take."""
        return ()

    def told(self, key: str) -> tuple[Part, ...]:
        """What a voice says when the control of this key has changed something here; empty: the whole screen anew."""
        return ()

    def next_focus(self, typed: bool) -> str | None:
        """The control that a digit leads on to; `typed` by its own key, where select then means to confirm."""
        return None

    def erase(self) -> bool:
        """The erase key; False when there is nothing to erase, and it means Back."""
        return False

    def turn(self, number: int) -> None:
        self.turning.number = number
        self.room.refresh()

    def answer(self, value: Any) -> Callable[[], None]:
        """What a control does that answers the prompt."""
        return lambda: self.room.reply(value)

    def spoken(self) -> tuple[Part, ...]:
        """What a voice says first when the screen opens; empty: what is shown, in reading order."""
        return ()

    def buttons(self, actions: tuple[Action, ...]) -> tuple[list[Button], Button | None]:
        """The actions as buttons beside the body, and the primary one that goes to the footer."""
        primary = next((action for action in actions if action.style != "secondary"), None)
        others = [self._button(action) for action in actions if action is not primary]
        return others, self._button(primary) if primary else None

    def _button(self, action: Action) -> Button:
        return Button(
            f"action-{action.key}",
            action.label,
            self.answer(action.key) if action.enabled else None,
            kind=action.style,
            icon=action.icon,
            reason=action.reason,
        )


AnyScreen = Screen[Any]
