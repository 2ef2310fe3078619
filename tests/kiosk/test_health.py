"""The health board wakes whoever looks at an older picture: no change is ever missed."""

import asyncio

from hardware.device import Kind, State, Status
from kiosk.health import HealthBoard

PATIENCE_S = 5.0


async def test_a_change_between_a_look_and_the_wait_is_not_missed() -> None:
    board = HealthBoard()
    waiting = board.changed()
    board.report_device(Kind.RECEIPT_PRINTER, Status(State.DISCONNECTED))
    await asyncio.sleep(0)  # the change arrives before anybody waits
    await asyncio.wait_for(waiting, PATIENCE_S)
    assert board.health.of(Kind.RECEIPT_PRINTER).state is State.DISCONNECTED


async def test_every_waiter_is_woken() -> None:
    board = HealthBoard()
    waiters = [asyncio.ensure_future(board.changed()) for _ in range(3)]
    await asyncio.sleep(0)
    board.report_centre(True)
    await asyncio.wait_for(asyncio.gather(*waiters), PATIENCE_S)
    assert board.health.centre == "up"


async def test_the_same_again_is_no_change() -> None:
    board = HealthBoard()
    board.report_centre(True)
    await asyncio.wait_for(board.changed(), PATIENCE_S)
    waiting = asyncio.ensure_future(board.changed())
    board.report_centre(True)
    for _ in range(3):
        await asyncio.sleep(0)
    assert not waiting.done()
    waiting.cancel()
