"""Which rate a loan runs at, and when it changes.

Source: PBOC notices on fund loan rates. The rate follows the contract's term (up to five years, or longer) and
whether it buys the first home or the second; a second home's is not lower than the listed one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import islice

from central.rules.dated import Dated, in_force
from central.rules.months import due_dates
from central.rules.repricing import RateChange

SHORT_TERM_MONTHS = 60


class Home(StrEnum):
    FIRST = "first"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class LoanRate:
    """Annual per cent, by home and by term: up to five years, and longer."""

    first_short: Decimal
    first_long: Decimal
    second_short: Decimal
    second_long: Decimal

    def of(self, home: Home, months: int) -> Decimal:
        short = months <= SHORT_TERM_MONTHS
        match home:
            case Home.FIRST:
                return self.first_short if short else self.first_long
            case Home.SECOND:
                return self.second_short if short else self.second_long


def loan_rate(
    rates: Sequence[Dated[LoanRate]], day: date, months: int, home: Home, floating: Decimal = Decimal(0)
) -> Decimal:
    """The rate on `day` for a contract of so many months; `floating` 0.1 adds a tenth of it (浮动比例)."""
    return in_force(rates, day).of(home, months) * (1 + floating)


def rate_changes(
    rates: Sequence[Dated[LoanRate]],
    *,
    disbursed: date,
    first_due: date,
    months: int,
    home: Home,
    floating: Decimal = Decimal(0),
) -> list[RateChange]:
    """The changes of a loan's rate over its life, each from the first instalment due on or after a 1 January.

    A loan paid out before a change of rates keeps its rate to 31 December.
    """
    changes: list[RateChange] = []
    current = loan_rate(rates, disbursed, months, home, floating)
    year = disbursed.year
    for number, due in enumerate(islice(due_dates(first_due), months), start=1):
        if due.year == year:
            continue
        year = due.year
        new = loan_rate(rates, date(year, 1, 1), months, home, floating)
        if new != current:
            changes.append(RateChange(number, new))
            current = new
    return changes
