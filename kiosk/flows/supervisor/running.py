"""Running the kiosk: the out-of-service switch, the network check, the readiness report, restart and shutdown."""

import asyncio
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from hardware.device import Kind
from kiosk import central
from kiosk.flows.supervisor.console import Console, Ending, plain, row
from kiosk.flows.supervisor.devices import device_name, print_paper, state_words, tell_found
from kiosk.heartbeat import product_version, quiet
from kiosk.journal import JournalBroken
from kiosk.line import Refused, Unreachable
from kiosk.messages import Message, Part, known, msg
from kiosk.prompts import Action, Choose, Facts, Note, Option, OutcomeKind, Row
from kiosk.service_switch import REASONS, stopped
from kiosk.values import Count

OPEN_OPERATIONS_S = 60.0
LOOK_AGAIN_S = 0.5
DISK_LEFT_MB = 500
"""Below this the journal's room is in danger."""


async def out_of_service(console: Console) -> None:
    """Take the kiosk out of service for a reason, or back into it."""
    switch = console.shop.switch
    options = [Option(stopped(reason), reason, icon="tool") for reason in REASONS]
    if switch.reason:
        options.insert(0, Option(msg("supervisor.in-service"), "in", icon="check"))
    title = msg("supervisor.is-stopped" if switch.reason else "supervisor.stop-why")
    chosen = await console.ask(Choose(title, tuple(options)))
    if chosen is None:
        return
    try:
        if chosen != "in":
            switch.stop(chosen)
            console.journal("out-of-service")
            await console.tell(OutcomeKind.DONE, msg("supervisor.stopped"), stopped(chosen))
            return
        console.journal("in-service")
        trusted = switch.start()
    except OSError:
        await console.tell(OutcomeKind.TROUBLE, msg("supervisor.not-kept"))
        return
    if trusted:
        await console.tell(OutcomeKind.DONE, msg("supervisor.started"), msg("supervisor.started.explain"))
    else:
        await console.tell(OutcomeKind.TROUBLE, msg("out-of-service.journal"))


# -------------------------------------------------------------------- network


@dataclass(frozen=True)
class Reached:
    """How the centre answered: in so many ms, or why it did not."""

    milliseconds: int
    trouble: Message | None = None


async def reach(console: Console) -> Reached:
    """Ask the centre for the least thing there is, signed as always."""
    began = time.monotonic()
    trouble = None
    try:
        await asyncio.to_thread(central.heartbeat, console.shop.line, quiet())
    except Unreachable as problem:
        trouble = msg(f"supervisor.cause.{problem.cause.value}")
    except Refused as problem:
        key = f"supervisor.cause.{problem.problem.value}"
        refused = msg("supervisor.cause.refused", problem=plain(problem.problem.value))
        trouble = msg(key) if known(key) else refused
    return Reached(round((time.monotonic() - began) * 1000), trouble)


async def network(console: Console) -> None:
    """Whether the centre can be reached, how fast, and if not, why."""
    console.journal("network-check")
    console.working(msg("supervisor.asking-centre"))
    reached = await reach(console)
    rows: tuple[Row, ...] = (
        row("centre-url", plain(str(console.shop.settings.centre.url))),
        row("milliseconds", Count(reached.milliseconds)),
    )
    if reached.trouble:
        rows = (*rows, row("cause", reached.trouble))
        await console.tell(OutcomeKind.TROUBLE, msg("supervisor.centre-lost"), rows=rows)
    else:
        await console.tell(OutcomeKind.DONE, msg("supervisor.centre-answers"), rows=rows)


# -------------------------------------------------------------------- readiness


@dataclass(frozen=True)
class Check:
    """A line of the readiness report."""

    what: Message
    found: Part
    ready: bool


