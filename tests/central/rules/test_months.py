"""Calendar months, due dates and days of 30/360."""

from datetime import date
from itertools import islice

import pytest

from central.rules.months import YearMonth, add_months, days_30_360, due_dates, in_month
from tests.central.rules.worked import day

ADDED = [
    ("2024-02-29", 12, "2025-02-28"),
    ("2025-02-28", 12, "2026-02-28"),
    ("2025-01-31", 1, "2025-02-28"),
    ("2025-12-15", 1, "2026-01-15"),
    ("2026-01-15", -1, "2025-12-15"),
    ("2025-12-31", 0, "2025-12-31"),
    ("2025-11-30", 13, "2026-12-30"),
]


@pytest.mark.parametrize(("start", "months", "end"), ADDED)
def test_add_months(start: str, months: int, end: str) -> None:
    assert add_months(day(start), months) == day(end)


def test_months_in_order() -> None:
    assert YearMonth(2025, 12) < YearMonth(2026, 1)
    assert YearMonth(2025, 12).plus(1) == YearMonth(2026, 1)
    assert YearMonth(2026, 1).plus(-13) == YearMonth(2024, 12)
    assert YearMonth(2026, 1).ordinal - YearMonth(2024, 12).ordinal == 13
    assert str(YearMonth(2026, 5)) == "2026-05"
    assert YearMonth.of(date(2026, 5, 31)) == YearMonth(2026, 5)


def test_a_day_of_a_month() -> None:
    assert in_month(YearMonth(2024, 2), 31) == day("2024-02-29")
    assert in_month(YearMonth(2024, 2), 1) == day("2024-02-01")


def test_due_dates_return_to_their_day() -> None:
    assert list(islice(due_dates(day("2025-12-30")), 4)) == [
        day(text) for text in ("2025-12-30", "2026-01-30", "2026-02-28", "2026-03-30")
    ]
    assert list(islice(due_dates(day("2026-02-28"), 31), 2)) == [day("2026-02-28"), day("2026-03-31")]


THIRTIES = [
    ("2025-12-15", "2026-01-01", 16),
    ("2026-01-01", "2026-01-15", 14),
    ("2026-01-31", "2026-02-28", 28),
    ("2026-01-30", "2026-03-31", 60),
    ("2025-01-01", "2026-01-01", 360),
    ("2026-01-01", "2026-01-01", 0),
]


@pytest.mark.parametrize(("start", "end", "days"), THIRTIES)
def test_days_of_months_of_thirty(start: str, end: str, days: int) -> None:
    assert days_30_360(day(start), day(end)) == days
