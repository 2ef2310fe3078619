"""From what the contacts of a cabinet say to its status; a sensor that says nothing is unknown, not shut."""

from collections.abc import Mapping

from hardware.device import Fault, State, Status


def judge(door_open: bool | None, tampered: bool | None, detail: Mapping[str, str]) -> Status:
    """A cabinet that was tampered with is out of service; an open door is for staff to know; None is unknown."""
    words = {
        **detail,
        "door": "unknown" if door_open is None else "open" if door_open else "closed",
        "tamper": "unknown" if tampered is None else "tampered" if tampered else "ok",
    }
    if tampered:
        return Status(State.OUT_OF_SERVICE, Fault.TAMPERED, words)
    if door_open:
        return Status(State.DEGRADED, Fault.DOOR_OPEN, words)
    if door_open is None and tampered is None:
        return Status(State.DISCONNECTED, Fault.DISCONNECTED, words)
    return Status(State.READY, None, words)
