"""Repayment schedules: equal instalments and equal principal, month by month, to the fen."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import islice, repeat
from typing import NamedTuple

from central.rules.months import days_30_360, due_dates
from central.rules.rates import day_interest, equal_instalment, month_interest
from kiosk.contract.money import Fen, round_ratio

MAX_MONTHS = 360  # Fund loans run for thirty years at most


class Method(StrEnum):
    """How a loan is repaid (还款方式), with the codes of JGJ/T 320."""

    EQUAL_INSTALMENT = "equal-instalment"  # 01 等额本息
    EQUAL_PRINCIPAL = "equal-principal"  # 02 等额本金


class FirstPeriod(StrEnum):
    """How interest is counted from the day of disbursement to the first due date; centres differ."""

    FULL = "full"  # one full month, whatever the days
    ACT_360 = "act-360"
    DAYS_30_360 = "30-360"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the loan contract says. Dates need `first_due`; a first period by days needs `disbursed`."""

    principal: Fen
    annual_percent: Decimal
    months: int
    method: Method
    first_due: date | None = None
    due_day: int | None = None  # only when it differs from the first due date's day (31 after a 30 April)
    disbursed: date | None = None
    first_period: FirstPeriod = FirstPeriod.FULL


@dataclass(frozen=True, slots=True)
class Plan:
    """What is still to be repaid, seen right after an instalment or the disbursement.

    `level` is what stays the same every month: the instalment of a loan in equal instalments, the principal
    part of one in equal principal.
    """

    balance: Fen
    annual_percent: Decimal
    months: int
    method: Method
    level: Fen


class Row(NamedTuple):
    """One instalment (期); `balance` is what is owed after it. A tuple, as a schedule makes hundreds of them."""

    number: int
    due: date | None
    principal: Fen
    interest: Fen
    balance: Fen

    @property
    def payment(self) -> Fen:
        return Fen(self.principal + self.interest)


@dataclass(frozen=True, slots=True)
class Schedule:
    """All instalments still to come. `plan` is the last one agreed: after a re-pricing, the re-priced one."""

    plan: Plan
    rows: tuple[Row, ...]

    @property
    def instalment(self) -> Fen:
        """The monthly instalment; for equal principal, which falls every month, the first one of the plan."""
        match self.plan.method:
            case Method.EQUAL_INSTALMENT:
                return self.plan.level
            case Method.EQUAL_PRINCIPAL:
                return self.rows[len(self.rows) - self.plan.months].payment

    @property
    def last_payment(self) -> Fen:
        return self.rows[-1].payment

    @property
    def total_interest(self) -> Fen:
        return Fen(sum(row.interest for row in self.rows))


def plan_for(balance: Fen, annual_percent: Decimal, months: int, method: Method) -> Plan:
    """A plan that repays `balance` in `months`; the amount that stays level is rounded half up.

    Raises ValueError unless the balance is above zero and the months are 1 to 360.
    """
    if balance <= 0 or not 1 <= months <= MAX_MONTHS:
        raise ValueError(f"a loan needs a balance above 0.00 and 1 to {MAX_MONTHS} months")
    match method:
        case Method.EQUAL_INSTALMENT:
            level = equal_instalment(balance, annual_percent, months)
        case Method.EQUAL_PRINCIPAL:
            level = round_ratio(balance, months)
    return Plan(balance, annual_percent, months, method, level)


def rows_of(
    plan: Plan,
    *,
    first_number: int = 1,
    first_due: date | None = None,
    due_day: int | None = None,
    first_interest: Fen | None = None,
) -> Iterator[Row]:
    """The instalments of a plan.

    Interest is the balance's full month, half up. The last instalment pays whatever is left with its
    interest, so that the balance ends at exactly nothing; it may differ from the others by a few yuan.

    `first_interest` replaces the first row's interest (a first period counted by days, a January split
    between two rates). Its principal stays that of the plan, so that only the one payment is out of line.
    """
    dues: Iterator[date | None] = repeat(None) if first_due is None else due_dates(first_due, due_day)
    balance = plan.balance
    last = first_number + plan.months - 1
    equal_instalments = plan.method is Method.EQUAL_INSTALMENT
    for number, due in zip(range(first_number, last + 1), dues, strict=False):
        interest = month_interest(balance, plan.annual_percent)
        part = Fen(plan.level - interest) if equal_instalments else plan.level
        principal = balance if number == last else min(part, balance)
        if number == first_number and first_interest is not None:
            interest = first_interest
        balance = Fen(balance - principal)
        yield Row(number, due, principal, interest, balance)


def after(plan: Plan, instalments: int) -> Plan:
    """The plan as it stands once so many of its instalments are paid (0 to its months less one)."""
    if not 0 <= instalments < plan.months:
        raise ValueError(
            f"between 0 and {plan.months - 1} instalments of this plan can be paid and leave one"
        )
    balance = plan.balance
    for row in islice(rows_of(plan), instalments):
        balance = row.balance
    return replace(plan, balance=balance, months=plan.months - instalments)


def first_interest(terms: Terms) -> Fen | None:
    """The first instalment's interest when it is counted by days, else None.

    Raises ValueError when the days are needed and the dates are not given.
    """
    if terms.first_period is FirstPeriod.FULL:
        return None
    if terms.disbursed is None or terms.first_due is None or terms.disbursed > terms.first_due:
        raise ValueError(
            "a first period by days needs the date of disbursement and a first due date after it"
        )
    days = (
        (terms.first_due - terms.disbursed).days
        if terms.first_period is FirstPeriod.ACT_360
        else days_30_360(terms.disbursed, terms.first_due)
    )
    return day_interest(terms.principal, terms.annual_percent, days)


def build(terms: Terms) -> Schedule:
    """The schedule of a loan from its contract."""
    plan = plan_for(terms.principal, terms.annual_percent, terms.months, terms.method)
    rows = rows_of(
        plan, first_due=terms.first_due, due_day=terms.due_day, first_interest=first_interest(terms)
    )
    return Schedule(plan, tuple(rows))
