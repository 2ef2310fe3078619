"""Interest on a member's account (缴存账户结息): product sums, settled on 30 June or to the day at closure.

Sources: Regulations on the Administration of Housing Provident Funds, article 21 (interest from the day of
crediting, at the state's rate); PBOC circular 129 of 2005 (product sum over a year of 360, or whole years at
the annual rate); the PBOC notice on 1.50% for both parts of the account since 2016-02-21.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from central.rules.dated import Dated, spans
from kiosk.contract.money import ZERO, Fen, format_yuan, round_ratio

SETTLEMENT_MONTH, SETTLEMENT_DAY = 7, 1  # settled at the end of 30 June, credited on 1 July


class InterestMethod(StrEnum):
    """How days become interest."""

    PRODUCT_SUM_360 = "product-sum-360"  # actual days over 360
    PRODUCT_SUM_365 = "product-sum-365"  # actual days over 365
    WHOLE_YEAR = (
        "whole-year"  # what stayed a whole interest year earns the annual rate; the rest by days over 360
    )


class WithdrawalOrder(StrEnum):
    """Which part of the account a withdrawal takes first; it matters while the parts earn unlike rates."""

    CARRIED_FIRST = "carried-first"
    CURRENT_FIRST = "current-first"


@dataclass(frozen=True, slots=True)
class DepositRate:
    """Annual per cent on what was carried over (上年结转) and on this interest year's deposits (当年归集)."""

    carried: Decimal
    current: Decimal


@dataclass(frozen=True, slots=True)
class Parts:
    """An account's balance in its two parts."""

    carried: Fen
    current: Fen = ZERO

    @property
    def total(self) -> Fen:
        return Fen(self.carried + self.current)


@dataclass(frozen=True, slots=True)
class Movement:
    """A deposit (above zero) or a withdrawal (below). It counts from its own day on."""

    on: date
    amount: Fen


@dataclass(frozen=True, slots=True)
class Settlement:
    """One stretch of interest, from `since` up to but not including `until`, credited on `until`."""

    since: date
    until: date
    product_sum: int  # fen times days
    interest: Fen
    parts: Parts  # at the end, before the interest is added

    @property
    def closing(self) -> Fen:
        return Fen(self.parts.total + self.interest)


class OverdrawnError(ValueError):
    """A withdrawal exceeds what is on the account on its day."""


def settle(
    opening: Parts,
    since: date,
    until: date,
    movements: Iterable[Movement],
    rates: Sequence[Dated[DepositRate]],
    method: InterestMethod = InterestMethod.PRODUCT_SUM_360,
    order: WithdrawalOrder = WithdrawalOrder.CARRIED_FIRST,
) -> list[Settlement]:
    """Interest from `since` up to but not including `until`: a settlement for each 1 July, and the last.

    A movement earns from its own day; on `until` itself it changes the balance and earns nothing. Interest is
    rounded once for each settlement, half up, and carried over with the balance into the next interest year.
    Raises ValueError when a movement lies outside the dates or since > until, OverdrawnError when the balance
    would fall below zero, NoPolicyError when no rate is on record.
    """
    moves = sorted(movements, key=lambda move: move.on)
    if since > until:
        raise ValueError(f"the period ends on {until}, before it begins on {since}")
    if moves and not since <= moves[0].on <= moves[-1].on <= until:
        raise ValueError(f"every entry must lie between {since} and {until}")
    edges = [since, *_settlement_days(since, until), until]
    settlements: list[Settlement] = []
    parts = opening
    for start, end in pairwise(edges):
        last = end == until
        inside = [move for move in moves if start <= move.on < end or (last and move.on == end)]
        settlement = _settle_stretch(parts, start, end, inside, rates, method, order)
        settlements.append(settlement)
        parts = Parts(settlement.closing)
    return settlements


def _settlement_days(since: date, until: date) -> list[date]:
    julys = (date(year, SETTLEMENT_MONTH, SETTLEMENT_DAY) for year in range(since.year, until.year + 1))
    return [july for july in julys if since < july < until]


def _settle_stretch(
    opening: Parts,
    since: date,
    until: date,
    moves: Sequence[Movement],
    rates: Sequence[Dated[DepositRate]],
    method: InterestMethod,
    order: WithdrawalOrder,
) -> Settlement:
    held: list[tuple[Parts, date, date]] = []
    parts, day = opening, since
    for move in moves:
        held.append((parts, day, move.on))
        parts, day = _moved(parts, move, order), move.on
    held.append((parts, day, until))

    product_sum = sum(parts.total * (end - start).days for parts, start, end in held)
    earned = sum((_earned(parts, start, end, rates) for parts, start, end in held), Decimal(0))
    if method is InterestMethod.WHOLE_YEAR:
        earned += _whole_year_correction([parts for parts, _, _ in held], since, until, rates)
    days_per_year = 365 if method is InterestMethod.PRODUCT_SUM_365 else 360
    numerator, denominator = earned.as_integer_ratio()
    interest = round_ratio(numerator, denominator * 100 * days_per_year)
    return Settlement(since, until, product_sum, interest, parts)


def _moved(parts: Parts, move: Movement, order: WithdrawalOrder) -> Parts:
    """Deposits join the current part; withdrawals empty one part before they touch the other."""
    if move.amount >= 0:
        return Parts(parts.carried, Fen(parts.current + move.amount))
    wanted = Fen(-move.amount)
    if wanted > parts.total:
        raise OverdrawnError(
            f"on {move.on} there are {format_yuan(parts.total)} yuan, too little to withdraw {format_yuan(wanted)}"
        )
    if order is WithdrawalOrder.CARRIED_FIRST:
        carried = min(wanted, parts.carried)
    else:
        carried = Fen(wanted - min(wanted, parts.current))
    return Parts(Fen(parts.carried - carried), Fen(parts.current - (wanted - carried)))


def _earned(parts: Parts, start: date, end: date, rates: Sequence[Dated[DepositRate]]) -> Decimal:
    """Interest in fen times days times per cent, exact: each day at the rate in force on it."""
    return sum(
        (_yield(parts, rate) * (until - since).days for since, until, rate in spans(rates, start, end)),
        Decimal(0),
    )


def _yield(parts: Parts, rate: DepositRate) -> Decimal:
    return parts.carried * rate.carried + parts.current * rate.current


def _whole_year_correction(
    held: Sequence[Parts], since: date, until: date, rates: Sequence[Dated[DepositRate]]
) -> Decimal:
    """What lay untouched from 1 July to 1 July under one rate earns 360 days of 360, not its 365 or 366."""
    turn = date(since.year, SETTLEMENT_MONTH, SETTLEMENT_DAY)
    stretches = spans(rates, since, until)
    if since != turn or until != turn.replace(year=turn.year + 1) or len(stretches) != 1:
        return Decimal(0)
    lowest = Parts(min(parts.carried for parts in held), min(parts.current for parts in held))
    return _yield(lowest, stretches[0][2]) * (360 - (until - since).days)
