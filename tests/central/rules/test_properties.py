"""What must hold for any loan, any account and any number, not only for the worked examples."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from central.rules.account_interest import (
    DepositRate,
    InterestMethod,
    Movement,
    Parts,
    WithdrawalOrder,
    settle,
)
from central.rules.dated import Dated
from central.rules.early_repayment import Mode, PartInterest, payoff, quote
from central.rules.identity import Identity, Invalid, read
from central.rules.months import YearMonth, add_months
from central.rules.overdue import Arrear, allocate
from central.rules.repricing import January, RateChange
from central.rules.repricing import build as build_repriced
from central.rules.retirement import Category, retirement
from central.rules.schedule import Method, Plan, Row, Terms, after, build, plan_for, rows_of
from kiosk.contract.money import Fen

# The same cases on every run, and no stopwatch on a busy machine.
steady = settings(derandomize=True, deadline=None)

amounts = st.integers(min_value=1, max_value=500_000_000).map(Fen)  # up to five million yuan
rates = st.decimals(min_value=0, max_value=24, places=3)
months = st.integers(min_value=1, max_value=360)
methods = st.sampled_from(Method)
plans = st.builds(plan_for, amounts, rates, months, methods)
# From a thousand yuan on; below, a level amount may round to nothing and never repay.
loans = st.builds(
    plan_for, st.integers(min_value=100_000, max_value=500_000_000).map(Fen), rates, months, methods
)
days = st.integers(min_value=0, max_value=62)


def assert_rows_add_up(rows: tuple[Row, ...], principal: Fen) -> None:
    assert sum(row.principal for row in rows) == principal
    assert all(row.payment == row.principal + row.interest for row in rows)
    assert all(row.principal >= 0 and row.interest >= 0 for row in rows)
    balances = [principal, *(row.balance for row in rows)]
    assert all(before - row.principal == row.balance for before, row in zip(balances, rows, strict=False))
    assert rows[-1].balance == 0


@steady
@given(amounts, rates, months, methods)
def test_a_schedule_repays_exactly_its_principal(
    principal: Fen, rate: Decimal, count: int, method: Method
) -> None:
    schedule = build(Terms(principal, rate, count, method))
    assert len(schedule.rows) == count
    assert_rows_add_up(schedule.rows, principal)
    assert schedule.total_interest == sum(row.payment for row in schedule.rows) - principal


@steady
@given(plans)
def test_every_instalment_but_the_last_is_level(plan: Plan) -> None:
    rows = [row for row in rows_of(plan) if row.balance > 0]
    level = [row.payment if plan.method is Method.EQUAL_INSTALMENT else row.principal for row in rows]
    assert set(level) <= {plan.level}


@steady
@given(plans, st.data())
def test_the_plan_after_some_instalments_goes_on_as_before(plan: Plan, data: st.DataObject) -> None:
    paid = data.draw(st.integers(min_value=0, max_value=plan.months - 1))
    rest = list(rows_of(after(plan, paid), first_number=paid + 1))
    assert rest == list(rows_of(plan))[paid:]


@steady
@given(amounts, rates, rates, st.integers(min_value=2, max_value=360), methods, st.data())
def test_a_repriced_schedule_repays_exactly_its_principal(
    principal: Fen, old: Decimal, new: Decimal, count: int, method: Method, data: st.DataObject
) -> None:
    number = data.draw(st.integers(min_value=2, max_value=count))
    january = data.draw(st.sampled_from(January))
    terms = Terms(principal, old, count, method, first_due=date(2025, 1, 31), disbursed=date(2024, 12, 31))
    assume(build(terms).rows[number - 2].balance > 0)
    schedule = build_repriced(terms, [RateChange(number, new)], january)
    assert_rows_add_up(schedule.rows, principal)
    assert schedule.rows[: number - 1] == build(terms).rows[: number - 1]


@steady
@given(loans, st.data(), st.sampled_from(Mode), days)
def test_a_part_repaid_early(plan: Plan, data: st.DataObject, mode: Mode, elapsed: int) -> None:
    """It never lengthens the loan, leaves exactly the rest to repay, and never costs interest on a due date."""
    assume(plan.months > 1)
    amount = data.draw(st.integers(min_value=1, max_value=plan.balance - 1).map(Fen))
    asked = quote(plan, amount, mode, days=elapsed)
    assert asked.plan.months <= plan.months
    assert asked.plan.balance == plan.balance - amount
    assert_rows_add_up(asked.rows, asked.plan.balance)
    assert asked.interest == 0 or elapsed > 0
    if mode is Mode.SHORTEN:
        assert asked.plan.level == plan.level


@steady
@given(loans, st.data())
def test_shortening_saves_at_least_as_much_as_reducing(plan: Plan, data: st.DataObject) -> None:
    assume(plan.months > 1)
    amount = data.draw(st.integers(min_value=1, max_value=plan.balance - 1).map(Fen))
    shorter, lower = (quote(plan, amount, mode) for mode in (Mode.SHORTEN, Mode.REDUCE))
    rounding = plan.months  # at most half a fen of interest each month, on either side
    assert shorter.interest_saved >= lower.interest_saved - rounding


@steady
@given(loans, st.data(), days)
def test_the_more_is_repaid_the_shorter_the_loan(plan: Plan, data: st.DataObject, elapsed: int) -> None:
    assume(plan.months > 1)
    less = data.draw(st.integers(min_value=1, max_value=plan.balance - 2).map(Fen))
    more = data.draw(st.integers(min_value=less + 1, max_value=plan.balance - 1).map(Fen))
    first, second = (quote(plan, amount, Mode.SHORTEN, days=elapsed) for amount in (less, more))
    assert second.plan.months <= first.plan.months
    assert second.interest >= first.interest


@steady
@given(plans, days, days, st.sampled_from(PartInterest))
def test_a_payoff_grows_by_the_day(plan: Plan, one: int, other: int, basis: PartInterest) -> None:
    sooner, later = sorted((one, other))
    assert payoff(plan, sooner, basis).total <= payoff(plan, later, basis).total
    assert payoff(plan, 0).total == plan.balance


@steady
@given(amounts, st.lists(st.tuples(amounts, amounts, amounts), max_size=5))
def test_a_payment_is_spent_to_the_fen(payment: Fen, owed: list[tuple[Fen, Fen, Fen]]) -> None:
    arrears = [Arrear(number, *parts) for number, parts in enumerate(owed, start=1)]
    allocation = allocate(payment, arrears)
    assert sum(paid.total for paid in allocation.paid) + allocation.left_over == payment
    assert allocation.left_over == max(payment - sum(arrear.total for arrear in arrears), 0)


RATES = [
    Dated(date(2015, 7, 1), DepositRate(Decimal("1.10"), Decimal("0.35"))),
    Dated(date(2016, 2, 21), DepositRate(Decimal("1.50"), Decimal("1.50"))),
]
period_days = st.dates(min_value=date(2015, 7, 1), max_value=date(2018, 12, 31))
accounts = st.builds(Parts, amounts, amounts)
interest_methods = st.sampled_from(InterestMethod)


@st.composite
def histories(draw: st.DrawFn) -> tuple[date, date, list[Movement]]:
    since, until = sorted((draw(period_days), draw(period_days)))
    count = draw(st.integers(min_value=0, max_value=6))
    span = (until - since).days
    moves = [
        Movement(since + timedelta(days=draw(st.integers(min_value=0, max_value=span))), draw(amounts))
        for _ in range(count)
    ]
    return since, until, moves


@steady
@given(accounts, histories(), interest_methods, st.data())
def test_splitting_a_deposit_changes_no_interest(
    opening: Parts, history: tuple[date, date, list[Movement]], method: InterestMethod, data: st.DataObject
) -> None:
    since, until, moves = history
    assume(moves)
    first = moves[0]
    part = data.draw(st.integers(min_value=0, max_value=first.amount).map(Fen))
    split = [Movement(first.on, part), Movement(first.on, Fen(first.amount - part)), *moves[1:]]
    assert settle(opening, since, until, moves, RATES, method) == settle(
        opening, since, until, split, RATES, method
    )


@steady
@given(accounts, histories(), interest_methods, st.sampled_from(WithdrawalOrder))
def test_the_books_of_an_account_tie(
    opening: Parts,
    history: tuple[date, date, list[Movement]],
    method: InterestMethod,
    order: WithdrawalOrder,
) -> None:
    since, until, moves = history
    settled = settle(opening, since, until, moves, RATES, method, order)
    interest = sum(settlement.interest for settlement in settled)
    assert settled[-1].closing == opening.total + sum(move.amount for move in moves) + interest
    assert (settled[0].since, settled[-1].until) == (since, until)
    assert all(before.until == then.since for before, then in pairwise(settled))
    assert all(settlement.interest >= 0 for settlement in settled)


@steady
@given(accounts, histories(), st.data())
def test_two_stretches_of_one_interest_year_have_the_product_sum_of_the_whole(
    opening: Parts, history: tuple[date, date, list[Movement]], data: st.DataObject
) -> None:
    since, until, moves = history
    cut = data.draw(st.dates(min_value=since, max_value=until))
    assume(all(move.on < cut or move.on > cut for move in moves))
    whole = settle(opening, since, until, moves, RATES)
    assume(len(whole) == 1)
    [first] = settle(opening, since, cut, [move for move in moves if move.on < cut], RATES)
    [second] = settle(first.parts, cut, until, [move for move in moves if move.on > cut], RATES)
    assert first.product_sum + second.product_sum == whole[0].product_sum
    assert abs(first.interest + second.interest - whole[0].interest) <= 1


@steady
@given(st.integers(1940, 2010), st.integers(1, 12), st.sampled_from(Category))
def test_nobody_retires_before_somebody_older(year: int, month: int, category: Category) -> None:
    born = YearMonth(year, month)
    when, then = retirement(born, category), retirement(born.plus(1), category)
    assert when.retires < then.retires
    assert when.earliest <= when.retires < when.latest
    assert born.plus(when.age_years * 12 + when.age_months) == when.retires


@steady
@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)), st.integers(-600, 600))
def test_months_go_forth_and_back(day: date, count: int) -> None:
    moved = add_months(day, count)
    assert YearMonth.of(moved).ordinal - YearMonth.of(day).ordinal == count
    assert moved.day <= day.day
    assert add_months(replace_day(day, 1), count) == replace_day(moved, 1)


def replace_day(day: date, number: int) -> date:
    return day.replace(day=number)


@steady
@given(st.text(max_size=24))
def test_any_text_is_read_or_explained(text: str) -> None:
    match read(text, date(2026, 11, 22)):
        case Identity(number, _, born, _):
            assert read(number, date(2026, 11, 22)) == read(text, date(2026, 11, 22))
            assert born <= date(2026, 11, 22)
        case Invalid(_, detail):
            assert detail
