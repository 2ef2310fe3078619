"""The day-end balance (日终轧账): one business day of the books against the kiosks' journals and the bank's file.

The rules are pure: what was found on either side goes in, what differs comes out, each difference under the name by
which the runbook knows it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, select

from central.bank import BankLine, BankOutcome
from central.clock import instant
from central.kiosks import last_beat
from central.ledger.findings import Finding, finding
from central.ledger.operation_invariants import MONEY
from central.store.tables import kiosk, operation, outbox, posting
from kiosk.contract.kiosks import DayTotal
from kiosk.contract.money import Fen, format_yuan
from kiosk.contract.operations import DAY_TOTALS_TOLD, OperationState

LOOKED_UP_AT_ONCE = 1_000
"""References in one statement: a database takes only so many parameters."""


# ------------------------------------------------------------------ the bank's file


class BankDifference(StrEnum):
    """How the bank's file and the books can differ."""

    NOT_OURS = "the bank paid under a reference that is not ours"
    TWICE = "the bank paid twice"
    VOID_HERE = "the bank paid what is void here"
    PENDING_HERE = "the bank paid what still waits for its answer here"
    OTHER_AMOUNT = "the bank paid another amount"
    NEVER_PAID = "the bank has not paid what the books say it has"


@dataclass(frozen=True)
class BookedPayout:
    """A payout in the books: `outcome` as the bank answered it (None: not yet), and the day it was posted."""

    amount: Fen
    outcome: BankOutcome | None
    posted_on: date | None


def against_bank(tx: Connection, day: date, lines: Sequence[BankLine]) -> list[Finding]:
    """I12: what the bank's file of a day says it paid is what the books say was paid out on it.

    `lines` may hold other days as well. A bank that pays just before midnight is heard just after it, so a payout
    that was posted on `day` is looked for in all of them, and only those of `day` are asked for in the books.
    """
    wanted = {line.reference for line in lines} | set(
        tx.execute(
            select(posting.c.operation_id)
            .join(outbox, outbox.c.operation_id == posting.c.operation_id)
            .where(posting.c.phase == "post", posting.c.on == day)
        ).scalars()
    )
    found: dict[BankDifference, list[str]] = defaultdict(list)
    for difference, row in bank_differences(day, lines, _booked(tx, sorted(wanted, key=str))):
        found[difference].append(row)
    return [made for kind in BankDifference if (made := finding("I12", kind.value, found[kind]))]


def _booked(tx: Connection, references: Sequence[UUID]) -> dict[UUID, BookedPayout]:
    query = (
        select(operation.c.id, operation.c.amount, outbox.c.outcome, posting.c.on)
        .join(outbox, outbox.c.operation_id == operation.c.id)
        .outerjoin(posting, (posting.c.operation_id == operation.c.id) & (posting.c.phase == "post"))
        .where(outbox.c.kind == "payout")
    )
    booked = {}
    for start in range(0, len(references), LOOKED_UP_AT_ONCE):
        some = references[start : start + LOOKED_UP_AT_ONCE]
        for row in tx.execute(query.where(operation.c.id.in_(some))):
            outcome = BankOutcome(row.outcome) if row.outcome else None
            booked[row.id] = BookedPayout(Fen(row.amount), outcome, row.on)
    return booked


def bank_differences(
    day: date, lines: Iterable[BankLine], booked: Mapping[UUID, BookedPayout]
) -> Iterator[tuple[BankDifference, str]]:
    """Every difference with its row; one payout may have several. Pure."""
    paid: dict[UUID, list[BankLine]] = defaultdict(list)
    for line in lines:
        paid[line.reference].append(line)
    for reference, group in paid.items():
        if all(line.on != day for line in group):
            continue
        told = f"operation {reference}: bank {' + '.join(format_yuan(line.amount) for line in group)}"
        ours = booked.get(reference)
        if ours is None:
            yield BankDifference.NOT_OURS, told
            continue
        told += f", books {format_yuan(ours.amount)}"
        if len(group) > 1:
            yield BankDifference.TWICE, told
        if ours.outcome is None:
            yield BankDifference.PENDING_HERE, told
        elif ours.outcome is BankOutcome.REFUSED:
            yield BankDifference.VOID_HERE, told
        if any(line.amount != ours.amount for line in group):
            yield BankDifference.OTHER_AMOUNT, told
    for reference, ours in booked.items():
        if ours.posted_on == day and reference not in paid:
            yield BankDifference.NEVER_PAID, f"operation {reference}: books {format_yuan(ours.amount)}"


