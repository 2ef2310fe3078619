"""What can become of an operation, as data: the states, the steps between them, and one pure reducer.

    INTENT -> SENT(n) [-> ACCEPTED] -> CONFIRMED | REFUSED
    CONFIRMED -> PRINT_STARTED(copy) -> PRINTED | PRINT_UNSURE -> CLOSED

Every step is durable in the journal before the next side effect. SENT and ACCEPTED are the unknown: whatever
happens to the kiosk, the resolver goes on asking until the centre has said how it ended.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from kiosk.contract.money import Fen
from kiosk.contract.operation_id import business_number
from kiosk.contract.operations import OperationKind

NOT_SUBMITTED = "not-submitted"
"""Why an operation is REFUSED by the kiosk itself: it was never sent, and never will be."""


class State(StrEnum):
    """Where an operation stands, as far as this kiosk knows."""

    INTENT = "intent"  # confirmed by the citizen, nothing sent
    SENT = "sent"  # a request has left, or may have
    ACCEPTED = "accepted"  # the centre has it; the bank has not answered yet
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    PRINT_STARTED = "print-started"
    PRINTED = "printed"
    PRINT_UNSURE = "print-unsure"
    CLOSED = "closed"  # nothing more is owed to the citizen


UNKNOWN_OUTCOME = frozenset({State.SENT, State.ACCEPTED})
PAPER_OWED = frozenset({State.CONFIRMED, State.PRINT_STARTED, State.PRINT_UNSURE})


@dataclass(frozen=True)
class Draft:
    """What the citizen has agreed to, before it has an id. `amount` is what leaves the account, in fen."""

    kind: OperationKind
    path: str
    body: Mapping[str, str]
    if_match: str | None = None
    amount: Fen | None = None


@dataclass(frozen=True)
class Submission:
    """A draft with its id: the same bytes and the same key at every try, also after a restart."""

    operation_id: UUID
    kind: OperationKind
    path: str
    body: Mapping[str, str]
    if_match: str | None
    amount: Fen | None

    @classmethod
    def of(cls, operation_id: UUID, draft: Draft) -> "Submission":
        """The submission of a draft under an id made for it."""
        return cls(operation_id, draft.kind, draft.path, draft.body, draft.if_match, draft.amount)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all that is sent, in hex: evidence of what was meant once the request is forgotten."""
        sent = [str(self.operation_id), self.path, dict(sorted(self.body.items())), self.if_match]
        return hashlib.sha256(json.dumps(sent, separators=(",", ":")).encode()).hexdigest()


class Escalation(StrEnum):
    """How far staff have been told of an unknown outcome."""

    NONE = "none"
    ALERT = "alert"
    CASE_FILE = "case-file"


@dataclass(frozen=True)
class Record:
    """An operation in the kiosk's journal. `submission` is forgotten as soon as the outcome is known."""

    operation_id: UUID
    state: State
    kind: OperationKind | None = None  # None: an operation of another kiosk, printed here
    amount: Fen | None = None
    submission: Submission | None = field(default=None, repr=False)
    attempts: int = 0
    copies: int = 0
    """The highest number that a paper from this kiosk bears."""
    problem: str | None = None
    receipt_number: str | None = None
    escalation: Escalation = Escalation.NONE
    since: datetime | None = None
    """When the state was reached (UTC); for an unknown outcome, when the request was first sent."""

    @property
    def number(self) -> str:
        """The business number (业务号)."""
        return business_number(self.operation_id)


# ------------------------------------------------------------------ the steps


@dataclass(frozen=True)
class Intend:
    """The citizen has confirmed."""

    submission: Submission


@dataclass(frozen=True)
class Send:
    """A request is about to leave."""


@dataclass(frozen=True)
class Accept:
    """The centre has it and waits for the bank."""


@dataclass(frozen=True)
class Confirm:
    """The centre's books have changed. `amount` and `receipt_number` are the centre's."""

    amount: Fen | None = None
    receipt_number: str | None = None


@dataclass(frozen=True)
class Refuse:
    """The centre has said no, for ever."""

    problem: str


@dataclass(frozen=True)
class Withdraw:
    """It was never sent, and the citizen has gone: it never will be."""


@dataclass(frozen=True)
class Escalate:
    """Staff are told that the outcome is still unknown."""

    to: Escalation


@dataclass(frozen=True)
class Adopt:
    """A confirmed operation of another kiosk, whose paper is asked for here. `copies` may exist already."""

    kind: OperationKind | None = None
    copies: int = 0


@dataclass(frozen=True)
class StartPrint:
    """The first byte is about to go to the printer."""

    copy: int


@dataclass(frozen=True)
class FinishPrint:
    """The printer says that the paper is out."""


@dataclass(frozen=True)
class DoubtPrint:
    """Nobody knows whether the paper is out, or whole."""


@dataclass(frozen=True)
class MissPrint:
    """The printer is certain that nothing of it is on paper."""


@dataclass(frozen=True)
class Close:
    """Told, and the paper given or declined."""


