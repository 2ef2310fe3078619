"""Whether money may leave an account: the checks of a withdrawal, in the order in which a centre makes them.

Sources: Regulations on the Administration of Housing Provident Funds, article 24 (grounds; the retired, the
incapacitated and those settled abroad close the account) and article 25; reason codes of JGJ/T 320 as policy data,
since two code sets in use disagree on 06 and 08; intervals in calendar months by local rule.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from central.rules.months import add_months
from central.rules.refusal import Refusal
from kiosk.contract.money import Fen


class Extent(StrEnum):
    """What a reason (提取原因) is good for."""

    PART = "part"
    CLOSURE = "closure"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class WithdrawalReason:
    """A row of the code table."""

    code: str
    name: str
    name_zh: str
    extent: Extent
    own_loan: bool = False  # repays a housing loan, which caps the amount at the payoff of an own fund loan


@dataclass(frozen=True, slots=True)
class WithdrawalPolicy:
    interval_months: int  # between withdrawals in part
    retain: Fen  # stays on the account after a withdrawal in part
    reasons: tuple[WithdrawalReason, ...]

    def reason(self, code: str) -> WithdrawalReason | None:
        return next((reason for reason in self.reasons if reason.code == code), None)


class Fault(StrEnum):
    """In the order of the checks."""

    NO_ACCOUNT = "no-account"
    NOT_THE_HOLDER = "not-the-holder"
    CLOSED = "account-closed"
    FROZEN = "account-frozen"
    WITHDRAWAL_IN_FLIGHT = "withdrawal-in-flight"
    CHANGE_IN_FLIGHT = "account-change-in-flight"
    TOO_SOON = "interval-not-over"
    SEALED_WITH_GAP = "sealed-account-not-paid-up"
    UNKNOWN_REASON = "unknown-reason"
    REASON_NEEDS_CLOSURE = "reason-needs-closure"
    REASON_NEEDS_PART = "reason-needs-part"
    LOAN_OUTSTANDING = "loan-outstanding"
    ABOVE_LIMIT = "above-limit"
    NOTHING_LEFT = "balance-too-low"
    NOT_OWN_CARD = "bank-card-not-own"


@dataclass(frozen=True, slots=True)
class AccountState:
    """What the books say of the account on the day of the request."""

    holder_matches: bool
    closed: bool
    frozen: bool
    withdrawal_in_flight: bool
    change_in_flight: bool  # sealing, unsealing or a transfer
    sealed: bool
    paid_to_seal_month: bool
    last_withdrawal: date | None
    balance: Fen
    loan_outstanding: bool
    own_loan_payoff: Fen | None  # to the day, when there is a fund loan of one's own


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A request; `amount` None closes the account."""

    reason_code: str
    amount: Fen | None
    card_is_own: bool


def faults(
    request: Withdrawal, account: AccountState | None, today: date, policy: WithdrawalPolicy
) -> list[Refusal[Fault]]:
    """Every check that fails, in order; the first is the one to tell. Empty when the money may leave."""
    if account is None:
        return [Refusal(Fault.NO_ACCOUNT)]
    return [
        *_account(account),
        *_interval(request, account, today, policy),
        *_reason(request, account, policy),
        *_amount(request, account, policy),
        *([] if request.card_is_own else [Refusal(Fault.NOT_OWN_CARD)]),
    ]


def next_withdrawal(last: date | None, policy: WithdrawalPolicy) -> date | None:
    """The first day on which a part may be withdrawn again; None when there was no withdrawal yet."""
    return None if last is None else add_months(last, policy.interval_months)


def most(account: AccountState, reason: WithdrawalReason, policy: WithdrawalPolicy) -> Fen:
    """The most that may be withdrawn in part: the balance less what stays, and no more than an own loan's payoff."""
    above_retained = Fen(max(account.balance - policy.retain, 0))
    if reason.own_loan and account.own_loan_payoff is not None:
        return min(above_retained, account.own_loan_payoff)
    return above_retained


def _account(account: AccountState) -> Iterator[Refusal[Fault]]:
    if not account.holder_matches:
        yield Refusal(Fault.NOT_THE_HOLDER)
    if account.closed:
        yield Refusal(Fault.CLOSED)
    if account.frozen:
        yield Refusal(Fault.FROZEN)
    if account.withdrawal_in_flight:
        yield Refusal(Fault.WITHDRAWAL_IN_FLIGHT)
    if account.change_in_flight:
        yield Refusal(Fault.CHANGE_IN_FLIGHT)


def _interval(
    request: Withdrawal, account: AccountState, today: date, policy: WithdrawalPolicy
) -> Iterator[Refusal[Fault]]:
    opens = next_withdrawal(account.last_withdrawal, policy)
    if request.amount is not None and opens is not None and today < opens:
        yield Refusal(Fault.TOO_SOON, day=opens)
    if account.sealed and not account.paid_to_seal_month:
        yield Refusal(Fault.SEALED_WITH_GAP)


def _reason(request: Withdrawal, account: AccountState, policy: WithdrawalPolicy) -> Iterator[Refusal[Fault]]:
    reason = policy.reason(request.reason_code)
    closing = request.amount is None
    if reason is None:
        yield Refusal(Fault.UNKNOWN_REASON)
    elif reason.extent is Extent.CLOSURE and not closing:
        yield Refusal(Fault.REASON_NEEDS_CLOSURE)
    elif reason.extent is Extent.PART and closing:
        yield Refusal(Fault.REASON_NEEDS_PART)
    if closing and account.loan_outstanding:
        yield Refusal(Fault.LOAN_OUTSTANDING)


def _amount(request: Withdrawal, account: AccountState, policy: WithdrawalPolicy) -> Iterator[Refusal[Fault]]:
    reason = policy.reason(request.reason_code)
    if request.amount is None or reason is None:
        return
    limit = most(account, reason, policy)
    if request.amount > account.balance - policy.retain:
        yield Refusal(Fault.NOTHING_LEFT, amount=limit)
    elif request.amount > limit:
        yield Refusal(Fault.ABOVE_LIMIT, amount=limit)
