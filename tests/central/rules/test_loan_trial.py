"""Loan trial: each limit on its own, and which one decides."""

from dataclasses import replace
from decimal import Decimal

import pytest

from central.policy import load
from central.rules.dated import in_force
from central.rules.loan_rates import Home
from central.rules.loan_trial import (
    AbilityBasis,
    Applicant,
    Limit,
    Reason,
    TermLimit,
    affordable,
    cap,
    trial,
)
from central.rules.months import YearMonth
from central.rules.refusal import Refusal
from central.rules.schedule import Method
from kiosk.contract.money import Fen
from tests.central.rules.worked import EI, EP, day, yuan

TODAY = day("2026-11-22")
POLICY = in_force(load().loan_limits, TODAY)
RATE = Decimal("2.6")

APPLICANT = Applicant(
    home=Home.FIRST,
    couple=False,
    balance=yuan("38,000"),
    price=yuan("900,000"),
    months=240,
    method=EI,
)


def test_the_lowest_limit_decides() -> None:
    found = trial(APPLICANT, RATE, TODAY, POLICY)
    assert found.limits == {
        Limit.CAP: yuan("600,000"),
        Limit.BALANCE: yuan("570,000"),
        Limit.PRICE: yuan("720,000"),
    }
    assert found.binding == (Limit.BALANCE,)
    assert found.amount == yuan("570,000")
    assert (found.months, found.refusals) == (240, ())
    assert found.plan is not None
    assert (found.plan.balance, found.plan.months, found.plan.method) == (yuan("570,000"), 240, EI)


def test_the_amount_is_rounded_down_to_the_step() -> None:
    applicant = replace(APPLICANT, balance=yuan("37,999.99"))
    assert trial(applicant, RATE, TODAY, POLICY).amount == yuan("569,000")
    assert trial(applicant, RATE, TODAY, replace(POLICY, step=yuan("10,000"))).amount == yuan("560,000")


def test_the_smallest_loan() -> None:
    policy = replace(POLICY, step=Fen(1), balance_multiple=Decimal(1))
    found = trial(replace(APPLICANT, balance=Fen(1), months=1), RATE, TODAY, policy)
    assert (found.amount, found.months, found.refusals) == (1, 1, ())
    assert found.plan is not None


def test_two_limits_may_decide_together() -> None:
    found = trial(replace(APPLICANT, balance=yuan("40,000")), RATE, TODAY, POLICY)
    assert found.binding == (Limit.CAP, Limit.BALANCE)


AFFORDABLE = [
    # instalment, rate, months, method: loan
    ("6000", "2.6", 360, EI, "1,498,727.16"),
    ("6000", "2.6", 240, EI, "1,121,939.80"),
    ("6000", "0", 240, EI, "1,440,000"),
    ("6000", "0", 240, EP, "1,440,000"),
    ("1900", "2.6", 240, EP, "300,000"),  # whose first instalment is 1250 + 650
    ("6000", "2.6", 0, EI, "0"),
    ("6000", "2.6", 0, EP, "0"),
]


@pytest.mark.parametrize(("instalment", "rate", "months", "method", "loan"), AFFORDABLE)
def test_what_an_instalment_repays(
    instalment: str, rate: str, months: int, method: Method, loan: str
) -> None:
    assert affordable(yuan(instalment), Decimal(rate), months, method) == yuan(loan)


def test_ability_is_a_share_of_the_income() -> None:
    applicant = replace(APPLICANT, monthly_income=yuan("10,000"))
    assert trial(applicant, RATE, TODAY, POLICY).limits[Limit.ABILITY] == yuan("1,121,939.80")
    burdened = replace(applicant, existing_instalments=yuan("5,000"))
    assert trial(burdened, RATE, TODAY, POLICY).limits[Limit.ABILITY] == yuan("186,989.97")
    falling = replace(applicant, method=EP)
    assert trial(falling, RATE, TODAY, POLICY).limits[Limit.ABILITY] == yuan("947,368.42")


def test_other_instalments_can_leave_nothing() -> None:
    applicant = replace(APPLICANT, monthly_income=yuan("10,000"), existing_instalments=yuan("6,000.01"))
    found = trial(applicant, RATE, TODAY, POLICY)
    assert found.limits[Limit.ABILITY] == found.amount == 0
    assert found.binding == (Limit.ABILITY,)
    assert found.plan is None
    assert found.refusals == (Refusal(Reason.NOTHING_TO_LEND),)


