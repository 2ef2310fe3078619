"""Driver for door and tamper contacts behind files of the kernel."""

from pathlib import Path

from hardware.cabinet.judge import judge
from hardware.contacts import Contact
from hardware.device import Command, Status


class ContactCabinet:
    """A door contact at `door`, a tamper contact at `tamper`, either may be empty for none; each says 1 when the
    door is open and when the cabinet was tampered with, or the other word that `open_word` and `tampered_word` give.
    """

    def __init__(
        self, door: str = "", tamper: str = "", open_word: str = "1", tampered_word: str = "1"
    ) -> None:
        if not door and not tamper:
            raise ValueError("a cabinet without any contact is driver = none")
        self._door = Contact(Path(door), open_word) if door else None
        self._tamper = Contact(Path(tamper), tampered_word) if tamper else None

    def status(self, command: Command) -> Status:
        """What the contacts say."""
        door = self._door.says() if self._door else None
        tampered = self._tamper.says() if self._tamper else None
        whys = [why for contact in (self._door, self._tamper) if contact and (why := contact.why())]
        return judge(door, tampered, {"why": "; ".join(whys)} if whys else {})

    def close(self) -> None:
        """Nothing is held."""
