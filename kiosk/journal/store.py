"""The journal's core: events and operation states, each step one durable transaction. One thread uses it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import apsw

from kiosk.contract.money import Fen
from kiosk.contract.operations import OperationKind
from kiosk.events import INTERRUPTED, Kind, catalogue, encode
from kiosk.journal.chain import Head, Row, link
from kiosk.journal.database import Guarded, JournalBroken
from kiosk.operation_states import (
    Escalation,
    Record,
    State,
    Step,
    Submission,
    advance,
    event_of,
)

_UNFINISHED = "SELECT * FROM operation WHERE state NOT IN ('closed', 'refused')"
_BY_ID = "SELECT * FROM operation WHERE operation_id = ?"
_BY_NUMBER = "SELECT * FROM operation WHERE number = ?"
_PUT = "INSERT OR REPLACE INTO operation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_EVENTS = "SELECT sequence, at, number, fields, hash FROM event WHERE sequence > ? ORDER BY sequence"

_RECENT = "SELECT sequence, at, number, fields, hash FROM event ORDER BY sequence DESC LIMIT ?"


def utc_now() -> datetime:
    """The kiosk's clock."""
    return datetime.now(UTC)


class Store:
    """Events and operations over one connection.

    Every method raises JournalBroken on any error of the database or the disk, and from then on always: what
    a disk says after a failed sync is not to be believed, so nothing is tried twice.
    """

    def __init__(self, connection: apsw.Connection, now: Callable[[], datetime] = utc_now) -> None:
        self._connection = connection
        self._now = now
        self._kinds = catalogue()
        self._trusted = Guarded()
        with self._trusted:
            self._head = self._read_head()

    @property
    def head(self) -> Head:
        """The last durable event."""
        return self._head

    # ---------------------------------------------------------------- events

    def append(self, name: str, fields: Mapping[str, object]) -> Head:
        """Write one event. Raises BadEvent (nothing is written), JournalBroken."""
        kind = self._kinds[name]
        checked = kind.check(fields)
        with self._transaction():
            head = self._write(kind, checked)
        self._head = head
        return head

    def interrupt(self) -> None:
        """End what the last run left open and a restart does not carry on: it was cut off."""
        with self._trusted:
            opened: list[Any] = self._connection.execute("SELECT pair, key FROM open_pair").fetchall()
        ends = {kind.ends.name: kind for kind in self._kinds.values() if kind.ends}
        for pair, key in opened:
            end = ends[pair]
            if end.ends and not end.ends.survives:
                self.append(
                    end.name,
                    dict(zip(end.ends.key, json.loads(key), strict=True)) | {"disposition": INTERRUPTED},
                )

    def count(self) -> int:
        """How many events are in the database (those in archives are not)."""
        with self._trusted:
            return int(self._connection.execute("SELECT count(*) FROM event").get)

    def events(self, after: int = 0) -> Iterable[Row]:
        """The events after a sequence number, in order."""
        with self._trusted:
            return self._connection.execute(_EVENTS, (after,))

    def recent(self, count: int) -> list[Row]:
        """The last events, the newest first."""
        with self._trusted:
            return list(self._connection.execute(_RECENT, (count,)))

    def base(self) -> Head:
        """Where the database's part of the chain begins: the last event that was archived."""
        with self._trusted:
            row: Any = self._connection.execute("SELECT sequence, hash FROM base").fetchone()
            return Head(*row)

    def forget_before(self, head: Head) -> None:
        """Remove the events up to `head`, which an archive holds durably."""
        with self._transaction():
            self._connection.execute("DELETE FROM event WHERE sequence <= ?", (head.sequence,))
            self._connection.execute("UPDATE base SET sequence = ?, hash = ?", (head.sequence, head.hash))

    # ---------------------------------------------------------------- operations

    def advance(self, operation_id: UUID, step: Step) -> Record:
        """Take one step, durably. Raises IllegalStep (nothing is written), JournalBroken."""
        before = self.record(operation_id)
        after = advance(before, operation_id, step, self._now())
        name, fields = event_of(step, after)
        kind = self._kinds[name]
        checked = kind.check(fields)
        with self._transaction():
            self._connection.execute(_PUT, _to_row(after))
            head = self._write(kind, checked)
        self._head = head
        return after

    def record(self, operation_id: UUID) -> Record | None:
        """What is known of an operation here."""
        with self._trusted:
            row = self._connection.execute(_BY_ID, (operation_id.bytes,)).fetchone()
        return _from_row(row) if row else None

    def by_number(self, number: str) -> tuple[Record, ...]:
        """The operations with a business number: one, but for a coincidence."""
        with self._trusted:
            rows = self._connection.execute(_BY_NUMBER, (number,)).fetchall()
        return tuple(_from_row(row) for row in rows)

    def unfinished(self) -> tuple[Record, ...]:
        """All operations that are neither refused nor closed, the oldest first (ids begin with the time)."""
        with self._trusted:
            rows = self._connection.execute(_UNFINISHED).fetchall()
        return tuple(sorted((_from_row(row) for row in rows), key=lambda record: record.operation_id))

    def close(self) -> None:
        """Let go of the file. May be called twice."""
        self._connection.close(True)

    # ---------------------------------------------------------------- inside

    def _read_head(self) -> Head:
        last: Any = self._connection.execute(
            "SELECT sequence, hash FROM event ORDER BY sequence DESC LIMIT 1"
        ).fetchone()
        return Head(*last) if last else self.base()

    def _write(self, kind: Kind, checked: Mapping[str, object]) -> Head:
        """Add an event inside a transaction; the head moves only when that is durable."""
        sequence = self._head.sequence + 1
        at = self._now().isoformat(timespec="milliseconds")
        fields = encode(checked)
        hash_ = link(self._head.hash, sequence, at, kind.number, fields)
        self._connection.execute(
            "INSERT INTO event VALUES (?, ?, ?, ?, ?)", (sequence, at, kind.number, fields, hash_)
        )
        if pair := kind.begins or kind.ends:
            key = json.dumps([checked[name] for name in pair.key], default=str)
            if kind.begins:
                self._connection.execute(
                    "INSERT OR REPLACE INTO open_pair VALUES (?, ?, ?)", (pair.name, key, sequence)
                )
            else:
                self._connection.execute("DELETE FROM open_pair WHERE pair = ? AND key = ?", (pair.name, key))
        return Head(sequence, hash_)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """One transaction, durable when this returns. A mistake of our own in mid-write is as bad as the disk's."""
        with self._trusted:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except (ArithmeticError, LookupError, TypeError, ValueError) as problem:
                raise JournalBroken(f"a write went wrong: {type(problem).__name__}") from problem
            self._connection.execute("COMMIT")


def _to_row(record: Record) -> tuple[Any, ...]:
    sent = record.submission
    return (
        record.operation_id.bytes,
        record.state.value,
        record.kind.value if record.kind else None,
        record.amount,
        json.dumps({"path": sent.path, "body": dict(sent.body), "if_match": sent.if_match}) if sent else None,
        record.attempts,
        record.copies,
        record.problem,
        record.receipt_number,
        record.escalation.value,
        record.since.isoformat() if record.since else "",
        record.number,
    )


def _from_row(row: tuple[Any, ...]) -> Record:
    id_bytes, state, kind, amount, sent, attempts, copies, problem, receipt, escalation, since, _ = row
    operation_id = UUID(bytes=id_bytes)
    fen = Fen(amount) if amount is not None else None
    return Record(
        operation_id=operation_id,
        state=State(state),
        kind=OperationKind(kind) if kind else None,
        amount=fen,
        submission=(
            Submission(operation_id=operation_id, kind=OperationKind(kind), amount=fen, **json.loads(sent))
            if sent
            else None
        ),
        attempts=attempts,
        copies=copies,
        problem=problem,
        receipt_number=receipt,
        escalation=Escalation(escalation),
        since=datetime.fromisoformat(since) if since else None,
    )
