"""Overdue instalments: what they cost, and what a payment goes to first.

Sources: PBOC circular 251 of 2003 (a penalty rate of 30% to 50% above the loan's, here 1.5 times it); Civil Code
article 561 (cost, then interest, then principal), which the loan contracts repeat as penalty, interest, principal,
the oldest instalment first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from central.rules.rates import DAYS_TIMES_PERCENT_360
from kiosk.contract.money import Fen, round_ratio


@dataclass(frozen=True, slots=True)
class Arrear:
    """What is still owed of one instalment (or what of it is being paid)."""

    number: int
    penalty: Fen
    interest: Fen
    principal: Fen

    @property
    def total(self) -> Fen:
        return Fen(self.penalty + self.interest + self.principal)


@dataclass(frozen=True, slots=True)
class Allocation:
    """How a payment is used; `left_over` is what no arrear took."""

    paid: tuple[Arrear, ...]
    left_over: Fen


def penalty(overdue: Fen, annual_percent: Decimal, days: int, multiplier: Decimal) -> Fen:
    """Penalty interest on an overdue instalment (its principal and interest) for actual days over 360, half up."""
    numerator, denominator = (annual_percent * multiplier).as_integer_ratio()
    return round_ratio(overdue * numerator * days, DAYS_TIMES_PERCENT_360 * denominator)


def allocate(payment: Fen, arrears: Sequence[Arrear]) -> Allocation:
    """Spend a payment on the oldest instalment's penalty, interest and principal, then on the next one's."""
    left, paid = payment, []
    for arrear in sorted(arrears, key=lambda arrear: arrear.number):
        takes = []
        for owed in (arrear.penalty, arrear.interest, arrear.principal):
            take = min(left, owed)
            left = Fen(left - take)
            takes.append(take)
        part = Arrear(arrear.number, *takes)
        if part.total:
            paid.append(part)
    return Allocation(tuple(paid), left)
