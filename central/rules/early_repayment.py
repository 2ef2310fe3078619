"""Early repayment (提前还款): what part of a loan costs today and what is left, and what all of it costs.

Source: Civil Code article 677 (interest for the time the money was really used), and the centres' loan
contracts, which differ in how the days since the last due date are charged; see `PartInterest`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from central.rules.rates import DAYS_TIMES_PERCENT_360, day_interest, months_to_repay
from central.rules.schedule import Method, Plan, Row, after, plan_for, rows_of
from kiosk.contract.money import Fen, round_ratio

DAYS_PER_MONTH = 30  # the month of the alternatives that count remaining days


class Mode(StrEnum):
    """What a part repaid early changes."""

    REDUCE = "reduce"  # the instalment falls, the term stays
    SHORTEN = "shorten"  # the instalment (equal principal: the principal part) stays, the term shortens


class PartInterest(StrEnum):
    """Which interest is paid along with a part repaid between two due dates."""

    ON_AMOUNT = "on-amount"  # on the part, for its days; the next instalment charges a full month on the rest
    ON_BALANCE = (
        "on-balance"  # on the whole balance now; the next instalment charges the rest for what is left
    )
    UNUSED_DAYS = (
        "unused-days"  # the current instalment is paid too; days not used are given back on the rest
    )


@dataclass(frozen=True, slots=True)
class Payoff:
    """All that is owed on one day."""

    principal: Fen
    interest: Fen

    @property
    def total(self) -> Fen:
        return Fen(self.principal + self.interest)


@dataclass(frozen=True, slots=True)
class Quote:
    """A part repaid early. `before` and `plan` are the loan before and after; `rows` are numbered from 1."""

    before: Plan
    principal: Fen  # what comes off the balance today
    interest: Fen  # what is paid besides today
    plan: Plan
    rows: tuple[Row, ...]

    @property
    def total(self) -> Fen:
        return Fen(self.principal + self.interest)

    @property
    def instalment(self) -> Fen:
        """The new instalment; for equal principal, which falls every month, the first one."""
        return self.plan.level if self.plan.method is Method.EQUAL_INSTALMENT else self.rows[0].payment

    @property
    def last_payment(self) -> Fen:
        return self.rows[-1].payment

    @property
    def interest_left(self) -> Fen:
        return _interest(self.rows)

    @property
    def interest_saved(self) -> Fen:
        """Against paying on as before. Interest paid today counts as paid."""
        return Fen(_interest(rows_of(self.before)) - self.interest_left - self.interest)


def payoff(plan: Plan, days: int, basis: PartInterest = PartInterest.ON_AMOUNT) -> Payoff:
    """What settles the loan `days` after the last due date: the balance and its interest for those days.

    Under UNUSED_DAYS the current instalment is paid in full and the unused days of a thirty-day month are
    given back on the balance after it. Raises ValueError when days < 0.
    """
    _check_days(days)
    if basis is PartInterest.UNUSED_DAYS:
        current = next(rows_of(plan))
        numerator, denominator = _rebate(plan, days)
        rest = round_ratio(current.balance * numerator, denominator)
        return Payoff(plan.balance, Fen(current.payment + rest - plan.balance))
    return Payoff(plan.balance, day_interest(plan.balance, plan.annual_percent, days))


def quote(
    plan: Plan, amount: Fen, mode: Mode, *, days: int = 0, basis: PartInterest = PartInterest.ON_AMOUNT
) -> Quote:
    """Repay `amount` of the principal early, `days` after the last due date.

    Under UNUSED_DAYS `amount` is all the money brought, of which the current instalment takes its share; the
    rest must leave a balance. Raises ValueError when the amount is not above zero and below the balance, in
    the last period (only a payoff is possible), or when days < 0.
    """
    _check_days(days)
    if plan.months == 1:
        raise ValueError("only one instalment is left: the loan can only be paid off")
    if basis is PartInterest.UNUSED_DAYS:
        return _quote_unused_days(plan, amount, mode, days)
    if not 0 < amount < plan.balance:
        raise ValueError("the amount must be above 0.00 and below the balance; to repay all of it, pay off")
    charged = amount if basis is PartInterest.ON_AMOUNT else plan.balance
    interest = day_interest(charged, plan.annual_percent, days)
    left = resume(plan, Fen(plan.balance - amount), mode)
    next_interest = None
    if basis is PartInterest.ON_BALANCE:
        next_interest = day_interest(left.balance, plan.annual_percent, max(DAYS_PER_MONTH - days, 0))
    return Quote(plan, amount, interest, left, tuple(rows_of(left, first_interest=next_interest)))


def resume(plan: Plan, balance: Fen, mode: Mode) -> Plan:
    """The plan that goes on from a lower balance: a new level amount over the same months, or fewer months.

    A shortened term is the fewest months that repay the balance at the same level amount; it never exceeds
    the months that were left. Raises ValueError when the level amount cannot repay (fen over decades).
    """
    match mode:
        case Mode.REDUCE:
            return plan_for(balance, plan.annual_percent, plan.months, plan.method)
        case Mode.SHORTEN:
            # A level principal part repays as an instalment without interest does.
            rate = plan.annual_percent if plan.method is Method.EQUAL_INSTALMENT else Decimal(0)
            months = months_to_repay(balance, rate, plan.level)
            return _trimmed(replace(plan, balance=balance, months=min(months, plan.months)))


def _trimmed(plan: Plan) -> Plan:
    """Without empty instalments: rounding each month can repay the balance sooner than on paper."""
    return replace(plan, months=next(row.number for row in rows_of(plan) if row.balance == 0))


def _quote_unused_days(plan: Plan, amount: Fen, mode: Mode, days: int) -> Quote:
    """As where months have thirty days: the current instalment first, then the part with its rebate."""
    current = next(rows_of(plan))
    numerator, denominator = _rebate(plan, days)
    part = round_ratio((amount - current.payment) * denominator, numerator)
    if not 0 < part < current.balance:
        raise ValueError("the amount must exceed the current instalment and leave a balance after it")
    principal = Fen(current.principal + part)
    left = resume(after(plan, 1), Fen(current.balance - part), mode)
    return Quote(plan, principal, Fen(amount - principal), left, tuple(rows_of(left)))


def _rebate(plan: Plan, days: int) -> tuple[int, int]:
    """1 less the interest of the month's unused days, as a ratio of whole numbers."""
    unused = max(DAYS_PER_MONTH - days, 0)
    numerator, denominator = plan.annual_percent.as_integer_ratio()
    whole = DAYS_TIMES_PERCENT_360 * denominator
    return whole - numerator * unused, whole


def _interest(rows: Iterable[Row]) -> Fen:
    return Fen(sum(row.interest for row in rows))


def _check_days(days: int) -> None:
    if days < 0:
        raise ValueError("days since the last due date cannot be below 0")
