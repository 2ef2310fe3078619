"""What every card reader can answer when it has no card to hand over; the same for both kinds of reader."""

from dataclasses import dataclass

from hardware.device import Fault


@dataclass(frozen=True)
class NoCard:
    """The deadline passed and no card was put in."""


@dataclass(frozen=True)
class CardFault:
    """A card or the reader failed. `detail` is for staff; it never holds anything that stood on a card."""

    fault: Fault
    detail: str = ""
