"""Money is whole fen inside and two decimals outside."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.contract.money import (
    Fen,
    format_grouped,
    format_yuan,
    parse_yuan,
    round_half_up,
    round_ratio,
)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("0.01", 1),
        ("0.1", 10),
        ("1234", 123400),
        ("1234.5", 123450),
        ("1234.50", 123450),
        ("007", 700),
    ],
)
def test_parses(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "1,234",
        "1e9",
        "NaN",
        "Infinity",
        ".5",
        "1.",
        "1.234",
        "+1",
        "-1",
        "１２",
        "1 ",
        "1\n",
        "9" * 17,
        "¥1",
        "0x1",
    ],
)
def test_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"yuan|below zero"):
        parse_yuan(text)


def test_minus_only_when_allowed() -> None:
    assert parse_yuan("-60000", signed=True) == -6_000_000
    assert parse_yuan("-0.05", signed=True) == -5
    with pytest.raises(ValueError, match=r"0\.00 or more"):
        parse_yuan("-0.05")


@pytest.mark.parametrize(
    ("fen", "plain", "grouped"),
    [
        (0, "0.00", "0.00"),
        (-5, "-0.05", "-0.05"),
        (123450, "1234.50", "1,234.50"),
        (-100000000, "-1000000.00", "-1,000,000.00"),
    ],
)
def test_formats(fen: int, plain: str, grouped: str) -> None:
    assert format_yuan(Fen(fen)) == plain
    assert format_grouped(Fen(fen)) == grouped


@given(st.integers(min_value=-(10**18) + 1, max_value=10**18 - 1))
def test_text_carries_every_amount(fen: int) -> None:
    assert parse_yuan(format_yuan(Fen(fen)), signed=True) == fen


@pytest.mark.parametrize(
    ("value", "fen"), [("0.4", 0), ("0.5", 1), ("1.5", 2), ("2.5", 3), ("-0.5", -1), ("-2.4", -2)]
)
def test_a_half_goes_away_from_zero(value: str, fen: int) -> None:
    assert round_half_up(Decimal(value)) == fen
    assert round_ratio(*Decimal(value).as_integer_ratio()) == fen
