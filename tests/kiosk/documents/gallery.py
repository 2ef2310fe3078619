"""Every paper as a picture, in each language and width: `python -m tests.kiosk.documents.gallery` draws them anew.

Whole pictures go to build/papers, to be looked at; small ones beside this file, to be compared with ever after.
"""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from PIL import Image

from hardware.receipt_printer.encoder import Model
from hardware.receipt_printer.receipt import Receipt
from kiosk.contract.accounts import Account, Entries
from kiosk.contract.catalogue import load_catalogue
from kiosk.contract.operations import Operation
from kiosk.contract.wire import DocumentLanguage
from kiosk.documents.a4.press import press
from kiosk.documents.letterhead import Desk
from kiosk.documents.official import official
from kiosk.documents.slips import (
    balance_slip,
    entries_slip,
    guide_slip,
    official_slip,
    operation_slip,
    processing_slip,
)
from kiosk.flows.issuing import SLIP_KINDS
from kiosk.settings import ROOT
from tests.journeys.table_centre import ACCOUNT, ENTRIES, OPERATION, QUOTE
from tests.kiosk.documents.reading import pdf_picture, printed
from tests.kiosk.documents.samples import KINDS, LANGUAGES, desk, document

GOLDEN = Path(__file__).parent / "golden"
LOOK = ROOT / "build" / "papers"
WIDTHS_MM = (80, 58)
GAP = 24
SMALLER = 4
GREYS = 8
A4_DPI = 100
A4_PAGES = 2
GUIDE = "L06"

ACCOUNT_NOW = Account.model_validate(ACCOUNT)
OPERATION_DONE = Operation.model_validate({**OPERATION, "operation_id": QUOTE})

PLAIN: dict[str, Callable[[Desk], Receipt]] = {
    "balance": lambda at: balance_slip(ACCOUNT_NOW, at),
    "entries": lambda at: entries_slip(ACCOUNT_NOW, Entries.model_validate(ENTRIES), at),
    "receipt-without-seal": lambda at: operation_slip(OPERATION_DONE, at, copy=2),
    "being-processed": lambda at: processing_slip("123456789012", at),
    "guide": lambda at: guide_slip(*_guide(), "http://127.0.0.1:8800/", at),
}
"""What the kiosk prints without asking the centre; the rest is official."""

SLIPS = tuple(kind for kind in KINDS if kind in SLIP_KINDS)
NAMES = (
    *(f"slip-{name}" for name in (*PLAIN, *SLIPS)),
    *(f"a4-{kind}" for kind in KINDS),
)


@cache
def _guide() -> tuple[object, object]:
    catalogue = load_catalogue(ROOT / "config" / "services")
    return catalogue, catalogue.by_code(GUIDE)


def picture(name: str) -> Image.Image:
    """One paper in each language: on slips of each width and in large print, or its first sheets."""
    form, _, kind = name.partition("-")
    return _side_by_side(list(_sheets(kind) if form == "a4" else _slips(kind)))


def small(whole: Image.Image) -> Image.Image:
    """As it is kept: a quarter as wide, in few greys."""
    step = 255 // (GREYS - 1)
    return whole.reduce(SMALLER).point(lambda grey: round(grey / step) * step)


def golden(name: str) -> Path:
    """Where the small picture is kept."""
    return GOLDEN / f"{name}.png"


def _slips(kind: str) -> Iterator[Image.Image]:
    def slip(language: DocumentLanguage, width_mm: int, *, large: bool = False) -> Image.Image:
        at = desk(language="zh" if language == "both" else language, large=large)
        made = PLAIN.get(kind, lambda at: official_slip(official(document(kind, language, entries=5)), at))
        return printed(made(at.speaking(language)), Model(width_mm)).image()

    for width_mm in WIDTHS_MM:
        for language in LANGUAGES:
            yield slip(language, width_mm)
    yield slip("zh", WIDTHS_MM[0], large=True)


def _sheets(kind: str) -> Iterator[Image.Image]:
    for language in LANGUAGES:
        at = desk(language="zh" if language == "both" else language)
        made = press().pdf(official(document(kind, language, entries=30)), at)
        for page in range(1, min(made.pages, A4_PAGES) + 1):
            yield pdf_picture(made.pdf, page, A4_DPI)


def _side_by_side(pictures: list[Image.Image]) -> Image.Image:
    whole = Image.new(
        "L",
        (sum(one.width + GAP for one in pictures), max(one.height for one in pictures)),
        128,
    )
    at = 0
    for one in pictures:
        whole.paste(one.convert("L"), (at, 0))
        at += one.width + GAP
    return whole


if __name__ == "__main__":
    LOOK.mkdir(parents=True, exist_ok=True)
    GOLDEN.mkdir(exist_ok=True)
    for name in NAMES:
        whole = picture(name)
        whole.save(LOOK / f"{name}.png")
        kept = small(whole)
        kept.quantize(GREYS).save(golden(name), optimize=True)
        print(name, whole.size, f"{golden(name).stat().st_size} bytes")
