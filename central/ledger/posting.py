"""Booking: a posting's entries sum to zero, are never changed, and move the stored balances with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, insert, select, update

from central.ledger.house import House
from central.rules.account_interest import WithdrawalOrder
from central.store.tables import entry, ledger_account, posting
from kiosk.contract.money import ZERO, Fen


class LedgerBroken(Exception):
    """Books that cannot be true: stop, book nothing. Never shown to a citizen, never caught to go on."""


@dataclass(frozen=True)
class Line:
    """One entry to be: credit above zero, debit below. `carried` is what of it changes the carried-over part."""

    account_id: int
    code: str  # gjhtqywlx for a member, dkywmxlx for a loan, 99 for the house
    amount: Fen
    carried: Fen = ZERO
    earns: bool = True


@dataclass(frozen=True)
class Held:
    """A stored balance read under its lock; only such an account may be booked to."""

    id: int
    kind: str
    balance: Fen
    carried: Fen = ZERO


@dataclass(frozen=True)
class Booking:
    """What a posting is about. `on` is the business day (jzrq)."""

    kind: str
    on: date
    at_ms: int
    operation_id: UUID | None = None
    kiosk_id: str | None = None
    batch_key: str | None = None
    phase: str = "single"
    settles: int | None = None
    corrects: int | None = None


_INSERT_ONE_POSTING = insert(posting).returning(posting.c.id)
_INSERT_POSTINGS = insert(posting).returning(posting.c.id, sort_by_parameter_order=True)
_INSERT_ENTRIES = insert(entry)
_MOVE_BALANCE = (
    update(ledger_account)
    .where(ledger_account.c.id == bindparam("b_id"), ledger_account.c.balance == bindparam("b_before"))
    .values(
        balance=bindparam("b_after"),
        carried=bindparam("b_carried"),
        version=ledger_account.c.version + 1,
    )
)


def carried_part(balance: Fen, carried: Fen, amount: Fen, order: WithdrawalOrder) -> Fen:
    """How a withdrawal of `amount` changes the carried-over part of a balance (at or below zero)."""
    if order is WithdrawalOrder.CARRIED_FIRST:
        return Fen(-min(amount, carried))
    return Fen(min(balance - carried - amount, 0))


def hold(tx: Connection, ids: Iterable[int]) -> dict[int, Held]:
    """Lock stored balances until the transaction ends, always in the order of their ids."""
    rows = tx.execute(
        select(ledger_account.c.id, ledger_account.c.kind, ledger_account.c.balance, ledger_account.c.carried)
        .where(ledger_account.c.id.in_(sorted(ids)))
        .order_by(ledger_account.c.id)
        .with_for_update()
    )
    return {row.id: Held(row.id, row.kind, Fen(row.balance), Fen(row.carried)) for row in rows}


def booking_day(tx: Connection, day: date, ids: Iterable[int]) -> date:
    """The business day on which a batch books: the one it closes, or that of the accounts' latest entry.

    Kiosks may have been at work on the next day already, and an account's entries stand in the order of their days.
    """
    last = tx.execute(select(func.max(entry.c.on)).where(entry.c.account_id.in_(ids))).scalar_one()
    return max(day, last or day)


def book(tx: Connection, booking: Booking, lines: Sequence[Line], held: dict[int, Held]) -> int:
    """Write one posting; its id. See book_many."""
    return book_many(tx, [(booking, lines)], held)[0]


def book_many(
    tx: Connection, bookings: Sequence[tuple[Booking, Sequence[Line]]], held: dict[int, Held]
) -> list[int]:
    """Write postings with their entries; their ids. `held` gives, and is given, the owned accounts' balances.

    Raises LedgerBroken when the lines of one do not sum to zero, a member's balance or carried-over part would
    fall below zero, a loan's would rise above it, or a stored balance is not what was read.
    """
    for booking, lines in bookings:
        if not lines or sum(line.amount for line in lines) != 0:
            raise LedgerBroken(f"a {booking.kind} posting does not sum to zero")
    before = {
        line.account_id: held[line.account_id]
        for _, lines in bookings
        for line in lines
        if line.account_id not in HOUSE
    }
    ids = _insert_postings(tx, [_posting_row(booking) for booking, _ in bookings])
    rows = [
        _entry_row(posting_id, booking, line, held)
        for posting_id, (booking, lines) in zip(ids, bookings, strict=True)
        for line in lines
    ]
    tx.execute(_INSERT_ENTRIES, rows)
    _move(tx, before, held)
    return ids


def _insert_postings(tx: Connection, rows: list[dict[str, object]]) -> list[int]:
    if len(rows) == 1:  # a citizen waits for this one
        return [tx.execute(_INSERT_ONE_POSTING, rows[0]).scalar_one()]
    return list(tx.execute(_INSERT_POSTINGS, rows).scalars())


def _posting_row(booking: Booking) -> dict[str, object]:
    return {
        "kind": booking.kind,
        "phase": booking.phase,
        "settles": booking.settles,
        "corrects": booking.corrects,
        "operation_id": booking.operation_id,
        "batch_key": booking.batch_key,
        "kiosk_id": booking.kiosk_id,
        "on": booking.on,
        "booked_ms": booking.at_ms,
    }


def _entry_row(posting_id: int, booking: Booking, line: Line, held: dict[int, Held]) -> dict[str, object]:
    balance = None
    if line.account_id not in HOUSE:
        old = held[line.account_id]
        new = replace(old, balance=Fen(old.balance + line.amount), carried=Fen(old.carried + line.carried))
        _check(new)
        held[line.account_id] = new
        balance = new.balance
    return {
        "posting_id": posting_id,
        "account_id": int(line.account_id),
        "on": booking.on,
        "code": line.code,
        "amount": line.amount,
        "carried": line.carried,
        "balance": balance,
        "earns": line.earns and booking.phase not in ("pending", "void"),
        "correction": booking.corrects is not None or booking.phase == "void",
    }


HOUSE = frozenset(int(house) for house in House)


def _check(account: Held) -> None:
    if account.kind == "member" and not 0 <= account.carried <= account.balance:
        raise LedgerBroken(f"member account {account.id} would fall below zero")
    if account.kind == "loan" and account.balance > 0:
        raise LedgerBroken(f"more would be repaid on loan account {account.id} than is owed")


def _move(tx: Connection, before: dict[int, Held], held: dict[int, Held]) -> None:
    rows = [
        {
            "b_id": account_id,
            "b_before": old.balance,
            "b_after": held[account_id].balance,
            "b_carried": held[account_id].carried,
        }
        for account_id, old in before.items()
    ]
    if rows and tx.execute(_MOVE_BALANCE, rows).rowcount != len(rows):
        raise LedgerBroken("a stored balance is not what was read under its lock")
