"""Figures of official papers, one JSON line each: `python -m tests.bench.bench_paper`.

Times are wall time, the median of REPEATS runs on papers that differ from each other, so that nothing is remembered
from the last one; the press is warm as in a kiosk that runs. CPU time stands beside them: it says what the work
costs when others have the machine too. "First page" is from the centre's data to the PDF of a one-page certificate.
"Touch to spool" is a whole visit's: from the citizen's touch on "print" through journal and press until CUPS has
the job.
"""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import segno

from hardware.a4_printer.cups_printer import CupsPrinter
from hardware.a4_printer.daemons import until
from hardware.a4_printer.simulator import QUEUE, SimulatedA4Printer
from hardware.device import Command, Kind
from hardware.receipt_printer.encoder import DOTS_PER_MM, Model, encode
from hardware.receipt_printer.raster import qr_matrix
from kiosk.contract.papers import Document
from kiosk.documents.a4.press import Press, press
from kiosk.documents.official import official
from kiosk.documents.preview import slip_pictures
from kiosk.documents.slips import QR_MODULE_MM, official_slip
from kiosk.prompts import Preview, Prompt
from tests.journeys.held_devices import HeldDevice, HeldDriver
from tests.journeys.lobby import Lobby, ScriptedCitizen
from tests.journeys.scripts import Straight
from tests.kiosk.documents.samples import KINDS, desk, document

REPEATS = 15
VISITS = 7
PRINT_S = 30.0
MODULES_OF_VERSION_0 = 17


def report(name: str, value: float, unit: str) -> None:
    """One figure."""
    print(json.dumps({"name": f"paper.{name}", "value": round(value, 4), "unit": unit}))


def report_times(name: str, work: Callable[[Document], object], papers: list[Document]) -> None:
    """The median time of `work` on each paper, by the clock and of the CPU."""
    took, cost = [], []
    for paper in papers:
        began, spent = time.perf_counter(), time.process_time()
        work(paper)
        took.append((time.perf_counter() - began) * 1000)
        cost.append((time.process_time() - spent) * 1000)
    report(name, median(took), "ms")
    report(f"{name}.cpu", median(cost), "ms")


def differing(kind: str, entries: int) -> list[Document]:
    """Papers with other names and numbers of entries."""
    return [document(kind, entries=entries + n, holder=f"测试甲{n}") for n in range(REPEATS)]


def bench_sheets() -> None:
    """A4: cold start, then warm."""
    started = time.perf_counter()
    press = Press()
    press.warm()
    report("a4.cold_start", (time.perf_counter() - started) * 1000, "ms")

    def sheet(paper: Document) -> object:
        return press.pdf(official(paper), desk())

    report_times("a4.first_page_data_to_pdf", sheet, differing("deposit-certificate", 0))
    three = differing("statement", 85)
    assert {press.pdf(official(paper), desk()).pages for paper in three} == {3}
    fresh = [paper.model_copy(update={"holder": f"{paper.holder}乙"}) for paper in three]
    report_times("a4.statement_3_pages.warm", sheet, fresh)
    report("a4.statement_3_pages.bytes", len(press.pdf(official(three[0]), desk()).pdf), "B")
    long = document("statement", entries=3000)
    report_times("a4.statement_3000_entries", sheet, [long])
    report("a4.statement_3000_entries.pages", press.pdf(official(long), desk()).pages, "")
    paper = official(three[1])
    sheets = press.pdf(paper, desk())
    started = time.perf_counter()
    press.pictures(paper, desk(), sheets)
    report("a4.statement_3_pages.preview", (time.perf_counter() - started) * 1000, "ms")
    started = time.perf_counter()
    press.forget()
    report("a4.forget", (time.perf_counter() - started) * 1000, "ms")


class TimedPrinter(CupsPrinter):
    """Notes when CUPS has taken the job."""

    spooled_at = 0.0

    def _submit(self, pdf: bytes, name: str) -> int:
        job = super()._submit(pdf, name)
        self.spooled_at = time.perf_counter()
        return job


class TimedDriver(HeldDriver):
    """The driver as a visit's device without a thread has it."""

    def __init__(self, printer: TimedPrinter) -> None:
        super().__init__({})
        self.printer = printer

    def print(self, pdf: bytes, command: object) -> object:
        return self.printer.print(pdf, Command(PRINT_S))


def bench_spool() -> None:
    """From the touch on "print" to a job in CUPS, for the first page of a certificate."""
    press().warm()
    took = []
    with closing(SimulatedA4Printer()) as simulated, TemporaryDirectory() as folder:
        printer = TimedPrinter(QUEUE, simulated.server)
        until(lambda: printer.status(Command(PRINT_S)).usable, "the printer")
        for number in range(VISITS):
            touched: list[float] = []
            (at := Path(folder) / str(number)).mkdir()
            lobby = Lobby(at)
            lobby.devices[Kind.A4_PRINTER] = HeldDevice(Kind.A4_PRINTER, TimedDriver(printer))
            straight = Straight("certificates")

            def script(
                prompt: Prompt[Any], straight: Straight = straight, touched: list[float] = touched
            ) -> Any:
                if isinstance(prompt, Preview):
                    touched.append(time.perf_counter())
                return straight(prompt)

            asyncio.run(lobby.serve(ScriptedCitizen(script)))
            took.append((printer.spooled_at - touched[0]) * 1000)
    report("a4.touch_to_spool", median(took), "ms")


def bench_slips() -> None:
    """Bytes, preview, and the code."""
    for kind in KINDS:
        paper = official(document(kind, entries=24))
        job = encode(official_slip(paper, desk()), Model())
        report(f"slip.{kind}.bytes", sum(map(len, job.pieces)), "B")
    receipt = official_slip(official(document("statement")), desk())
    started = time.perf_counter()
    slip_pictures(receipt)
    report("slip.statement.preview", (time.perf_counter() - started) * 1000, "ms")
    for kind in KINDS:
        url = document(kind).verify_url
        report(f"code.{kind}.characters", len(url), "")
        report(f"code.{kind}.qr_version", (len(qr_matrix(url, "M")) - MODULES_OF_VERSION_0) / 4, "")
    assert segno.make_qr(document("statement").verify_url).mode == "alphanumeric"
    dots = round(QR_MODULE_MM * DOTS_PER_MM)
    report("code.module_at_203_dpi", dots / DOTS_PER_MM, "mm")
    edge = len(qr_matrix(document("statement").verify_url, "M"))
    report("code.edge_on_slip", edge * dots / DOTS_PER_MM, "mm")


if __name__ == "__main__":
    bench_sheets()
    bench_spool()
    bench_slips()
