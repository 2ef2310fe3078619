"""Switches, contacts and sensors that the kernel shows as a file: GPIO, IIO, extcon, an input's switch.

Such a file holds a word; one word, given in the settings, means yes, and every other means no.
"""

from dataclasses import dataclass
from pathlib import Path

from hardware.device import reason

MAX_WORD_BYTES = 64


@dataclass(frozen=True)
class Contact:
    """The file at `path`; it says yes when it holds `yes`."""

    path: Path
    yes: str = "1"

    def says(self) -> bool | None:
        """Yes or no, or None when the file cannot be read."""
        try:
            return self._word() == self.yes
        except OSError:
            return None

    def why(self) -> str:
        """Why it says nothing, for staff; empty when it says something."""
        try:
            self._word()
        except OSError as error:
            return f"{self.path}: {reason(error)}"
        return ""

    def _word(self) -> str:
        with self.path.open("rb") as file:
            return file.read(MAX_WORD_BYTES).decode("utf-8", "replace").strip()


class SimulatedContact:
    """A file to play the kernel's: `contact` reads it."""

    def __init__(self, path: Path) -> None:
        self.contact = Contact(path)
        self.set(False)

    def set(self, yes: bool) -> None:
        """Close or open the contact; also mends a broken one."""
        self.contact.path.write_text("1\n" if yes else "0\n")

    def break_off(self) -> None:
        """The driver in the kernel is gone, and its file with it."""
        self.contact.path.unlink(missing_ok=True)
