"""Re-pricing: a loan takes a new rate on 1 January after the central bank changes it.

Source: PBOC notices on fund loan rates (2015-08-26, 2022-10-01, 2024-05-18, 2025-05-08): loans paid out
before a change keep their rate to 31 December and take the new one from 1 January, unasked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from central.rules.months import days_30_360
from central.rules.rates import DAYS_TIMES_PERCENT_360, month_interest
from central.rules.schedule import Method, Plan, Schedule, Terms, first_interest, plan_for, rows_of
from central.rules.schedule import build as build_unchanged
from kiosk.contract.money import Fen, round_ratio


class January(StrEnum):
    """Which rate the January instalment's interest takes, as its period lies astride 1 January."""

    WHOLE_NEW = "whole-new"  # due on or after 1 January: the new rate for its whole period
    DAYS_30_360 = "30-360"  # each rate for its own days, months of thirty
    ACT_360 = "act-360"  # each rate for its own days, actual days
    WHOLE_OLD = "whole-old"


@dataclass(frozen=True, slots=True)
class RateChange:
    """From instalment `number` on, the loan runs at `annual_percent`."""

    number: int
    annual_percent: Decimal


def reprice(plan: Plan, annual_percent: Decimal) -> Plan:
    """The plan at a new rate: the same balance and months, a new instalment.

    Equal principal keeps its principal part; only the interest follows the rate.
    """
    match plan.method:
        case Method.EQUAL_INSTALMENT:
            return plan_for(plan.balance, annual_percent, plan.months, plan.method)
        case Method.EQUAL_PRINCIPAL:
            return replace(plan, annual_percent=annual_percent)


def january_interest(
    balance: Fen, old: Decimal, new: Decimal, january: January, *, last_due: date | None, due: date | None
) -> Fen:
    """Interest of the first instalment at a new rate, under each of the four readings.

    The split ones count the days from the last due date to 1 January of `due`'s year at the old rate and from
    there to `due` at the new one, over 360. They raise ValueError without the two dates.
    """
    match january:
        case January.WHOLE_NEW:
            return month_interest(balance, new)
        case January.WHOLE_OLD:
            return month_interest(balance, old)
        case January.DAYS_30_360 | January.ACT_360:
            if last_due is None or due is None:
                raise ValueError("splitting January's interest by days needs the due dates")
            old_days, new_days = _split(last_due, due, january)
            numerator, denominator = (old * old_days + new * new_days).as_integer_ratio()
            return round_ratio(balance * numerator, DAYS_TIMES_PERCENT_360 * denominator)


def _split(last_due: date, due: date, january: January) -> tuple[int, int]:
    """Days at the old and at the new rate; all at the new one when the period does not cross 1 January."""
    turn = max(date(due.year, 1, 1), last_due)
    if january is January.ACT_360:
        return (turn - last_due).days, (due - turn).days
    return days_30_360(last_due, turn), days_30_360(turn, due)


def build(terms: Terms, changes: Sequence[RateChange], january: January = January.WHOLE_NEW) -> Schedule:
    """The schedule of a loan through its re-pricings; `schedule.plan` is the plan after the last of them.

    Raises ValueError unless the changes come in rising order and each falls on an instalment of the loan.
    """
    numbers = [change.number for change in changes]
    if numbers != sorted(set(numbers)) or any(not 1 <= number <= terms.months for number in numbers):
        raise ValueError(f"rate changes need rising instalment numbers between 1 and {terms.months}")
    schedule = build_unchanged(terms)
    for change in changes:
        schedule = _with(schedule, change, january, terms)
    return schedule


def _with(schedule: Schedule, change: RateChange, january: January, terms: Terms) -> Schedule:
    kept, replaced = schedule.rows[: change.number - 1], schedule.rows[change.number - 1 :]
    balance = kept[-1].balance if kept else terms.principal
    left = replace(schedule.plan, balance=balance, months=len(replaced))
    plan = reprice(left, change.annual_percent)
    due = replaced[0].due
    interest = january_interest(
        balance,
        left.annual_percent,
        plan.annual_percent,
        january,
        last_due=kept[-1].due if kept else terms.disbursed,
        due=due,
    )
    if not kept and january in (January.WHOLE_NEW, January.WHOLE_OLD):
        # A first period that is counted by days stays so, whichever of the rates it takes.
        rate = plan.annual_percent if january is January.WHOLE_NEW else left.annual_percent
        by_days = first_interest(replace(terms, annual_percent=rate))
        interest = interest if by_days is None else by_days
    due_day = terms.due_day or (terms.first_due.day if terms.first_due else None)
    rows = rows_of(plan, first_number=change.number, first_due=due, due_day=due_day, first_interest=interest)
    return Schedule(plan, kept + tuple(rows))
