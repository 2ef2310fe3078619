"""Driver for a presence sensor behind a file of the kernel."""

from pathlib import Path

from hardware.contacts import Contact
from hardware.device import Command, Fault, State, Status


class ContactPresence:
    """A sensor at `path` (such as /sys/class/gpio/gpio17/value) that says `present` when somebody is there."""

    def __init__(self, path: str, present: str = "1") -> None:
        self._contact = Contact(Path(path), present)

    def status(self, command: Command) -> Status:
        """Whether the sensor can be read. What it sees is no part of that: people are not journalled."""
        detail = {"path": str(self._contact.path)}
        if self._contact.says() is None:
            return Status(State.DISCONNECTED, Fault.DISCONNECTED, {**detail, "why": self._contact.why()})
        return Status(State.READY, None, detail)

    def somebody(self, command: Command) -> bool | None:
        """Whether somebody is there."""
        return self._contact.says()

    def close(self) -> None:
        """Nothing is held."""
