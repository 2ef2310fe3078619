"""Devices: how each is, what to do about it, and a test of what it is for. A test keeps nothing of what it reads."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC
from typing import Any, Literal

from hardware.a4_printer.test_sheet import test_sheet
from hardware.cards import NoCard
from hardware.device import Device, DeviceFault, Fault, Kind
from hardware.receipt_printer.interface import NotPrinted, Printed, PrintOutcome, SentToPrinter, Unsure
from hardware.receipt_printer.receipt import Text
from hardware.scanner.interface import NothingSeen
from hardware.speaker.interface import NotSpoken, Speech
from kiosk.counters import PRINTERS, READS, ROWS_COUNTED, Tally, tally
from kiosk.documents.a4.press import Sheets
from kiosk.faults import advice
from kiosk.flows.supervisor.console import Console, attention, plain, row
from kiosk.messages import Message, known, msg, speech
from kiosk.print_jobs import Paper, job_of
from kiosk.prompts import Action, Choose, Facts, Option, OutcomeKind, Present, Row
from kiosk.values import Count, Moment

READ_S = 15.0
SAY_S = 20.0
STATUS_S = 10.0

Found = Fault | SentToPrinter | None
"""What came of a test: the device's fault, a paper that only eyes can judge, or nothing amiss."""

Test = Callable[[Console, Device[Any]], Awaitable[Found]]
"""Raises DeviceFault; a fault that it returns is the device's too."""


class _Nothing(Exception):
    """Nothing was laid on or held before the device in time."""


async def devices(console: Console) -> None:
    """The list, and a page for each device."""

    async def listed() -> Choose:
        options = tuple(
            Option(
                device_name(kind),
                kind,
                line=state_words(device),
                icon="check" if device.status.usable else "alert-triangle",
            )
            for kind, device in console.shop.devices.items()
        )
        return Choose(msg("supervisor.devices"), options)

    while kind := await console.ask_living(listed):
        await _page(console, console.shop.devices[kind])


async def _page(console: Console, device: Device[Any]) -> None:
    journal = console.shop.journal

    async def page() -> Facts:
        counted = None
        if not journal.broken:  # in a thread: some weeks of events would hold the window up
            counted = await asyncio.to_thread(tally, device.kind, await journal.recent(ROWS_COUNTED))
        return _facts(device, counters(console, device.kind, counted))

    while answer := await console.ask_living(page):
        if answer == "paper":
            console.journal("paper-replaced", device.kind)
        if answer == "test":
            console.journal("self-test", device.kind)
            await _test(console, device)
        else:
            console.working(msg("supervisor.asking"))
            await _ask_status(device)


def counters(console: Console, kind: Kind, counted: Tally | None) -> tuple[Row, ...]:
    """What the device has done since its paper was replaced, or as far back as the journal at hand goes."""
    if counted is None:
        return ()
    rows = [row("counted-since", Moment(counted.since))]
    if kind in PRINTERS:
        both = all(printer in console.shop.devices for printer in PRINTERS)
        rows.append(row("papers-both" if both else "papers", Count(counted.done)))
        rows.append(row("papers-failed", Count(counted.not_done)))
    elif kind in READS.values():
        rows.append(row("reads", Count(counted.done)))
    if kind is Kind.RECEIPT_PRINTER:
        rows.append(row("slips", Count(counted.slips)))
    if kind is Kind.SCANNER:
        rows.append(row("foreign-codes", Count(counted.not_done)))
    rows.append(row("faults", Count(counted.faults), strong=counted.faults > 0))
    if counted.last_fault_at:
        number = advice(kind, Fault(counted.last_fault)).number
        rows.append(row("last-fault", plain(number)))
        rows.append(row("last-fault-at", Moment(counted.last_fault_at)))
    return tuple(rows)


def _facts(device: Device[Any], counted: tuple[Row, ...]) -> Facts:
    status = device.status
    found = advice(device.kind, status.fault) if status.fault else None
    rows = [row("state", state_words(device), strong=True)]
    if found:
        rows.append(row("fault-number", plain(found.number)))
        rows.append(row("mender", msg(f"supervisor.mender.{found.mender}")))
    rows += [
        Row(_word("detail", name), _word("detail.value", value))
        for name, value in sorted(status.detail.items())
    ]
    actions = [Action("test", msg("supervisor.test"), "primary", icon="check")]
    if device.kind in (Kind.RECEIPT_PRINTER, Kind.A4_PRINTER):
        actions.append(Action("paper", msg("supervisor.paper-replaced"), icon="receipt"))
    actions.append(Action("again", msg("supervisor.ask-again"), icon="refresh"))
    notes = (attention(found.staff),) if found else ()
    more = ((msg("supervisor.counters"), counted),)
    return Facts(device_name(device.kind), rows=tuple(rows), more=more, notes=notes, actions=tuple(actions))


