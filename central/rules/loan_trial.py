"""Loan trial (贷款试算): how much could be borrowed, for how long, and which limit decides.

Sources: Regulations on the Administration of Housing Provident Funds, articles 26 and 27; caps, multiples, shares
and ages are each city's own and come from dated policy.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from central.rules.loan_rates import Home
from central.rules.months import MONTHS_PER_YEAR, YearMonth
from central.rules.rates import MONTHS_TIMES_PERCENT
from central.rules.refusal import Refusal
from central.rules.schedule import Method, Plan, plan_for
from kiosk.contract.money import ZERO, Fen, round_half_up, round_ratio


class AbilityBasis(StrEnum):
    """How the instalment that a household can bear limits the loan."""

    PRESENT_VALUE = "present-value"  # the loan whose instalment it is
    TIMES_MONTHS = "times-months"  # the instalment times the months, without interest


class Limit(StrEnum):
    CAP = "cap"
    BALANCE = "balance"
    PRICE = "price"
    ABILITY = "ability"
    DEPOSIT_YEARS = "deposit-years"


class TermLimit(StrEnum):
    ASKED = "asked"
    LONGEST = "longest"
    RETIREMENT = "retirement"
    HOUSE_AGE = "house-age"


class Reason(StrEnum):
    ACCOUNT_NOT_NORMAL = "account-not-normal"
    TOO_FEW_DEPOSITS = "too-few-deposit-months"
    LOAN_OUTSTANDING = "loan-outstanding"
    TOO_MANY_LOANS = "too-many-loans"
    IN_ARREARS = "in-arrears"
    NO_TERM_LEFT = "no-term-left"
    NOTHING_TO_LEND = "nothing-to-lend"


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that one borrower, or a couple, may borrow for a first and for a second home."""

    first_single: Fen
    first_couple: Fen
    second_single: Fen
    second_couple: Fen


@dataclass(frozen=True, slots=True)
class Extra:
    """A cap raised by a share for a named ground, such as more than one child."""

    ground: str
    per_cent: Decimal


@dataclass(frozen=True, slots=True)
class LoanPolicy:
    """One city's limits on one day."""

    caps: Caps
    extras: tuple[Extra, ...]
    balance_multiple: Decimal
    balance_coefficient: Decimal  # for length of deposits or use of funds; 1 where a city has none
    first_share: Decimal  # of the price, per cent
    second_share: Decimal
    ability_share: Decimal  # of the monthly income, per cent
    ability_basis: AbilityBasis
    per_deposit_year: Fen | None
    step: Fen  # the loan is a multiple of it
    longest_months: int
    months_after_retirement: int
    house_age_and_term_months: int
    least_deposit_months: int
    most_loans: int


@dataclass(frozen=True, slots=True)
class Applicant:
    """A household's application. Amounts are of all applicants together; None leaves a limit out."""

    home: Home
    couple: bool
    balance: Fen
    price: Fen
    months: int
    method: Method
    monthly_income: Fen | None = None
    existing_instalments: Fen = ZERO
    deposit_months: int | None = None
    retires: YearMonth | None = None
    house_age_months: int | None = None
    grounds: frozenset[str] = frozenset()
    account_normal: bool = True
    loans_before: int = 0
    loan_outstanding: bool = False
    in_arrears: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """The answer. `amount` is the lowest limit, rounded down to the step, and nothing when no month is left to
    repay it in; `plan` repays it; `binding` decided it."""

    amount: Fen
    months: int
    limits: dict[Limit, Fen]
    term_limits: dict[TermLimit, int]
    plan: Plan | None
    refusals: tuple[Refusal[Reason], ...]

    @property
    def binding(self) -> tuple[Limit, ...]:
        lowest = min(self.limits.values())
        return tuple(limit for limit, amount in self.limits.items() if amount == lowest)

    @property
    def binding_term(self) -> tuple[TermLimit, ...]:
        shortest = min(self.term_limits.values())
        return tuple(limit for limit, months in self.term_limits.items() if months == shortest)


