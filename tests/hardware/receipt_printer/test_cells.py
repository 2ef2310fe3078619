import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.receipt_printer.cells import cells, clean, wrap, wrap_evenly

TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("abc", 3),
        ("中文", 4),
        ("￥1.00", 6),
        ("张䶮", 4),
        ("𬭚𠮷", 4),
        ("·", 2),
        ("é", 2),
        ("e\u0301", 1),
    ],
)
def test_cells(text: str, width: int) -> None:
    assert cells(text) == width


def test_nothing_that_a_printer_obeys_is_left() -> None:
    assert clean("a\x1b@b\x1dV\x00c\x10\x04\x01\x7f\x9bd") == "a@bVcd"


def test_direction_marks_cannot_turn_a_figure_round() -> None:
    assert clean("12\u202e34\u200b\ufeff") == "1234"


def test_what_cannot_be_shown_is_spelled() -> None:
    assert clean("a\ud800\ue000\u0378", lambda character: True) == "a[U+D800][U+E000][U+0378]"
    assert clean("x𬭚", lambda character: character != "𬭚") == "x[U+2CB5A]"


def test_twins_inside_the_printers_font_are_used() -> None:
    assert clean("¥1 − 2 • 3") == "￥1 - 2 · 3"


@given(TEXT, st.integers(2, 50))
def test_wrapping_loses_nothing_and_keeps_the_width(text: str, width: int) -> None:
    text = clean(text)
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cells(line) <= width for line in lines)
    assert lines


@given(TEXT, st.integers(2, 50))
def test_even_wrapping_needs_no_more_lines(text: str, width: int) -> None:
    text = clean(text)
    assert len(wrap_evenly(text, width)) == len(wrap(text, width))


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("early repayment", 10, ["early", "repayment"]),
        ("请妥善保管，勿遗失", 10, ["请妥善保", "管，勿遗失"]),
        ("余额（元）合计", 6, ["余额", "（元）", "合计"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("one\ntwo", 20, ["one", "two"]),
        ("2025-07-15", 10, ["2025-07-15"]),
    ],
)
def test_where_lines_break(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


def test_a_heading_leaves_no_single_hanzi_behind() -> None:
    assert wrap_evenly("住房公积金个人账户余额对账单", 24) == ["住房公积金个人", "账户余额对账单"]


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("This centre’s rules", "This centre's rules"),
        ("go on to “Settled certificate”.", 'go on to "Settled certificate".'),
        ("下一步办“结清证明”。", "下一步办“结清证明”。"),
        ("‘测试’单位", "‘测试’单位"),
    ],
)
def test_quotation_marks_at_latin_words_are_as_narrow_as_the_words(written: str, printed: str) -> None:
    assert clean(written) == printed
