"""Account interest: the worked examples to the fen, and what happens at the edges of an interest year."""

from decimal import Decimal

import pytest

from central.policy import load
from central.rules.account_interest import (
    DepositRate,
    InterestMethod,
    Movement,
    OverdrawnError,
    Parts,
    Settlement,
    WithdrawalOrder,
    settle,
)
from central.rules.dated import Dated, NoPolicyError
from kiosk.contract.money import Fen
from tests.central.rules.worked import day, yuan

RATES = load().deposit_rates
METHOD_365 = InterestMethod.PRODUCT_SUM_365
WHOLE_YEAR = InterestMethod.WHOLE_YEAR


def year(
    opening: str,
    since: str,
    until: str,
    *moves: tuple[str, str],
    method: InterestMethod = InterestMethod.PRODUCT_SUM_360,
) -> Settlement:
    """One stretch of interest; `moves` are (date, amount)."""
    movements = [Movement(day(on), yuan(amount)) for on, amount in moves]
    [settlement] = settle(Parts(yuan(opening)), day(since), day(until), movements, RATES, method)
    return settlement


def monthly(day_of_month: int, amount: str, first_year: int) -> list[tuple[str, str]]:
    """The same deposit every month of an interest year, from July to June."""
    months = [(first_year, month) for month in range(7, 13)] + [
        (first_year + 1, month) for month in range(1, 7)
    ]
    return [(f"{year}-{month:02d}-{day_of_month:02d}", amount) for year, month in months]


def test_a_year_of_monthly_deposits() -> None:
    settlement = year("48,000", "2024-07-01", "2025-07-01", *monthly(15, "2400", 2024))
    assert settlement.product_sum == yuan("22,790,400")
    assert settlement.interest == yuan("949.60")
    assert settlement.parts == Parts(carried=yuan("48,000"), current=yuan("28,800"))
    carried = year("48,000", "2024-07-01", "2025-07-01")
    assert (carried.interest, settlement.interest - carried.interest) == (yuan("730.00"), yuan("219.60"))


def test_the_same_year_over_365_days() -> None:
    settlement = year("48,000", "2024-07-01", "2025-07-01", *monthly(15, "2400", 2024), method=METHOD_365)
    assert settlement.interest == yuan("936.59")


def test_closure_to_the_day() -> None:
    settlement = year("80,000", "2025-07-01", "2025-09-10", ("2025-07-15", "3000"), ("2025-08-15", "3000"))
    assert settlement.product_sum == yuan("5,929,000")
    assert settlement.interest == yuan("247.04")
    assert settlement.closing == yuan("86,247.04")


def test_a_year_with_a_withdrawal() -> None:
    moves = [("2025-09-05", "-60,000"), *monthly(20, "5678.90", 2025)]  # in any order
    settlement = year("123,456.78", "2025-07-01", "2026-07-01", *moves)
    assert settlement.product_sum == yuan("39,251,855.10")
    assert settlement.interest == yuan("1635.49")
    assert settlement.parts.total == yuan("131,603.58")
    assert settlement.closing == yuan("133,239.07")


UNTOUCHED = [
    # opening, from, to, method: interest
    ("10,000", "2025-07-01", "2026-07-01", InterestMethod.PRODUCT_SUM_360, "152.08"),
    ("10,000", "2023-07-01", "2024-07-01", InterestMethod.PRODUCT_SUM_360, "152.50"),  # with 29 February
    ("10,000", "2025-07-01", "2026-07-01", WHOLE_YEAR, "150.00"),
    ("10,000", "2023-07-01", "2024-07-01", WHOLE_YEAR, "150.00"),
    ("10,000", "2025-07-01", "2026-07-01", METHOD_365, "150.00"),
    ("28,800", "2025-07-01", "2026-07-01", WHOLE_YEAR, "432.00"),
    ("0.01", "2025-07-01", "2026-07-01", InterestMethod.PRODUCT_SUM_360, "0.00"),
    ("10,000", "2026-06-30", "2026-07-01", InterestMethod.PRODUCT_SUM_360, "0.42"),
    (
        "48,000",
        "2024-07-01",
        "2025-07-01",
        InterestMethod.PRODUCT_SUM_360,
        "730.00",
    ),  # 730.06 by a rounded day
    (
        "20,000",
        "2015-07-01",
        "2016-07-01",
        InterestMethod.PRODUCT_SUM_360,
        "252.78",
    ),  # 235 d 1.10%, 131 d 1.50%
    ("20,000", "2015-07-01", "2016-07-01", WHOLE_YEAR, "252.78"),  # two rates: by days
    ("10,000", "2025-07-01", "2026-06-30", WHOLE_YEAR, "151.67"),  # a day short of the year: by days
    (
        "10,000",
        "2025-06-30",
        "2026-06-30",
        WHOLE_YEAR,
        "152.09",
    ),  # settled on 1 July, where 0.42 begins to earn
    ("0", "2025-07-01", "2026-07-01", InterestMethod.PRODUCT_SUM_360, "0.00"),
    ("10,000", "2025-07-01", "2025-07-01", InterestMethod.PRODUCT_SUM_360, "0.00"),
]


