"""Calendar months: how terms, due days, intervals and ages are counted."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Self

MONTHS_PER_YEAR = 12
SHORTEST_MONTH = 28


@dataclass(frozen=True, slots=True, order=True)
class YearMonth:
    """A calendar month, such as 2026-05."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    def plus(self, months: int) -> "YearMonth":
        year, month0 = divmod(self.ordinal + months, MONTHS_PER_YEAR)
        return YearMonth(year, month0 + 1)

    @property
    def ordinal(self) -> int:
        """Months since year 0, so that months can be subtracted."""
        return self.year * MONTHS_PER_YEAR + self.month - 1

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def in_month(month: YearMonth, day: int) -> date:
    """That day of the month, or the month's last day when it has none such (31 -> 30 April)."""
    return _clipped(month.year, month.month, day)


def _clipped(year: int, month: int, day: int) -> date:
    # Every month has 28 days; asking the calendar for more would be most of a schedule's work.
    return date(year, month, day if day <= SHORTEST_MONTH else min(day, monthrange(year, month)[1]))


def add_months(day: date, months: int) -> date:
    """The same day so many months on, clipped to the month's end.

    Intervals between withdrawals count calendar months, not 365 days: 2023-03-01 -> 2024-03-01, 2024-02-29 ->
    2025-02-28. The general rule for terms in months is Civil Code article 202.
    """
    return in_month(YearMonth.of(day).plus(months), day.day)


def due_dates(first_due: date, due_day: int | None = None) -> Iterator[date]:
    """Due dates without end: always on `due_day` (by default the first one's) or the month's last day."""
    year, month, day = first_due.year, first_due.month, due_day or first_due.day
    while True:
        yield _clipped(year, month, day)
        year, month = (year, month + 1) if month < MONTHS_PER_YEAR else (year + 1, 1)


def days_30_360(start: date, end: date) -> int:
    """Days from `start` to `end` where every month has thirty: the 31st counts as the 30th."""
    months = YearMonth.of(end).ordinal - YearMonth.of(start).ordinal
    return months * 30 + min(end.day, 30) - min(start.day, 30)
