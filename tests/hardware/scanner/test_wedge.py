"""Keyboard wedges: key codes to text, and the driver over a pipe of kernel input events."""

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.device import Command, CommandCancelled, Fault, State
from hardware.scanner.interface import PAYLOAD_LIMIT_BYTES, Decoded, NothingSeen, ScanFault
from hardware.scanner.wedge import _KEYS, Typed, WedgeScanner, key
from tests.hardware.scanner.wedge_cable import ENTER, SHIFT, TAB, TYPED, Cable, strokes


def read(events: Iterable[tuple[int, int]]) -> list[str]:
    typed, lines = Typed(), []
    for code, value in events:
        typed, line = key(typed, code, value)
        if line is not None:
            lines.append(line)
    return lines


def test_the_layout_is_the_kernels() -> None:
    from evdev import ecodes

    names = {"KEY_A": "a", "KEY_Q": "q", "KEY_Z": "z", "KEY_0": "0", "KEY_SLASH": "/", "KEY_MINUS": "-",
             "KEY_SEMICOLON": ";", "KEY_APOSTROPHE": "'", "KEY_GRAVE": "`", "KEY_BACKSLASH": "\\",
             "KEY_LEFTBRACE": "[", "KEY_EQUAL": "=", "KEY_SPACE": " ", "KEY_M": "m"}  # fmt: skip
    for name, character in names.items():
        assert _KEYS[getattr(ecodes, name)][0] == character
    assert (ecodes.KEY_ENTER, ecodes.KEY_TAB, ecodes.KEY_LEFTSHIFT) == (ENTER, TAB, SHIFT)


@given(st.text("".join(TYPED), min_size=1, max_size=PAYLOAD_LIMIT_BYTES), st.sampled_from([ENTER, TAB, 96]))
def test_what_is_typed_is_read(text: str, end: int) -> None:
    assert read(strokes(text, end)) == [text]


@given(st.lists(st.tuples(st.integers(0, 800), st.integers(-1, 3))))
def test_no_run_of_keys_breaks_it(events: list[tuple[int, int]]) -> None:
    assert all(read(events))


@pytest.fixture
def cable() -> Iterator[Cable]:
    made = Cable()
    yield made
    made.scanner.close()
    made.pull()


class Sending(Command):
    """A command whose first look at the clock lets the scanner speak: it is listening by then."""

    def __init__(self, cable: Cable, text: str) -> None:
        super().__init__(timeout_s=5)
        self.cable, self.text = cable, text

    def remaining_s(self) -> float:
        if self.text:
            self.cable.send(self.text)
            self.text = ""
        return super().remaining_s()


def test_the_next_code_is_read_and_an_old_one_is_not(cable: Cable) -> None:
    assert cable.scanner.status(Command(1)).state is State.READY
    cable.send("old")
    assert cable.scanner.scan(Sending(cable, "NEW/42?x=1")) == Decoded("NEW/42?x=1")


def test_too_long_a_line_is_refused(cable: Cable) -> None:
    assert cable.scanner.scan(Sending(cable, "x" * 600)) == ScanFault(Fault.CODE_TOO_LONG)


def test_no_code_in_time(cable: Cable) -> None:
    assert cable.scanner.scan(Command(0.1)) == NothingSeen()


def test_a_cancel_ends_the_scan(cable: Cable) -> None:
    command = Command(5)
    command.cancel()
    with pytest.raises(CommandCancelled):
        cable.scanner.scan(command)


def test_an_unplugged_wedge_is_disconnected_and_comes_back(cable: Cable) -> None:
    assert cable.scanner.status(Command(1)).state is State.READY
    cable.pull()
    assert cable.scanner.scan(Command(1)) == ScanFault(Fault.DISCONNECTED)
    cable.plug()
    assert cable.scanner.scan(Sending(cable, "back")) == Decoded("back")


def test_a_missing_device_is_disconnected() -> None:
    scanner = WedgeScanner("/dev/input/there-is-none")
    assert scanner.status(Command(1)).state is State.DISCONNECTED
    assert scanner.scan(Command(1)) == ScanFault(Fault.DISCONNECTED)
