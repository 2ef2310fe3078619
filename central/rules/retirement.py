"""Statutory retirement: when, how early, how late, and with how many years of contributions.

Source: decision of the NPC Standing Committee of 2024-09-13 on raising the statutory retirement age step by
step, in force from 2025-01-01, and the State Council's measures with it; for the window of three years the
interim measures on flexible retirement, in force from the same day.

A woman's category (55 or 50) follows from her post. It is evidence from her employer or from social
insurance, and is never read from an identity number.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from central.rules.months import MONTHS_PER_YEAR, YearMonth, add_months

REFORM = YearMonth(2025, 1)
FLEXIBLE_MONTHS = 36

CONTRIBUTION_MONTHS_TO_2029 = 15 * MONTHS_PER_YEAR
CONTRIBUTION_STEP_MONTHS = 6
CONTRIBUTION_LAST_YEAR_UNCHANGED = 2029
CONTRIBUTION_LAST_STEP_YEAR = 2039


class Category(StrEnum):
    """Whose old retirement age applies."""

    MAN = "man"
    WOMAN_55 = "woman-55"  # managerial and technical posts
    WOMAN_50 = "woman-50"  # other posts


@dataclass(frozen=True, slots=True)
class Step:
    """The old age in years, one month's delay for every `band` months, at most `limit` months of delay."""

    age: int
    band: int
    limit: int


STEPS = {
    Category.MAN: Step(age=60, band=4, limit=36),
    Category.WOMAN_55: Step(age=55, band=4, limit=36),
    Category.WOMAN_50: Step(age=50, band=2, limit=60),
}


@dataclass(frozen=True, slots=True)
class Retirement:
    """The statutory month, the delay against the old rule, and the flexible window around it."""

    age_years: int
    age_months: int
    delay_months: int
    retires: YearMonth
    earliest: YearMonth  # flexible early retirement: at most three years, never before the old age
    latest: YearMonth  # flexible late retirement: at most three years, by agreement with the employer
    contribution_months: int  # the least for a monthly pension when retiring in `retires`


def retirement(born: YearMonth, category: Category) -> Retirement:
    """When somebody born in that month reaches the statutory retirement age.

    Those who reach the old age before 2025 are not delayed; from then on every band adds a month.
    """
    step = STEPS[category]
    old = born.plus(step.age * MONTHS_PER_YEAR)
    since = old.ordinal - REFORM.ordinal
    delay = 0 if since < 0 else min(since // step.band + 1, step.limit)
    retires = old.plus(delay)
    years, months = divmod(step.age * MONTHS_PER_YEAR + delay, MONTHS_PER_YEAR)
    earliest = max(old, retires.plus(-FLEXIBLE_MONTHS))
    latest = retires.plus(FLEXIBLE_MONTHS)
    return Retirement(years, months, delay, retires, earliest, latest, contribution_months(retires.year))


def retirement_day(born: date, category: Category) -> date:
    """The day the statutory age is reached, clipped to the month's end (1965-01-31, a man: 2025-02-28)."""
    delay = retirement(YearMonth.of(born), category).delay_months
    return add_months(born, STEPS[category].age * MONTHS_PER_YEAR + delay)


def has_reached(born: date, category: Category, today: date) -> bool:
    """Whether the statutory age is reached, by the month: what an automatic closure may rely on."""
    return YearMonth.of(today) >= retirement(YearMonth.of(born), category).retires


def contribution_months(year: int) -> int:
    """Months of contributions for a monthly pension drawn from `year`.

    Fifteen years until 2029, then half a year more each year up to twenty years in 2039.
    """
    steps = min(year, CONTRIBUTION_LAST_STEP_YEAR) - CONTRIBUTION_LAST_YEAR_UNCHANGED
    return CONTRIBUTION_MONTHS_TO_2029 + CONTRIBUTION_STEP_MONTHS * max(steps, 0)
