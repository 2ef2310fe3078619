"""Twenty-four hours of every driver at once: 50,000 commands, a mishap before every fifth, nobody restarted.

A kiosk that is busy gives its devices a command every 1.7 seconds; the time between two commands is left out here, and
time-outs of seconds are shortened, so that the day passes in minutes. `-s` shows how every device fared.
"""

import asyncio
import ctypes
import gc
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from hardware import device
from hardware.id_card import sam_v
from hardware.receipt_printer.simulator_links import PtyPrinter, TcpPrinter
from hardware.scanner import camera
from hardware.ups import nut
from hardware.xfs4iot import card_reader, client
from tests.hardware.life import lives, printer_lives
from tests.hardware.life.living import Life, live

DAY_COMMANDS = 50_000
QUARTERS = 4
PARTS = 1000
"""Of which every device has its share."""
DAY_GROWTH_BYTES = 8 << 20
MINUTES_GROWTH_BYTES = 128 << 20
"""A few hundred commands meet much for the first time in their last quarter; a leak shows over a day."""
REST_S = 20.0
OTHER_TIMES = (
    (device, "COMMAND_GRACE_S", 60.0),  # how late a command may end is judged here, for each driver by itself
    (sam_v, "ANSWER_TIMEOUT_S", 0.05),
    (sam_v, "READ_TIMEOUT_S", 0.05),
    (sam_v, "LOOK_EVERY_S", 0.01),
    (nut, "ANSWER_TIMEOUT_S", 0.1),
    (client, "STATUS_TIMEOUT_S", 0.2),
    (client, "CANCEL_TIMEOUT_S", 0.2),
    (client, "CLOSE_TIMEOUT_S", 0.1),
    (card_reader, "CHIP_TIMEOUT_S", 0.2),
    (card_reader, "EJECT_TIMEOUT_S", 0.2),
    (camera, "RECHECK_S", 0.0),
)


@dataclass(frozen=True)
class Held:
    """What this process holds."""

    threads: int
    descriptors: int
    memory_bytes: int
    children: int

    @classmethod
    def now(cls) -> "Held":
        """Counted when everything is at rest."""
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
        process = psutil.Process()
        descriptors = len(list(Path("/proc/self/fd").iterdir()))
        return cls(
            threading.active_count(),
            descriptors,
            process.memory_info().rss,
            len(process.children(recursive=True)),
        )


def everybody() -> list[Life]:
    return [
        lives.id_card_reader(),
        lives.joint_card_reader(),
        lives.camera(),
        lives.serial_scanner(),
        lives.wedge_scanner(),
        lives.loudspeaker(),
        lives.contacts(),
        lives.ups_on_nut(),
        printer_lives.receipt_printer(TcpPrinter, share=20),
        printer_lives.receipt_printer(PtyPrinter, share=10),
        printer_lives.a4_printer(),
        *printer_lives.services(),
    ]


@pytest.fixture
def kiosk(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Life]]:
    """Every device of every driver."""
    for module, name, value in OTHER_TIMES:
        monkeypatch.setattr(module, name, value)
    devices: list[Life] = []
    try:
        devices.extend(everybody())
        yield devices
    finally:
        for life in devices:
            life.close()


async def all_live(kiosk: list[Life], commands: int, seed: int) -> None:
    """All at once; each gets its share, and at least a few."""
    async with asyncio.TaskGroup() as group:
        for number, life in enumerate(kiosk):
            group.create_task(live(life, max(3, commands * life.share // PARTS), seed + number))


def at_rest(before: Held) -> Held:
    """What is held once the last connection that was cut has been noticed; a leak stays, and is seen after a while."""
    until = time.monotonic() + REST_S
    while True:
        held = Held.now()
        grown = (
            held.threads > before.threads
            or held.descriptors > before.descriptors
            or held.children > before.children
        )
        if not grown or time.monotonic() > until:
            return held
        threading.Event().wait(0.1)


def day(kiosk: list[Life], commands: int, growth_bytes: int) -> None:
    """In four quarters. What is made once is there after the first, and after the second all that a buffer will ever
    hold: from then on nothing may grow."""
    assert sum(life.share for life in kiosk) == PARTS
    quarters = []
    for quarter in range(QUARTERS):
        asyncio.run(all_live(kiosk, commands // QUARTERS, seed=quarter))
        quarters.append(Held.now())
        print(quarters[-1])
    for life in kiosk:
        print(f"{life.name}: {life.ended.total()} commands, latest {life.latest_s:.2f} s, {dict(life.ended)}")
    first, second, *_ = quarters
    last = at_rest(first)
    assert last.threads <= first.threads
    assert last.descriptors <= first.descriptors
    assert last.children <= first.children
    assert last.memory_bytes <= second.memory_bytes + growth_bytes


def test_a_few_minutes(kiosk: list[Life]) -> None:
    day(kiosk, 500, MINUTES_GROWTH_BYTES)


@pytest.mark.soak
def test_twenty_four_hours(kiosk: list[Life]) -> None:
    day(kiosk, DAY_COMMANDS, DAY_GROWTH_BYTES)
    assert sum(life.ended.total() for life in kiosk) >= DAY_COMMANDS
