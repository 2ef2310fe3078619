"""A4 sheets: complete, paged, tagged, verifiable, and nothing on them is ever taken for markup."""

import io
import re
from collections import Counter
from itertools import combinations

import pikepdf
import pytest

from central.seal.claims import claims_of
from kiosk.contract.wire import DocumentLanguage
from kiosk.documents.a4 import press as press_module
from kiosk.documents.a4.press import PREVIEW_PAGES, Sheets, forget, press, sheet_data
from kiosk.documents.official import Official, official
from kiosk.messages import msg, text
from tests.kiosk.documents.reading import code_on, pdf_picture, pdf_text, squeezed, structure
from tests.kiosk.documents.samples import (
    HOST,
    KINDS,
    LANGUAGES,
    LONG_NAME,
    RARE_NAME,
    desk,
    document,
    figures,
)

WORD_BOX = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"'
TOUCHING_PT = 0.5


def made(kind: str, language: DocumentLanguage = "zh", copy: int = 1, **more: object) -> Sheets:
    return press().pdf(official(document(kind, language, **more)), desk(), copy)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_and_name_is_on_the_sheet(kind: str, language: DocumentLanguage) -> None:
    paper = document(kind, language)
    sheets = press().pdf(official(paper), desk())
    found = squeezed(pdf_text(sheets.pdf))
    for figure in figures(paper):
        assert figure in found
    for said in (RARE_NAME, paper.number, paper.account_masked, HOST):
        assert said in found
    for spoken in ("zh", "en") if language == "both" else (language,):
        assert squeezed(text(msg(f"document.kind.{kind}"), spoken)) in found
    assert ("第1页/共" in found) == (language != "en")
    assert (f"Page1of{sheets.pages}" in found) == (language != "zh")


def test_a_rare_name_stands_on_the_sheet_and_is_not_spelled() -> None:
    name = "测试\U00020000·\U0002a7dd\U0002b7f7\U0002ceb1\U00030001"
    pdf = made("deposit-certificate", holder=name).pdf
    found = pdf_text(pdf)
    assert name in squeezed(found)
    assert "U+" not in found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_pdf_is_tagged_as_pdf_ua_asks(kind: str, language: DocumentLanguage) -> None:
    pdf = made(kind, language).pdf
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert bool(opened.Root.MarkInfo.Marked)
        assert str(opened.Root.Lang) == ("en" if language == "en" else "zh-CN")
        assert bool(opened.Root.ViewerPreferences.DisplayDocTitle)
        with opened.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"]
    elements = structure(pdf)
    kinds = Counter(element.kind for element in elements)
    assert kinds["/H1"] == 1
    assert [bool(element.alternative) for element in elements if element.kind == "/Figure"] == [True]
    paper = official(document(kind, language))
    if paper.grid is not None:
        assert kinds["/Table"] == 1
        assert kinds["/TH"] == len(paper.grid.columns)
        assert kinds["/TD"] == len(paper.grid.columns) * len(paper.grid.rows)
        assert kinds["/TR"] == len(paper.grid.rows) + 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_scanner_reads_the_code_off_the_printed_page(kind: str) -> None:
    paper = document(kind)
    assert code_on(pdf_picture(press().pdf(official(paper), desk()).pdf)) == claims_of(paper, HOST)


def test_three_thousand_entries_are_all_there_and_every_page_says_which_it_is() -> None:
    paper = document("statement", "en", entries=3000)
    sheets = press().pdf(official(paper), desk())
    pages = pdf_text(sheets.pdf, "-layout").split("\f")[: sheets.pages]
    assert sheets.pages > 50
    rows = re.findall(
        r"^\s*(\d{4}-\d\d-\d\d)\s.*?([+−-][\d,]+\.\d\d)\s+([\d,]+\.\d\d)\s*$", "\n".join(pages), re.M
    )
    said = [
        (e.on.isoformat(), _signed(e.amount), f"{e.balance // 100:,}.{e.balance % 100:02d}")
        for e in paper.entries
    ]
    assert rows == said
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {sheets.pages}" in page
        assert paper.number in page


def _signed(amount: int) -> str:
    return f"{'+' if amount > 0 else '−'}{abs(amount) // 100:,}.{abs(amount) % 100:02d}"


def test_columns_are_aligned_on_the_right_edge() -> None:
    """Every figure of a column ends at the same place, whatever its length."""
    pdf = made("statement", entries=40).pdf
    boxes = pdf_text(pdf, "-bbox")
    ends = Counter(
        round(float(right), 1)
        for right, word in re.findall(r'xMax="([\d.]+)" yMax="[\d.]+">([^<]+)</word>', boxes)
        if re.fullmatch(r"[+−]?[\d,]+\.\d\d", word)
    )
    (_, amounts), (_, balances) = ends.most_common(2)
    assert amounts == balances == 40


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["statement", "repayment-schedule", "loan-use-certificate"])
def test_no_two_words_stand_on_each_other(kind: str, language: DocumentLanguage) -> None:
    """Rows that are sure to take one line are not measured: one that is wider would run into its neighbours."""
    paper = document(kind, language, entries=12)
    if kind == "statement":
        wordy = paper.entries[5].model_copy(update={"kind": "WWWW " * 12})
        paper = paper.model_copy(update={"entries": (*paper.entries[:5], wordy, *paper.entries[6:])})
    pdf = press().pdf(official(paper), desk()).pdf
    for page in pdf_text(pdf, "-bbox").split("<page ")[1:]:
        boxes = [tuple(map(float, found)) for found in re.findall(WORD_BOX, page)]
        for (left, top, right, bottom), other in combinations(boxes, 2):
            across = min(right, other[2]) - max(left, other[0])
            down = min(bottom, other[3]) - max(top, other[1])
            # A box is as high as the font, which is higher than the lines are apart.
            assert across <= TOUCHING_PT or down <= 0.5 * (bottom - top)


