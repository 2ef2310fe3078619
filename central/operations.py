"""Operations: carried out once for each Idempotency-Key, answered the same for ever.

The key is the operation's id, made by the kiosk. Its row, the ledger's entries, the audit row and the outbox row
are one transaction: there is an operation exactly when there is what it did.
"""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from central.centre import Centre
from central.clock import instant
from central.ledger import audit
from central.refusals import Refused
from central.store.rows import AnyRow
from central.store.tables import operation
from kiosk.contract.operation_id import business_number
from kiosk.contract.operations import Operation, OperationKind, OperationState
from kiosk.contract.papers import PendingPaper
from kiosk.contract.problems import Problem

MAX_KEY_CHARS = 64
RETRY_AFTER_S = 1

# What says "not now" or "not you" of a request, and nothing of the operation: a retry may still succeed.
NOT_STORED = frozenset(
    {
        Problem.MALFORMED,
        Problem.NOT_FOUND,
        Problem.VISIT_INVALID,
        Problem.VISIT_NOT_VERIFIED,
        Problem.CLOSED_FOR_BATCH,
        Problem.UNAVAILABLE,
        Problem.RATE_LIMITED,
        Problem.PRECONDITION_REQUIRED,
    }
)


@dataclass(frozen=True)
class Answer:
    """What goes over the wire: a status and a JSON text."""

    status: int
    body: str
    replayed: bool = False


@dataclass(frozen=True)
class Submission:
    """A request to carry out an operation. `path` and `body` (canonical JSON) are what must not change on a retry."""

    id: UUID
    kind: OperationKind
    kiosk_id: str
    path: str
    body: str
    person_id: int | None = None  # when a visit says who asks; a retry may come without one

    @property
    def fingerprint(self) -> str:
        text = "\n".join(("POST", self.path, self.body, self.kiosk_id))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Outcome:
    """What an operation came to, ready to be stored. `view` is what GET /v1/operations answers."""

    status: int
    view: Operation
    person_id: int | None
    quote_id: UUID | None = None
    body: str | None = None  # the answer when it is not the view
    detail: dict[str, Any] = field(default_factory=dict)  # for the audit chain; no personal data


class InFlight:
    """Keys being worked on in this process: a second request with one of them is told to wait."""

    def __init__(self) -> None:
        self._keys: set[UUID] = set()
        self._lock = threading.Lock()

    @contextmanager
    def holding(self, key: UUID) -> Iterator[None]:
        with self._lock:
            if key in self._keys:
                raise in_flight()
            self._keys.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard(key)


def in_flight() -> Refused:
    return Refused(Problem.IDEMPOTENCY_IN_FLIGHT, retry_after_s=RETRY_AFTER_S)


def parse_key(key: str | None) -> UUID:
    """The operation id of an Idempotency-Key header; Refused when it is missing or no UUID in its usual form."""
    if key is None:
        raise Refused(Problem.IDEMPOTENCY_KEY_MISSING)
    try:
        parsed = UUID(key) if len(key) <= MAX_KEY_CHARS else None
    except ValueError:
        parsed = None
    if parsed is None or str(parsed) != key.lower():
        raise Refused(
            Problem.IDEMPOTENCY_KEY_INVALID, "the key is a UUID such as 0190a0f0-0000-7000-8000-..."
        )
    return parsed


def canonical(body: Any) -> str:
    """One spelling of a JSON value, so that a retry with other spaces or order is the same request."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


# Statements of the hot path are made once: building and hashing them costs more than the database does.
_BY_ID = select(operation).where(operation.c.id == bindparam("id"))
_INSERT = insert(operation)


def submit(
    centre: Centre,
    running: InFlight,
    submission: Submission,
    execute: Callable[[Connection], Outcome],
) -> Answer:
    """Carry out an operation, or answer as before.

    `execute` runs inside the transaction and must make every check before it writes anything: a Refused that it
    raises is stored and answered for ever, unless it is one of NOT_STORED. Raises Refused:
    IDEMPOTENCY_KEY_REUSED when the key belongs to another request, IDEMPOTENCY_IN_FLIGHT while it runs.
    """
    with running.holding(submission.id), centre.database.write() as tx:
        if not centre.database.try_lock(tx, submission.id):
            raise in_flight()
        known = tx.execute(_BY_ID, {"id": submission.id}).one_or_none()
        if known is not None:
            return _again(tx, known, submission, centre.now_ms())
        now_ms = centre.now_ms()
        try:
            outcome = execute(tx)
        except Refused as refused:
            if refused.problem in NOT_STORED:
                raise
            outcome = _refusal(submission, refused, now_ms)
        return store(tx, submission, outcome, now_ms)


def _again(tx: Connection, known: AnyRow, submission: Submission, now_ms: int) -> Answer:
    same_person = submission.person_id is None or submission.person_id == known.person_id
    if known.fingerprint == submission.fingerprint and same_person:
        return Answer(known.status, known.response, replayed=True)
    audit.append(
        tx, submission.kiosk_id, "key-reused", now_ms, {"other_kiosk": known.kiosk_id != submission.kiosk_id}
    )
    # The row in the audit chain has to stay, so the transaction may not be rolled back by an exception.
    return refusal_answer(Refused(Problem.IDEMPOTENCY_KEY_REUSED))


def refusal_answer(refused: Refused) -> Answer:
    detail = refused.as_detail()
    return Answer(detail.status, detail.model_dump_json(exclude_none=True))


def _refusal(submission: Submission, refused: Refused, now_ms: int) -> Outcome:
    view = Operation(
        operation_id=submission.id,
        kind=submission.kind,
        state=OperationState.REFUSED,
        number=business_number(submission.id),
        submitted_at=instant(now_ms),
        completed_at=instant(now_ms),
        problem=refused.problem.value,
    )
    detail = refused.as_detail(operation_id=submission.id)
    return Outcome(
        status=detail.status,
        view=view,
        person_id=submission.person_id or refused.person_id,
        body=detail.model_dump_json(exclude_none=True),
        detail={"problem": refused.problem.value},
    )


def store(tx: Connection, submission: Submission, outcome: Outcome, now_ms: int) -> Answer:
    """Write the operation's row and its audit row; the answer that is given now and on every retry."""
    view = outcome.view
    view_json = view.model_dump_json(exclude_none=True)
    answer = Answer(outcome.status, outcome.body or view_json)
    try:
        tx.execute(
            _INSERT,
            {
                "id": submission.id,
                "fingerprint": submission.fingerprint,
                "kind": submission.kind.value,
                "state": view.state.value,
                "kiosk_id": submission.kiosk_id,
                "person_id": outcome.person_id,
                "quote_id": outcome.quote_id,
                "number": view.number,
                "receipt_number": view.receipt_number,
                "amount": view.amount,
                "problem": view.problem,
                "submitted_ms": now_ms,
                "completed_ms": now_ms if view.completed_at else None,
                "copies": 0,
                "view": view_json,
                "status": answer.status,
                "response": answer.body,
            },
        )
    except IntegrityError as error:
        # Another process won the race for this key or this quote between our look and our write.
        raise in_flight() from error
    audit.append(
        tx,
        submission.kiosk_id,
        f"{submission.kind}-{view.state}",
        now_ms,
        {"amount": view.amount, **outcome.detail},
        submission.id,
    )
    return answer


