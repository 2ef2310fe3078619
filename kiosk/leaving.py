"""The ways out of a flow. They are raised at the await; no flow catches them to tidy up."""

from hardware.device import Fault, Kind
from kiosk.line import Cause


class Leave(Exception):
    """The flow ends here: base of all ways out of it. `reason` is the word for the journal."""

    reason = "left"


class Cancelled(Leave):
    """The citizen touched "finish and clear"."""

    reason = "cancelled"


class BackOut(Leave):
    """Back from the first step of a flow: to the menu, still identified."""

    reason = "back"


class TimedOut(Leave):
    """Nobody answered, not even the warning."""

    reason = "timed-out"


class DeviceLost(Leave):
    """A device that the flow was using cannot go on."""

    reason = "device-lost"

    def __init__(self, kind: Kind, fault: Fault) -> None:
        super().__init__(f"{kind.value}: {fault.value}")
        self.kind = kind
        self.fault = fault


class CentralUnreachable(Leave):
    """The centre does not answer; nothing that moves money was under way."""

    reason = "centre-unreachable"

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.value)
        self.cause = cause
