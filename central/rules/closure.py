"""Closing an account on retirement: whether it may be closed at a terminal. What is paid out is the balance and its
interest to the day (account_interest.py).

Source: Regulations on the Administration of Housing Provident Funds, article 24 (2): the retired withdraw all and
close; the age from the NPC Standing Committee's decision of 2024-09-13.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from central.rules.identity import Sex
from central.rules.refusal import Refusal
from central.rules.retirement import Category, has_reached, retirement_day


class Reason(StrEnum):
    NOT_THE_HOLDER = "not-the-holder"
    ALREADY_CLOSED = "account-closed"
    FROZEN = "account-frozen"
    IN_FLIGHT = "another-change-in-flight"
    LOAN_OUTSTANDING = "loan-outstanding"
    CO_BORROWER_LOAN = "co-borrower-loan-outstanding"
    CATEGORY_UNKNOWN = "category-unknown"  # a woman's post decides: the counter has to see the evidence
    NOT_RETIRED = "not-retired"
    NO_RETIREMENT_RECORD = "no-retirement-record"
    NOT_OWN_CARD = "bank-card-not-own"


@dataclass(frozen=True, slots=True)
class ClosurePolicy:
    """What proves retirement, and which loans stand in the way."""

    age_suffices: (
        bool  # reaching the statutory age is proof enough; else the social-insurance record is needed
    )
    co_borrower_blocks: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """Who asks. `category` None: a woman whose post nobody has confirmed. Never derive it from the ID number."""

    born: date
    sex: Sex
    category: Category | None
    retirement_record: bool  # the social-insurance register says that the person is retired

    @property
    def known_category(self) -> Category | None:
        return Category.MAN if self.sex is Sex.MALE else self.category


@dataclass(frozen=True, slots=True)
class ClosureState:
    """What the books say on the day of the request."""

    holder_matches: bool
    closed: bool
    frozen: bool
    in_flight: bool
    loan_outstanding: bool
    co_borrower_loan_outstanding: bool
    card_is_own: bool


def refusals(
    holder: Holder, state: ClosureState, today: date, policy: ClosurePolicy
) -> list[Refusal[Reason]]:
    """Every condition not met, in the order a clerk would look; empty when the account may be closed."""
    return [*_account(state, policy), *_retirement(holder, today, policy), *_card(state)]


def _account(state: ClosureState, policy: ClosurePolicy) -> Iterator[Refusal[Reason]]:
    if not state.holder_matches:
        yield Refusal(Reason.NOT_THE_HOLDER)
    if state.closed:
        yield Refusal(Reason.ALREADY_CLOSED)
    if state.frozen:
        yield Refusal(Reason.FROZEN)
    if state.in_flight:
        yield Refusal(Reason.IN_FLIGHT)
    if state.loan_outstanding:
        yield Refusal(Reason.LOAN_OUTSTANDING)
    if state.co_borrower_loan_outstanding and policy.co_borrower_blocks:
        yield Refusal(Reason.CO_BORROWER_LOAN)


def _retirement(holder: Holder, today: date, policy: ClosurePolicy) -> Iterator[Refusal[Reason]]:
    if holder.retirement_record:
        return
    if not policy.age_suffices:
        yield Refusal(Reason.NO_RETIREMENT_RECORD)
        return
    category = holder.known_category or Category.WOMAN_55
    if has_reached(holder.born, category, today):
        return
    if holder.known_category is None and has_reached(holder.born, Category.WOMAN_50, today):
        yield Refusal(Reason.CATEGORY_UNKNOWN)
    else:
        yield Refusal(Reason.NOT_RETIRED, day=retirement_day(holder.born, category))


def _card(state: ClosureState) -> Iterator[Refusal[Reason]]:
    if not state.card_is_own:
        yield Refusal(Reason.NOT_OWN_CARD)
