"""The checks before an early repayment: each one at its edge."""

from dataclasses import replace

import pytest

from central.policy import load
from central.rules.dated import in_force
from central.rules.early_repayment import Mode
from central.rules.refusal import Refusal
from central.rules.repayment_checks import LoanState, Reason, Request, is_working_day, minimum_part, refusals
from kiosk.contract.money import Fen
from tests.central.rules.worked import day, plan, yuan

TODAY = day("2026-07-20")  # a Monday
POLICY = in_force(load().early_repayment, TODAY)
LOAN = LoanState(
    plan=plan("600,000", "2.6", 300, after=24),
    normal=True,
    arrears=Fen(0),
    disbursed=day("2024-06-15"),
    last_due=day("2026-07-15"),
    next_due=day("2026-08-15"),
    instalments_paid=24,
    repaid_this_month=0,
    repaid_in_all=0,
    in_flight=False,
    payoff_only=False,
)
PART = Request(part=yuan("100,000"), mode=Mode.REDUCE, from_fund=yuan("0"), fund_balance=yuan("0"))
ALL = replace(PART, part=None)


def test_nothing_against_it() -> None:
    assert refusals(PART, LOAN, TODAY, POLICY) == []
    assert refusals(ALL, LOAN, TODAY, POLICY) == []


LOANS = [
    ({"normal": False}, Refusal(Reason.LOAN_NOT_NORMAL)),
    ({"arrears": Fen(1)}, Refusal(Reason.IN_ARREARS, amount=Fen(1))),
    ({"in_flight": True}, Refusal(Reason.IN_FLIGHT)),
    ({"disbursed": TODAY}, Refusal(Reason.DAY_OF_DISBURSEMENT, day=TODAY)),
    ({"disbursed": day("2026-07-19")}, None),
    ({"instalments_paid": 0}, Refusal(Reason.TOO_FEW_PAID, count=1)),
    ({"instalments_paid": 1}, None),
    ({"repaid_this_month": 1}, Refusal(Reason.MONTHLY_LIMIT, count=1)),
    ({"repaid_in_all": 100}, None),
    ({"next_due": TODAY}, None),
    ({"next_due": day("2026-07-19")}, Refusal(Reason.AFTER_DUE_DATE, day=day("2026-07-19"))),
]


@pytest.mark.parametrize(("change", "refusal"), LOANS)
@pytest.mark.parametrize("request_", [PART, ALL])
def test_the_loan(change: dict[str, object], refusal: Refusal[Reason] | None, request_: Request) -> None:
    found = refusals(request_, replace(LOAN, **change), TODAY, POLICY)
    assert found == ([] if refusal is None else [refusal])


def test_a_deduction_agreement_leaves_the_payoff() -> None:
    bound = replace(LOAN, payoff_only=True)
    assert refusals(PART, bound, TODAY, POLICY) == [Refusal(Reason.PAYOFF_ONLY)]
    assert refusals(ALL, bound, TODAY, POLICY) == []


AMOUNTS = [
    # part: refusal
    ("2722.02", None),
    ("2722.01", Refusal(Reason.BELOW_MINIMUM, amount=yuan("2722.02"))),
    ("0", Refusal(Reason.BELOW_MINIMUM, amount=yuan("2722.02"))),
    ("565,007.46", None),
    ("565,007.47", Refusal(Reason.AMOUNT_COVERS_LOAN, amount=yuan("565,007.47"))),
    ("600,000", Refusal(Reason.AMOUNT_COVERS_LOAN, amount=yuan("565,007.47"))),
]


@pytest.mark.parametrize(("part", "refusal"), AMOUNTS)
@pytest.mark.parametrize("mode", list(Mode))
def test_amounts(part: str, refusal: Refusal[Reason] | None, mode: Mode) -> None:
    found = refusals(replace(PART, part=yuan(part), mode=mode), LOAN, TODAY, POLICY)
    assert found == ([] if refusal is None else [refusal])


def test_the_last_instalment() -> None:
    last = replace(LOAN, plan=plan("600,000", "2.6", 300, after=299))
    small = replace(PART, part=yuan("2720.91"))
    assert Refusal(Reason.LAST_INSTALMENT) in refusals(small, last, TODAY, POLICY)
    assert refusals(ALL, last, TODAY, POLICY) == []
    last_but_one = replace(LOAN, plan=plan("600,000", "2.6", 300, after=298))
    assert refusals(replace(PART, part=yuan("2722.02")), last_but_one, TODAY, POLICY) == []


def test_the_minimum_is_an_instalment_or_the_centres_own() -> None:
    assert minimum_part(LOAN.plan, POLICY) == yuan("2722.02")
    assert minimum_part(LOAN.plan, replace(POLICY, minimum=yuan("20,000"))) == yuan("20,000")
    assert minimum_part(LOAN.plan, replace(POLICY, minimum=yuan("100"))) == yuan("2722.02")
    relaxed = replace(POLICY, at_least_one_instalment=False)
    assert minimum_part(LOAN.plan, relaxed) == Fen(1)
    assert minimum_part(LOAN.plan, replace(relaxed, minimum=yuan("100"))) == yuan("100")


def test_whole_ten_thousands() -> None:
    policy = replace(POLICY, multiple=yuan("10,000"))
    assert refusals(PART, LOAN, TODAY, policy) == []
    odd = replace(PART, part=yuan("100,000.01"))
    assert refusals(odd, LOAN, TODAY, policy) == [Refusal(Reason.NOT_A_MULTIPLE, amount=yuan("10,000"))]


