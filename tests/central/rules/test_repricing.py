"""Re-pricing on 1 January, under each of the four readings of the January instalment."""

from dataclasses import replace
from decimal import Decimal

import pytest

from central.rules.repricing import January, RateChange, build, january_interest, reprice
from central.rules.schedule import FirstPeriod
from tests.central.rules.worked import EP, day, plan, terms, yuan

# Paid out on 2024-06-15, due on the 15th: instalment 19 is the first of 2026.
LOAN = terms("600,000", "2.85", 300, disbursed=day("2024-06-15"), first_due=day("2024-07-15"))
TO_2_6 = [RateChange(19, Decimal("2.6"))]


def test_the_january_instalment_takes_the_new_rate() -> None:
    schedule = build(LOAN, TO_2_6)
    rows = schedule.rows
    assert rows[0].payment == rows[17].payment == yuan("2798.68")
    assert rows[17].balance == yuan("574,768.21")
    assert rows[18].due == day("2026-01-15")
    assert schedule.instalment == yuan("2726.01")
    assert (rows[18].interest, rows[18].principal, rows[18].balance) == (
        yuan("1245.33"),
        yuan("1480.68"),
        yuan("573,287.53"),
    )
    assert (rows[19].interest, rows[19].principal) == (yuan("1242.12"), yuan("1483.89"))
    assert schedule.last_payment == yuan("2725.16")
    assert schedule.total_interest == yuan("219,110.21")
    assert [row.number for row in rows] == list(range(1, 301))
    assert rows[-1].due == day("2049-06-15")


JANUARIES = [
    (January.WHOLE_NEW, "1245.33"),
    (January.DAYS_30_360, "1309.19"),  # 16 days at the old rate, 14 at the new
    (January.ACT_360, "1354.70"),  # 17 and 14
    (January.WHOLE_OLD, "1365.07"),
]


@pytest.mark.parametrize(("january", "interest"), JANUARIES)
def test_only_the_january_interest_differs(january: January, interest: str) -> None:
    rows = build(LOAN, TO_2_6, january).rows
    default = build(LOAN, TO_2_6).rows
    assert rows[18].interest == yuan(interest)
    assert rows[18].principal == default[18].principal
    assert rows[:18] + rows[19:] == default[:18] + default[19:]


def test_a_chain_of_changes() -> None:
    loan = terms("800,000", "3.1", 360, first_due=day("2022-11-20"))
    changes = [RateChange(27, Decimal("2.85")), RateChange(39, Decimal("2.6"))]
    schedule = build(loan, changes)
    rows = schedule.rows
    assert rows[26].due == day("2025-01-20")
    assert rows[38].due == day("2026-01-20")
    assert [rows[number - 1].payment for number in (1, 26, 27, 38, 39)] == [
        yuan(amount) for amount in ("3416.13", "3416.13", "3314.91", "3314.91", "3218.44")
    ]
    assert rows[25].balance == yuan("763,757.23")
    assert rows[37].balance == yuan("745,508.23")
    assert schedule.last_payment == yuan("3219.25")
    assert schedule.instalment == yuan("3218.44")


def test_equal_principal_keeps_its_part() -> None:
    schedule = build(terms("300,000", "2.85", 240, EP), TO_2_6)
    rows = schedule.rows
    assert {row.principal for row in rows} == {yuan("1250.00")}
    assert rows[17].interest == yuan("662.03")  # 278,750.00 at 2.85%
    assert rows[18].interest == yuan("601.25")  # 277,500.00 at 2.6%
    assert schedule.instalment == yuan("1851.25")  # the first after the change
    assert reprice(plan("300,000", "2.85", 240, EP, after=18), Decimal("2.6")).level == yuan("1250.00")


def test_a_change_at_the_first_instalment_is_a_loan_at_the_new_rate() -> None:
    changed = build(terms("600,000", "2.85", 300), [RateChange(1, Decimal("2.6"))])
    assert changed == build(terms("600,000", "2.6", 300), [])


def test_a_change_at_the_last_instalment() -> None:
    rows = build(terms("600,000", "2.85", 300), [RateChange(300, Decimal("0"))]).rows
    assert rows[299].interest == 0
    assert rows[299].principal == rows[298].balance


