"""Rates: exact until the fen."""

from decimal import Decimal

import pytest

from central.rules.rates import (
    day_interest,
    equal_instalment,
    month_interest,
    months_to_repay,
    with_rounded_month,
)
from kiosk.contract.money import Fen
from tests.central.rules.worked import yuan


def test_a_month_and_a_day() -> None:
    assert month_interest(yuan("600,000"), Decimal("2.6")) == yuan("1300.00")
    assert day_interest(yuan("565,007.47"), Decimal("2.6"), 30) == yuan("1224.18")
    assert day_interest(yuan("100,000"), Decimal("2.6"), 12) == yuan("86.67")


def test_half_a_fen_is_charged_and_less_is_not() -> None:
    assert month_interest(Fen(100), Decimal("6")) == 1
    assert month_interest(Fen(99), Decimal("6")) == 0


def test_the_instalment_is_rounded_once() -> None:
    assert equal_instalment(yuan("1,000,000"), Decimal("3.25"), 360) == yuan("4352.06")
    assert equal_instalment(yuan("100"), Decimal("0"), 3) == yuan("33.33")


MONTHS = [
    ("465,007.47", "2.6", "2722.02", 214),
    ("465,007.47", "2.6", "2727.83", 213),
    ("1200", "0", "100", 12),
    ("1200.01", "0", "100", 13),
    ("100", "12", "101", 1),  # exactly one month's payment
    ("100.01", "12", "101", 2),
    ("0.01", "0", "100", 1),
    ("11.99", "1", "0.01", 8512),  # of which a month's interest leaves 1/1200 of a fen
]


@pytest.mark.parametrize(("balance", "rate", "instalment", "months"), MONTHS)
def test_months_to_repay(balance: str, rate: str, instalment: str, months: int) -> None:
    assert months_to_repay(yuan(balance), Decimal(rate), yuan(instalment)) == months


@pytest.mark.parametrize("instalment", ["0", "-1"])
def test_nothing_repays_nothing(instalment: str) -> None:
    with pytest.raises(ValueError, match=r"^an instalment of nothing never repays the loan$"):
        months_to_repay(yuan("100"), Decimal("0"), yuan(instalment))


def test_a_fen_a_month_repays_in_the_end() -> None:
    assert months_to_repay(yuan("1"), Decimal("0"), Fen(1)) == 100


def test_the_interest_alone_never_repays() -> None:
    with pytest.raises(ValueError, match=r"^the instalment does not cover a month's interest$"):
        months_to_repay(yuan("100"), Decimal("12"), yuan("1"))


def test_a_rounded_monthly_rate_is_a_slightly_other_annual_one() -> None:
    assert with_rounded_month(Decimal("2.6"), 8) == Decimal("2.600004")
    assert with_rounded_month(Decimal("3.25"), 8) == Decimal("3.249996")
    assert with_rounded_month(Decimal("2.85"), 8) == Decimal("2.85")
    assert with_rounded_month(Decimal("2.6"), None) == Decimal("2.6")
    assert with_rounded_month(Decimal("0.0006"), 6) == Decimal("0.0012")  # a half goes up
