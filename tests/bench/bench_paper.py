"""Figures of official papers, one JSON line each: `python -m tests.bench.bench_paper`.

Times are wall time, the median of REPEATS runs on papers that differ from each other, so that nothing is remembered
from the last one; the press is warm as in a kiosk that runs. "First page" is from the centre's data to the PDF of
a one-page certificate, ready for the spooler.
"""

import json
import time
from collections.abc import Callable
from statistics import median

import segno

from hardware.receipt_printer.encoder import DOTS_PER_MM, Model, encode
from hardware.receipt_printer.raster import qr_matrix
from kiosk.contract.models import Document
from kiosk.documents.a4.press import Press
from kiosk.documents.official import official
from kiosk.documents.preview import slip_pictures
from kiosk.documents.slips import QR_MODULE_MM, official_slip
from tests.kiosk.documents.samples import KINDS, desk, document

REPEATS = 15
MODULES_OF_VERSION_0 = 17


def report(name: str, value: float, unit: str) -> None:
    """One figure."""
    print(json.dumps({"name": f"paper.{name}", "value": round(value, 4), "unit": unit}))


def timed_ms(work: Callable[[Document], object], papers: list[Document]) -> float:
    """The median time of `work` on each paper."""
    took = []
    for paper in papers:
        started = time.perf_counter()
        work(paper)
        took.append((time.perf_counter() - started) * 1000)
    return median(took)


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

    report("a4.first_page_data_to_pdf", timed_ms(sheet, differing("deposit-certificate", 0)), "ms")
    three = differing("statement", 85)
    assert {press.pdf(official(paper), desk()).pages for paper in three} == {3}
    fresh = [paper.model_copy(update={"holder": f"{paper.holder}乙"}) for paper in three]
    report("a4.statement_3_pages.warm", timed_ms(sheet, fresh), "ms")
    report("a4.statement_3_pages.bytes", len(press.pdf(official(three[0]), desk()).pdf), "B")
    long = document("statement", entries=3000)
    report("a4.statement_3000_entries", timed_ms(sheet, [long]), "ms")
    report("a4.statement_3000_entries.pages", press.pdf(official(long), desk()).pages, "")
    paper = official(three[1])
    sheets = press.pdf(paper, desk())
    started = time.perf_counter()
    press.pictures(paper, desk(), sheets)
    report("a4.statement_3_pages.preview", (time.perf_counter() - started) * 1000, "ms")
    started = time.perf_counter()
    press.forget()
    report("a4.forget", (time.perf_counter() - started) * 1000, "ms")


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
    bench_slips()
