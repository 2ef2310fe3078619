"""Every way a print can go wrong, with the power cut at every state of the paper: one original, no lost receipt.

The real driver prints on the simulated printer over TCP, the visit's own mapping writes the journal, the resolver
recovers, and the paper is offered at the next identification.
"""

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from hardware.device import Command, CommandCancelled, DeviceFault, Fault
from hardware.receipt_printer.driver import EscPosPrinter
from hardware.receipt_printer.interface import NotPrinted, Printed, PrintOutcome, SentToPrinter
from hardware.receipt_printer.receipt import Receipt, Text
from hardware.receipt_printer.simulator_links import TcpPrinter
from hardware.receipt_printer.transport import TcpTransport
from kiosk.contract.operations import OperationKind, OperationState
from kiosk.contract.papers import PendingPaper
from kiosk.operation_states import State
from kiosk.operations import Confirmed
from kiosk.visit import Visit
from tests.integrity.conftest import Figures
from tests.integrity.virtual_time import EPOCH
from tests.kiosk.operating import DRAFT, Bench, operation

SCENARIOS = (
    "well", "paper_low", "paper_out", "cover_open", "jam", "cutter", "hardware", "silent", "refuse",
    "paper_out_in_print", "cover_open_in_print", "jam_in_print", "cutter_in_print", "hardware_in_print",
    "drop_in_print", "power_cycle_in_print",
)  # fmt: skip
POWER = (
    "stays",
    "goes before the printer hears",
    "goes before its answer is kept",
    "goes before it is closed",
)
JOB_S = 2.0
LINES = 8


class PowerCut(BaseException):
    """Of the kiosk, not of the printer."""


@pytest.fixture
def printer() -> Iterator[TcpPrinter]:
    made = TcpPrinter()
    yield made
    made.close()


def driver_of(printer: TcpPrinter) -> EscPosPrinter:
    """A fresh driver: the program has been started anew."""
    return EscPosPrinter(
        TcpTransport(printer.host, printer.port, write_stall_s=0.5), answer_s=0.15, watch_s=0.1
    )


def slip(copy: int) -> Receipt:
    """A paper that says which copy it is, at both ends."""
    lines = [f"copy {copy} begins", *(f"line {n}" for n in range(LINES)), f"copy {copy} ends"]
    return Receipt(tuple(Text(line) for line in lines))


def whole_copies(printer: TcpPrinter) -> list[int]:
    """The copy numbers of the papers that came out whole."""
    return [
        copy
        for paper in printer.slips()
        for copy in range(1, 9)
        if f"copy {copy} begins" in paper.text and f"copy {copy} ends" in paper.text
    ]


class Kiosk:
    """A kiosk with one confirmed operation, and a printer."""

    def __init__(self, printer: TcpPrinter) -> None:
        self.printer = printer
        self.bench = Bench(operation)
        result = self.bench.run(self.bench.operations.perform(DRAFT))
        assert isinstance(result, Confirmed)
        self.id: UUID = result.operation.operation_id
        self.outcome: PrintOutcome | None = None

    def print(self, copy: int, power: str = "stays") -> None:
        """A citizen has the paper printed; the power may go."""
        driver = driver_of(self.printer)

        async def send(receipt: Receipt) -> PrintOutcome:
            if power == POWER[1]:
                raise PowerCut
            try:
                outcome = driver.print(receipt, Command(JOB_S))
            except DeviceFault as fault:
                outcome = NotPrinted(fault.fault, begun=True)
            except CommandCancelled:
                outcome = NotPrinted(Fault.HUNG, begun=True)
            self.outcome = outcome
            if power == POWER[2]:
                raise PowerCut
            return outcome

        visit = cast(Visit, SimpleNamespace(_operations=self.bench.operations, print=send))

        async def work() -> None:
            await Visit.print_paper(visit, self.id, OperationKind.REPAYMENT, slip, copy)
            if power != POWER[3] and isinstance(self.outcome, Printed | SentToPrinter):
                await self.bench.operations.close(self.id)

        try:
            asyncio.run(work())
        except PowerCut:
            pass
        finally:
            driver.close()

    def restart(self) -> None:
        self.bench.scheduler.clear()
        self.bench.start()
        self.bench.run(self.bench.resolver.recover())

    def offered(self) -> list[Any]:
        """At the next identification."""
        pending = PendingPaper(
            operation_id=self.id,
            kind=OperationKind.REPAYMENT,
            state=OperationState.CONFIRMED,
            submitted_at=EPOCH,
        )
        papers: list[Any] = self.bench.run(self.bench.operations.unfinished_papers([pending]))
        return papers


@pytest.mark.parametrize("power", POWER)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_one_original_and_no_lost_receipt(
    printer: TcpPrinter, scenario: str, power: str, figures: Figures
) -> None:
    figures(prints=1)
    kiosk = Kiosk(printer)
    if scenario != "well":
        printer.fail(scenario)
    kiosk.print(1, power)
    out_before = whole_copies(printer)
    closed = kiosk.bench.only().state is State.CLOSED
    kiosk.restart()
    assert whole_copies(printer) == out_before, "nothing is printed into an empty lobby"
    printer.recover()
    offered = kiosk.offered()
    if closed:
        assert not offered
        return
    journal_knows = kiosk.bench.only().state is State.CLOSED
    assert bool(offered) != journal_knows
    if journal_knows:  # printed, and only the closing was lost
        assert out_before == [1]
        return
    (paper,) = offered
    kiosk.print(paper.copy)
    papers = whole_copies(printer)
    assert paper.copy in papers, "the citizen has a whole receipt"
    assert papers.count(1) <= 1, "one paper at most says that it is the original"
    if 1 in out_before:
        assert paper.reprint
    assert not kiosk.offered()


def test_control_printing_on_restart_is_caught(printer: TcpPrinter) -> None:
    """The check above sees a paper that nobody asked for."""
    kiosk = Kiosk(printer)
    kiosk.print(1, POWER[1])
    before = whole_copies(printer)
    kiosk.restart()
    kiosk.print(2)  # what must not happen by itself
    assert whole_copies(printer) != before


def test_control_a_paper_without_its_number_is_caught(printer: TcpPrinter) -> None:
    """The check above sees a second original."""
    kiosk = Kiosk(printer)
    for _ in range(2):
        driver = driver_of(printer)
        driver.print(slip(1), Command(JOB_S))
        driver.close()
    assert whole_copies(printer).count(1) == 2
    assert kiosk.offered()
