"""What the kiosk asks of a presence sensor."""

from typing import Protocol

from hardware.device import Command, Driver


class PresenceDriver(Driver, Protocol):
    """A sensor of whatever kind that looks at the place before the screen."""

    def somebody(self, command: Command) -> bool | None:
        """True while somebody is there, False while nobody is, None when the sensor does not tell."""
        ...
