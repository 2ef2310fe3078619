"""Early repayment: 600,000 yuan at 2.6% over 300 months, after instalment 24, and a loan in equal principal."""

from decimal import Decimal

import pytest

from central.rules.early_repayment import Mode, PartInterest, payoff, quote, resume
from central.rules.schedule import Method, Plan, rows_of
from kiosk.contract.money import Fen
from tests.central.rules.worked import EI, EP, plan, yuan

LOAN = plan("600,000", "2.6", 300, after=24)
FALLING = plan("300,000", "2.6", 240, EP, after=36)

PAYOFFS = [
    # days since the last due date: interest, payoff
    (0, "0.00", "565,007.47"),
    (1, "40.81", "565,048.28"),
    (10, "408.06", "565,415.53"),
    (17, "693.70", "565,701.17"),
    (30, "1224.18", "566,231.65"),
]


@pytest.mark.parametrize(("days", "interest", "total"), PAYOFFS)
def test_payoff_to_the_day(days: int, interest: str, total: str) -> None:
    owed = payoff(LOAN, days)
    assert (owed.principal, owed.interest, owed.total) == (yuan("565,007.47"), yuan(interest), yuan(total))


PARTS = [
    # loan, amount, mode: instalment, level, months left, last payment, interest left, interest saved
    (LOAN, "100,000", Mode.REDUCE, "2240.25", "2240.25", 276, "2240.24", "153,301.52", "32,967.42"),
    (LOAN, "100,000", Mode.SHORTEN, "2722.02", "2722.02", 214, "1572.55", "116,355.34", "69,913.60"),
    (FALLING, "50,000", Mode.REDUCE, "1449.07", "1004.90", 204, "1007.48", "45,527.17", "11,104.25"),
    (FALLING, "50,000", Mode.SHORTEN, "1694.17", "1250.00", 164, "1252.71", "36,643.89", "19,987.53"),
]


@pytest.mark.parametrize(
    ("loan", "amount", "mode", "instalment", "level", "months", "last", "left", "saved"), PARTS
)
def test_part_on_the_due_date(
    loan: Plan,
    amount: str,
    mode: Mode,
    instalment: str,
    level: str,
    months: int,
    last: str,
    left: str,
    saved: str,
) -> None:
    asked = quote(loan, yuan(amount), mode)
    assert asked.interest == 0
    assert asked.total == asked.principal == yuan(amount)
    assert asked.plan.balance == loan.balance - yuan(amount)
    assert asked.plan.level == yuan(level)
    assert asked.plan.months == len(asked.rows) == months
    assert asked.instalment == yuan(instalment)
    assert asked.last_payment == yuan(last)
    assert asked.interest_left == yuan(left)
    assert asked.interest_saved == yuan(saved)
    assert asked.rows[-1].balance == 0


def test_paying_on_as_before() -> None:
    assert sum(row.interest for row in rows_of(LOAN)) == yuan("186,268.94")


def test_a_recomputed_shorter_term_is_another_instalment() -> None:
    after = resume(LOAN, yuan("465,007.47"), Mode.SHORTEN)
    assert after.months == 214
    assert plan("465,007.47", "2.6", 214).level == yuan("2717.79")
    assert plan("465,007.47", "2.6", 213).level == yuan("2727.83")


OFF_DUE_DATE = [
    # 100,000 yuan twelve days after the due date: interest now, next instalment's interest
    (PartInterest.ON_AMOUNT, "86.67", "1007.52"),
    (PartInterest.ON_BALANCE, "489.67", "604.51"),
]


@pytest.mark.parametrize(("basis", "now", "next_interest"), OFF_DUE_DATE)
def test_part_between_due_dates(basis: PartInterest, now: str, next_interest: str) -> None:
    asked = quote(LOAN, yuan("100,000"), Mode.REDUCE, days=12, basis=basis)
    assert asked.interest == yuan(now)
    assert asked.total == yuan("100,000") + yuan(now)
    assert asked.rows[0].interest == yuan(next_interest)
    assert asked.rows[0].principal == yuan("1232.73")
    assert asked.interest_saved == yuan("186,268.94") - asked.interest_left - yuan(now)


def test_on_the_balance_a_long_month_leaves_no_interest_for_the_instalment() -> None:
    asked = quote(LOAN, yuan("100,000"), Mode.REDUCE, days=31, basis=PartInterest.ON_BALANCE)
    assert asked.rows[0].interest == 0


def test_unused_days_are_given_back() -> None:
    """102,722.02 yuan with eighteen days unused: the instalment of 2722.02, and 130.17 more than 100,000 off."""
    asked = quote(LOAN, yuan("102,722.02"), Mode.REDUCE, days=12, basis=PartInterest.UNUSED_DAYS)
    assert asked.principal == yuan("1497.84") + yuan("100,130.17")
    assert asked.total == yuan("102,722.02")
    assert asked.interest == yuan("1094.01")
    assert asked.plan.balance == yuan("463,379.46")
    assert asked.plan.months == len(asked.rows) == 275
    assert asked.rows[-1].balance == 0
    assert asked.interest_saved == yuan("186,268.94") - asked.interest_left - yuan("1094.01")
    assert payoff(LOAN, 12, PartInterest.UNUSED_DAYS).total == yuan("565,499.09")


