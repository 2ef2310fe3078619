"""The stage: where prompts are shown and answered: a real window, or a scripted citizen in a test."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from kiosk.contract.wire import Language
from kiosk.prompts import Chrome, Prompt

TextSize = Literal["normal", "large", "extra"]
Theme = Literal["default", "dark", "contrast-light", "contrast-dark"]

Sound = Literal["press", "wrong", "done", "warn"]

Reply = Callable[[Any], None]
"""Called once, with the prompt's answer or a Gesture; later calls (a double tap) are ignored."""


@dataclass
class Preferences:
    """How this citizen wants the kiosk to be. Made new for every visit: nothing is reset field by field."""

    language: Language = "zh"
    text_size: TextSize = "normal"
    theme: Theme = "default"
    lowered: bool = False  # all controls within reach from a wheelchair
    elder: bool = False  # large text, few choices, slower time-outs
    speech: bool = False
    speech_rate: int = 0  # steps from the middle
    volume: int = 0  # steps from the middle
    blank: bool = False  # nothing on the screen, private audio only


class Stage(Protocol):
    """What shows prompts. All calls come from the loop's thread."""

    on_activity: Callable[[], None]
    """Set by the terminal; the stage calls it at every touch and key."""

    on_listening: Callable[[], None]
    """Set by the terminal; the stage calls it when the voice begins to say something and when it has said it."""

    def show(self, prompt: Prompt[Any], chrome: Chrome, preferences: Preferences, reply: Reply) -> None:
        """Replace what is shown. The citizen's changes of language and size go into `preferences`."""
        ...

    def warn(self, seconds_left: int | None) -> None:
        """The idle warning with its countdown and a big "I am still here"; None takes it away."""
        ...

    def sound(self, sound: Sound) -> None:
        """A short sound that says without words how something was taken."""
        ...


def put(stage: Stage, prompt: Prompt[Any], chrome: Chrome, preferences: Preferences) -> "asyncio.Future[Any]":
    """Show a prompt; the future comes to its answer. Who waits no longer cancels it: then a touch answers nothing."""
    reply: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def answer(value: Any) -> None:
        if not reply.done():  # the second tap of a double tap
            reply.set_result(value)

    stage.show(prompt, chrome, preferences, answer)
    return reply


def once(reply: Reply) -> Reply:
    """A second touch answers nothing."""
    answered = False

    def answer(value: Any) -> None:
        nonlocal answered
        if not answered:
            answered = True
            reply(value)

    return answer
