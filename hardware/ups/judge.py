"""From a UPS's flags to its status."""

from collections.abc import Mapping

from hardware.device import Fault, State, Status


def judge(on_battery: bool, battery_low: bool, detail: Mapping[str, str]) -> Status:
    """On a low battery nothing new should be begun: out of service. On battery: degraded, as on a battery to
    replace."""
    if on_battery and battery_low:
        return Status(State.OUT_OF_SERVICE, Fault.BATTERY_LOW, detail)
    if on_battery:
        return Status(State.DEGRADED, Fault.ON_BATTERY, detail)
    if battery_low:
        return Status(State.DEGRADED, Fault.BATTERY_LOW, detail)
    return Status(State.READY, None, detail)