def test_without_unused_days_nothing_is_given_back() -> None:
    for days in (30, 31):
        asked = quote(LOAN, yuan("102,722.02"), Mode.REDUCE, days=days, basis=PartInterest.UNUSED_DAYS)
        assert asked.principal == yuan("101,497.84")


def test_the_last_instalment_is_paid_off_with_its_interest() -> None:
    last = plan("600,000", "2.6", 300, after=299)
    assert payoff(last, 12, PartInterest.UNUSED_DAYS).total == yuan("2720.91")
    assert payoff(last, 0).total == last.balance


@pytest.mark.parametrize("amount", ["0", "2722.02", "565,010.71"])
def test_unused_days_pays_more_than_the_instalment_and_less_than_the_loan(amount: str) -> None:
    with pytest.raises(
        ValueError, match=r"^the amount must exceed the current instalment and leave a balance after it$"
    ):
        quote(LOAN, yuan(amount), Mode.REDUCE, basis=PartInterest.UNUSED_DAYS)


def test_unused_days_may_take_a_fen() -> None:
    asked = quote(LOAN, yuan("2722.03"), Mode.REDUCE, days=30, basis=PartInterest.UNUSED_DAYS)
    assert asked.principal == yuan("1497.85")


def test_unused_days_may_leave_a_fen() -> None:
    assert payoff(LOAN, 0, PartInterest.UNUSED_DAYS).total == yuan("565,010.71")
    asked = quote(LOAN, yuan("565,010.70"), Mode.REDUCE, basis=PartInterest.UNUSED_DAYS)
    assert asked.plan.balance == yuan("0.01")


@pytest.mark.parametrize("amount", [-1, 0, LOAN.balance, LOAN.balance + 1])
def test_a_part_is_more_than_nothing_and_less_than_all(amount: int) -> None:
    with pytest.raises(
        ValueError,
        match=r"^the amount must be above 0\.00 and below the balance; to repay all of it, pay off$",
    ):
        quote(LOAN, Fen(amount), Mode.REDUCE)


def test_the_smallest_and_the_largest_part() -> None:
    assert quote(LOAN, Fen(1), Mode.REDUCE).plan.balance == LOAN.balance - 1
    rest = quote(LOAN, Fen(LOAN.balance - 1), Mode.SHORTEN)
    assert (rest.plan.months, rest.last_payment) == (1, 1)


def test_the_last_instalment_takes_no_part() -> None:
    with pytest.raises(ValueError, match=r"^only one instalment is left: the loan can only be paid off$"):
        quote(plan("600,000", "2.6", 300, after=299), Fen(100), Mode.REDUCE)


def test_two_instalments_take_a_part() -> None:
    assert quote(plan("600,000", "2.6", 300, after=298), Fen(100), Mode.REDUCE).plan.months == 2


def test_days_do_not_run_backwards() -> None:
    with pytest.raises(ValueError, match=r"^days since the last due date cannot be below 0$"):
        payoff(LOAN, -1)
    with pytest.raises(ValueError, match=r"^days since the last due date cannot be below 0$"):
        quote(LOAN, Fen(1), Mode.REDUCE, days=-1)


def test_a_tiny_part_does_not_lengthen_the_term() -> None:
    """1,000,000 at 2.85%: the instalment was rounded down, so that on paper it needs a 361st month."""
    loan = plan("1,000,000", "2.85", 360)
    assert quote(loan, Fen(1), Mode.SHORTEN).plan.months == 360


def test_no_empty_instalments_when_rounding_repays_sooner() -> None:
    """16.92 at 0.6% a month is 17.02152 after one: paper asks for a second month, the fen fit into one of 17.02."""
    loan = plan("100", "7.2", 6)
    assert loan.level == yuan("17.02")
    after = resume(loan, yuan("16.92"), Mode.SHORTEN)
    assert [row.payment for row in rows_of(after)] == [yuan("17.02")]


def test_no_extra_instalment_for_what_rounding_leaves() -> None:
    """On paper 8,369.29 is repaid in twenty instalments; the fen that rounding leaves joins the last."""
    loan = plan("10,000", "2.6", 24)
    assert loan.level == yuan("428.05")
    payments = [row.payment for row in rows_of(resume(loan, yuan("8369.29"), Mode.SHORTEN))]
    assert payments == [yuan("428.05")] * 19 + [yuan("428.06")]


def test_shortening_without_interest() -> None:
    assert quote(plan("1200", "0", 12), yuan("550"), Mode.SHORTEN).plan.months == 7
    assert quote(plan("1200", "0", 12), yuan("600"), Mode.SHORTEN).plan.months == 6


@pytest.mark.parametrize("method", [EI, EP])
def test_a_level_amount_of_nothing_cannot_be_kept(method: Method) -> None:
    loan = plan("0.03", "0", 12, method)
    with pytest.raises(ValueError, match=r"^an instalment of nothing never repays the loan$"):
        quote(loan, Fen(1), Mode.SHORTEN)


def test_an_instalment_that_does_not_cover_the_interest_never_repays() -> None:
    loan = Plan(yuan("600,000"), Decimal("2.6"), 300, EI, yuan("1300"))
    with pytest.raises(ValueError, match=r"^the instalment does not cover a month's interest$"):
        resume(loan, loan.balance, Mode.SHORTEN)