async def checks(console: Console) -> tuple[Check, ...]:
    """Everything that a kiosk needs for its day."""
    shop = console.shop
    reached = await reach(console)
    unknown = await _unknown_outcomes(console)
    left_mb = await asyncio.to_thread(_disk_left_mb, shop.settings.data)
    centre = reached.trouble or msg("supervisor.ok")
    return (
        *(
            Check(device_name(kind), state_words(device), device.status.usable)
            for kind, device in shop.devices.items()
        ),
        Check(msg("supervisor.centre"), centre, not reached.trouble),
        Check(
            msg("supervisor.journal"),
            msg("supervisor.broken" if shop.journal.broken else "supervisor.ok"),
            not shop.journal.broken,
        ),
        Check(msg("supervisor.outcomes"), _count(unknown), unknown == 0),
        Check(msg("supervisor.disk-left"), _count(left_mb), (left_mb or 0) >= DISK_LEFT_MB),
        Check(
            msg("supervisor.service"),
            stopped(shop.switch.reason) if shop.switch.reason else msg("supervisor.ok"),
            shop.switch.reason is None,
        ),
    )


async def _unknown_outcomes(console: Console) -> int | None:
    """How many there are; None when the journal, which alone knows it, cannot be asked."""
    try:
        return await console.shop.operations.unknown_outcomes()
    except JournalBroken:
        return None


def _disk_left_mb(folder: Path) -> int | None:
    """None when the disk itself cannot be asked any more."""
    try:
        return shutil.disk_usage(folder).free // 1_000_000
    except OSError:
        return None


def _count(number: int | None) -> Part:
    return msg("supervisor.not-known") if number is None else Count(number)


async def readiness(console: Console) -> None:
    """The report on the screen, and on paper."""
    console.working(msg("supervisor.asking"))
    found = await checks(console)
    console.journal("readiness-report")
    ready = all(check.ready for check in found)
    verdict = msg("supervisor.ready" if ready else "supervisor.not-ready")
    without = None if Kind.RECEIPT_PRINTER in console.shop.devices else msg("need.not-installed")
    facts = Facts(
        msg("supervisor.readiness"),
        rows=tuple(Row(check.what, _marked(check)) for check in found),
        notes=(Note("success" if ready else "attention", verdict),),
        actions=(Action("print", msg("action.print"), "primary", without, "print"),),
    )
    if await console.ask(facts) != "print":
        return
    console.working(msg("working.print"))
    desk = console.desk()
    lines = [desk.row(msg("supervisor.verdict"), verdict, strong=True)]
    lines += [desk.row(check.what, _marked(check), strong=not check.ready) for check in found]
    lines.append(desk.row(msg("supervisor.version"), plain(product_version())))
    came = await print_paper(console, desk.slip(msg("supervisor.readiness"), *lines))
    await tell_found(console, Kind.RECEIPT_PRINTER, came, "paper.done", "paper.failed")


def _marked(check: Check) -> Part:
    """Not by colour alone: what is not ready says so."""
    return check.found if check.ready else msg("supervisor.look-here", found=check.found)


# -------------------------------------------------------------------- the end


async def restart(console: Console) -> None:
    """End the program so that its service starts it again."""
    await _end(console, "restart")


async def shut_down(console: Console) -> None:
    """End the program for good, once no operation is open any more."""
    await _end(console, "shutdown")


async def _end(console: Console, ending: Ending) -> None:
    deed = msg(f"supervisor.{ending}")
    if not await console.sure(deed, msg(f"supervisor.{ending}.sure"), msg(f"supervisor.{ending}.explain")):
        return
    console.working(msg("supervisor.waiting-for-operations"))
    left = await _open_operations(console)
    if left and not await console.sure(
        deed, msg("supervisor.still-open", count=Count(left)), msg("supervisor.still-open.explain")
    ):
        return
    console.journal(ending)
    console.working(msg(f"supervisor.{ending}.now"))
    console.shop.end(ending)


async def _open_operations(console: Console) -> int:
    """Wait until every outcome is known; how many are not after OPEN_OPERATIONS_S. A journal that is broken knows no
    more of any of them: only the next start can ask it."""
    loop = asyncio.get_running_loop()
    until = loop.time() + OPEN_OPERATIONS_S
    while left := await _unknown_outcomes(console):  # the journal is what is durable: nothing is remembered
        if loop.time() >= until:
            return left
        await asyncio.sleep(LOOK_AGAIN_S)
    return 0