def view_of(row: AnyRow) -> Operation:
    """A stored operation as it is answered."""
    return Operation.model_validate_json(row.view).model_copy(update={"copies": row.copies})


def known_person(tx: Connection, operation_id: UUID, kiosk_id: str) -> int | None:
    """Whose operation this is, when this kiosk has sent it before; None otherwise."""
    person_id: int | None = tx.execute(
        select(operation.c.person_id).where(operation.c.id == operation_id, operation.c.kiosk_id == kiosk_id)
    ).scalar_one_or_none()
    return person_id


def by_id(tx: Connection, operation_id: UUID, *, kiosk_id: str, person_id: int | None) -> Operation:
    """An operation of this kiosk, or of the citizen whose visit asks. Raises Refused NOT_FOUND."""
    row = tx.execute(select(operation).where(operation.c.id == operation_id)).one_or_none()
    mine = row is not None and (
        row.person_id == person_id if person_id is not None else row.kiosk_id == kiosk_id
    )
    if row is None or not mine:
        raise Refused(Problem.NOT_FOUND, "no such operation")
    return view_of(row)


def by_number(tx: Connection, number: str, person_id: int) -> Operation:
    """A citizen's operation by its business number, the latest if two should share it. Raises Refused NOT_FOUND."""
    row = tx.execute(
        select(operation)
        .where(operation.c.number == number, operation.c.person_id == person_id)
        .order_by(operation.c.submitted_ms.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise Refused(Problem.NOT_FOUND, "no such operation")
    return view_of(row)


RECENT_MS = 7 * 24 * 3600 * 1000


def unfinished(tx: Connection, person_id: int, now_ms: int) -> tuple[PendingPaper, ...]:
    """A citizen's operations that are still pending, or done within 7 days and not reported as seen by any kiosk."""
    rows = tx.execute(
        select(operation.c.id, operation.c.kind, operation.c.state, operation.c.submitted_ms)
        .where(
            operation.c.person_id == person_id,
            operation.c.submitted_ms > now_ms - RECENT_MS,
            operation.c.seen_ms.is_(None),
            operation.c.kind != OperationKind.DOCUMENT.value,
        )
        .order_by(operation.c.submitted_ms)
    )
    return tuple(
        PendingPaper(
            operation_id=row.id, kind=row.kind, state=row.state, submitted_at=instant(row.submitted_ms)
        )
        for row in rows
    )


def paper_seen(
    tx: Connection, operation_id: UUID, copy_number: int, now_ms: int, *, kiosk_id: str, person_id: int | None
) -> Operation:
    """Take note of what a kiosk handed out: copy n, or 0 for the screen alone. Telling it twice changes nothing."""
    found = by_id(tx, operation_id, kiosk_id=kiosk_id, person_id=person_id)
    copies = max(found.copies, copy_number)
    tx.execute(update(operation).where(operation.c.id == operation_id).values(copies=copies, seen_ms=now_ms))
    audit.append(tx, kiosk_id, "paper", now_ms, {"copy": copy_number}, operation_id)
    return found.model_copy(update={"copies": copies})


def current_answer(centre: Centre, operation_id: UUID) -> Answer:
    """What an operation is answered with now."""
    with centre.database.read() as tx:
        row = tx.execute(select(operation).where(operation.c.id == operation_id)).one()
    return Answer(row.status, row.response)
