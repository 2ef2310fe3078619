"""Loan rates: the history since 2014, and when a loan takes a new one."""

from dataclasses import replace
from decimal import Decimal

import pytest

from central.policy import load
from central.rules.loan_rates import Home, loan_rate, rate_changes
from central.rules.repricing import RateChange, build
from tests.central.rules.worked import day, terms, yuan

RATES = load().loan_rates

HISTORY = [
    # from: first home up to five years, longer; second home up to five years, longer
    ("2014-11-22", "3.75", "4.25", "4.125", "4.675"),
    ("2015-03-01", "3.50", "4.00", "3.85", "4.40"),
    ("2015-05-11", "3.25", "3.75", "3.575", "4.125"),
    ("2015-06-28", "3.00", "3.50", "3.30", "3.85"),
    ("2015-08-26", "2.75", "3.25", "3.025", "3.575"),
    ("2022-09-30", "2.75", "3.25", "3.025", "3.575"),
    ("2022-10-01", "2.60", "3.10", "3.025", "3.575"),
    ("2024-05-18", "2.35", "2.85", "2.775", "3.325"),
    ("2025-05-07", "2.35", "2.85", "2.775", "3.325"),
    ("2025-05-08", "2.10", "2.60", "2.525", "3.075"),
    ("2026-08-01", "2.10", "2.60", "2.525", "3.075"),
]


@pytest.mark.parametrize(("on", "first_short", "first_long", "second_short", "second_long"), HISTORY)
def test_history(on: str, first_short: str, first_long: str, second_short: str, second_long: str) -> None:
    assert [
        loan_rate(RATES, day(on), months, home) for home in (Home.FIRST, Home.SECOND) for months in (60, 61)
    ] == [Decimal(rate) for rate in (first_short, first_long, second_short, second_long)]


def test_a_floating_rate() -> None:
    assert loan_rate(RATES, day("2025-05-08"), 360, Home.FIRST, Decimal("0.1")) == Decimal("2.86")


def changes(disbursed: str, first_due: str, months: int = 300) -> list[RateChange]:
    return rate_changes(
        RATES, disbursed=day(disbursed), first_due=day(first_due), months=months, home=Home.FIRST
    )


CHANGES = [
    ("2024-06-15", "2024-07-15", [(19, "2.60")]),
    ("2022-10-20", "2022-11-20", [(27, "2.85"), (39, "2.60")]),
    ("2025-05-08", "2025-06-08", []),  # paid out at the new rate
    ("2025-05-07", "2025-06-07", [(8, "2.60")]),
    ("2024-12-20", "2025-01-20", [(13, "2.60")]),  # the first instalment of all is in January
    ("2025-12-20", "2026-01-20", []),
]


@pytest.mark.parametrize(("disbursed", "first_due", "expected"), CHANGES)
def test_a_loan_keeps_its_rate_to_31_december(
    disbursed: str, first_due: str, expected: list[tuple[int, str]]
) -> None:
    assert changes(disbursed, first_due) == [RateChange(number, Decimal(rate)) for number, rate in expected]


def test_a_loan_repaid_before_january_has_no_change() -> None:
    assert changes("2024-06-15", "2024-07-15", 18) == []
    assert changes("2024-06-15", "2024-07-15", 19) == [RateChange(19, Decimal("2.10"))]  # a short loan's rate


@pytest.mark.parametrize(("since", "number"), [("2026-01-01", 8), ("2026-01-02", 20), ("2026-02-01", 20)])
def test_1_january_decides(since: str, number: int) -> None:
    """A rate of 1 January holds for that year's instalments, one of 2 January for the next year's."""
    older = replace(RATES[0], since=day("2020-01-01"))
    newer = replace(RATES[-1], since=day(since))
    found = rate_changes(
        [older, newer], disbursed=day("2025-05-20"), first_due=day("2025-06-20"), months=300, home=Home.FIRST
    )
    assert found == [RateChange(number, Decimal("2.60"))]


def test_a_floating_rate_floats_on() -> None:
    found = rate_changes(
        RATES,
        disbursed=day("2024-06-15"),
        first_due=day("2024-07-15"),
        months=300,
        home=Home.SECOND,
        floating=Decimal("0.2"),
    )
    assert found == [RateChange(19, Decimal("3.69"))]


def test_the_changes_make_the_schedule() -> None:
    loan = terms("800,000", "3.1", 360, first_due=day("2022-11-20"))
    rows = build(loan, changes("2022-10-20", "2022-11-20", 360)).rows
    assert rows[-1].payment == yuan("3219.25")
