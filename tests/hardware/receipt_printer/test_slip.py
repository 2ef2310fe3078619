"""The paper as people see it: sizes in millimetres, codes that a scanner reads, nothing over the edge."""

import io

import numpy as np
import pytest
from PIL import Image
from zxingcpp import read_barcode

from hardware.receipt_printer.encoder import Model
from hardware.receipt_printer.receipt import Align, Columns, Emphasis, QrCode, Row, Rule, Text, Title
from tests.hardware.receipt_printer.support import slip

DOTS_PER_MM = 8
NUMERAL_MM = 3.5
URL = "HTTPS://GJJ.EXAMPLE/V/6BFORJMT2QSVYQ7OEEVQ3TGJ5KZ4XH0A1B2C3D4E5F6G7H8J9KMNPQRSTVWXYZ0123456789ABCDEFGHJKMN"


def ink(image: Image.Image) -> "np.ndarray[tuple[int, int], np.dtype[np.bool_]]":
    return np.asarray(image) < 128


def tallest_run_mm(image: Image.Image) -> float:
    """The height of the tallest line of ink."""
    rows = ink(image)[:, 40:-40].any(axis=1)
    best = run = 0
    for row in rows:
        run = run + 1 if row else 0
        best = max(best, run)
    return best / DOTS_PER_MM


@pytest.mark.parametrize("width_mm", [80, 58])
@pytest.mark.parametrize("chinese", ["gb18030", "none"])
def test_numerals_of_large_print_are_tall_enough(width_mm: int, chinese: str) -> None:
    model = Model(width_mm, chinese)  # type: ignore[arg-type]
    for block in (
        Text("0123456789"),
        Row("0", "8"),
        Columns(("0", "0"), (("8", "8"),), (Align.LEFT, Align.RIGHT)),
    ):
        image = slip(block, model=model, large=True).image()
        assert tallest_run_mm(image) >= NUMERAL_MM


def test_the_figure_that_matters_is_tall_on_every_receipt() -> None:
    assert tallest_run_mm(slip(Row("0", "1234567890.00", Emphasis.LARGE)).image()) >= NUMERAL_MM


@pytest.mark.parametrize("width_mm", [80, 58])
@pytest.mark.parametrize("native", [True, False])
def test_the_printed_code_is_read_by_a_scanner(width_mm: int, native: bool) -> None:
    picture = Image.open(io.BytesIO(slip(QrCode(URL), model=Model(width_mm, native_qr=native)).png()))
    assert read_barcode(picture).text == URL


def test_a_module_is_as_wide_as_asked_for() -> None:
    small, large = (ink(slip(QrCode("A", module_mm=mm)).image())[:, 40:-40] for mm in (0.375, 1.0))
    columns = [np.flatnonzero(picture.any(axis=0)) for picture in (small, large)]
    assert [found[-1] - found[0] + 1 for found in columns] == [21 * 3, 21 * 8]  # version 1 has 21 modules


def test_the_picture_is_at_true_scale() -> None:
    picture = Image.open(io.BytesIO(slip(Text("a")).png()))
    assert picture.width == 80 * DOTS_PER_MM
    assert picture.info["dpi"] == pytest.approx((203, 203), abs=1)


def test_text_shows_where_things_stand() -> None:
    text = slip(Title("题"), Rule(), Row("余额", "1.00")).text.splitlines()
    assert text[0].strip() == "题"
    assert text[1] == "─" * 24
    assert text[2] == "余额" + " " * 40 + "1.00"
    assert "cut" in text[3]


def test_a_picture_that_is_no_text_is_named_as_one() -> None:
    assert "[picture" in slip(QrCode("余额")).text


def test_paper_that_still_hangs_looks_torn() -> None:
    whole = slip(Text("a"))
    torn = type(whole)(whole.events, whole.width_dots, cut=False)
    assert whole.image().tobytes() != torn.image().tobytes()


def test_tall_letters_keep_their_tails() -> None:
    """Commas and brackets reach below the line; in the picture as in the printer's own font."""
    for chinese in ("gb18030", "none"):
        picture = ink(slip(Text("余,"), model=Model(chinese=chinese)).image())  # type: ignore[arg-type]
        comma = picture[:, 32 + 24 : 32 + 36]
        rows = np.flatnonzero(comma.any(axis=1))
        assert 5 <= rows[-1] - rows[0] <= 10
