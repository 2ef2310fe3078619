"""Scanners that pretend to be a keyboard ("wedge"): key codes of a US layout, ended by Enter or Tab.

The device is grabbed, so that what a citizen holds up is never typed into the screen. A keyboard cannot type
Chinese: a scanner for codes with hanzi has to be set to serial mode.
"""

import select
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from hardware.device import Command, Fault, State, Status, reason
from hardware.scanner.interface import PAYLOAD_LIMIT_BYTES, NothingSeen, Scan, ScanFault, admit

_LOOK_S = 0.05
_KEY_EVENT = 1  # EV_KEY of linux/input-event-codes.h, as are the key codes below
_RELEASED, _PRESSED = 0, 1
_SHIFTS = (42, 54)
_ENDS = (28, 96, 15)  # Enter, Enter of the number pad, Tab
_LONGEST_LINE = PAYLOAD_LIMIT_BYTES + 1  # one more tells the driver that it was too long

_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
)
"""The first key code of each run of keys, what they type, and what they type with shift."""

_KEYS: Mapping[int, tuple[str, str]] = {
    first + place: pair
    for first, plain, shifted in _ROWS
    for place, pair in enumerate(zip(plain, shifted, strict=True))
}


@dataclass(frozen=True)
class Typed:
    """What has been typed of a line so far, and whether shift is held."""

    text: str = field(default="", repr=False)
    shifted: bool = False


def key(typed: Typed, code: int, value: int) -> tuple[Typed, str | None]:
    """Take in one key event (value 1 = pressed, 0 = released, 2 = repeated); a line when it is complete."""
    if code in _SHIFTS:
        return Typed(typed.text, value != _RELEASED), None
    if value != _PRESSED:
        return typed, None
    if code in _ENDS:
        return Typed("", typed.shifted), typed.text or None
    characters = _KEYS.get(code)
    if characters is None or len(typed.text) >= _LONGEST_LINE:
        return typed, None
    return Typed(typed.text + characters[typed.shifted], typed.shifted), None


class Keyboard(Protocol):
    """The part of evdev.InputDevice that is used here."""

    def fileno(self) -> int:
        """A descriptor to wait on."""
        ...

    def read(self) -> Iterable[Any]:
        """The events that are waiting, each with `type`, `code` and `value`."""
        ...

    def close(self) -> None:
        """Let go of the device."""
        ...


def grabbed(path: str) -> Keyboard:
    """Open an event device for this process alone. Raises OSError."""
    import evdev  # compiled from source on most machines: only those with a wedge need it

    device = evdev.InputDevice(path)
    device.grab()
    keyboard: Keyboard = device
    return keyboard


class WedgeScanner:
    """A keyboard wedge at `path`, such as /dev/input/by-id/...-event-kbd."""

    def __init__(self, path: str, open_keyboard: Callable[[str], Keyboard] = grabbed) -> None:
        self._path = path
        self._open_keyboard = open_keyboard
        self._keyboard: Keyboard | None = None

    def status(self, command: Command) -> Status:
        """Whether the device is there and ours. What was scanned unasked is thrown away."""
        try:
            self._discard()
        except (OSError, ImportError) as error:
            self.close()
            return Status(State.DISCONNECTED, Fault.DISCONNECTED, {**self._detail(), "why": reason(error)})
        return Status(State.READY, None, self._detail())

    def scan(self, command: Command) -> Scan:
        """The next code that is typed; one that came before is the last citizen's and is thrown away."""
        try:
            self._discard()
            return self._listen(command)
        except (OSError, ImportError):
            self.close()
            return ScanFault(Fault.DISCONNECTED)

    def close(self) -> None:
        """Let go of the device."""
        if self._keyboard:
            self._keyboard.close()
        self._keyboard = None

    def _listen(self, command: Command) -> Scan:
        typed = Typed()
        while command.remaining_s() > 0.0:
            for event in self._waiting(_LOOK_S):
                if event.type == _KEY_EVENT:
                    typed, line = key(typed, event.code, event.value)
                    if line is not None:
                        return admit(line)
        return NothingSeen()

    def _discard(self) -> None:
        if self._keyboard is None:
            self._keyboard = self._open_keyboard(self._path)
        while list(self._waiting(0.0)):
            pass

    def _waiting(self, within_s: float) -> Iterable[Any]:
        keyboard = self._keyboard
        assert keyboard is not None
        ready = select.select([keyboard.fileno()], [], [], within_s)[0]
        return keyboard.read() if ready else ()

    def _detail(self) -> Mapping[str, str]:
        return {"driver": "wedge", "device": Path(self._path).name}
