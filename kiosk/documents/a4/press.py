"""The press: an official paper to a tagged PDF (PDF/UA-1), and to pictures of its pages for the screen."""

import json
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
import zxingcpp

from kiosk.documents.a4.fonts import font_folders, legible
from kiosk.documents.letterhead import Desk, reprint_mark
from kiosk.documents.official import Fact, Grid, Official
from kiosk.messages import Part, msg
from kiosk.values import Bilingual, Digits, Moment

SHEET = Path(__file__).with_name("sheet.typ")
FORGET_COMPILATIONS = 12
"""Typst keeps what it has set for ten more compilations."""

TABLE_EM = 170 / 25.4 * 72 / 9
"""The table of the sheet is 170 mm wide and set in 9 points."""

CELL_INSETS_EM = 4 / 25.4 * 72 / 9
FIGURES = frozenset("0123456789,.+-− ")
FIGURE_EM = 0.56
"""The widest of these in the sheet's font is 0.555 em."""

PREVIEW_PPI = 110.0
PREVIEW_PAGES = 5
PREVIEW_ROWS = 40 * PREVIEW_PAGES
"""More than fit on so many pages: a preview of the first pages need not set the rest."""

QR_LEVEL = "M"
CENTRE_ZONE = timezone(timedelta(hours=8))
PAGE_MARKS = {"page": Bilingual("{page}", "{page}"), "pages": Bilingual("{pages}", "{pages}")}


@dataclass(frozen=True)
class Sheets:
    """A paper ready for the A4 printer."""

    pdf: bytes
    pages: int


class Press:
    """Typst, kept warm: the first paper takes a quarter of a second, those after it a few hundredths. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._used = False
        self._compiler = typst.Compiler(
            str(SHEET),
            root=str(SHEET.parent),
            font_paths=font_folders(),
            ignore_system_fonts=True,
        )

    def warm(self) -> None:
        """Load typst and the fonts now, so that no citizen waits for them."""
        self.pdf(_BLANK, _NOWHERE)

    def forget(self) -> None:
        """Push what was set out of typst's memory: a paper belongs to one visit. Takes a few hundredths of a second."""
        if not self._used:
            return
        data = {"data": json.dumps(sheet_data(_BLANK, _NOWHERE))}
        with self._lock:
            for _ in range(FORGET_COMPILATIONS):
                self._compiler.compile(format="svg", sys_inputs=data)
            self._used = False

    def pdf(self, paper: Official, desk: Desk, copy: int = 1) -> Sheets:
        """The paper as PDF/UA-1. `copy` after the first is marked as a reprint."""
        data = sheet_data(paper, desk, copy)
        with self._lock:
            self._used = True
            made = self._compiler.compile(
                format="pdf",
                sys_inputs={"data": json.dumps(data)},
                pdf_standards="ua-1",
                timestamp=paper.issued.at.astimezone(CENTRE_ZONE).replace(microsecond=0),
            )
            (pages,) = json.loads(self._compiler.query("<pages>", field="value"))
        assert isinstance(made, bytes)
        return Sheets(made, int(pages))

    def pictures(self, paper: Official, desk: Desk, sheets: Sheets, copy: int = 1) -> tuple[bytes, ...]:
        """The first pages as PNG files, as they will come out of the printer."""
        if paper.grid is not None and sheets.pages > PREVIEW_PAGES:
            paper = replace(paper, grid=replace(paper.grid, rows=paper.grid.rows[:PREVIEW_ROWS]))
        data = {**sheet_data(paper, desk, copy), "pages": sheets.pages}
        with self._lock:
            self._used = True
            made = self._compiler.compile(
                format="png", sys_inputs={"data": json.dumps(data)}, ppi=PREVIEW_PPI
            )
        pages = [made] if isinstance(made, bytes) else list(made or ())
        return tuple(pages[:PREVIEW_PAGES])


