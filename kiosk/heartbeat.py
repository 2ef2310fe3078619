"""The heartbeat: tells the centre how the kiosk is, and the kiosk whether the centre is there."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from importlib.metadata import PackageNotFoundError, version

from kiosk import central
from kiosk.contract.models import DayTotal, Heartbeat
from kiosk.health import HealthBoard
from kiosk.journal import Head
from kiosk.line import Line, Refused, Unreachable

BEAT_S = 30.0
BEAT_WHEN_DOWN_S = 3.0
JITTER = 0.2
"""A fifth either way, so that a hall of kiosks does not beat in step."""


def product_version() -> str:
    """The installed version, or 0 in a bare checkout."""
    try:
        return version("fund-kiosk")
    except PackageNotFoundError:
        return "0"


def quiet() -> Heartbeat:
    """A beat for a check of the line: it tells nothing, so the centre keeps what it was told before."""
    return Heartbeat(
        version=product_version(), journal_head="", journal_sequence=0, unknown_operations=0, devices={}
    )


async def beat(
    line: Line,
    board: HealthBoard,
    head: Callable[[], Head],
    unknown: Callable[[], Awaitable[int]],
    totals: Callable[[], Awaitable[tuple[DayTotal, ...]]],
) -> None:
    """Beat until cancelled; each answer, or its lack, goes to the board."""
    while True:
        now = head()
        message = Heartbeat(
            version=product_version(),
            journal_head=now.hex,
            journal_sequence=now.sequence,
            unknown_operations=await unknown(),
            devices={kind.value: status.state.value for kind, status in board.health.devices.items()},
            day_totals=await totals(),
        )
        try:
            await asyncio.to_thread(central.heartbeat, line, message)
            up = True
        except (Unreachable, Refused):
            up = False
        board.report_centre(up)
        pause = BEAT_S if up else BEAT_WHEN_DOWN_S
        await asyncio.sleep(pause * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311 - spreads load