@pytest.mark.parametrize("numbers", [(0,), (301,), (19, 19), (19, 7)])
def test_changes_rise_and_lie_within_the_loan(numbers: tuple[int, ...]) -> None:
    changes = [RateChange(number, Decimal("2.6")) for number in numbers]
    with pytest.raises(ValueError, match=r"^rate changes need rising instalment numbers between 1 and 300$"):
        build(LOAN, changes)


@pytest.mark.parametrize("january", [January.DAYS_30_360, January.ACT_360])
def test_a_split_needs_dates(january: January) -> None:
    with pytest.raises(ValueError, match=r"^splitting January's interest by days needs the due dates$"):
        build(terms("600,000", "2.85", 300), TO_2_6, january)


def test_a_split_in_the_first_period_needs_the_disbursement() -> None:
    loan = terms("600,000", "2.85", 300, first_due=day("2026-01-20"))
    with pytest.raises(ValueError, match=r"^splitting January's interest by days needs the due dates$"):
        build(loan, [RateChange(1, Decimal("2.6"))], January.ACT_360)


@pytest.mark.parametrize(
    ("january", "interest"), [(January.WHOLE_NEW, "1300.00"), (January.WHOLE_OLD, "1425.00")]
)
def test_a_whole_month_needs_no_dates(january: January, interest: str) -> None:
    balance, old, new = yuan("600,000"), Decimal("2.85"), Decimal("2.6")
    assert january_interest(balance, old, new, january, last_due=None, due=None) == yuan(interest)


def test_a_split_in_the_first_period_counts_from_the_disbursement() -> None:
    loan = terms("600,000", "2.85", 300, disbursed=day("2025-12-20"), first_due=day("2026-01-20"))
    change = [RateChange(1, Decimal("2.6"))]
    # 12 days at 2.85% and 19 at 2.6%
    assert build(loan, change, January.ACT_360).rows[0].interest == yuan("1393.33")


@pytest.mark.parametrize(
    ("period", "january", "interest"),
    [
        (FirstPeriod.ACT_360, January.WHOLE_NEW, "1343.33"),  # 31 days
        (FirstPeriod.ACT_360, January.WHOLE_OLD, "1472.50"),
        (FirstPeriod.FULL, January.WHOLE_NEW, "1300.00"),
        (FirstPeriod.FULL, January.WHOLE_OLD, "1425.00"),
        (FirstPeriod.ACT_360, January.ACT_360, "1393.33"),  # 12 days at the old rate, 19 at the new one
    ],
)
def test_a_first_period_by_days_stays_one(period: FirstPeriod, january: January, interest: str) -> None:
    loan = terms("600,000", "2.85", 300, disbursed=day("2025-12-20"), first_due=day("2026-01-20"))
    loan = replace(loan, first_period=period)
    rows = build(loan, [RateChange(1, Decimal("2.6"))], january).rows
    assert rows[0].interest == yuan(interest)
    assert rows[1].interest == yuan("1296.92")  # on 598,577.98


def test_only_the_first_period_is_counted_by_days() -> None:
    loan = terms("600,000", "2.85", 300, disbursed=day("2025-12-20"), first_due=day("2026-01-20"))
    rows = build(replace(loan, first_period=FirstPeriod.ACT_360), [RateChange(2, Decimal("2.6"))]).rows
    assert rows[0].interest == yuan("1472.50")
    assert rows[1].interest == yuan("1297.02")  # 598,626.32 at 2.6%, a month


def test_a_period_that_begins_on_1_january_is_all_new() -> None:
    interest = january_interest(
        yuan("600,000"),
        Decimal("2.85"),
        Decimal("2.6"),
        January.DAYS_30_360,
        last_due=day("2026-01-10"),
        due=day("2026-02-10"),
    )
    assert interest == yuan("1300.00")


def test_a_due_day_at_the_months_end_survives_a_change() -> None:
    loan = terms("600,000", "2.85", 12, first_due=day("2025-10-31"))
    dues = [row.due for row in build(loan, [RateChange(5, Decimal("2.6"))]).rows]
    assert dues[4:7] == [day("2026-02-28"), day("2026-03-31"), day("2026-04-30")]
