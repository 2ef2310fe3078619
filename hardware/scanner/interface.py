"""What a scanner offers to the kiosk, and what may leave it: short plain text, or the reason why not.

A code is written by whoever holds it up. Nothing here looks at what it means; it only makes sure that what
comes out is text, short, and free of control characters. The text is personal: it is never logged.
"""

import unicodedata
from dataclasses import dataclass, field
from typing import Protocol

from hardware.device import Command, Driver, Fault

PAYLOAD_LIMIT_BYTES = 512
"""The longest payload that is handed on, in UTF-8 bytes. A phone code of the fund takes about 200."""


@dataclass(frozen=True)
class Decoded:
    """A code was read. `text` is at most PAYLOAD_LIMIT_BYTES in UTF-8 and has no control characters."""

    text: str = field(repr=False)  # so that no log or traceback shows it


@dataclass(frozen=True)
class NothingSeen:
    """The time was up before any code could be read."""


@dataclass(frozen=True)
class ScanFault:
    """The scan ended for this cause: the scanner's own, or a code that may not be handed on."""

    fault: Fault


Scan = Decoded | NothingSeen | ScanFault


class ScannerDriver(Driver, Protocol):
    """A device that reads codes."""

    def scan(self, command: Command) -> Scan:
        """Block until a code is read, a fault ends the scan, or the command's deadline passes.

        Raises CommandCancelled when the command is called off. Never raises for what the code holds.
        """
        ...


def admit(text: str) -> Scan:
    """Hand `text` on if it is short and printable; blanks and line ends around it are dropped."""
    text = text.strip()
    if len(text.encode("utf-8", errors="surrogatepass")) > PAYLOAD_LIMIT_BYTES:
        return ScanFault(Fault.CODE_TOO_LONG)
    # C* = control, format (bidi overrides, zero width), surrogate, private use, unassigned
    if not text or any(_controls(char) for char in text):
        return ScanFault(Fault.CODE_NOT_TEXT)
    return Decoded(text)


def _controls(char: str) -> bool:
    """Whether a character does something instead of being read: controls, and separators of lines."""
    category = unicodedata.category(char)
    return category.startswith("C") or category in ("Zl", "Zp")
