import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import typst

from hardware.a4_printer.cups_printer import CupsPrinter
from hardware.a4_printer.interface import NotPrinted, Printed, Unsure
from hardware.a4_printer.simulator import QUEUE, Scenario, SimulatedA4Printer
from hardware.device import Command, CommandCancelled, Fault, State


@pytest.fixture(scope="module")
def simulated() -> Iterator[SimulatedA4Printer]:
    """One CUPS and printer for all tests here. Where they cannot run this is an error, not a skip."""
    simulated = SimulatedA4Printer()
    yield simulated
    simulated.close()


@pytest.fixture
def device(simulated: SimulatedA4Printer) -> Iterator[SimulatedA4Printer]:
    yield simulated
    simulated.recover()


@pytest.fixture
def printer(device: SimulatedA4Printer) -> Iterator[CupsPrinter]:
    printer = CupsPrinter(QUEUE, device.server)
    yield printer
    printer.close()


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    source: Path = tmp_path_factory.mktemp("pdf") / "page.typ"
    source.write_text('#set page(paper: "a4")\nA test page\n')
    return typst.compile(source)


def test_status_tells_queue_and_printer(device: SimulatedA4Printer, printer: CupsPrinter) -> None:
    status = printer.status(Command(2))
    assert status.state is State.READY
    assert status.detail["queue"] == QUEUE
    assert status.detail["printer"].startswith("ipp://localhost:")


def test_a_document_is_printed_and_nothing_of_it_stays(
    device: SimulatedA4Printer, printer: CupsPrinter, pdf: bytes
) -> None:
    before = len(device.printed)
    assert printer.print(pdf, Command(20)) == Printed()
    assert len(device.printed) == before + 1
    assert device.printed[-1].startswith(b"%PDF")
    assert device.spooled == []


@pytest.mark.parametrize(
    ("scenario", "state", "fault"),
    [
        (Scenario.PAPER_OUT, State.OUT_OF_SERVICE, Fault.PAPER_OUT),
        (Scenario.COVER_OPEN, State.OUT_OF_SERVICE, Fault.COVER_OPEN),
        (Scenario.OFF, State.DISCONNECTED, Fault.NO_ANSWER),
        (Scenario.CUPS_DOWN, State.DISCONNECTED, Fault.SPOOLER_DOWN),
    ],
)
def test_nothing_is_sent_to_a_printer_that_cannot_print(
    scenario: Scenario,
    state: State,
    fault: Fault,
    device: SimulatedA4Printer,
    printer: CupsPrinter,
    pdf: bytes,
) -> None:
    device.fail(scenario)
    status = printer.status(Command(2))
    assert (status.state, status.fault) == (state, fault)
    assert printer.print(pdf, Command(10)) == NotPrinted(fault)
    device.recover()
    before = len(device.printed)
    assert printer.status(Command(2)).state is State.READY
    assert printer.print(pdf, Command(20)) == Printed()
    assert len(device.printed) == before + 1


def test_low_toner_is_told_and_prints(device: SimulatedA4Printer, printer: CupsPrinter, pdf: bytes) -> None:
    device.fail(Scenario.TONER_LOW)
    status = printer.status(Command(2))
    assert (status.state, status.fault) == (State.DEGRADED, Fault.TONER_LOW)
    assert printer.print(pdf, Command(20)) == Printed()


@pytest.mark.parametrize(
    ("scenario", "fault"), [(Scenario.PAPER_OUT_MIDWAY, Fault.PAPER_OUT), (Scenario.JAM_MIDWAY, Fault.JAM)]
)
def test_a_job_that_stops_midway_is_ended_and_does_not_come_out_later(
    scenario: Scenario, fault: Fault, device: SimulatedA4Printer, printer: CupsPrinter, pdf: bytes
) -> None:
    before = len(device.printed)
    device.fail(scenario)
    assert printer.print(pdf, Command(20)) == NotPrinted(fault, begun=True, sheets=1)
    assert device.spooled == []
    device.recover()
    assert printer.print(pdf, Command(20)) == Printed()
    assert len(device.printed) == before + 1


def test_a_printer_that_gives_up_without_a_word(
    device: SimulatedA4Printer, printer: CupsPrinter, pdf: bytes
) -> None:
    device.fail(Scenario.GIVES_UP)
    outcome = printer.print(pdf, Command(30))
    assert isinstance(outcome, NotPrinted)
    assert (outcome.fault, outcome.begun) == (Fault.JOB_CUT_SHORT, True)
    assert outcome.sheets <= 1, "whether it had counted the sheet by then is the printer's affair"


def test_the_deadline_ends_a_job_in_doubt(
    device: SimulatedA4Printer, printer: CupsPrinter, pdf: bytes
) -> None:
    device.fail(Scenario.SLOW)
    assert printer.print(pdf, Command(1.5)) == Unsure(Fault.HUNG)
    assert device.spooled == []


def test_a_cancel_ends_the_job(device: SimulatedA4Printer, printer: CupsPrinter, pdf: bytes) -> None:
    before = len(device.printed)
    device.fail(Scenario.SLOW)
    command = Command(30)
    threading.Timer(0.7, command.cancel).start()
    with pytest.raises(CommandCancelled):
        printer.print(pdf, command)
    assert device.spooled == []
    device.recover()
    assert printer.print(pdf, Command(20)) == Printed()
    assert len(device.printed) == before + 1


@pytest.mark.parametrize(
    ("scenario", "fault"), [(Scenario.OFF, Fault.NO_ANSWER), (Scenario.CUPS_DOWN, Fault.SPOOLER_DOWN)]
)
def test_printer_or_spooler_dies_while_it_prints(
    scenario: Scenario, fault: Fault, device: SimulatedA4Printer, printer: CupsPrinter, pdf: bytes
) -> None:
    device.fail(Scenario.SLOW)
    dying = threading.Timer(1.0, device.kill, (scenario,))
    dying.start()
    assert printer.print(pdf, Command(30)) == Unsure(fault)
    dying.join()
    # Whether that job comes out is what cannot be known; the next one does.
    device.recover()
    assert printer.print(pdf, Command(20)) == Printed()
    assert device.spooled == []


def test_a_queue_that_is_not_there(device: SimulatedA4Printer, pdf: bytes) -> None:
    printer = CupsPrinter("no-such-queue", device.server)
    assert printer.status(Command(2)).fault is Fault.SPOOLER_DOWN
    assert printer.print(pdf, Command(2)) == NotPrinted(Fault.SPOOLER_DOWN)
