"""Booking: a posting's entries sum to zero, are never changed, and move the stored balances with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, update

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


_INSERT_POSTING = insert(posting).returning(posting.c.id)
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


def book(tx: Connection, booking: Booking, lines: Sequence[Line], held: dict[int, Held]) -> int:
    """Write a posting with its entries; its id. `held` gives, and is given, the owned accounts' balances.

    Raises LedgerBroken when the lines do not sum to zero, a member's balance or carried-over part would fall
    below zero, a loan's would rise above it, or a stored balance is not what was read.
    """
    if sum(line.amount for line in lines) != 0 or not lines:
        raise LedgerBroken(f"a {booking.kind} posting does not sum to zero")
    before = {line.account_id: held[line.account_id] for line in lines if line.account_id not in HOUSE}
    posting_id = tx.execute(
        _INSERT_POSTING,
        {
            "kind": booking.kind,
            "phase": booking.phase,
            "settles": booking.settles,
            "corrects": booking.corrects,
            "operation_id": booking.operation_id,
            "batch_key": booking.batch_key,
            "kiosk_id": booking.kiosk_id,
            "on": booking.on,
            "booked_ms": booking.at_ms,
        },
    ).scalar_one()
    rows = []
    for line in lines:
        balance = None
        if line.account_id in before:
            account = held[line.account_id]
            account = replace(
                account,
                balance=Fen(account.balance + line.amount),
                carried=Fen(account.carried + line.carried),
            )
            _check(account)
            held[line.account_id] = account
            balance = account.balance
        rows.append(
            {
                "posting_id": posting_id,
                "account_id": line.account_id,
                "on": booking.on,
                "code": line.code,
                "amount": line.amount,
                "carried": line.carried,
                "balance": balance,
                "earns": line.earns and booking.phase not in ("pending", "void"),
                "correction": booking.corrects is not None or booking.phase == "void",
            }
        )
    tx.execute(_INSERT_ENTRIES, rows)
    for account_id, old in before.items():
        _move(tx, old, held[account_id])
    return int(posting_id)


HOUSE = frozenset(int(house) for house in House)


def _check(account: Held) -> None:
    if account.kind == "member" and not 0 <= account.carried <= account.balance:
        raise LedgerBroken(f"member account {account.id} would fall below zero")
    if account.kind == "loan" and account.balance > 0:
        raise LedgerBroken(f"more would be repaid on loan account {account.id} than is owed")


def _move(tx: Connection, old: Held, new: Held) -> None:
    moved = tx.execute(
        _MOVE_BALANCE,
        {"b_id": old.id, "b_before": old.balance, "b_after": new.balance, "b_carried": new.carried},
    )
    if moved.rowcount != 1:
        raise LedgerBroken(f"the balance of ledger account {old.id} is not what was read")
