"""Whether a loan may be repaid early today: every condition that a centre may set, each of them policy.

Source: the centres' loan contracts and their rules on early repayment; there is no national list. The defaults in
config/policy are the mild end of what centres ask.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from central.rules.early_repayment import Mode, PartInterest, resume
from central.rules.refusal import Refusal
from central.rules.schedule import Plan, rows_of
from kiosk.contract.money import Fen

SATURDAY = 5


class Reason(StrEnum):
    LOAN_NOT_NORMAL = "loan-not-normal"
    IN_ARREARS = "in-arrears"
    IN_FLIGHT = "another-change-in-flight"
    PAYOFF_ONLY = "payoff-only"  # a deduction agreement (委托扣划) leaves only the payoff
    DAY_OF_DISBURSEMENT = "day-of-disbursement"
    TOO_FEW_PAID = "too-few-instalments-paid"
    NEAR_DUE_DATE = "near-due-date"
    DAY_EXCLUDED = "day-excluded"
    NOT_A_WORKING_DAY = "not-a-working-day"
    AFTER_DUE_DATE = "after-next-due-date"
    MONTHLY_LIMIT = "monthly-limit"
    LIFETIME_LIMIT = "lifetime-limit"
    LAST_INSTALMENT = "last-instalment-payoff-only"
    AMOUNT_COVERS_LOAN = "amount-covers-loan-payoff-only"
    BELOW_MINIMUM = "below-minimum"
    NOT_A_MULTIPLE = "not-a-multiple"
    TERM_CHANGE_TOO_SOON = "term-change-too-soon"
    TERM_STEP = "term-not-in-step"
    FUND_BALANCE = "fund-balance-too-low"


@dataclass(frozen=True, slots=True)
class RepaymentPolicy:
    """A centre's conditions. None or an empty tuple means that it sets none."""

    part_interest: PartInterest
    minimum_instalments_paid: int
    at_least_one_instalment: bool
    minimum: Fen | None
    multiple: Fen | None
    days_around_due: int | None  # refused so many days before and after a due date, and on it
    excluded_days_of_month: tuple[int, ...]
    working_days_only: bool
    holidays: tuple[date, ...]
    make_up_days: tuple[date, ...]  # weekend days worked instead of a holiday
    per_month: int | None
    in_all: int | None
    shorten_after_instalments: int
    shorten_step_months: int
    retain: Fen  # stays on the fund account


@dataclass(frozen=True, slots=True)
class LoanState:
    """What the books say of the loan on the day of the request."""

    plan: Plan
    normal: bool
    arrears: Fen
    disbursed: date
    last_due: date
    next_due: date
    instalments_paid: int
    repaid_this_month: int
    repaid_in_all: int
    in_flight: bool
    payoff_only: bool


@dataclass(frozen=True, slots=True)
class Request:
    """`part` is the principal to repay, None for all of the loan; `from_fund` comes off the fund account."""

    part: Fen | None
    mode: Mode
    from_fund: Fen
    fund_balance: Fen


def refusals(
    request: Request, loan: LoanState, today: date, policy: RepaymentPolicy
) -> list[Refusal[Reason]]:
    """Every condition that the request does not meet, in the order a clerk would look; empty when it may go on."""
    unmet = [*_loan(loan), *_day(loan, today, policy), *_counts(loan, policy)]
    if request.part is not None:
        unmet += _part(request.part, request.mode, loan, policy)
    available = Fen(max(request.fund_balance - policy.retain, 0))
    if request.from_fund > available:
        unmet.append(Refusal(Reason.FUND_BALANCE, amount=available))
    return unmet


def _loan(loan: LoanState) -> Iterator[Refusal[Reason]]:
    if not loan.normal:
        yield Refusal(Reason.LOAN_NOT_NORMAL)
    if loan.arrears > 0:
        yield Refusal(Reason.IN_ARREARS, amount=loan.arrears)
    if loan.in_flight:
        yield Refusal(Reason.IN_FLIGHT)


def _day(loan: LoanState, today: date, policy: RepaymentPolicy) -> Iterator[Refusal[Reason]]:
    if today <= loan.disbursed:
        yield Refusal(Reason.DAY_OF_DISBURSEMENT, day=loan.disbursed)
    if policy.days_around_due is not None:
        window = timedelta(days=policy.days_around_due)
        for due in (loan.last_due, loan.next_due):
            if due - window <= today <= due + window:
                yield Refusal(Reason.NEAR_DUE_DATE, day=due)
    if today.day in policy.excluded_days_of_month:
        yield Refusal(Reason.DAY_EXCLUDED, day=today)
    if policy.working_days_only and not is_working_day(today, policy):
        yield Refusal(Reason.NOT_A_WORKING_DAY, day=today)
    if today > loan.next_due:
        yield Refusal(Reason.AFTER_DUE_DATE, day=loan.next_due)


def is_working_day(day: date, policy: RepaymentPolicy) -> bool:
    """Monday to Friday less the holidays, with the weekend days that are worked instead (调休)."""
    return day in policy.make_up_days or (day.weekday() < SATURDAY and day not in policy.holidays)


def _counts(loan: LoanState, policy: RepaymentPolicy) -> Iterator[Refusal[Reason]]:
    if loan.instalments_paid < policy.minimum_instalments_paid:
        yield Refusal(Reason.TOO_FEW_PAID, count=policy.minimum_instalments_paid)
    if policy.per_month is not None and loan.repaid_this_month >= policy.per_month:
        yield Refusal(Reason.MONTHLY_LIMIT, count=policy.per_month)
    if policy.in_all is not None and loan.repaid_in_all >= policy.in_all:
        yield Refusal(Reason.LIFETIME_LIMIT, count=policy.in_all)


def _part(part: Fen, mode: Mode, loan: LoanState, policy: RepaymentPolicy) -> Iterator[Refusal[Reason]]:
    if loan.payoff_only:
        yield Refusal(Reason.PAYOFF_ONLY)
    if loan.plan.months == 1:
        yield Refusal(Reason.LAST_INSTALMENT)
    if part >= loan.plan.balance:
        yield Refusal(Reason.AMOUNT_COVERS_LOAN, amount=loan.plan.balance)
    if part < (minimum := minimum_part(loan.plan, policy)):
        yield Refusal(Reason.BELOW_MINIMUM, amount=minimum)
    if policy.multiple is not None and part % policy.multiple:
        yield Refusal(Reason.NOT_A_MULTIPLE, amount=policy.multiple)
    if mode is Mode.SHORTEN and 0 < part < loan.plan.balance:
        yield from _shortening(part, loan, policy)


def minimum_part(plan: Plan, policy: RepaymentPolicy) -> Fen:
    """The least that may be repaid in part: the centre's minimum, or one instalment where it asks for that."""
    asked = policy.minimum or Fen(1)
    return max(asked, next(rows_of(plan)).payment) if policy.at_least_one_instalment else asked


def _shortening(part: Fen, loan: LoanState, policy: RepaymentPolicy) -> Iterator[Refusal[Reason]]:
    if loan.instalments_paid < policy.shorten_after_instalments:
        yield Refusal(Reason.TERM_CHANGE_TOO_SOON, count=policy.shorten_after_instalments)
    if (
        resume(loan.plan, Fen(loan.plan.balance - part), mode=Mode.SHORTEN).months
        % policy.shorten_step_months
    ):
        yield Refusal(Reason.TERM_STEP, count=policy.shorten_step_months)
