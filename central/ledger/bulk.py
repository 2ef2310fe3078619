"""Taking over whole histories: the same books as posting.book writes, made in memory and written in few statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, func, insert, select, text, update

from central.clock import start_of_day_ms
from central.ledger.posting import HOUSE, LedgerBroken, Line
from central.store.tables import entry, ledger_account, posting
from kiosk.contract.money import Fen

NOON_MS = 12 * 3600 * 1000
ROWS_AT_ONCE = 20_000


@dataclass(frozen=True)
class Past:
    """A posting of the past; `lines` as for posting.book."""

    on: date
    kind: str
    lines: Sequence[Line]
    batch_key: str | None = None


def load(tx: Connection, history: Iterable[Past], kinds: dict[int, str]) -> dict[str, int]:
    """Write a history in the order of its days; posting ids by batch key. Nothing may have been booked to its
    owned accounts before; `kinds` says what each of them is (member or loan).

    Raises LedgerBroken as posting.book does.
    """
    posting_id = tx.execute(select(func.coalesce(func.max(posting.c.id), 0))).scalar_one()
    entry_id = tx.execute(select(func.coalesce(func.max(entry.c.id), 0))).scalar_one()
    balances: dict[int, int] = defaultdict(int)
    carried: dict[int, int] = defaultdict(int)
    changes: dict[int, int] = defaultdict(int)
    by_key: dict[str, int] = {}
    postings, entries = [], []
    for past in sorted(history, key=lambda past: past.on):
        if not past.lines or sum(line.amount for line in past.lines) != 0:
            raise LedgerBroken(f"a {past.kind} posting of {past.on} does not sum to zero")
        posting_id += 1
        if past.batch_key is not None:
            by_key[past.batch_key] = posting_id
        postings.append(
            {
                "id": posting_id,
                "kind": past.kind,
                "phase": "single",
                "on": past.on,
                "booked_ms": start_of_day_ms(past.on) + NOON_MS,
                "batch_key": past.batch_key,
            }
        )
        for line in past.lines:
            entry_id += 1
            owned = line.account_id not in HOUSE
            if owned:
                balances[line.account_id] += line.amount
                carried[line.account_id] += line.carried
                _check(line.account_id, kinds, balances, carried, past)
            entries.append(
                {
                    "id": entry_id,
                    "posting_id": posting_id,
                    "account_id": int(line.account_id),
                    "on": past.on,
                    "code": line.code,
                    "amount": line.amount,
                    "carried": line.carried,
                    "balance": balances[line.account_id] if owned else None,
                    "correction": False,
                    "earns": line.earns,
                }
            )
        for account_id in {line.account_id for line in past.lines} - HOUSE:
            changes[account_id] += 1
    for table, rows in ((posting, postings), (entry, entries)):
        for start in range(0, len(rows), ROWS_AT_ONCE):
            tx.execute(insert(table), rows[start : start + ROWS_AT_ONCE])
    if balances:
        tx.execute(
            update(ledger_account)
            .where(ledger_account.c.id == bindparam("b_id"))
            .values(
                balance=bindparam("b_balance"),
                carried=bindparam("b_carried"),
                version=ledger_account.c.version + bindparam("b_changes"),
            ),
            [
                {"b_id": id_, "b_balance": balance, "b_carried": carried[id_], "b_changes": changes[id_]}
                for id_, balance in balances.items()
            ],
        )
    catch_up(tx, "posting", "entry")
    return by_key


def _check(
    account_id: int, kinds: dict[int, str], balances: dict[int, int], carried: dict[int, int], past: Past
) -> None:
    balance = Fen(balances[account_id])
    if kinds[account_id] == "member" and not 0 <= carried[account_id] <= balance:
        raise LedgerBroken(f"member account {account_id} would fall below zero on {past.on}")
    if kinds[account_id] == "loan" and balance > 0:
        raise LedgerBroken(f"more would be repaid on loan account {account_id} than is owed on {past.on}")


def catch_up(tx: Connection, *tables: str) -> None:
    """Let PostgreSQL number on from the ids given here; SQLite does so by itself."""
    if tx.dialect.name == "postgresql":
        for table in tables:
            tx.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608
            )
