"""What the kiosk asks of its guidance lights."""

from enum import StrEnum
from typing import Protocol

from hardware.device import Command, Driver


class Place(StrEnum):
    """Where a light can be; a light shows the way to the device of the same name."""

    ID_CARD = "id_card"
    JOINT_CARD = "joint_card"
    SCANNER = "scanner"
    RECEIPT_PRINTER = "receipt_printer"
    A4_PRINTER = "a4_printer"
    IN_SERVICE = "in_service"


class Glow(StrEnum):
    """What a light can do."""

    OFF = "off"
    STEADY = "steady"
    FLASHING = "flashing"  # about twice a second: slower than what can harm


class LightsDriver(Driver, Protocol):
    """The lights of a kiosk. A place without a light is not an error."""

    def show(self, place: Place, glow: Glow, command: Command) -> bool:
        """Set a light; False when there is none at the place, or it does not obey."""
        ...
