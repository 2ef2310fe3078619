"""What a device's life is, and how it is lived: command after command, through the worker that the kiosk uses."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from hardware.device import Command, CommandCancelled, Device, DeviceFault, Driver, Kind
from tests.hardware.life.outcomes import is_named

STATUS_S = 30.0
"""A look may start programs of its own on a busy machine."""
BUSY_MACHINE_S = 5.0
"""What a machine that has other things to do may add."""
MISHAPS = 0.2
CANCELS = 0.1
"""How often something goes wrong before a command, and how often it is called off."""


def nothing() -> None:
    """What cannot be done to a device."""


@dataclass
class Life:
    """One device: its driver, what can be asked of it, and what can happen at its far end.

    `well` ends every mishap; `rest` has the driver let go of everything. `share` is how many of a thousand commands
    are this device's, `late_s` how long after its deadline or its cancel a command may end.
    """

    name: str
    kind: Kind
    driver: Driver
    share: int
    verbs: Sequence[Callable[[Command], object]]
    mishaps: Sequence[Callable[[], object]]
    well: Callable[[], object]
    happenings: Sequence[Callable[[], object]] = (nothing,)
    deadlines_s: Sequence[float] = (0.0, 0.05, 0.3)
    late_s: float = 1.0
    rest: Callable[[], object] = nothing
    close: Callable[[], object] = nothing
    ended: Counter[str] = field(default_factory=Counter)
    latest_s: float = 0.0
    """The longest that a command has come back after its deadline or its cancel."""

    def happen(self, chance: Random) -> None:
        """Something at the far end: a mishap begins, or all is well again; a card comes, a hand takes the paper."""
        if chance.random() < MISHAPS:
            self.well()
            chance.choice(self.mishaps)()
        elif chance.random() < 0.5:
            self.well()
        chance.choice(self.happenings)()


async def live(life: Life, commands: int, seed: int) -> None:
    """Give one device so many commands. Raises AssertionError for one that ends unnamed or too late."""
    chance = Random(seed)
    device = Device(life.kind, life.driver)
    try:
        for _ in range(commands):
            await asyncio.to_thread(life.happen, chance)
            if chance.random() < 0.2:
                await one(life, device, life.driver.status, STATUS_S, None)
            else:
                cancel_s = chance.choice([0.0, 0.02, 0.2]) if chance.random() < CANCELS else None
                await one(life, device, chance.choice(life.verbs), chance.choice(life.deadlines_s), cancel_s)
        await asyncio.to_thread(life.well)
        await asyncio.wrap_future(device._worker.submit(life.rest or life.driver.close))
    finally:
        device._worker.end()


async def one(
    life: Life,
    device: Device[Any],
    verb: Callable[[Command], object],
    timeout_s: float,
    cancel_s: float | None,
) -> None:
    """One command, called off after `cancel_s`."""
    over_at = time.monotonic() + timeout_s
    task = asyncio.create_task(device.run(verb, timeout_s))
    if cancel_s is not None:
        await asyncio.wait({task}, timeout=cancel_s)
        task.cancel()
        over_at = min(over_at, time.monotonic())
    outcome: object
    try:
        outcome = await task
    except (asyncio.CancelledError, CommandCancelled) as called_off:
        outcome = called_off
    except DeviceFault as fault:
        outcome = fault
    with suppress(asyncio.CancelledError, TimeoutError):  # a command that was called off ends here
        await asyncio.wait_for(
            asyncio.wrap_future(device._worker.submit(nothing)), life.late_s + BUSY_MACHINE_S
        )
    late_s = time.monotonic() - over_at
    life.latest_s = max(life.latest_s, late_s)
    assert is_named(outcome), f"{life.name}: {outcome!r}"
    assert late_s < life.late_s + BUSY_MACHINE_S, f"{life.name}: {late_s:.1f} s late with {outcome!r}"
    life.ended[type(outcome).__name__] += 1
