"""The receipt printer on TCP, on a serial line and behind an XFS4IoT service; the A4 printer behind a real cupsd."""

import io
import subprocess
from collections.abc import Callable
from functools import cache

import pikepdf

from hardware.a4_printer.cups_printer import CupsPrinter
from hardware.a4_printer.daemons import path_of
from hardware.a4_printer.simulator import QUEUE
from hardware.a4_printer.simulator import Scenario as Sheets
from hardware.device import Command, Fault, Kind, State
from hardware.receipt_printer.driver import EscPosPrinter
from hardware.receipt_printer.simulator_links import PtyPrinter, TcpPrinter
from hardware.receipt_printer.transport import SerialTransport, TcpTransport
from hardware.xfs4iot.printer import XfsPrinter
from hardware.xfs4iot.simulator import Scenario, SimulatedProvider
from tests.hardware.faults.ipp_printer import TalkingPrinter
from tests.hardware.faults.scene import ANSWER_S, SCENES, Scene, Stage, fault_of, scene, status_of
from tests.hardware.receipt_printer.support import numbered

DENIED_QUEUE = "denied"
TALKING_QUEUE = "talking"


def on_tcp(stage: Stage) -> tuple[TcpPrinter, EscPosPrinter]:
    """A printer that works."""
    printer = stage.use(TcpPrinter(line_s=0.01))
    transport = TcpTransport(printer.host, printer.port, write_stall_s=0.5)
    driver = stage.use(EscPosPrinter(transport, answer_s=0.15, watch_s=0.1))
    assert status_of(driver).state is State.READY
    return printer, driver


def in_mid_print(scenario: str, seconds: float = ANSWER_S) -> Scene:
    """It strikes after three lines of a slip."""

    def play(stage: Stage) -> Fault | None:
        printer, driver = on_tcp(stage)
        printer.fail(f"{scenario}_in_print")
        return fault_of(driver.print(numbered("a"), Command(seconds)))

    return play


SCENES |= {
    (Kind.RECEIPT_PRINTER, Fault.NO_ANSWER): in_mid_print("silent"),
    (Kind.RECEIPT_PRINTER, Fault.HARDWARE): in_mid_print("hardware"),
    (Kind.RECEIPT_PRINTER, Fault.PAPER_OUT): in_mid_print("paper_out"),
    (Kind.RECEIPT_PRINTER, Fault.COVER_OPEN): in_mid_print("cover_open"),
    (Kind.RECEIPT_PRINTER, Fault.CUTTER): in_mid_print("cutter"),
    (Kind.RECEIPT_PRINTER, Fault.JAM): in_mid_print("jam"),
    (Kind.RECEIPT_PRINTER, Fault.OVERHEATED): in_mid_print("overheated", seconds=1.0),
    (Kind.RECEIPT_PRINTER, Fault.JOB_CUT_SHORT): in_mid_print("power_cycle"),
}


@scene(Kind.RECEIPT_PRINTER, Fault.DISCONNECTED)
def the_printer_is_unplugged(stage: Stage) -> Fault | None:
    """Nobody listens at its address any more."""
    printer, driver = on_tcp(stage)
    printer.fail("refuse")
    return status_of(driver).fault


@scene(Kind.RECEIPT_PRINTER, Fault.PAPER_LOW)
def the_roll_runs_low(stage: Stage) -> Fault | None:
    """It prints on."""
    printer, driver = on_tcp(stage)
    printer.fail("paper_low")
    return status_of(driver).fault


@scene(Kind.RECEIPT_PRINTER, Fault.HUNG)
def the_printer_takes_no_byte_more(stage: Stage) -> Fault | None:
    """A slow one on a serial line, which has not finished when time is up."""
    printer = stage.use(PtyPrinter(line_s=0.2))
    driver = stage.use(EscPosPrinter(SerialTransport(printer.path), answer_s=0.15, watch_s=0.1))
    return fault_of(driver.print(numbered("a"), Command(1.0)))


