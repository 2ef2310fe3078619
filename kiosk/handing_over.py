"""Seeing a printed paper into the citizen's hand: it is called for, and in the end pulled back."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hardware.device import Device
from hardware.receipt_printer.interface import PrintOutcome
from kiosk.messages import msg
from kiosk.prompts import Note, Present

LOOK_S = 8.0
"""What one question to the printer may take."""

POLL_S = 0.5
CALLS = 2
"""Paper is called for this many times before it is pulled back."""


@dataclass(frozen=True)
class TakenBack:
    """The paper came out whole, nobody took it, and it lies in the printer's bin."""


PaperOutcome = PrintOutcome | TakenBack


async def clear_mouth(printer: Device[Any], event: Callable[..., object]) -> None:
    """Pull back what hangs in the mouth before anything is printed: the kiosk was ended, or the printer fell silent,
    while it waited for its citizen. The next one must not be handed it. Raises DeviceFault."""
    if await printer.run(printer.driver.paper_taken, LOOK_S) is False:
        event("left-behind", what="paper")
        await _pull_back(printer, event)


async def see_taken(
    printer: Device[Any], show: Callable[[Present], object], event: Callable[..., object], call_s: float
) -> bool:
    """Wait until the paper has been taken; False when it had to be pulled back. A printer that can neither tell nor
    pull leaves it to the citizen. `call_s` lie between two calls. Raises DeviceFault."""
    if await printer.run(printer.driver.paper_taken, LOOK_S) is not False:
        return True
    for call in range(CALLS):
        note = Note("attention", msg("take.paper.call")) if call else None
        show(Present("take_paper", msg("take.paper"), msg("take.paper.explain"), note=note))
        if await _taken_within(printer, call_s):
            return True
        event("left-behind", what="paper")
    return not await _pull_back(printer, event)


async def _pull_back(printer: Device[Any], event: Callable[..., object]) -> bool:
    pulled: bool = await printer.run(printer.driver.retract, LOOK_S)
    event("paper-retracted", into="bin" if pulled else "nowhere")
    return pulled


async def _taken_within(printer: Device[Any], seconds: float) -> bool:
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while loop.time() < until:
        if await printer.run(printer.driver.paper_taken, LOOK_S) is not False:
            return True
        await asyncio.sleep(POLL_S)
    return False