AROUND_DUE = [
    ("2026-07-18", None),
    ("2026-07-17", "2026-07-15"),
    ("2026-07-15", "2026-07-15"),
    ("2026-08-12", None),
    ("2026-08-13", "2026-08-15"),
    ("2026-08-15", "2026-08-15"),
]


@pytest.mark.parametrize(("today", "due"), AROUND_DUE)
def test_two_days_around_a_due_date(today: str, due: str | None) -> None:
    found = refusals(PART, LOAN, day(today), replace(POLICY, days_around_due=2))
    assert found == ([] if due is None else [Refusal(Reason.NEAR_DUE_DATE, day=day(due))])


def test_not_on_the_due_date_itself() -> None:
    policy = replace(POLICY, days_around_due=0)
    assert refusals(PART, LOAN, day("2026-07-15"), policy) == [
        Refusal(Reason.NEAR_DUE_DATE, day=day("2026-07-15"))
    ]
    assert refusals(PART, LOAN, day("2026-07-16"), policy) == []


def test_an_excluded_day_of_the_month() -> None:
    policy = replace(POLICY, excluded_days_of_month=(20,))
    assert refusals(PART, LOAN, TODAY, policy) == [Refusal(Reason.DAY_EXCLUDED, day=TODAY)]
    assert refusals(PART, LOAN, day("2026-07-21"), policy) == []


WORKING_DAYS = [
    ("2026-07-24", True),  # Friday
    ("2026-07-25", False),
    ("2026-07-26", False),
    ("2026-07-27", True),
    ("2026-10-01", False),  # a holiday on a Thursday
    ("2026-10-10", True),  # a Saturday that is worked
]


@pytest.mark.parametrize(("on", "worked"), WORKING_DAYS)
def test_working_days(on: str, worked: bool) -> None:
    policy = replace(POLICY, holidays=(day("2026-10-01"),), make_up_days=(day("2026-10-10"),))
    assert is_working_day(day(on), policy) is worked


def test_working_days_only_where_the_centre_says_so() -> None:
    sunday = day("2026-07-26")
    assert refusals(PART, LOAN, sunday, POLICY) == []
    strict = replace(POLICY, working_days_only=True)
    assert refusals(PART, LOAN, sunday, strict) == [Refusal(Reason.NOT_A_WORKING_DAY, day=sunday)]
    assert refusals(PART, LOAN, TODAY, strict) == []


def test_counts_where_the_centre_sets_them() -> None:
    policy = replace(POLICY, in_all=6, per_month=None, minimum_instalments_paid=24)
    assert refusals(PART, replace(LOAN, repaid_this_month=9, repaid_in_all=5), TODAY, policy) == []
    assert refusals(PART, replace(LOAN, repaid_in_all=6), TODAY, policy) == [
        Refusal(Reason.LIFETIME_LIMIT, count=6)
    ]


def test_the_term_of_a_part_of_one_fen_and_of_nothing() -> None:
    policy = replace(POLICY, at_least_one_instalment=False, shorten_step_months=12 * 24)
    one_fen = replace(PART, part=Fen(1), mode=Mode.SHORTEN)
    assert refusals(one_fen, LOAN, TODAY, policy) == [Refusal(Reason.TERM_STEP, count=288)]
    nothing = replace(one_fen, part=Fen(0))
    assert refusals(nothing, LOAN, TODAY, policy) == [Refusal(Reason.BELOW_MINIMUM, amount=Fen(1))]


def test_shortening_after_a_year_and_by_whole_years() -> None:
    shorten = replace(PART, mode=Mode.SHORTEN)  # leaves 214 months
    assert refusals(shorten, LOAN, TODAY, replace(POLICY, shorten_after_instalments=24)) == []
    assert refusals(shorten, LOAN, TODAY, replace(POLICY, shorten_after_instalments=25)) == [
        Refusal(Reason.TERM_CHANGE_TOO_SOON, count=25)
    ]
    assert refusals(shorten, LOAN, TODAY, replace(POLICY, shorten_step_months=12)) == [
        Refusal(Reason.TERM_STEP, count=12)
    ]
    assert refusals(shorten, LOAN, TODAY, replace(POLICY, shorten_step_months=107)) == []
    strict = replace(POLICY, shorten_after_instalments=25, shorten_step_months=12)
    assert refusals(PART, LOAN, TODAY, strict) == []  # reducing changes no term
    assert refusals(replace(shorten, part=yuan("600,000")), LOAN, TODAY, strict) == [
        Refusal(Reason.AMOUNT_COVERS_LOAN, amount=LOAN.plan.balance)
    ]


FUNDS = [
    # from the fund, its balance: what is available
    ("100", "100.01", None),
    ("100.01", "100.01", "100.00"),
    ("0.01", "0", "0.00"),
    ("0", "0", None),
]


@pytest.mark.parametrize(("from_fund", "balance", "available"), FUNDS)
@pytest.mark.parametrize("request_", [PART, ALL])
def test_the_fund_account(from_fund: str, balance: str, available: str | None, request_: Request) -> None:
    request = replace(request_, from_fund=yuan(from_fund), fund_balance=yuan(balance))
    found = refusals(request, LOAN, TODAY, POLICY)
    assert found == ([] if available is None else [Refusal(Reason.FUND_BALANCE, amount=yuan(available))])
