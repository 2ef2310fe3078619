"""Schedules: the published brochures' figures, and the rows of three loans."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from central.rules.schedule import FirstPeriod, Method, after, build, plan_for, rows_of
from kiosk.contract.money import Fen
from tests.central.rules.worked import EI, EP, day, plan, terms, yuan

EQUAL_INSTALMENTS = [
    # principal, rate, months: instalment, total interest, last payment, instalment x months - principal
    ("1,000,000", "2.85", 360, "4135.57", "488,807.34", "4137.71", "488,805.20"),
    ("1,000,000", "2.6", 360, "4003.40", "441,222.35", "4001.75", "441,224.00"),
    ("1,000,000", "3.325", 360, "4393.33", "581,600.04", "4394.57", "581,598.80"),
    ("1,000,000", "3.075", 360, "4256.60", "532,374.46", "4255.06", "532,376.00"),
    ("1,000,000", "3.25", 360, "4352.06", "566,743.81", "4354.27", "566,741.60"),
    ("1,000,000", "3.1", 360, "4270.16", "537,260.03", "4272.59", "537,257.60"),
    ("1,000,000", "4.0", 360, "4774.15", "718,696.05", "4776.20", "718,694.00"),
    ("1,000,000", "3.75", 360, "4631.16", "667,214.83", "4628.39", "667,217.60"),
    ("500,000", "3.25", 156, "3934.02", "113,707.64", "3934.54", "113,707.12"),
    ("600,000", "2.6", 300, "2722.02", "216,604.89", "2720.91", "216,606.00"),
    ("300,000", "2.1", 60, "5271.46", "16,287.74", "5271.60", "16,287.60"),
]


@pytest.mark.parametrize(
    ("principal", "rate", "months", "instalment", "interest", "last", "brochure"), EQUAL_INSTALMENTS
)
def test_equal_instalments(
    principal: str, rate: str, months: int, instalment: str, interest: str, last: str, brochure: str
) -> None:
    schedule = build(terms(principal, rate, months))
    assert schedule.instalment == yuan(instalment)
    assert schedule.total_interest == yuan(interest)
    assert schedule.last_payment == yuan(last)
    assert schedule.instalment * months - yuan(principal) == yuan(brochure)
    assert schedule.rows[-1].balance == 0


EQUAL_PRINCIPAL = [
    # principal, rate, months: monthly principal, first payment, last payment, total interest
    ("300,000", "2.6", 240, "1250.00", "1900.00", "1252.71", "78,325.20"),
    ("1,000,000", "2.6", 360, "2777.78", "4944.45", "2783.00", "391,083.03"),
    ("500,000", "3.25", 156, "3205.13", "4559.30", "3213.53", "106,302.01"),
]


@pytest.mark.parametrize(
    ("principal", "rate", "months", "level", "first", "last", "interest"), EQUAL_PRINCIPAL
)
def test_equal_principal(
    principal: str, rate: str, months: int, level: str, first: str, last: str, interest: str
) -> None:
    schedule = build(terms(principal, rate, months, EP))
    assert schedule.plan.level == yuan(level)
    assert schedule.instalment == schedule.rows[0].payment == yuan(first)
    assert schedule.last_payment == yuan(last)
    assert schedule.total_interest == yuan(interest)
    assert schedule.rows[-1].balance == 0


def test_equal_principal_over_thirty_years_at_2_85() -> None:
    schedule = build(terms("1,000,000", "2.85", 360, EP))
    assert schedule.rows[0].payment == yuan("5152.78")
    assert schedule.total_interest == yuan("428,687.15")


PER_TEN_THOUSAND = [
    ("2.6", 120, "94.73"),
    ("2.6", 240, "53.48"),
    ("2.6", 360, "40.03"),
    ("2.1", 60, "175.72"),
    ("3.075", 360, "42.57"),
    ("2.525", 60, "177.58"),
    ("3.25", 360, "43.52"),
    ("3.1", 360, "42.70"),
    ("2.85", 360, "41.36"),
]


@pytest.mark.parametrize(("rate", "months", "instalment"), PER_TEN_THOUSAND)
def test_instalment_of_ten_thousand(rate: str, months: int, instalment: str) -> None:
    assert plan("10,000", rate, months).level == yuan(instalment)


ROWS = [
    # principal, rate, months, method, number: interest, principal, balance
    ("1,000,000", "2.6", 360, EI, 1, "2166.67", "1836.73", "998,163.27"),
    ("600,000", "2.6", 300, EI, 1, "1300.00", "1422.02", "598,577.98"),
    ("600,000", "2.6", 300, EI, 24, "1227.42", "1494.60", "565,007.47"),
    ("600,000", "2.6", 300, EI, 25, "1224.18", "1497.84", "563,509.63"),
    ("300,000", "2.6", 240, EP, 2, "647.29", "1250.00", "297,500.00"),
    ("300,000", "2.6", 240, EP, 36, "555.21", "1250.00", "255,000.00"),
    ("300,000", "2.6", 240, EP, 240, "2.71", "1250.00", "0.00"),
]


@pytest.mark.parametrize(
    ("principal", "rate", "months", "method", "number", "interest", "part", "balance"), ROWS
)
def test_row(
    principal: str,
    rate: str,
    months: int,
    method: Method,
    number: int,
    interest: str,
    part: str,
    balance: str,
) -> None:
    row = build(terms(principal, rate, months, method)).rows[number - 1]
    assert (row.number, row.interest, row.principal, row.balance) == (
        number,
        yuan(interest),
        yuan(part),
        yuan(balance),
    )
    assert row.payment == yuan(interest) + yuan(part)


def test_the_step_down_of_equal_principal_is_the_interest_on_one_part() -> None:
    payments = [row.payment for row in build(terms("300,000", "2.6", 240, EP)).rows]
    assert {first - second for first, second in pairwise(payments)} <= {270, 271}


@pytest.mark.parametrize("method", list(Method))
def test_without_interest(method: Method) -> None:
    schedule = build(terms("100", "0", 3, method))
    assert [row.payment for row in schedule.rows] == [3333, 3333, 3334]
    assert schedule.total_interest == 0


def test_one_month() -> None:
    schedule = build(terms("12,000", "2.6", 1))
    assert [(row.principal, row.interest, row.balance) for row in schedule.rows] == [(1200000, 2600, 0)]
    assert schedule.instalment == schedule.last_payment == 1202600


def test_a_loan_of_two_yuan_is_repaid_before_its_term() -> None:
    rows = build(terms("2", "0", 360, EP)).rows
    assert [row.principal for row in rows[:200]] == [1] * 200
    assert {row.payment for row in rows[200:]} == {0}


def test_due_dates_keep_to_their_day() -> None:
    dues = [row.due for row in build(terms("12,000", "2.6", 5, first_due=day("2025-12-31"))).rows]
    assert dues == [day(d) for d in ("2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30")]


def test_a_due_day_that_the_first_month_lacks() -> None:
    loan = replace(terms("12,000", "2.6", 3, first_due=day("2026-04-30")), due_day=31)
    assert [row.due for row in build(loan).rows] == [day("2026-04-30"), day("2026-05-31"), day("2026-06-30")]


def test_no_dates_without_a_first_due_date() -> None:
    assert {row.due for row in build(terms("12,000", "2.6", 3)).rows} == {None}


FIRST_PERIODS = [
    # 600,000 at 2.6%, disbursed 2025-03-05, first due 2025-03-31: 26 actual days, 25 of 30/360
    (FirstPeriod.FULL, "1300.00"),
    (FirstPeriod.ACT_360, "1126.67"),
    (FirstPeriod.DAYS_30_360, "1083.33"),
]


@pytest.mark.parametrize(("first_period", "interest"), FIRST_PERIODS)
def test_the_first_period_by_days(first_period: FirstPeriod, interest: str) -> None:
    loan = terms("600,000", "2.6", 300, disbursed=day("2025-03-05"), first_due=day("2025-03-31"))
    first, second = build(replace(loan, first_period=first_period)).rows[:2]
    assert first.interest == yuan(interest)
    assert first.principal == yuan("1422.02")  # the plan's: only this one payment is out of line
    assert second.payment == yuan("2722.02")


@pytest.mark.parametrize(
    "dates",
    [
        {},
        {"first_due": day("2025-03-31")},
        {"disbursed": day("2025-03-31")},
        {"disbursed": day("2025-04-01"), "first_due": day("2025-03-31")},
    ],
)
def test_a_first_period_by_days_needs_both_dates(dates: dict[str, object]) -> None:
    loan = replace(terms("600,000", "2.6", 300), first_period=FirstPeriod.ACT_360, **dates)
    with pytest.raises(
        ValueError,
        match=r"^a first period by days needs the date of disbursement and a first due date after it$",
    ):
        build(loan)


def test_a_first_period_of_no_days_costs_nothing() -> None:
    loan = terms("600,000", "2.6", 300, disbursed=day("2025-03-31"), first_due=day("2025-03-31"))
    assert build(replace(loan, first_period=FirstPeriod.ACT_360)).rows[0].interest == 0


@pytest.mark.parametrize(("balance", "months"), [(0, 12), (-1, 12), (100, 0), (100, 361)])
def test_a_plan_needs_a_balance_and_a_term(balance: int, months: int) -> None:
    with pytest.raises(ValueError, match=r"^a loan needs a balance above 0\.00 and 1 to 360 months$"):
        plan_for(Fen(balance), Decimal("2.6"), months, EI)


def test_the_smallest_plan() -> None:
    assert plan_for(Fen(1), Decimal("2.6"), 1, EI).level == 1


def test_the_plan_after_some_instalments() -> None:
    whole = plan("600,000", "2.6", 300)
    assert after(whole, 0) == whole
    left = after(whole, 24)
    assert (left.balance, left.months, left.level) == (yuan("565,007.47"), 276, yuan("2722.02"))
    assert after(whole, 299).months == 1


@pytest.mark.parametrize("instalments", [-1, 300, 301])
def test_a_plan_has_at_least_one_instalment(instalments: int) -> None:
    with pytest.raises(
        ValueError, match=r"^between 0 and 299 instalments of this plan can be paid and leave one$"
    ):
        after(plan("600,000", "2.6", 300), instalments)


def test_rows_can_be_numbered_from_any_instalment() -> None:
    rows = list(rows_of(plan("600,000", "2.6", 300, after=24), first_number=25, first_due=day("2026-07-15")))
    assert (rows[0].number, rows[0].due, rows[0].interest) == (25, day("2026-07-15"), yuan("1224.18"))
    assert (rows[-1].number, rows[-1].balance) == (300, 0)
    assert rows[-1].payment == yuan("2720.91")
