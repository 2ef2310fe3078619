"""Closing an account on retirement: who may, and what is paid."""

from dataclasses import replace

import pytest

from central.policy import load
from central.rules.account_interest import InterestMethod, Movement, Parts, WithdrawalOrder, settle
from central.rules.closure import (
    ClosurePolicy,
    ClosureState,
    Holder,
    Reason,
    refusals,
)
from central.rules.identity import Sex
from central.rules.refusal import Refusal
from central.rules.retirement import Category
from tests.central.rules.worked import day, yuan

TODAY = day("2026-11-22")
POLICY = ClosurePolicy(age_suffices=True, co_borrower_blocks=True)
MAN = Holder(born=day("1964-09-20"), sex=Sex.MALE, category=None, retirement_record=False)
CLEAR = ClosureState(
    holder_matches=True,
    closed=False,
    frozen=False,
    in_flight=False,
    loan_outstanding=False,
    co_borrower_loan_outstanding=False,
    card_is_own=True,
)

STATES = [
    ({"holder_matches": False}, Reason.NOT_THE_HOLDER),
    ({"closed": True}, Reason.ALREADY_CLOSED),
    ({"frozen": True}, Reason.FROZEN),
    ({"in_flight": True}, Reason.IN_FLIGHT),
    ({"loan_outstanding": True}, Reason.LOAN_OUTSTANDING),
    ({"co_borrower_loan_outstanding": True}, Reason.CO_BORROWER_LOAN),
    ({"card_is_own": False}, Reason.NOT_OWN_CARD),
]


@pytest.mark.parametrize(("change", "reason"), STATES)
def test_what_stands_in_the_way(change: dict[str, bool], reason: Reason) -> None:
    assert refusals(MAN, replace(CLEAR, **change), TODAY, POLICY) == [Refusal(reason)]


def test_nothing_stands_in_the_way() -> None:
    assert refusals(MAN, CLEAR, TODAY, POLICY) == []


def test_a_co_borrowers_loan_may_be_no_matter() -> None:
    state = replace(CLEAR, co_borrower_loan_outstanding=True)
    assert refusals(MAN, state, TODAY, replace(POLICY, co_borrower_blocks=False)) == []


AGES = [
    # born, sex, category, on: refusal
    ("1965-01-31", Sex.MALE, None, "2025-01-31", Refusal(Reason.NOT_RETIRED, day=day("2025-02-28"))),
    ("1965-01-31", Sex.MALE, None, "2025-02-01", None),
    ("1972-03-05", Sex.FEMALE, Category.WOMAN_50, "2026-11-22", None),
    (
        "1972-03-05",
        Sex.FEMALE,
        Category.WOMAN_55,
        "2026-11-22",
        Refusal(Reason.NOT_RETIRED, day=day("2027-10-05")),
    ),
    ("1972-03-05", Sex.FEMALE, None, "2026-11-22", Refusal(Reason.CATEGORY_UNKNOWN)),
    ("1968-03-05", Sex.FEMALE, None, "2026-11-22", None),  # past both ages
    ("1988-12-24", Sex.FEMALE, None, "2026-11-22", Refusal(Reason.NOT_RETIRED, day=day("2046-12-24"))),
    # A man is a man, whatever an employer's list says.
    (
        "1972-03-05",
        Sex.MALE,
        Category.WOMAN_50,
        "2026-11-22",
        Refusal(Reason.NOT_RETIRED, day=day("2034-01-05")),
    ),
]


@pytest.mark.parametrize(("born", "sex", "category", "on", "refusal"), AGES)
def test_age(
    born: str, sex: Sex, category: Category | None, on: str, refusal: Refusal[Reason] | None
) -> None:
    holder = Holder(day(born), sex, category, retirement_record=False)
    assert refusals(holder, CLEAR, day(on), POLICY) == ([] if refusal is None else [refusal])


def test_the_social_insurance_record_settles_it() -> None:
    young = replace(MAN, born=day("1988-12-24"), retirement_record=True)
    assert refusals(young, CLEAR, TODAY, POLICY) == []


def test_some_centres_want_the_record() -> None:
    strict = replace(POLICY, age_suffices=False)
    assert refusals(MAN, CLEAR, TODAY, strict) == [Refusal(Reason.NO_RETIREMENT_RECORD)]
    assert refusals(replace(MAN, retirement_record=True), CLEAR, TODAY, strict) == []


def test_every_reason_in_order() -> None:
    state = ClosureState(
        holder_matches=False,
        closed=True,
        frozen=True,
        in_flight=True,
        loan_outstanding=True,
        co_borrower_loan_outstanding=True,
        card_is_own=False,
    )
    young = replace(MAN, born=day("1988-12-24"))
    assert [refusal.reason for refusal in refusals(young, state, TODAY, POLICY)] == [
        Reason.NOT_THE_HOLDER,
        Reason.ALREADY_CLOSED,
        Reason.FROZEN,
        Reason.IN_FLIGHT,
        Reason.LOAN_OUTSTANDING,
        Reason.CO_BORROWER_LOAN,
        Reason.NOT_RETIRED,
        Reason.NOT_OWN_CARD,
    ]


DEPOSITS = [Movement(day("2025-07-15"), yuan("3000")), Movement(day("2025-08-15"), yuan("3000"))]


def test_balance_and_interest_to_the_day() -> None:
    (settlement,) = settle(
        Parts(yuan("80,000")), day("2025-07-01"), day("2025-09-10"), DEPOSITS, load().deposit_rates
    )
    assert settlement.parts.total == yuan("86,000")
    assert settlement.interest == yuan("247.04")
    assert settlement.closing == yuan("86,247.04")


@pytest.mark.parametrize(
    ("order", "carried", "current"),
    [(WithdrawalOrder.CURRENT_FIRST, "80,000", "0"), (WithdrawalOrder.CARRIED_FIRST, "75,000", "5,000")],
)
def test_a_closure_by_another_method_and_order(order: WithdrawalOrder, carried: str, current: str) -> None:
    moves = [Movement(day("2025-07-02"), yuan("5000")), Movement(day("2025-07-03"), yuan("-5000"))]
    period = (day("2025-07-01"), day("2025-09-10"))
    (settlement,) = settle(
        Parts(yuan("80,000")), *period, moves, load().deposit_rates, InterestMethod.PRODUCT_SUM_365, order
    )
    assert settlement.parts == Parts(yuan(carried), yuan(current))
    assert settlement.interest == yuan("233.63")  # (80,000 x 71 + 5,000) x 1.5% / 365


def test_a_june_that_is_not_booked_yet_is_settled_on_the_way() -> None:
    june, rest = settle(Parts(yuan("10,000")), day("2024-07-01"), day("2025-07-02"), [], load().deposit_rates)
    assert june.until == day("2025-07-01")
    assert rest.closing == june.closing + rest.interest


def test_a_closure_on_1_july_takes_the_whole_year() -> None:
    (settlement,) = settle(
        Parts(yuan("10,000")), day("2025-07-01"), day("2026-07-01"), [], load().deposit_rates
    )
    assert settlement.closing == yuan("10,152.08")