@pytest.mark.parametrize("name", [RARE_NAME, LONG_NAME, "测" * 30, "A" * 80])
def test_no_name_is_cut_off_or_leaves_the_page(name: str) -> None:
    pdf = made("deposit-certificate", "both", holder=name).pdf
    # A hyphen at the end of a line is one that poppler takes for a mark of hyphenation.
    assert squeezed(name).replace("-", "") in squeezed(pdf_text(pdf)).replace("-", "")
    page = re.search(r'<page width="([\d.]+)"', pdf_text(pdf, "-bbox"))
    assert page is not None
    for right in re.findall(r'<word xMin="[\d.]+" yMin="[\d.]+" xMax="([\d.]+)"', pdf_text(pdf, "-bbox")):
        assert float(right) <= float(page[1])


def test_a_character_that_no_font_has_is_spelled_not_swallowed() -> None:
    pdf = made("deposit-certificate", holder="测\U000f1234试\u0007\u202e").pdf
    assert "测[U+F1234]试" in squeezed(pdf_text(pdf))


@pytest.mark.parametrize(
    "name",
    ['#panic("x")', '#image("/etc/hostname")', "*粗* _斜_ = 标题", '", "x": "y', "\\u{41} $x$", "</text>"],
)
def test_nothing_on_a_paper_is_markup(name: str) -> None:
    assert squeezed(name) in squeezed(pdf_text(made("deposit-certificate", holder=name).pdf))


def test_a_reprint_bears_its_mark_and_the_same_number() -> None:
    first, second = (squeezed(pdf_text(made("deposit-certificate", "both", copy).pdf)) for copy in (1, 3))
    assert "补打" not in first
    assert "补打第2次" in second
    assert "2026112000000042" in second


def test_the_same_paper_is_the_same_file() -> None:
    assert made("statement").pdf == made("statement").pdf


@pytest.mark.parametrize("entries", [0, 24, 400])
def test_the_preview_shows_the_pages_that_will_be_printed(entries: int) -> None:
    paper = official(document("statement", "both", entries=entries))
    sheets = press().pdf(paper, desk())
    pages = press().pictures(paper, desk(), sheets)
    assert len(pages) == min(sheets.pages, PREVIEW_PAGES)
    assert all(page.startswith(b"\x89PNG") for page in pages)


def test_the_code_can_be_read_off_the_preview_too() -> None:
    from PIL import Image

    paper = document("deposit-certificate")
    made_of = official(paper)
    first = press().pictures(made_of, desk(), press().pdf(made_of, desk()))[0]
    picture = Image.open(io.BytesIO(first))
    assert code_on(picture.resize((picture.width * 2, picture.height * 2))) == claims_of(paper, HOST)


def test_typst_is_given_nothing_but_texts() -> None:
    """Whatever the sheet is set from is text, so that no value can be anything else to the sheet."""

    def leaves(node: object) -> list[object]:
        if isinstance(node, dict):
            return [leaf for value in node.values() for leaf in leaves(value)]
        if isinstance(node, list):
            return [leaf for value in node for leaf in leaves(value)]
        return [node]

    for kind in KINDS:
        found = leaves(sheet_data(official(document(kind, "both")), desk()))
        assert all(leaf is None or isinstance(leaf, str | bool | float) for leaf in found)


def test_what_was_set_is_pushed_out_of_the_press() -> None:
    """After `forget` the press starts from nothing again: it has been given other things to set a dozen times."""
    seen: list[str] = []

    class Compiler:
        def compile(self, **options: object) -> bytes:
            seen.append(str(options["sys_inputs"]))
            return b""

    fresh = press_module.Press.__new__(press_module.Press)
    fresh.__init__()  # type: ignore[misc]
    fresh.pdf(official(document("deposit-certificate")), desk())
    fresh._compiler = Compiler()  # type: ignore[assignment]
    fresh.forget()
    assert len(seen) == press_module.FORGET_COMPILATIONS
    assert not any(RARE_NAME in inputs for inputs in seen)
    fresh.forget()
    assert len(seen) == press_module.FORGET_COMPILATIONS, "there was nothing to forget"
    forget()


def test_a_paper_without_a_grid_or_totals_is_one_page() -> None:
    paper = official(document("settled-certificate", "both"))
    assert isinstance(paper, Official)
    assert paper.grid is None
    assert press().pdf(paper, desk()).pages == 1
