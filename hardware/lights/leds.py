"""Driver for lights that the kernel knows as LEDs (/sys/class/leds)."""

from collections.abc import Mapping
from pathlib import Path

from hardware.device import Command, Fault, State, Status
from hardware.lights.interface import Glow, Place

HALF_PERIOD_MS = 250


class LedLights:
    """`leds` names the LED of each place that has one; `folder` is where the kernel keeps them."""

    def __init__(self, leds: dict[str, str], folder: str = "/sys/class/leds") -> None:
        self._leds: Mapping[Place, Path] = {Place(place): Path(folder) / led for place, led in leds.items()}

    def status(self, command: Command) -> Status:
        """Whether all lights are there."""
        missing = sorted(place for place, led in self._leds.items() if not (led / "brightness").exists())
        detail = {"lights": str(len(self._leds))}
        if missing:
            return Status(State.DEGRADED, Fault.DISCONNECTED, {**detail, "missing": " ".join(missing)})
        return Status(State.READY, None, detail)

    def show(self, place: Place, glow: Glow, command: Command) -> bool:
        """Set a light."""
        led = self._leds.get(place)
        if led is None:
            return False
        try:
            if glow is Glow.FLASHING:
                (led / "trigger").write_text("timer")
                (led / "delay_on").write_text(str(HALF_PERIOD_MS))
                (led / "delay_off").write_text(str(HALF_PERIOD_MS))
            else:
                (led / "trigger").write_text("none")
                most = (led / "max_brightness").read_text().strip()
                (led / "brightness").write_text("0" if glow is Glow.OFF else most)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Nothing is held; the lights stay as they are."""