@pytest.mark.parametrize(("opening", "since", "until", "method", "interest"), UNTOUCHED)
def test_untouched(opening: str, since: str, until: str, method: InterestMethod, interest: str) -> None:
    settled = settle(Parts(yuan(opening)), day(since), day(until), [], RATES, method)
    assert sum(settlement.interest for settlement in settled) == yuan(interest)


def test_the_product_sum_of_a_year() -> None:
    assert year("10,000", "2025-07-01", "2026-07-01").product_sum == yuan("3,650,000")
    assert year("10,000", "2023-07-01", "2024-07-01").product_sum == yuan("3,660,000")
    assert year("0.01", "2025-07-01", "2026-07-01").product_sum == yuan("3.65")
    assert year("0", "2026-06-30", "2026-07-01", ("2026-06-30", "10,000")).product_sum == yuan("10,000")


def test_before_2016_this_years_deposits_earned_the_demand_rate() -> None:
    settlement = year("0", "2015-07-01", "2015-07-31", ("2015-07-01", "36,000"))
    assert settlement.interest == yuan("10.50")  # 36,000 x 30 x 0.35 / 36,000


def test_the_whole_year_method_takes_what_lay_untouched() -> None:
    moves = [("2025-10-01", "-4,000"), ("2026-01-01", "5,000")]
    settlement = year("10,000", "2025-07-01", "2026-07-01", *moves, method=WHOLE_YEAR)
    # 6,000 for the year at 1.5%; 4,000 for 92 days and 5,000 for 181 days over 360
    assert settlement.interest == yuan("90.00") + yuan("53.04")


def test_a_period_across_1_july_is_settled_there() -> None:
    settled = settle(Parts(yuan("80,000")), day("2025-01-10"), day("2026-09-10"), [], RATES)
    assert [(s.since, s.until) for s in settled] == [
        (day("2025-01-10"), day("2025-07-01")),
        (day("2025-07-01"), day("2026-07-01")),
        (day("2026-07-01"), day("2026-09-10")),
    ]
    assert [s.interest for s in settled] == [yuan("573.33"), yuan("1225.39"), yuan("241.99")]
    assert [s.closing for s in settled] == [yuan("80,573.33"), yuan("81,798.72"), yuan("82,040.71")]
    assert settled[1].product_sum == yuan("80,573.33") * 365


def test_movements_fall_into_their_own_interest_year() -> None:
    moves = [Movement(day("2025-06-30"), yuan("100")), Movement(day("2025-07-01"), yuan("200"))]
    first, second = settle(Parts(Fen(0)), day("2025-06-01"), day("2025-07-11"), moves, RATES)
    assert (first.product_sum, first.parts) == (yuan("100"), Parts(Fen(0), yuan("100")))
    assert (second.product_sum, second.parts) == (yuan("3000"), Parts(yuan("100"), yuan("200")))


def test_the_last_day_counts_for_the_balance_and_earns_nothing() -> None:
    settlement = year("10,000", "2025-07-01", "2025-08-01", ("2025-08-01", "500"))
    assert (settlement.product_sum, settlement.parts.total) == (yuan("310,000"), yuan("10,500"))


@pytest.mark.parametrize("on", ["2025-06-30", "2025-08-02"])
def test_a_movement_outside_the_period(on: str) -> None:
    with pytest.raises(ValueError, match=r"^every entry must lie between 2025-07-01 and 2025-08-01$"):
        year("10,000", "2025-07-01", "2025-08-01", (on, "500"))


def test_a_period_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match=r"^the period ends on 2025-06-30, before it begins on 2025-07-01$"):
        year("10,000", "2025-07-01", "2025-06-30")