Step = (
    Intend
    | Send
    | Accept
    | Confirm
    | Refuse
    | Withdraw
    | Escalate
    | Adopt
    | StartPrint
    | FinishPrint
    | DoubtPrint
    | MissPrint
    | Close
)

NEXT: Mapping[tuple[State | None, type[Step]], State] = {
    (None, Intend): State.INTENT,
    (None, Adopt): State.CONFIRMED,
    (State.INTENT, Send): State.SENT,
    (State.INTENT, Withdraw): State.REFUSED,
    (State.SENT, Send): State.SENT,
    (State.SENT, Accept): State.ACCEPTED,
    (State.SENT, Confirm): State.CONFIRMED,
    (State.SENT, Refuse): State.REFUSED,
    (State.SENT, Escalate): State.SENT,
    (State.ACCEPTED, Send): State.ACCEPTED,  # the centre was restored from an older backup: offered again
    (State.ACCEPTED, Confirm): State.CONFIRMED,
    (State.ACCEPTED, Refuse): State.REFUSED,
    (State.ACCEPTED, Escalate): State.ACCEPTED,
    (State.CONFIRMED, StartPrint): State.PRINT_STARTED,
    (State.CONFIRMED, Close): State.CLOSED,
    (State.PRINT_STARTED, FinishPrint): State.PRINTED,
    (State.PRINT_STARTED, DoubtPrint): State.PRINT_UNSURE,
    (State.PRINT_STARTED, MissPrint): State.CONFIRMED,
    (State.PRINTED, StartPrint): State.PRINT_STARTED,
    (State.PRINTED, Close): State.CLOSED,
    (State.PRINT_UNSURE, StartPrint): State.PRINT_STARTED,
    (State.PRINT_UNSURE, Close): State.CLOSED,
    (State.CLOSED, StartPrint): State.PRINT_STARTED,  # a further copy, asked for later
}
"""Every step that there is; what is not here is impossible and is refused with IllegalStep."""


class IllegalStep(Exception):
    """A step that the table does not have: a mistake in the program. Nothing has been written."""


def advance(record: Record | None, operation_id: UUID, step: Step, now: datetime) -> Record:
    """The record after a step. Pure. Raises IllegalStep."""
    state = NEXT.get((record.state if record else None, type(step)))
    if state is None:
        raise IllegalStep(f"{type(step).__name__} from {record.state if record else 'nothing'}")
    before = record or Record(operation_id, state)
    keeps_since = before.state in UNKNOWN_OUTCOME and state in UNKNOWN_OUTCOME
    after = replace(before, state=state, since=before.since if keeps_since else now)
    match step:
        case Intend(submission):
            if submission.operation_id != operation_id:
                raise IllegalStep("a submission under another operation's id")
            return replace(after, kind=submission.kind, amount=submission.amount, submission=submission)
        case Send():
            return replace(after, attempts=before.attempts + 1)
        case Confirm(_, receipt_number):
            return replace(after, submission=None, receipt_number=receipt_number)
        case Refuse(problem):
            return replace(after, submission=None, problem=problem)
        case Withdraw():
            return replace(after, submission=None, problem=NOT_SUBMITTED)
        case Escalate(to):
            return replace(after, escalation=to)
        case Adopt(kind, copies):
            return replace(after, kind=kind, copies=copies)
        case StartPrint(copy):
            if copy <= before.copies:
                raise IllegalStep(f"copy {copy} after copy {before.copies}")
            return replace(after, copies=copy)
        case MissPrint():
            return replace(after, copies=before.copies - 1)
        case Accept() | FinishPrint() | DoubtPrint() | Close():
            return after
        case _:
            assert_never(step)


def event_of(step: Step, after: Record) -> tuple[str, dict[str, object]]:
    """The event that tells a step: its name in the catalogue, and its fields. Pure."""
    operation: dict[str, object] = {"operation": after.operation_id}
    match step:
        case Intend(submission):
            return "operation-intent", operation | {
                "kind": submission.kind.value,
                "amount": submission.amount,
                "fingerprint": submission.fingerprint,
            }
        case Send():
            return "operation-sent", operation | {"attempt": after.attempts}
        case Accept():
            return "operation-accepted", operation
        case Confirm(amount, receipt_number):
            return "operation-settled", operation | {
                "disposition": "confirmed",
                "amount": amount,
                "receipt": receipt_number,
            }
        case Refuse(problem):
            return "operation-settled", operation | {"disposition": "refused", "problem": problem}
        case Withdraw():
            return "operation-settled", operation | {"disposition": NOT_SUBMITTED}
        case Escalate(to):
            return f"operation-{to.value}", operation | {"attempt": after.attempts}
        case Adopt():
            return "operation-adopted", operation
        case StartPrint(copy):
            return "print-started", operation | {"copy": copy}
        case FinishPrint():
            return "print-ended", operation | {"copy": after.copies, "disposition": "printed"}
        case DoubtPrint():
            return "print-ended", operation | {"copy": after.copies, "disposition": "unsure"}
        case MissPrint():
            copy = after.copies + 1
            return "print-ended", operation | {"copy": copy, "disposition": "not-printed"}
        case Close():
            return "operation-closed", operation
        case _:
            assert_never(step)