def test_ability_from_deposits_times_months() -> None:
    """[(10,000 + 1,200) x 40% - 0] x 240 = 1,075,200."""
    policy = replace(POLICY, ability_share=Decimal(40), ability_basis=AbilityBasis.TIMES_MONTHS)
    applicant = replace(APPLICANT, monthly_income=yuan("11,200"))
    assert trial(applicant, RATE, TODAY, policy).limits[Limit.ABILITY] == yuan("1,075,200")
    burdened = replace(applicant, existing_instalments=yuan("480"))
    assert trial(burdened, RATE, TODAY, policy).limits[Limit.ABILITY] == yuan("960,000")


@pytest.mark.parametrize(("months", "limit"), [(12, "150,000"), (13, "300,000"), (121, "1,650,000")])
def test_so_much_for_each_year_of_deposits(months: int, limit: str) -> None:
    policy = replace(POLICY, per_deposit_year=yuan("150,000"))
    found = trial(replace(APPLICANT, deposit_months=months), RATE, TODAY, policy)
    assert found.limits[Limit.DEPOSIT_YEARS] == yuan(limit)
    assert Limit.DEPOSIT_YEARS not in trial(APPLICANT, RATE, TODAY, policy).limits


CAPS = [
    (Home.FIRST, False, set(), "600,000"),
    (Home.FIRST, True, set(), "1,000,000"),
    (Home.SECOND, False, set(), "500,000"),
    (Home.SECOND, True, set(), "800,000"),
    (Home.FIRST, False, {"green-building"}, "720,000"),
    (Home.FIRST, True, {"green-building", "talent"}, "1,500,000"),
    (Home.FIRST, True, {"unknown"}, "1,000,000"),
]


@pytest.mark.parametrize(("home", "couple", "grounds", "most"), CAPS)
def test_caps(home: Home, couple: bool, grounds: set[str], most: str) -> None:
    applicant = replace(APPLICANT, home=home, couple=couple, grounds=frozenset(grounds))
    assert cap(applicant, POLICY) == yuan(most)


def test_a_second_home_needs_a_larger_down_payment() -> None:
    found = trial(replace(APPLICANT, home=Home.SECOND), RATE, TODAY, POLICY)
    assert found.limits[Limit.PRICE] == yuan("630,000")


def test_a_coefficient_on_the_balance() -> None:
    policy = replace(POLICY, balance_coefficient=Decimal("0.9"))
    assert trial(APPLICANT, RATE, TODAY, policy).limits[Limit.BALANCE] == yuan("513,000")


TERMS = [
    # months asked, retires, house age in months: months, what decides
    (360, None, None, 360, (TermLimit.ASKED, TermLimit.LONGEST)),
    (240, YearMonth(2060, 1), None, 240, (TermLimit.ASKED,)),
    (240, YearMonth(2036, 11), None, 180, (TermLimit.RETIREMENT,)),  # 120 months of work and 60 more
    (240, None, 400, 200, (TermLimit.HOUSE_AGE,)),
    (240, YearMonth(2036, 11), 420, 180, (TermLimit.RETIREMENT, TermLimit.HOUSE_AGE)),
    (240, YearMonth(2022, 1), None, 2, (TermLimit.RETIREMENT,)),
]


@pytest.mark.parametrize(("asked", "retires", "house_age", "months", "binding"), TERMS)
def test_the_term(
    asked: int, retires: YearMonth | None, house_age: int | None, months: int, binding: tuple[TermLimit, ...]
) -> None:
    applicant = replace(APPLICANT, months=asked, retires=retires, house_age_months=house_age)
    found = trial(applicant, RATE, TODAY, POLICY)
    assert (found.months, found.binding_term) == (months, binding)


@pytest.mark.parametrize("house_age", [600, 700])
def test_no_term_left(house_age: int) -> None:
    found = trial(replace(APPLICANT, house_age_months=house_age), RATE, TODAY, POLICY)
    assert (found.amount, found.months, found.plan) == (0, 0, None)
    assert found.refusals == (Refusal(Reason.NO_TERM_LEFT),)


REFUSALS = [
    ({"account_normal": False}, Refusal(Reason.ACCOUNT_NOT_NORMAL)),
    ({"deposit_months": 5}, Refusal(Reason.TOO_FEW_DEPOSITS, count=6)),
    ({"loan_outstanding": True}, Refusal(Reason.LOAN_OUTSTANDING)),
    ({"loans_before": 2}, Refusal(Reason.TOO_MANY_LOANS, count=2)),
    ({"in_arrears": True}, Refusal(Reason.IN_ARREARS)),
    ({"deposit_months": 6, "loans_before": 1}, None),
]


@pytest.mark.parametrize(("change", "refusal"), REFUSALS)
def test_who_may_borrow(change: dict[str, object], refusal: Refusal[Reason] | None) -> None:
    found = trial(replace(APPLICANT, **change), RATE, TODAY, POLICY)
    assert found.refusals == (() if refusal is None else (refusal,))
