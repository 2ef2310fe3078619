"""A keyboard wedge at the end of a pipe: the key codes that it sends, and the cable that can be pulled."""

import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

from hardware.scanner.wedge import _KEYS, WedgeScanner

SHIFT, ENTER, TAB = 42, 28, 15
TYPED = {character: (code, shifted) for code, pair in _KEYS.items() for shifted, character in enumerate(pair)}


def strokes(text: str, end: int = ENTER) -> Iterator[tuple[int, int]]:
    """The key events that a scanner sends for `text`."""
    for character in text:
        code, shifted = TYPED[character]
        if shifted:
            yield SHIFT, 1
        yield code, 1
        yield code, 0
        if shifted:
            yield SHIFT, 0
    yield end, 1
    yield end, 0


class PipedKeyboard:
    """The kernel's input_event structs from a pipe, as evdev would hand them out."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def fileno(self) -> int:
        return self.descriptor

    def read(self) -> list[Any]:
        data = os.read(self.descriptor, 24 * 64)
        if not data:
            raise OSError("gone")
        return [
            SimpleNamespace(type=kind, code=code, value=value)
            for _, _, kind, code, value in struct.iter_unpack("llHHi", data)
        ]

    def close(self) -> None:
        os.close(self.descriptor)


class Cable:
    """A wedge scanner with a pipe for a cable."""

    def __init__(self) -> None:
        self.far = self.near = -1
        self.plug()
        self.scanner = WedgeScanner("/dev/input/wedge", self.open)

    def plug(self) -> None:
        """Put the scanner in."""
        self.near, self.far = os.pipe()
        os.set_blocking(self.far, False)

    def pull(self) -> None:
        """Pull the scanner out; does nothing when it is out."""
        if self.far >= 0:
            os.close(self.far)
            os.close(self.near)
        self.far = self.near = -1

    def open(self, path: str) -> PipedKeyboard:
        """What the driver opens. Raises OSError."""
        if self.near < 0:
            raise OSError("no such device")
        return PipedKeyboard(os.dup(self.near))

    def send(self, text: str) -> None:
        """Type a code; the kernel drops what nobody reads."""
        with suppress(BlockingIOError):
            for code, value in strokes(text):
                os.write(self.far, struct.pack("llHHi", 0, 0, 1, code, value))
                os.write(self.far, struct.pack("llHHi", 0, 0, 0, 0, 0))  # EV_SYN
