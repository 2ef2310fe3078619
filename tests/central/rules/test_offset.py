"""Offset agreements: collecting an instalment from several accounts, and repaying principal once a year."""

from dataclasses import replace

import pytest

from central.rules.early_repayment import Mode, Payoff, Quote
from central.rules.offset import OffsetPolicy, Reason, Source, Take, available, monthly, suspended, yearly
from central.rules.refusal import Refusal
from kiosk.contract.money import Fen
from tests.central.rules.worked import plan, yuan

POLICY = OffsetPolicy(
    retain=yuan("0.01"),
    retain_deposit_months=0,
    yearly_minimum=yuan("1000"),
    suspend_after_sealed_months=6,
)
BANK_CARD = Source("bank-card", None)
INTEREST, PRINCIPAL = yuan("1227.42"), yuan("1494.60")  # 2722.02 in all


def test_borrower_then_spouse_then_bank_card() -> None:
    free = [available(yuan(balance), Fen(0), POLICY) for balance in ("1850.35", "500.00")]
    collected = monthly(
        INTEREST, PRINCIPAL, [Source("borrower", free[0]), Source("spouse", free[1]), BANK_CARD]
    )
    assert collected.takes == (
        Take("borrower", yuan("1227.42"), yuan("622.92")),
        Take("spouse", yuan("0"), yuan("499.99")),
        Take("bank-card", yuan("0"), yuan("371.69")),
    )
    assert [take.amount for take in collected.takes] == [yuan("1850.34"), yuan("499.99"), yuan("371.69")]
    assert collected.short == 0


def test_interest_comes_before_principal() -> None:
    collected = monthly(
        INTEREST, PRINCIPAL, [Source("borrower", yuan("1000")), Source("spouse", yuan("300"))]
    )
    assert collected.takes == (
        Take("borrower", yuan("1000"), yuan("0")),
        Take("spouse", yuan("227.42"), yuan("72.58")),
    )
    assert collected.short == yuan("1422.02")


def test_an_account_that_has_enough_leaves_the_others_alone() -> None:
    collected = monthly(
        INTEREST, PRINCIPAL, [Source("borrower", yuan("9000")), Source("spouse", yuan("9000")), BANK_CARD]
    )
    assert collected.takes == (Take("borrower", INTEREST, PRINCIPAL),)


def test_an_account_may_pay_as_much_interest_as_principal() -> None:
    assert monthly(Fen(5), Fen(9), [Source("borrower", Fen(10))]).takes == (Take("borrower", Fen(5), Fen(5)),)


def test_an_empty_account_takes_no_part() -> None:
    collected = monthly(INTEREST, PRINCIPAL, [Source("borrower", Fen(0)), BANK_CARD])
    assert collected.takes == (Take("bank-card", INTEREST, PRINCIPAL),)


RETAINED = [
    # balance, monthly deposit, months kept, sum kept: available
    ("1850.35", "0", 0, "0.01", "1850.34"),
    ("0.01", "0", 0, "0.01", "0.00"),
    ("0.00", "0", 0, "0.01", "0.00"),
    ("30,000", "2400", 12, "0.01", "1200.00"),
    ("30,000", "100", 12, "10,000", "20,000.00"),
]


@pytest.mark.parametrize(("balance", "deposit", "months", "kept", "free"), RETAINED)
def test_what_stays_on_the_account(balance: str, deposit: str, months: int, kept: str, free: str) -> None:
    policy = replace(POLICY, retain=yuan(kept), retain_deposit_months=months)
    assert available(yuan(balance), yuan(deposit), policy) == yuan(free)


LOAN = plan("600,000", "2.6", 300, after=24)


@pytest.mark.parametrize(
    ("mode", "months", "instalment"), [(Mode.REDUCE, 276, "2240.25"), (Mode.SHORTEN, 214, "2722.02")]
)
def test_once_a_year_principal_only(mode: Mode, months: int, instalment: str) -> None:
    asked = yearly(LOAN, yuan("100,000"), mode, POLICY)
    assert isinstance(asked, Quote)
    assert (asked.plan.months, asked.instalment, asked.interest) == (months, yuan(instalment), 0)


def test_a_balance_that_covers_the_loan_pays_it_off() -> None:
    assert yearly(LOAN, LOAN.balance, Mode.REDUCE, POLICY) == Payoff(LOAN.balance, Fen(0))
    assert isinstance(yearly(LOAN, Fen(LOAN.balance - 1), Mode.REDUCE, POLICY), Quote)


def test_too_little_is_left_alone() -> None:
    assert yearly(LOAN, yuan("999.99"), Mode.REDUCE, POLICY) == Refusal(
        Reason.BELOW_MINIMUM, amount=yuan("1000")
    )
    assert isinstance(yearly(LOAN, yuan("1000"), Mode.REDUCE, POLICY), Quote)


def test_the_last_instalment_is_left_alone() -> None:
    last = plan("600,000", "2.6", 300, after=299)
    assert yearly(last, yuan("2000"), Mode.REDUCE, POLICY) == Refusal(
        Reason.LAST_INSTALMENT, amount=last.balance
    )


SUSPENSIONS = [
    (0, 0, None),
    (0, 6, None),
    (0, 7, Refusal(Reason.SEALED_TOO_LONG, count=6)),
    (1, 0, Refusal(Reason.IN_ARREARS, amount=Fen(1))),
]


@pytest.mark.parametrize(("arrears", "sealed_months", "refusal"), SUSPENSIONS)
def test_when_an_agreement_rests(arrears: int, sealed_months: int, refusal: Refusal[Reason] | None) -> None:
    assert suspended(Fen(arrears), sealed_months, POLICY) == refusal
