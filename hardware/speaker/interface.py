"""What the kiosk asks of its speech, and how speaking ends."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from hardware.device import Command, Driver, Fault

Cue = Literal["press", "wrong", "done", "warn"]
"""A short sound that says without words how a touch was taken."""

RATE_MIN, RATE_MAX = 0.5, 3.0


@dataclass(frozen=True)
class Speech:
    """Something to be said.

    `text` is as it should be read: amounts and numbers are words already. `key` names a recorded prompt that is
    played instead when there is one. `rate` is times the usual pace, `volume` per cent of the loudest.
    `personal` speech is for a headset only.
    """

    text: str = field(repr=False)
    language: Literal["zh", "en", "yue"] = "zh"
    key: str = ""
    rate: float = 1.0
    volume: int = 80
    personal: bool = False

    def __post_init__(self) -> None:
        if not RATE_MIN <= self.rate <= RATE_MAX or not 0 <= self.volume <= 100:
            raise ValueError("rate or volume out of bounds")


@dataclass(frozen=True)
class Spoken:
    """It was said to its end."""


@dataclass(frozen=True)
class Withheld:
    """It is personal and no headset is plugged in: nothing was said."""


@dataclass(frozen=True)
class NotSpoken:
    """It could not be said, or not to its end."""

    fault: Fault


SpeechOutcome = Spoken | Withheld | NotSpoken


class SpeakerDriver(Driver, Protocol):
    """A voice."""

    def say(self, speech: Speech, command: Command) -> SpeechOutcome:
        """Say it, to the end. Raises CommandCancelled, silent within a twentieth of a second, when called off."""
        ...

    def cue(self, cue: Cue, command: Command) -> None:
        """Sound it. Raises DeviceFault."""
        ...

    def headset(self, command: Command) -> bool | None:
        """True while a headset is plugged in, False while none is, None when no sensor tells."""
        ...
