"""Twenty-four hours of every driver at once: 50,000 commands, a mishap before every fifth, nobody restarted.

A kiosk that is busy gives its devices a command every 1.7 seconds; the time between two commands is left out here, and
time-outs of seconds are shortened, so that the day passes in minutes. `-s` shows how every device fared.
"""

import asyncio
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from hardware import device
from hardware.device import Command
from hardware.id_card import sam_v
from hardware.receipt_printer.simulator_links import PtyPrinter, TcpPrinter
from hardware.scanner import camera
from hardware.ups import nut
from hardware.xfs4iot import card_reader, client
from tests.hardware.life import lives, printer_lives
from tests.hardware.life.holding import held_at_rest, tidy
from tests.hardware.life.living import STATUS_S, Life, live

DAY_COMMANDS = 50_000
QUARTERS = 4
PARTS = 1000
"""Of which every device has its share."""


@dataclass(frozen=True)
class Limits:
    """How much more may be held at the end than at noon."""

    resident_bytes: int
    in_use_bytes: int
    python_blocks: int


OF_A_DAY = Limits(resident_bytes=4 << 20, in_use_bytes=1 << 20, python_blocks=2_000)
OF_MINUTES = Limits(resident_bytes=128 << 20, in_use_bytes=16 << 20, python_blocks=100_000)
"""A few hundred commands meet much for the first time in their last quarter; a leak shows over a day."""
FIRST_LOOKS, LOOKS = 50, 200
KEPT_BY_A_LOOK = 2
"""More pieces of Python's are no accident; the far ends, which live in this process too, keep one here and there."""
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
def one_heap() -> None:
    """Before the devices: their threads begin with what malloc has been told."""
    tidy()


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


def day(kiosk: list[Life], commands: int, limits: Limits) -> None:
    """In four quarters. What is made once is there after the first, and after the second all that a buffer will ever
    hold: from then on nothing may grow."""
    assert sum(life.share for life in kiosk) == PARTS
    quarters = []
    for quarter in range(QUARTERS):
        began = time.monotonic()
        asyncio.run(all_live(kiosk, commands // QUARTERS, seed=quarter))
        quarters.append(held_at_rest())
        print(f"{time.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.1f}: {quarters[-1]}", flush=True)
    for life in kiosk:
        print(f"{life.name}: {life.ended.total()} commands, latest {life.latest_s:.2f} s, {dict(life.ended)}")
    first, second, _, last = quarters
    assert last.threads <= first.threads
    assert last.descriptors <= first.descriptors
    assert last.children <= first.children
    assert last.in_use_bytes - second.in_use_bytes <= limits.in_use_bytes
    assert last.python_blocks - second.python_blocks <= limits.python_blocks
    assert last.resident_bytes - second.resident_bytes <= limits.resident_bytes


def test_a_look_leaves_nothing_behind(kiosk: list[Life]) -> None:
    """A kiosk looks at each device every other second, day and night."""

    def blocks_after(looks: int, life: Life) -> int:
        for _ in range(looks):
            life.driver.status(Command(STATUS_S))
        return held_at_rest().python_blocks

    for life in kiosk:
        began = time.monotonic()
        before = blocks_after(FIRST_LOOKS, life)
        kept = blocks_after(LOOKS, life) - before
        print(f"{life.name}: {LOOKS} looks, {kept} blocks kept, {time.monotonic() - began:.1f} s")
        assert kept < LOOKS * KEPT_BY_A_LOOK, life.name


def test_a_few_minutes(kiosk: list[Life]) -> None:
    day(kiosk, 500, OF_MINUTES)


@pytest.mark.soak
@pytest.mark.usefixtures("one_heap")
def test_twenty_four_hours(kiosk: list[Life]) -> None:
    day(kiosk, DAY_COMMANDS, OF_A_DAY)
    assert sum(life.ended.total() for life in kiosk) >= DAY_COMMANDS
