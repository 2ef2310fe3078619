"""What the kiosk asks of a joint card reader, and what it gets back."""

from dataclasses import dataclass, field
from typing import Protocol

from hardware.cards import CardFault, NoCard
from hardware.device import Command, Driver


@dataclass(frozen=True)
class JointCard:
    """A card's number, 12 to 19 digits, and nothing else of it. `repr` shows nothing."""

    card_number: str = field(repr=False)


JointCardRead = JointCard | NoCard | CardFault


class JointCardDriver(Driver, Protocol):
    """A reader that a card is put into, or held to, and taken from again."""

    def read(self, command: Command) -> JointCardRead:
        """Wait until a card was read, or failed, or the deadline passed. Raises CommandCancelled only."""
        ...

    def present(self, command: Command) -> bool | None:
        """True while a card is in the reader, False when it was taken, None when nobody can tell."""
        ...
