"""Numbers as people say them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import spoken
from kiosk.contract.money import Fen


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (0, "零", "zero"),
        (10, "十", "ten"),
        (12, "十二", "twelve"),
        (20, "二十", "twenty"),
        (101, "一百零一", "one hundred and one"),
        (110, "一百一十", "one hundred and ten"),
        (1001, "一千零一", "one thousand and one"),
        (1010, "一千零一十", "one thousand and ten"),
        (10_001, "一万零一", "ten thousand and one"),
        (10_010, "一万零一十", "ten thousand and ten"),
        (100_000, "十万", "one hundred thousand"),
        (101_000, "十万一千", "one hundred and one thousand"),
        (205_254, "二十万五千二百五十四", "two hundred and five thousand two hundred and fifty-four"),
        (1_000_100, "一百万零一百", "one million one hundred"),
        (100_000_001, "一亿零一", "one hundred million and one"),
        (99_999_999_999, "九百九十九亿九千九百九十九万九千九百九十九", None),
    ],
)
def test_whole_numbers(value: int, chinese: str, english: str | None) -> None:
    assert spoken.number(value, "zh") == chinese
    if english:
        assert spoken.number(value, "en") == english


@pytest.mark.parametrize(
    ("fen", "chinese", "english"),
    [
        (123_456, "一千二百三十四元五角六分", "one thousand two hundred and thirty-four yuan fifty-six fen"),
        (0, "零元", "zero yuan"),
        (5, "五分", "zero yuan five fen"),
        (50, "五角", "zero yuan fifty fen"),
        (105, "一元零五分", "one yuan five fen"),
        (10_000, "一百元", "one hundred yuan"),
        (-250, "负二元五角", "minus two yuan fifty fen"),
    ],
)
def test_amounts(fen: int, chinese: str, english: str) -> None:
    assert spoken.amount(Fen(fen), "zh") == chinese
    assert spoken.amount(Fen(fen), "en") == english


def test_card_tails_are_read_digit_by_digit_and_stars_are_hidden() -> None:
    assert spoken.digits("6217****0014", "zh") == "六二幺七，隐藏，零零幺四"
    assert spoken.digits("12 X", "en") == "one two X"


def test_rates_and_dates() -> None:
    assert spoken.percent("2.6", "zh") == "百分之二点六"
    assert spoken.percent("3.075", "en") == "three point zero seven five percent"
    assert spoken.day(date(2026, 11, 22), "zh") == "二〇二六年十一月二十二日"
    assert spoken.day(date(2005, 1, 2), "en") == "the second of January two thousand and five"
    days = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
            "twelfth", "thirteenth", "twentieth", "twenty-first", "thirty-first"]  # fmt: skip
    for number, said in zip((*range(1, 14), 20, 21, 31), days, strict=True):
        assert spoken.day(date(2026, 1, number), "en") == f"the {said} of January twenty twenty-six"
    assert spoken.month("2039-09", "en") == "September twenty thirty-nine"


@pytest.mark.parametrize(
    ("hour", "minute", "chinese", "english"),
    [
        (14, 0, "十四点整", "fourteen hundred"),
        (14, 5, "十四点零五分", "fourteen oh five"),
        (9, 30, "九点三十分", "nine thirty"),
    ],
)
def test_times_of_day(hour: int, minute: int, chinese: str, english: str) -> None:
    assert spoken.clock(hour, minute, "zh") == chinese
    assert spoken.clock(hour, minute, "en") == english


def test_the_point_of_an_amount_is_heard_when_it_is_typed() -> None:
    assert spoken.digits(".", "zh") == "点"
    assert spoken.digits(".", "en") == "point"


_VALUES = dict(zip("零一二三四五六七八九", range(10), strict=True))


def _read_back(said: str) -> int:
    """An independent reader of Chinese numerals."""
    total = section = digit = 0
    for char in said:
        if char in _VALUES:
            digit = _VALUES[char]
        elif char in "十百千":
            section += (digit or 1) * 10 ** ("十百千".index(char) + 1)
            digit = 0
        else:
            unit = {"万": 10**4, "亿": 10**8}[char]
            if unit == 10**8:
                total = (total + section + digit) * unit
            else:
                total += (section + digit) * unit
            section = digit = 0
    return total + section + digit


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_every_number_is_understood_as_itself(value: int) -> None:
    assert _read_back(spoken.number(value, "zh")) == value
