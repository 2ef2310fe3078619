"""Withdrawals: each check on its own, their order, and intervals in calendar months."""

from dataclasses import replace

import pytest

from central.policy import load
from central.rules.dated import in_force
from central.rules.refusal import Refusal
from central.rules.withdrawal import AccountState, Extent, Fault, Withdrawal, faults, most, next_withdrawal
from kiosk.contract.money import Fen
from tests.central.rules.worked import day, yuan

TODAY = day("2026-11-22")
POLICY = in_force(load().withdrawal, TODAY)

ACCOUNT = AccountState(
    holder_matches=True,
    closed=False,
    frozen=False,
    withdrawal_in_flight=False,
    change_in_flight=False,
    sealed=False,
    paid_to_seal_month=True,
    last_withdrawal=None,
    balance=yuan("5000"),
    loan_outstanding=False,
    own_loan_payoff=None,
)
RENT = Withdrawal("07", yuan("1000"), card_is_own=True)
RETIRED = Withdrawal("03", None, card_is_own=True)

ACCOUNT_FAULTS = [
    ({"holder_matches": False}, Fault.NOT_THE_HOLDER),
    ({"closed": True}, Fault.CLOSED),
    ({"frozen": True}, Fault.FROZEN),
    ({"withdrawal_in_flight": True}, Fault.WITHDRAWAL_IN_FLIGHT),
    ({"change_in_flight": True}, Fault.CHANGE_IN_FLIGHT),
    ({"sealed": True, "paid_to_seal_month": False}, Fault.SEALED_WITH_GAP),
]


@pytest.mark.parametrize(("change", "fault"), ACCOUNT_FAULTS)
@pytest.mark.parametrize("request_", [RENT, RETIRED])
def test_the_account(change: dict[str, bool], fault: Fault, request_: Withdrawal) -> None:
    assert faults(request_, replace(ACCOUNT, **change), TODAY, POLICY) == [Refusal(fault)]


def test_all_is_well() -> None:
    assert faults(RENT, ACCOUNT, TODAY, POLICY) == []
    assert faults(RETIRED, ACCOUNT, TODAY, POLICY) == []
    assert faults(RENT, replace(ACCOUNT, sealed=True), TODAY, POLICY) == []


def test_no_account() -> None:
    assert faults(RENT, None, TODAY, POLICY) == [Refusal(Fault.NO_ACCOUNT)]


REASONS = [
    # code, closes: what is wrong
    *[(code, False, None) for code in ("01", "02", "06", "07", "09", "99")],
    *[(code, True, None) for code in ("03", "04", "05", "08", "99")],
    *[(code, True, Fault.REASON_NEEDS_PART) for code in ("01", "02", "06", "07", "09")],
    *[(code, False, Fault.REASON_NEEDS_CLOSURE) for code in ("03", "04", "05", "08")],
    ("10", False, Fault.UNKNOWN_REASON),
    ("", True, Fault.UNKNOWN_REASON),
]


@pytest.mark.parametrize(("code", "closes", "fault"), REASONS)
def test_reasons(code: str, closes: bool, fault: Fault | None) -> None:
    request = Withdrawal(code, None if closes else yuan("1"), card_is_own=True)
    assert faults(request, ACCOUNT, TODAY, POLICY) == ([] if fault is None else [Refusal(fault)])


def test_the_code_table_is_data() -> None:
    assert {reason.code: reason.extent for reason in POLICY.reasons}["06"] is Extent.PART
    assert [reason.code for reason in POLICY.reasons if reason.own_loan] == ["06"]


INTERVALS = [
    # last withdrawal: next one
    ("2024-02-29", "2025-02-28"),
    ("2024-03-01", "2025-03-01"),
    ("2023-03-01", "2024-03-01"),  # 365 days would be 2024-02-29
    ("2025-11-22", "2026-11-22"),
]


@pytest.mark.parametrize(("last", "opens"), INTERVALS)
def test_twelve_calendar_months(last: str, opens: str) -> None:
    assert next_withdrawal(day(last), POLICY) == day(opens)


def test_the_interval_holds_for_parts_only() -> None:
    account = replace(ACCOUNT, last_withdrawal=day("2025-11-23"))
    assert faults(RENT, account, TODAY, POLICY) == [Refusal(Fault.TOO_SOON, day=day("2026-11-23"))]
    assert faults(RETIRED, account, TODAY, POLICY) == []
    assert faults(RENT, replace(ACCOUNT, last_withdrawal=day("2025-11-22")), TODAY, POLICY) == []
    assert next_withdrawal(None, POLICY) is None


def test_a_loan_blocks_closing_and_not_a_part() -> None:
    account = replace(ACCOUNT, loan_outstanding=True)
    assert faults(RETIRED, account, TODAY, POLICY) == [Refusal(Fault.LOAN_OUTSTANDING)]
    assert faults(RENT, account, TODAY, POLICY) == []


AMOUNTS = [
    # code, amount, own loan's payoff: what is wrong and the most
    ("07", "4999.99", None, None),
    ("07", "5000.00", None, Refusal(Fault.NOTHING_LEFT, amount=yuan("4999.99"))),
    ("06", "4999.99", "9000", None),
    ("06", "3000.00", "3000", None),
    ("06", "3000.01", "3000", Refusal(Fault.ABOVE_LIMIT, amount=yuan("3000"))),
    ("06", "5000.00", "3000", Refusal(Fault.NOTHING_LEFT, amount=yuan("3000"))),
    ("06", "4999.99", None, None),
    ("07", "4000.00", "3000", None),
]


@pytest.mark.parametrize(("code", "amount", "payoff", "refusal"), AMOUNTS)
def test_amounts(code: str, amount: str, payoff: str | None, refusal: Refusal[Fault] | None) -> None:
    account = replace(ACCOUNT, own_loan_payoff=None if payoff is None else yuan(payoff))
    request = Withdrawal(code, yuan(amount), card_is_own=True)
    assert faults(request, account, TODAY, POLICY) == ([] if refusal is None else [refusal])


def test_the_most_is_never_below_nothing() -> None:
    reason = POLICY.reason("07")
    assert reason is not None
    assert most(replace(ACCOUNT, balance=Fen(0)), reason, POLICY) == 0


def test_the_bank_card_is_ones_own() -> None:
    assert faults(replace(RENT, card_is_own=False), ACCOUNT, TODAY, POLICY) == [Refusal(Fault.NOT_OWN_CARD)]


def test_the_order_of_the_checks() -> None:
    account = AccountState(
        holder_matches=False,
        closed=True,
        frozen=True,
        withdrawal_in_flight=True,
        change_in_flight=True,
        sealed=True,
        paid_to_seal_month=False,
        last_withdrawal=TODAY,
        balance=yuan("100"),
        loan_outstanding=True,
        own_loan_payoff=None,
    )
    part = Withdrawal("03", yuan("1000"), card_is_own=False)
    found = [refusal.reason for refusal in faults(part, account, TODAY, POLICY)]
    assert found == [fault for fault in Fault if fault in found]
    assert len(found) == 10
