"""Proof of the books: every invariant over any number of entries, the audit chains, and the bank's file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, and_, func, select

from central.bank import BankLine
from central.ledger import audit
from central.ledger.invariants import INVARIANTS
from central.store import tables
from central.store.tables import audit_head, operation, outbox, posting

MAX_SHOWN = 20
"""Rows of one finding that are listed; the count is of all."""


@dataclass(frozen=True)
class Finding:
    """One invariant that does not hold: which, what it says, and the rows against it."""

    invariant: str
    rule: str
    count: int
    rows: tuple[str, ...]


def reconcile(tx: Connection) -> list[Finding]:
    """Check everything that the centre's own database can prove; empty when the books are sound."""
    found = [
        _finding(check.name, check.rule, (check.show(row) for row in tx.execute(check.query)))
        for check in INVARIANTS
    ]
    found.append(_finding("I10", "the audit chains are unbroken", _chains(tx)))
    return [finding for finding in found if finding is not None]


def _finding(name: str, rule: str, wrong: Iterable[str]) -> Finding | None:
    rows: list[str] = []
    count = 0
    for count, row in enumerate(wrong, start=1):
        if count <= MAX_SHOWN:
            rows.append(row)
    return Finding(name, rule, count, tuple(rows)) if count else None


def _chains(tx: Connection) -> Iterator[str]:
    """Walk every audit chain from its first row and compare with its head."""
    heads = {row.chain: row for row in tx.execute(select(audit_head))}
    last: dict[str, tuple[int, str]] = {}
    rows = tx.execute(
        select(tables.audit)
        .order_by(tables.audit.c.chain, tables.audit.c.sequence)
        .execution_options(yield_per=10_000)
    )
    for row in rows:
        sequence, previous = last.get(row.chain, (0, audit.GENESIS))
        expected = audit.hash_of(
            row.chain, row.sequence, row.at_ms, row.event, row.operation_id, row.detail, previous
        )
        if row.sequence != sequence + 1 or row.previous != previous or row.hash != expected:
            yield f"chain {row.chain} breaks at {row.sequence}"
        last[row.chain] = (row.sequence, row.hash)
    for chain, head in heads.items():
        if last.get(chain, (0, audit.GENESIS)) != (head.sequence, head.hash):
            yield f"chain {chain} does not end at its head {head.sequence}"
    for chain in last.keys() - heads.keys():
        yield f"chain {chain} has no head"


def against_bank(tx: Connection, day: date, lines: Sequence[BankLine]) -> Finding | None:
    """I12: what the bank's file of a day says it paid is what the books say was paid out on it."""
    booked = {
        row.operation_id: int(row.amount)
        for row in tx.execute(
            select(posting.c.operation_id, operation.c.amount)
            .join(operation, operation.c.id == posting.c.operation_id)
            .join(outbox, outbox.c.operation_id == operation.c.id)
            .where(posting.c.phase == "post", posting.c.on == day)
        )
    }
    paid = {line.reference: line.amount for line in lines if line.on == day}
    return _finding("I12", "the bank paid what the books say", _bank_differences(booked, paid, len(lines)))


def _bank_differences(booked: Mapping[UUID, int], paid: Mapping[UUID, int], lines: int) -> Iterator[str]:
    for reference in sorted(booked.keys() | paid.keys(), key=str):
        ours, theirs = booked.get(reference), paid.get(reference)
        if ours != theirs:
            yield f"operation {reference}: booked {ours}, bank {theirs}"
    if lines > len(paid):
        yield f"{lines - len(paid)} lines of the file name a reference again or another day"


def kiosk_day_totals(tx: Connection, on: date) -> list[tuple[str, int, int]]:
    """I12, the kiosks' side: (kiosk, confirmed money operations booked on a day, their amount in fen)."""
    rows = tx.execute(
        select(
            operation.c.kiosk_id, func.count().label("times"), func.sum(operation.c.amount).label("amount")
        )
        .join(
            posting,
            and_(posting.c.operation_id == operation.c.id, posting.c.phase.in_(("single", "pending"))),
        )
        .where(posting.c.on == on, operation.c.state == "confirmed")
        .group_by(operation.c.kiosk_id)
        .order_by(operation.c.kiosk_id)
    )
    return [(row.kiosk_id, int(row.times), int(row.amount)) for row in rows]