def _word(kind: str, word: str) -> Message:
    """A driver's word in the language of staff; one that is a name or a maker's own stands as it is."""
    key = f"{kind}.{word}"
    return msg(key) if known(key) else plain(word)


async def _ask_status(device: Device[Any]) -> None:
    try:
        async with asyncio.timeout(STATUS_S):
            await asyncio.wrap_future(device.refresh())
    except TimeoutError:
        pass  # what is shown stays what was last known


async def _test(console: Console, device: Device[Any]) -> None:
    test = TESTS.get(device.kind)
    console.working(msg("supervisor.testing"))
    try:
        if test:
            found = await test(console, device)
        else:
            await _ask_status(device)
            found = device.status.fault
    except DeviceFault as problem:
        found = problem.fault
    except _Nothing:
        await console.tell(OutcomeKind.TROUBLE, msg("supervisor.test-nothing"))
        return
    device.refresh()  # what the test has found out stands on the page as soon as the device has been asked
    await tell_found(console, device.kind, found, "supervisor.test-passed", "supervisor.test-failed")


async def tell_found(console: Console, kind: Kind, found: Found, passed: str, failed: str) -> None:
    """What came of a test or of a paper, and what to do about it."""
    match found:
        case None:
            await console.tell(OutcomeKind.DONE, msg(passed), device_name(kind))
        case SentToPrinter():
            await console.tell(OutcomeKind.DONE, msg("paper.sent"), msg("supervisor.look-at-paper"))
        case Fault():
            row = advice(kind, found)
            await console.tell(OutcomeKind.TROUBLE, msg(failed), row.staff, number=row.number)


async def print_paper(console: Console, paper: Paper) -> Found:
    """Print for staff. A printer that is not in the settings is a fault like any other."""
    kind, job, limit_s = job_of(paper)
    printer = console.shop.devices.get(kind)
    if printer is None:
        return Fault.DISCONNECTED
    try:
        outcome: PrintOutcome = await printer.run(lambda command: printer.driver.print(job, command), limit_s)
    except DeviceFault as problem:
        return problem.fault
    match outcome:
        case Printed():
            return None
        case SentToPrinter():
            return outcome
        case NotPrinted(fault) | Unsure(fault):
            return fault


async def _test_slip(console: Console, device: Device[Any]) -> Found:
    desk = console.desk()
    words = desk.say(msg("supervisor.test-slip.words"))
    return await print_paper(console, desk.slip(msg("supervisor.test-slip"), Text(words)))


async def _test_sheet(console: Console, device: Device[Any]) -> Found:
    pdf = await asyncio.to_thread(test_sheet, console.desk().printed_at.astimezone(UTC))
    return await print_paper(console, Sheets(pdf, pages=1))


def _test_reader(hand: Literal["id_card", "joint_card", "guide_code"], words: str, verb: str) -> Test:
    async def test(console: Console, device: Device[Any]) -> Found:
        console.show(Present(hand, msg(words), msg("supervisor.test-keeps-nothing")))
        came = await device.run(getattr(device.driver, verb), READ_S)
        if isinstance(came, NoCard | NothingSeen):
            raise _Nothing
        fault: Fault | None = getattr(came, "fault", None)
        return fault

    return test


async def _test_speaker(console: Console, device: Device[Any]) -> Found:
    language = console.preferences.language
    piece = Speech(speech(msg("supervisor.test-sentence"), language), language)
    outcome = await device.run(lambda command: device.driver.say(piece, command), SAY_S)
    return outcome.fault if isinstance(outcome, NotSpoken) else None


TESTS: dict[Kind, Test] = {
    Kind.RECEIPT_PRINTER: _test_slip,
    Kind.A4_PRINTER: _test_sheet,
    Kind.ID_CARD: _test_reader("id_card", "supervisor.test-lay-card", "read"),
    Kind.JOINT_CARD: _test_reader("joint_card", "supervisor.test-insert-card", "read"),
    Kind.SCANNER: _test_reader("guide_code", "supervisor.test-hold-code", "scan"),
    Kind.SPEAKER: _test_speaker,
}
"""A device that is not here is asked for its status."""


def device_name(kind: Kind) -> Message:
    """What staff call a device."""
    return msg(f"device.{kind.value}")


def state_words(device: Device[Any]) -> Message:
    """The state of a device in a word, with its cause."""
    status = device.status
    state = msg(f"supervisor.state.{status.state.value}")
    if status.fault is None:
        return state
    number = advice(device.kind, status.fault).number
    return msg("supervisor.state-with-fault", state=state, number=plain(number))
