"""The heartbeat: tells the centre how the kiosk is, and the kiosk whether the centre is there."""

import asyncio
import random
import tomllib
from functools import cache

from kiosk import central
from kiosk.contract.kiosks import Heartbeat
from kiosk.health import HealthBoard
from kiosk.journal import Journal, JournalBroken
from kiosk.line import Line, Refused, Unreachable, utc_now
from kiosk.operations import Operations
from kiosk.settings import ROOT

BEAT_S = 30.0
BEAT_WHEN_DOWN_S = 3.0
JITTER = 0.2
"""A fifth either way, so that a hall of kiosks does not beat in step."""


@cache
def product_version() -> str:
    """The version that pyproject.toml names: the kiosk runs from its folder and is never installed as a package."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def quiet() -> Heartbeat:
    """A beat for a check of the line: it tells nothing, so the centre keeps what it was told before."""
    return Heartbeat(
        version=product_version(), journal_head="", journal_sequence=0, unknown_operations=0, devices={}
    )


async def vital_signs(board: HealthBoard, journal: Journal, operations: Operations) -> Heartbeat:
    """How the kiosk is, now. Raises JournalBroken."""
    head, unknown = journal.head(), await operations.unknown_records()
    oldest = min((record.since for record in unknown if record.since), default=None)
    return Heartbeat(
        version=product_version(),
        journal_head=head.hex,
        journal_sequence=head.sequence,
        unknown_operations=len(unknown),
        oldest_unknown_s=max(0, int((utc_now() - oldest).total_seconds())) if oldest else None,
        journal_used_percent=await journal.used_percent(),
        day_totals=await journal.day_totals(),
        devices={kind.value: status.state.value for kind, status in board.health.devices.items()},
    )


async def beat(line: Line, board: HealthBoard, journal: Journal, operations: Operations) -> None:
    """Beat until cancelled; each answer, or its lack, goes to the board. With a broken journal there is nothing true to
    tell: the kiosk falls silent, and the centre's list says that it did."""
    while True:
        try:
            message = await vital_signs(board, journal, operations)
        except JournalBroken:
            return
        try:
            await asyncio.to_thread(central.heartbeat, line, message)
            up = True
        except (Unreachable, Refused):
            up = False
        board.report_centre(up)
        pause = BEAT_S if up else BEAT_WHEN_DOWN_S
        await asyncio.sleep(pause * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311 - spreads load