# ------------------------------------------------------------------ the kiosks' journals


@dataclass(frozen=True)
class KioskDay:
    """One kiosk's day: by the books, and by its own journal as its last heartbeat told it (None: it has not, or what
    it told is `unreadable`)."""

    kiosk_id: str
    booked: DayTotal
    told: DayTotal | None
    seen_ms: int | None = None
    unknown_operations: int = 0
    unreadable: bool = False


def kiosk_days(tx: Connection, day: date) -> list[KioskDay]:
    """Every kiosk with something on a day, on either side. A business day is that of the receipt number."""
    booked = {
        row.kiosk_id: DayTotal(day=day, operations=row.times, amount=Fen(int(row.amount)))
        for row in tx.execute(
            select(
                operation.c.kiosk_id,
                func.count().label("times"),
                func.coalesce(func.sum(operation.c.amount), 0).label("amount"),
            )
            .where(_confirmed_on(day))
            .group_by(operation.c.kiosk_id)
        )
    }
    days = {kiosk_id: KioskDay(kiosk_id, total, None) for kiosk_id, total in booked.items()}
    nothing = DayTotal.nothing_on(day)
    for row in tx.execute(select(kiosk).where(kiosk.c.health.is_not(None))):
        beat, total = last_beat(row.health), booked.get(row.id, nothing)
        if beat is None:
            if total.operations or row.revoked_ms is None:
                days[row.id] = KioskDay(row.id, total, None, row.seen_ms, unreadable=True)
            continue
        told = total_told(beat.day_totals, day)
        if total.operations or (told and told.operations):
            days[row.id] = KioskDay(row.id, total, told, row.seen_ms, beat.unknown_operations)
    return [days[kiosk_id] for kiosk_id in sorted(days)]


def kiosk_operations(tx: Connection, day: date, kiosk_id: str) -> list[str]:
    """What was confirmed at one kiosk on a day, in the order of the receipts; the lines that
    `python -m kiosk.journal totals --day` prints, so that a text comparison shows what only one side has."""
    rows = tx.execute(
        select(operation.c.id, operation.c.amount, operation.c.receipt_number)
        .where(_confirmed_on(day), operation.c.kiosk_id == kiosk_id)
        .order_by(operation.c.receipt_number)
    )
    return [f"{row.id}  {format_yuan(row.amount)}  {row.receipt_number}" for row in rows]


def _confirmed_on(day: date) -> ColumnElement[bool]:
    return and_(
        operation.c.kind.in_(MONEY),
        operation.c.state == OperationState.CONFIRMED.value,
        operation.c.receipt_number >= f"{day:%Y%m%d}",
        operation.c.receipt_number < f"{day + timedelta(days=1):%Y%m%d}",
    )


def total_told(totals: Sequence[DayTotal] | None, day: date) -> DayTotal | None:
    """What a kiosk has told of a day; None when it tells no totals, or none so old any more. Pure."""
    if totals is None:
        return None
    for total in totals:
        if total.day == day:
            return total
    forgotten = len(totals) == DAY_TOTALS_TOLD and day < min(total.day for total in totals)
    return None if forgotten else DayTotal.nothing_on(day)


def against_kiosks(days: Iterable[KioskDay]) -> Finding | None:
    """I12: what a kiosk's journal says was confirmed on a day is what the books say. Pure."""
    return finding("I12", "a kiosk's journal says what the books say", filter(None, map(_kiosk_row, days)))


def _kiosk_row(one: KioskDay) -> str | None:
    if one.told == one.booked:
        return None
    not_told = (
        "is not known: its last heartbeat cannot be read" if one.unreadable else "has not told its total"
    )
    journal = in_words(one.told) if one.told else not_told
    heard = f", last heard {instant(one.seen_ms):%Y-%m-%d %H:%M:%SZ}" if one.seen_ms else ""
    unknown = f", {one.unknown_operations} outcomes unknown to it" if one.unknown_operations else ""
    return f"kiosk {one.kiosk_id}: journal {journal}, books {in_words(one.booked)}{unknown}{heard}"


def in_words(total: DayTotal) -> str:
    """A total for staff."""
    return f"{total.operations} operations {format_yuan(total.amount)}"