@scene(Kind.RECEIPT_PRINTER, Fault.PROTOCOL)
def a_service_that_sends_nonsense(stage: Stage) -> Fault | None:
    """Behind a kiosk maker's service."""
    provider = stage.use(SimulatedProvider())
    driver = stage.use(XfsPrinter(provider.uri))
    assert status_of(driver).state is State.READY
    provider.fail(Scenario.BABBLING)
    return fault_of(driver.print(numbered("a"), Command(ANSWER_S)))


@cache
def page() -> bytes:
    """A PDF with one empty page."""
    file = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(file)
    return file.getvalue()


def with_a4(scenario: Sheets, look: Callable[[CupsPrinter], Fault | None]) -> Scene:
    """Something goes wrong with ippeveprinter, or with cupsd."""

    def play(stage: Stage) -> Fault | None:
        simulated = stage.spooler()
        simulated.fail(scenario)
        return look(stage.use(CupsPrinter(QUEUE, simulated.server)))

    return play


def by_status(printer: CupsPrinter) -> Fault | None:
    """What is said of the printer."""
    return status_of(printer).fault


def by_printing(seconds: float) -> Callable[[CupsPrinter], Fault | None]:
    """What becomes of a document."""
    return lambda printer: fault_of(printer.print(page(), Command(seconds)))


SCENES |= {
    (Kind.A4_PRINTER, Fault.NO_ANSWER): with_a4(Sheets.OFF, by_status),
    (Kind.A4_PRINTER, Fault.SPOOLER_DOWN): with_a4(Sheets.CUPS_DOWN, by_status),
    (Kind.A4_PRINTER, Fault.COVER_OPEN): with_a4(Sheets.COVER_OPEN, by_status),
    (Kind.A4_PRINTER, Fault.TONER_LOW): with_a4(Sheets.TONER_LOW, by_status),
    (Kind.A4_PRINTER, Fault.HUNG): with_a4(Sheets.SLOW, by_printing(1.0)),
    (Kind.A4_PRINTER, Fault.PAPER_OUT): with_a4(Sheets.PAPER_OUT_MIDWAY, by_printing(20.0)),
    (Kind.A4_PRINTER, Fault.JAM): with_a4(Sheets.JAM_MIDWAY, by_printing(20.0)),
    (Kind.A4_PRINTER, Fault.JOB_CUT_SHORT): with_a4(Sheets.GIVES_UP, by_printing(30.0)),
}


def that_says(reason: str) -> Scene:
    """A printer behind the same cupsd whose state is known to be this: ippeveprinter knows only some reasons."""

    def play(stage: Stage) -> Fault | None:
        server = stage.spooler().server
        printer = stage.use(TalkingPrinter(reason))
        add_queue(server, TALKING_QUEUE, "-v", printer.uri)
        return status_of(stage.use(CupsPrinter(TALKING_QUEUE, server))).fault

    return play


def add_queue(server: str, name: str, *options: str) -> None:
    """Give the real cupsd a queue, or change it."""
    command = [path_of("lpadmin") or "", "-h", server, "-p", name, "-E", *options]
    subprocess.run(command, check=True, capture_output=True, timeout=10)


SCENES |= {
    (Kind.A4_PRINTER, Fault.DISCONNECTED): that_says("shutdown"),
    (Kind.A4_PRINTER, Fault.HARDWARE): that_says("marker-waste-full-error"),
    (Kind.A4_PRINTER, Fault.OVERHEATED): that_says("fuser-over-temp-error"),
    (Kind.A4_PRINTER, Fault.PAPER_LOW): that_says("media-low-warning"),
    (Kind.A4_PRINTER, Fault.TONER_OUT): that_says("toner-empty-error"),
}


@scene(Kind.A4_PRINTER, Fault.PROTOCOL)
def a_queue_that_refuses_the_kiosk(stage: Stage) -> Fault | None:
    """CUPS was set up so that others may print, and the kiosk may not."""
    server = stage.spooler().server
    printer = stage.use(TalkingPrinter("none"))
    add_queue(server, DENIED_QUEUE, "-v", printer.uri, "-u", "deny:kiosk")
    driver = stage.use(CupsPrinter(DENIED_QUEUE, server))
    return fault_of(driver.print(page(), Command(ANSWER_S)))