def trial(applicant: Applicant, annual_percent: Decimal, today: date, policy: LoanPolicy) -> Trial:
    """Every limit on the term and on the amount, and the loan that they allow."""
    terms = term_limits(applicant, today, policy)
    months = max(min(terms.values()), 0)
    limits = dict(_limits(applicant, annual_percent, months, policy))
    amount = Fen(min(limits.values()) // policy.step * policy.step) if months else ZERO
    plan = plan_for(amount, annual_percent, months, applicant.method) if amount else None
    refusals = (*_refusals(applicant, policy), *_nothing(amount, months))
    return Trial(amount, months, limits, terms, plan, refusals)


def affordable(instalment: Fen, annual_percent: Decimal, months: int, method: Method) -> Fen:
    """The loan that a first instalment of so much repays, half up.

    Equal instalments: a (1 - (1+r)^-n) / r; equal principal, whose first instalment is P/n + P r: a n / (1 + n r).
    """
    numerator, denominator = annual_percent.as_integer_ratio()
    unit = MONTHS_TIMES_PERCENT * denominator
    if numerator == 0:
        return Fen(instalment * months)
    match method:
        case Method.EQUAL_INSTALMENT:
            grown = (unit + numerator) ** months
            return round_ratio(instalment * unit * (grown - unit**months), numerator * grown)
        case Method.EQUAL_PRINCIPAL:
            return round_ratio(instalment * months * unit, unit + months * numerator)


def term_limits(applicant: Applicant, today: date, policy: LoanPolicy) -> dict[TermLimit, int]:
    """The most months that each limit allows; at or below zero, none."""
    limits = {TermLimit.ASKED: applicant.months, TermLimit.LONGEST: policy.longest_months}
    if applicant.retires is not None:
        working = applicant.retires.ordinal - YearMonth.of(today).ordinal
        limits[TermLimit.RETIREMENT] = working + policy.months_after_retirement
    if applicant.house_age_months is not None:
        limits[TermLimit.HOUSE_AGE] = policy.house_age_and_term_months - applicant.house_age_months
    return limits


def _limits(
    applicant: Applicant, annual_percent: Decimal, months: int, policy: LoanPolicy
) -> Iterator[tuple[Limit, Fen]]:
    yield Limit.CAP, cap(applicant, policy)
    multiple = policy.balance_multiple * policy.balance_coefficient
    yield Limit.BALANCE, round_half_up(applicant.balance * multiple)
    share = policy.first_share if applicant.home is Home.FIRST else policy.second_share
    yield Limit.PRICE, round_half_up(applicant.price * share / 100)
    if applicant.monthly_income is not None:
        bearable = round_half_up(applicant.monthly_income * policy.ability_share / 100)
        left = Fen(max(bearable - applicant.existing_instalments, 0))
        match policy.ability_basis:
            case AbilityBasis.PRESENT_VALUE:
                yield Limit.ABILITY, affordable(left, annual_percent, months, applicant.method)
            case AbilityBasis.TIMES_MONTHS:
                yield Limit.ABILITY, Fen(left * months)
    if policy.per_deposit_year is not None and applicant.deposit_months is not None:
        years = -(-applicant.deposit_months // MONTHS_PER_YEAR)  # a year begun counts as a year
        yield Limit.DEPOSIT_YEARS, Fen(policy.per_deposit_year * years)


def cap(applicant: Applicant, policy: LoanPolicy) -> Fen:
    """The cap for the home and household, raised by the highest of the grounds that apply (they do not add up)."""
    caps = policy.caps
    match applicant.home, applicant.couple:
        case Home.FIRST, True:
            base = caps.first_couple
        case Home.FIRST, False:
            base = caps.first_single
        case Home.SECOND, True:
            base = caps.second_couple
        case _:
            base = caps.second_single
    raises = [extra.per_cent for extra in policy.extras if extra.ground in applicant.grounds]
    return round_half_up(base * (100 + max(raises, default=Decimal(0))) / 100)


def _refusals(applicant: Applicant, policy: LoanPolicy) -> Iterator[Refusal[Reason]]:
    if not applicant.account_normal:
        yield Refusal(Reason.ACCOUNT_NOT_NORMAL)
    if applicant.deposit_months is not None and applicant.deposit_months < policy.least_deposit_months:
        yield Refusal(Reason.TOO_FEW_DEPOSITS, count=policy.least_deposit_months)
    if applicant.loan_outstanding:
        yield Refusal(Reason.LOAN_OUTSTANDING)
    if applicant.loans_before >= policy.most_loans:
        yield Refusal(Reason.TOO_MANY_LOANS, count=policy.most_loans)
    if applicant.in_arrears:
        yield Refusal(Reason.IN_ARREARS)


def _nothing(amount: Fen, months: int) -> Iterator[Refusal[Reason]]:
    if months == 0:
        yield Refusal(Reason.NO_TERM_LEFT)
    elif amount == 0:
        yield Refusal(Reason.NOTHING_TO_LEND)
