"""Slips: a strict reader takes the bytes, and what it sees holds every figure, at both widths and in large print."""

import io

import pytest
from PIL import Image

from central.seal.claims import claims_of
from hardware.receipt_printer.encoder import DOTS_PER_MM, Model, encode
from hardware.receipt_printer.layout import Line, lay_out
from kiosk.contract.wire import DocumentLanguage
from kiosk.documents.official import official
from kiosk.documents.preview import MARGIN_DOTS, PAGE_DOTS, PAPER_DOTS, slip_pictures
from kiosk.documents.slips import official_slip, processing_slip
from kiosk.flows.issuing import SLIP_KINDS
from tests.kiosk.documents.reading import code_on, printed, squeezed
from tests.kiosk.documents.samples import (
    HOST,
    LANGUAGES,
    LONG_NAME,
    RARE_NAME,
    desk,
    document,
    figures,
)

WIDTHS_MM = (80, 58)
KINDS = sorted(SLIP_KINDS)
DIGIT_HEIGHT_OF_LINE = 0.73
"""A digit of the printer's font is about three quarters of its 24-dot cell high."""


@pytest.mark.parametrize("width_mm", WIDTHS_MM)
@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_is_on_the_slip(
    kind: str, language: DocumentLanguage, large: bool, width_mm: int
) -> None:
    paper = document(kind, language, entries=6, holder=LONG_NAME if language == "en" else RARE_NAME)
    slip = printed(official_slip(official(paper), desk(large=large)), Model(width_mm))
    found = squeezed(slip.text)
    for figure in figures(paper):
        assert figure in found
    assert paper.number in found
    assert squeezed(paper.holder) in found


@pytest.mark.parametrize("width_mm", WIDTHS_MM)
@pytest.mark.parametrize("kind", KINDS)
def test_the_scanner_reads_the_code_off_the_slip(kind: str, width_mm: int) -> None:
    paper = document(kind, entries=3)
    slip = printed(official_slip(official(paper), desk()), Model(width_mm))
    picture = slip.image()
    doubled = picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.NEAREST)
    lower = doubled.crop((0, doubled.height - 1500, doubled.width, doubled.height - 400))
    assert code_on(lower) == claims_of(paper, HOST)


@pytest.mark.parametrize("width_mm", WIDTHS_MM)
def test_nothing_leaves_the_paper(width_mm: int) -> None:
    dots = Model(width_mm).dots
    cells = dots // 12
    for kind in KINDS:
        for language in LANGUAGES:
            for large in (False, True):
                receipt = official_slip(official(document(kind, language, entries=4)), desk(large=large))
                for item in lay_out(receipt, cells):
                    if isinstance(item, Line) and item.spans:
                        assert item.spans[-1].at + item.spans[-1].width <= cells


def test_a_long_statement_loses_nothing() -> None:
    paper = document("statement", entries=300)
    found = squeezed(printed(official_slip(official(paper), desk()), Model()).text)
    for figure in figures(paper):
        assert figure in found


def test_large_print_has_numerals_of_three_and_a_half_millimetres() -> None:
    receipt = official_slip(official(document("deposit-certificate")), desk(large=True))
    for item in lay_out(receipt, 48):
        if isinstance(item, Line):
            for span in item.spans:
                if any(character.isdigit() for character in span.text):
                    assert span.size.high * 24 / DOTS_PER_MM * DIGIT_HEIGHT_OF_LINE >= 3.5


def test_reprints_are_marked_and_keep_their_number() -> None:
    paper = official(document("deposit-certificate", "both"))
    texts = [printed(official_slip(paper, desk(), copy), Model()).text for copy in (1, 2, 4)]
    assert "补打" not in texts[0]
    assert squeezed("补打 第1次") in squeezed(texts[1])
    assert squeezed("补打 第3次") in squeezed(texts[2])
    assert all("2026112000000042" in text for text in texts)


# ------------------------------------------------------------------ on the screen


@pytest.mark.parametrize("width_mm", WIDTHS_MM)
def test_the_preview_is_as_wide_as_the_paper_and_comes_in_pieces(width_mm: int) -> None:
    receipt = official_slip(official(document("statement", entries=60)), desk())
    pages = [Image.open(io.BytesIO(page)) for page in slip_pictures(receipt, width_mm)]
    assert len(pages) > 1
    for page in pages:
        assert page.width == PAPER_DOTS[width_mm] + 2 * MARGIN_DOTS
        assert page.height <= PAGE_DOTS + 2 * MARGIN_DOTS


def test_the_preview_has_the_lines_that_the_printer_sets() -> None:
    """Row by row, the ink of the preview is where the ink of the printed slip is."""
    receipt = processing_slip("123456789012", desk())
    (preview,) = slip_pictures(receipt)
    screen = Image.open(io.BytesIO(preview)).convert("L")
    paper = printed(receipt, Model()).image().convert("L")

    def rows(picture: Image.Image) -> int:
        inked = [
            min(picture.crop((40, y, picture.width - 40, y + 1)).getdata()) < 128
            for y in range(picture.height)
        ]
        return sum(1 for before, now in zip([False, *inked], inked, strict=False) if now and not before)

    assert abs(rows(screen) - rows(paper)) <= 2
    assert abs(screen.height - paper.height) < paper.height // 3


# ------------------------------------------------------------------ size


@pytest.mark.parametrize("kind", KINDS)
def test_a_slip_is_a_few_kilobytes(kind: str) -> None:
    job = encode(official_slip(official(document(kind, entries=12)), desk()), Model())
    assert sum(map(len, job.pieces)) < 20_000
