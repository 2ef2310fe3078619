"""Offset agreements (冲还贷): the fund account repays the loan, every month or once a year.

Source: Regulations on the Administration of Housing Provident Funds, article 24 (5) (withdrawal to repay a housing
loan); the agreements are the centres' own. What stays on each account is policy: 0.01 yuan, or some months'
deposits, or a fixed sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from central.rules.early_repayment import Mode, Payoff, Quote, payoff, quote
from central.rules.refusal import Refusal
from central.rules.schedule import Plan
from kiosk.contract.money import ZERO, Fen


class Reason(StrEnum):
    IN_ARREARS = "in-arrears"
    SEALED_TOO_LONG = "account-sealed-too-long"
    BELOW_MINIMUM = "below-minimum"
    LAST_INSTALMENT = "last-instalment"


@dataclass(frozen=True, slots=True)
class OffsetPolicy:
    """What stays on each account (the higher of the two), the least yearly amount, and when it is suspended."""

    retain: Fen
    retain_deposit_months: int
    yearly_minimum: Fen
    suspend_after_sealed_months: int


@dataclass(frozen=True, slots=True)
class Source:
    """An account that pays, in the agreed order. `available` None is a bank card: it is asked for the rest."""

    name: str
    available: Fen | None


@dataclass(frozen=True, slots=True)
class Take:
    """What one source pays of an instalment: interest first, then principal."""

    source: str
    interest: Fen
    principal: Fen

    @property
    def amount(self) -> Fen:
        return Fen(self.interest + self.principal)


@dataclass(frozen=True, slots=True)
class MonthlyOffset:
    takes: tuple[Take, ...]
    short: Fen  # what no source could pay: it falls into arrears


def available(balance: Fen, monthly_deposit: Fen, policy: OffsetPolicy) -> Fen:
    """What an agreement may take from a fund account."""
    kept = max(policy.retain, monthly_deposit * policy.retain_deposit_months)
    return Fen(max(balance - kept, 0))


def monthly(interest: Fen, principal: Fen, sources: Sequence[Source]) -> MonthlyOffset:
    """Collect one instalment from the sources in order; each yields what it has until the instalment is paid."""
    takes: list[Take] = []
    for source in sources:
        most = Fen(interest + principal) if source.available is None else source.available
        on_interest = min(interest, most)
        on_principal = min(principal, Fen(most - on_interest))
        if on_interest + on_principal:
            takes.append(Take(source.name, on_interest, on_principal))
        interest, principal = Fen(interest - on_interest), Fen(principal - on_principal)
    return MonthlyOffset(tuple(takes), Fen(interest + principal))


def yearly(plan: Plan, amount: Fen, mode: Mode, policy: OffsetPolicy) -> Quote | Payoff | Refusal[Reason]:
    """Put `amount` (what the accounts make available) towards principal once a year, right after an instalment.

    It becomes a payoff when it covers the balance, and is refused below the minimum or when the last instalment,
    which is due anyway, is all that is left.
    """
    if amount >= plan.balance:
        return payoff(plan, 0)
    if plan.months == 1:
        return Refusal(Reason.LAST_INSTALMENT, amount=plan.balance)
    if amount < policy.yearly_minimum:
        return Refusal(Reason.BELOW_MINIMUM, amount=policy.yearly_minimum)
    return quote(plan, amount, mode)


def suspended(arrears: Fen, sealed_months: int, policy: OffsetPolicy) -> Refusal[Reason] | None:
    """Why an agreement does not run, or may not be signed; None when it may."""
    if arrears > ZERO:
        return Refusal(Reason.IN_ARREARS, amount=arrears)
    if sealed_months > policy.suspend_after_sealed_months:
        return Refusal(Reason.SEALED_TOO_LONG, count=policy.suspend_after_sealed_months)
    return None
