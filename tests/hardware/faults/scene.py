"""What a scene is, the stage it plays on, and the list of all scenes."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack, closing
from typing import Any, Protocol, TypeVar
from unittest.mock import patch

from hardware import device as device_module
from hardware.a4_printer.simulator import SimulatedA4Printer
from hardware.device import Command, Device, DeviceFault, Driver, Fault, Kind, Status

HUNG_GRACE_S = 0.3
ANSWER_S = 10.0
"""A deadline that is only reached when something is wrong, on however busy a machine."""


class Closes(Protocol):
    """Whatever has to be put away behind a scene."""

    def close(self) -> None:
        """Put it away."""
        ...


C = TypeVar("C", bound=Closes)


class Stage:
    """What a scene needs for as long as it plays."""

    def __init__(self, stack: ExitStack, spooler: Callable[[], SimulatedA4Printer]) -> None:
        self.stack = stack
        self.spooler = spooler
        """The one CUPS of all scenes, with a printer that is well."""

    def use(self, made: C) -> C:
        """Close it when the scene is over."""
        return self.stack.enter_context(closing(made))


Scene = Callable[[Stage], Fault | None]
"""Makes a cause and returns what the driver names."""

SCENES: dict[tuple[Kind, Fault], Scene] = {}


def scene(kind: Kind, fault: Fault) -> Callable[[Scene], Scene]:
    """This is how the fault is made on a device of this kind."""

    def keep(made: Scene) -> Scene:
        assert (kind, fault) not in SCENES, f"{kind} {fault} has two scenes"
        SCENES[kind, fault] = made
        return made

    return keep


def status_of(driver: Driver) -> Status:
    """What the driver says now."""
    return driver.status(Command(ANSWER_S))


def fault_of(outcome: Any) -> Fault | None:
    """The fault that an outcome names; None for one that names none."""
    fault = getattr(outcome, "fault", None)
    return fault if isinstance(fault, Fault) else None


def run_out(
    kind: Kind, driver: Driver, verb: Callable[[Command], object], seconds: float = 0.1
) -> Fault | None:
    """What the device's worker says when the driver does not come back from `verb`."""
    device = Device(kind, driver)
    try:
        with patch.object(device_module, "COMMAND_GRACE_S", HUNG_GRACE_S):
            asyncio.run(device.run(verb, seconds))
    except DeviceFault as raised:
        return raised.fault
    return None