def sheet_data(paper: Official, desk: Desk, copy: int = 1) -> dict[str, Any]:
    """The JSON that the sheet is set from: texts only, one for each of the paper's languages."""
    desk = desk.speaking(paper.language)

    def say(part: Part) -> list[str]:
        return [legible(said) for said in desk.each(part)]

    def fact(item: Fact) -> dict[str, Any]:
        return {"label": say(item.label), "value": say(item.value), "strong": item.strong}

    number = Fact(msg("number.document"), Digits(paper.number, personal=False))
    issued = Fact(msg("document.issued-at"), paper.issued)
    host = Bilingual(paper.verify_host, paper.verify_host)
    kiosk = f"{desk.kiosk_id}  {desk.printed_at.astimezone(CENTRE_ZONE):%Y-%m-%d %H:%M}"
    return {
        "lang": desk.language,
        "centre": say(paper.issuer),
        "title": say(paper.title),
        "number": paper.number,
        "number-label": say(number.label),
        "head": [fact(number), fact(issued)],
        "mark": say(reprint_mark(copy)) if copy > 1 else None,
        "sentence": say(paper.sentence),
        "facts": [fact(item) for item in (*paper.holder, *paper.facts)],
        "grid": _grid_data(paper.grid, desk) if paper.grid else None,
        "totals": [fact(item) for item in paper.totals],
        "end": say(msg("document.end")),
        "notes": [say(msg("document.currency")), say(msg("document.sealed"))],
        "verify": say(msg("document.verify-at", host=host)),
        "qr": qr_svg(paper.verify_url),
        "qr-alt": say(msg("document.code")),
        "page": say(msg("document.page", **PAGE_MARKS)),
        "pages": None,
        "printed": kiosk,
    }


def _grid_data(grid: Grid, desk: Desk) -> dict[str, Any]:
    columns = [
        {
            "label": [legible(said) for said in desk.each(column.label)],
            "right": column.right,
            "narrow": column.narrow,
            "share": column.share,
        }
        for column in grid.columns
    ]
    rows = [[legible(" ".join(desk.each(cell))) for cell in row] for row in grid.rows]
    room = _room_em(grid, rows)
    short = [all(_em_at_most(cell) <= most for cell, most in zip(row, room, strict=True)) for row in rows]
    return {"title": list(desk.each(grid.title)), "columns": columns, "rows": rows, "short": short}


def _room_em(grid: Grid, rows: list[list[str]]) -> list[float]:
    """How wide the text of a cell may be in each column, in em of the table."""
    narrow = [max((_em_at_most(row[at]) for row in rows), default=0.0) for at in range(len(grid.columns))]
    taken = sum(em for em, column in zip(narrow, grid.columns, strict=True) if column.narrow)
    shared = TABLE_EM - taken - CELL_INSETS_EM * len(grid.columns)
    shares = sum(column.share for column in grid.columns if not column.narrow)
    return [
        em if column.narrow else shared * column.share / shares
        for em, column in zip(narrow, grid.columns, strict=True)
    ]


def _em_at_most(text: str) -> float:
    """No text of so many characters is wider. The sheet need not measure a row that is sure to take one line."""
    return len(text) * (FIGURE_EM if FIGURES.issuperset(text) else 1.0)


def qr_svg(url: str) -> str:
    """The code with its quiet zone."""
    return str(zxingcpp.create_barcode(url, zxingcpp.BarcodeFormat.QRCode, ec_level=QR_LEVEL).to_svg())


@lru_cache(maxsize=1)
def press() -> Press:
    """The one press of the kiosk, made when it is first asked for."""
    return Press()


def forget() -> None:
    """Have the press, if there is one, forget the last citizen's papers."""
    if press.cache_info().currsize:
        press().forget()


_START = Moment(datetime(2026, 1, 1, tzinfo=UTC))
_NO_TEXT = Bilingual("", "")
_NOWHERE = Desk(_NO_TEXT, "", _NO_TEXT, "", _START.at, "zh")
_BLANK = Official(
    title=msg("document.kind.statement"),
    sentence=msg("document.sentence.statement"),
    number="0",
    issued=_START,
    issuer=_NO_TEXT,
    language="both",
    holder=(),
    facts=(),
    grid=None,
    totals=(),
    verify_url="HTTPS://A/V/A",
)