def test_nothing_can_be_overdrawn() -> None:
    year("10,000", "2025-07-01", "2025-08-01", ("2025-07-02", "-10,000"))
    with pytest.raises(
        OverdrawnError, match=r"^on 2025-07-02 there are 10000\.00 yuan, too little to withdraw 10000\.01$"
    ):
        year("10,000", "2025-07-01", "2025-08-01", ("2025-07-02", "-10,000.01"))


def test_a_deposit_on_the_same_day_covers_a_withdrawal_only_after_it() -> None:
    assert year("0", "2025-07-01", "2025-08-01", ("2025-07-02", "5"), ("2025-07-02", "-5")).closing == 0
    with pytest.raises(OverdrawnError):
        year("0", "2025-07-01", "2025-08-01", ("2025-07-02", "-5"), ("2025-07-02", "5"))


def test_no_rate_on_record() -> None:
    with pytest.raises(
        NoPolicyError, match=r"^nothing is on record for 2015-06-30: the rows begin on 2015-07-01$"
    ):
        year("10,000", "2015-06-30", "2015-07-01")


ORDERS = [
    # order, withdrawn: carried and current left of 600 and 400
    (WithdrawalOrder.CARRIED_FIRST, "-500", "100", "400"),
    (WithdrawalOrder.CARRIED_FIRST, "-700", "0", "300"),
    (WithdrawalOrder.CURRENT_FIRST, "-300", "600", "100"),
    (WithdrawalOrder.CURRENT_FIRST, "-700", "300", "0"),
]


@pytest.mark.parametrize(("order", "withdrawn", "carried", "current"), ORDERS)
def test_which_part_is_withdrawn_first(
    order: WithdrawalOrder, withdrawn: str, carried: str, current: str
) -> None:
    moves = [Movement(day("2025-07-02"), yuan("400")), Movement(day("2025-07-03"), yuan(withdrawn))]
    [settlement] = settle(Parts(yuan("600")), day("2025-07-01"), day("2025-08-01"), moves, RATES, order=order)
    assert settlement.parts == Parts(yuan(carried), yuan(current))


def test_the_parts_earn_their_own_rates() -> None:
    rates = [Dated(day("2020-01-01"), DepositRate(carried=Decimal("3.6"), current=Decimal("1.8")))]
    [settlement] = settle(Parts(yuan("1000"), yuan("1000")), day("2025-07-01"), day("2025-07-11"), [], rates)
    assert settlement.interest == yuan("1.00") + yuan("0.50")


@pytest.mark.parametrize("method", [InterestMethod.PRODUCT_SUM_360, WHOLE_YEAR])
@pytest.mark.parametrize(("balance", "interest"), [(17_999, 0), (18_000, 1)])
def test_half_a_fen_is_paid_and_less_is_not(method: InterestMethod, balance: int, interest: int) -> None:
    rates = [Dated(day("2020-01-01"), DepositRate(Decimal(1), Decimal(1)))]
    [settlement] = settle(Parts(Fen(balance)), day("2025-08-01"), day("2025-08-02"), [], rates, method)
    assert settlement.interest == interest


def test_both_parts_may_lie_untouched_for_a_whole_year() -> None:
    rates = [Dated(day("2020-01-01"), DepositRate(carried=Decimal("3.6"), current=Decimal("1.8")))]
    opening = Parts(carried=yuan("1000"), current=yuan("500"))
    [settlement] = settle(opening, day("2025-07-01"), day("2026-07-01"), [], rates, WHOLE_YEAR)
    assert settlement.interest == yuan("36.00") + yuan("9.00")


def test_a_carried_withdrawal_counts_against_the_carried_part_of_a_whole_year() -> None:
    rates = [Dated(day("2020-01-01"), DepositRate(carried=Decimal("3.6"), current=Decimal("1.8")))]
    moves = [Movement(day("2025-07-01"), yuan("1000")), Movement(day("2026-01-01"), yuan("-1000"))]
    period = (day("2025-07-01"), day("2026-07-01"))
    [settlement] = settle(Parts(yuan("1000")), *period, moves, rates, WHOLE_YEAR)
    # carried 1,000 for 184 days at 3.6%; of the current part nothing lay there when the year began: 365 days at 1.8%
    assert settlement.interest == yuan("18.40") + yuan("18.25")
