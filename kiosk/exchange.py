"""One try at the centre: what is asked, what an answer proves, and the journal written before and after."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol, TypeVar, assert_never
from uuid import UUID

from kiosk.contract.operations import Operation, OperationState
from kiosk.contract.problems import Problem
from kiosk.contract.wire import ProblemDetail
from kiosk.events import fitting
from kiosk.operation_states import (
    UNKNOWN_OUTCOME,
    Accept,
    Confirm,
    Record,
    Refuse,
    Send,
    State,
    Step,
    Submission,
)
from kiosk.runtime import Runtime

A = TypeVar("A")

ANSWER_S = 13.0
"""The longest that one try is waited for: 3 s to connect and 10 s to answer."""

# ------------------------------------------------------------------ the centre


@dataclass(frozen=True)
class Refusal:
    """The centre has said no."""

    problem: Problem
    detail: ProblemDetail | None = None


@dataclass(frozen=True)
class NotFound:
    """The centre has never seen this operation."""


@dataclass(frozen=True)
class Unknown:
    """No answer that can be used. `cause` is a word for the journal ("timeout", "broken", ...)."""

    cause: str


Answer = Operation | Refusal | NotFound | Unknown

UNNAMED = "unnamed"
"""What the journal says for a word of the centre's that does not fit it."""


class CentrePort(Protocol):
    """The centre, as operations need it. Both calls block, for ANSWER_S at most, on a thread of their own."""

    def submit(self, submission: Submission) -> Operation | Refusal | Unknown:
        """Send the request under its id. Trouble is an answer, not an exception."""
        ...

    def find(self, operation_id: UUID) -> Operation | NotFound | Unknown:
        """What became of an operation. Trouble is an answer, not an exception."""
        ...


class Standing(Enum):
    """What a refusal of a try says about the operation."""

    FINAL = "the centre keeps it under the id and will never say anything else"
    NEVER = "this try was turned away at the door, as any later one would be; an earlier one may have come in"
    NOT_NOW = "this try was turned away at the door; another may come in"
    PASSING = "it says nothing about the operation"


STANDING: dict[Problem, Standing] = {
    Problem.MALFORMED: Standing.NEVER,
    Problem.VISIT_INVALID: Standing.NEVER,
    Problem.VISIT_NOT_VERIFIED: Standing.NEVER,  # a quote is agreed to before it is submitted, or never
    Problem.IDEMPOTENCY_KEY_MISSING: Standing.NEVER,
    Problem.IDEMPOTENCY_KEY_INVALID: Standing.NEVER,
    Problem.PRECONDITION_REQUIRED: Standing.NEVER,
    Problem.CLOSED_FOR_BATCH: Standing.NOT_NOW,
    Problem.NOT_FOUND: Standing.NOT_NOW,
    Problem.METHOD_NOT_ALLOWED: Standing.NOT_NOW,
    Problem.TOO_LARGE: Standing.NOT_NOW,
    Problem.RATE_LIMITED: Standing.PASSING,
    Problem.INTERNAL: Standing.PASSING,
    Problem.UNAVAILABLE: Standing.PASSING,
    Problem.SIGNATURE_INVALID: Standing.PASSING,
    Problem.SIGNATURE_EXPIRED: Standing.PASSING,
    Problem.SIGNATURE_REPLAYED: Standing.PASSING,
    Problem.KIOSK_UNKNOWN: Standing.PASSING,
    Problem.IDEMPOTENCY_KEY_REUSED: Standing.PASSING,
    Problem.IDEMPOTENCY_IN_FLIGHT: Standing.PASSING,
}
"""Every problem that is not named is the answer to the operation itself, and FINAL."""


def standing(problem: Problem) -> Standing:
    """What a refusal with this problem says about the operation."""
    return STANDING.get(problem, Standing.FINAL)


def judge(answer: Answer, attempts: int) -> Step | None:
    """The step that an answer proves after so many tries; None when the outcome is as unknown as before. Pure.

    A try that was turned away at the door is the whole story only when it was the only one, or when the centre
    has been asked about the others (`Exchange.submit` does).
    """
    match answer:
        case Operation(state=OperationState.CONFIRMED):
            return Confirm(answer.amount, fitting("receipt", answer.receipt_number))
        case Operation(state=OperationState.REFUSED):
            return Refuse(fitting("problem", answer.problem) or UNNAMED)
        case Operation():
            return Accept()
        case Refusal(problem):
            match standing(problem):
                case Standing.FINAL | Standing.NEVER:
                    return Refuse(problem.value)
                case Standing.NOT_NOW:
                    return Refuse(problem.value) if attempts == 1 else None
                case Standing.PASSING:
                    return None
        case NotFound() | Unknown():
            return None
    assert_never(answer)


# ------------------------------------------------------------------ the journal


class OperationJournal(Protocol):
    """The journal, as operations need it; kiosk.journal.Journal is the real one."""

    def event(self, name: str, **fields: Any) -> object:
        """Write an event, in the order of the calls, without waiting."""
        ...

    async def advance(self, operation_id: UUID, step: Step) -> Record:
        """Take a step; it is durable when this returns. Raises IllegalStep, JournalBroken."""
        ...

    async def record(self, operation_id: UUID) -> Record | None:
        """What is known of an operation. Raises JournalBroken."""
        ...

    async def by_number(self, number: str) -> tuple[Record, ...]:
        """The operations with a business number. Raises JournalBroken."""
        ...

    async def unfinished(self) -> tuple[Record, ...]:
        """All that are neither refused nor closed, the oldest first. Raises JournalBroken."""
        ...


# ------------------------------------------------------------------ a try


class Exchange:
    """Tries at the centre. One at a time for each operation, so that a visit and the resolver never mix."""

    def __init__(self, journal: OperationJournal, centre: CentrePort, runtime: Runtime) -> None:
        self._journal = journal
        self._centre = centre
        self._runtime = runtime
        self._held: set[UUID] = set()

    @contextmanager
    def hold(self, operation_id: UUID) -> Iterator[None]:
        """Keep an operation to oneself: `settle` leaves it alone meanwhile."""
        self._held.add(operation_id)
        try:
            yield
        finally:
            self._held.discard(operation_id)

    async def submit(self, record: Record) -> tuple[Record, Answer]:
        """Send, or send again under the same id. Raises JournalBroken."""
        submission = record.submission
        assert submission is not None, "its outcome is known"
        record = await self._journal.advance(record.operation_id, Send())
        answer: Answer = await self._hear(self._centre.submit, submission)
        turned_away = isinstance(answer, Refusal) and standing(answer.problem) is Standing.NEVER
        if turned_away and record.attempts > 1:
            found: Answer = await self._hear(self._centre.find, record.operation_id)
            answer = answer if isinstance(found, NotFound) else found
        return await self._conclude(record, answer)

    async def ask(self, record: Record) -> tuple[Record, Answer]:
        """Ask what became of it; the centre has never seen it, so send it again. Raises JournalBroken."""
        answer: Answer = await self._hear(self._centre.find, record.operation_id)
        if isinstance(answer, NotFound):
            return await self.submit(record)
        return await self._conclude(record, answer)

    async def settle(self, operation_id: UUID) -> Record | None:
        """Ask once, if the outcome is unknown and nobody else is asking. Raises JournalBroken."""
        record = await self._journal.record(operation_id)
        if record is None or record.state not in UNKNOWN_OUTCOME or operation_id in self._held:
            return record
        with self.hold(operation_id):
            record, _ = await self.ask(record)
            return record

    async def _hear(self, call: Callable[[A], Answer], about: A) -> Answer:
        try:
            return await self._runtime.in_thread(ANSWER_S, call, about)
        except TimeoutError:
            return Unknown("timeout")
        except Exception:  # whatever went wrong in the client, the request may have left
            return Unknown("client-error")

    async def _conclude(self, record: Record, answer: Answer) -> tuple[Record, Answer]:
        if isinstance(answer, Operation) and answer.operation_id != record.operation_id:
            answer = Unknown("another-operation")
        step = judge(answer, record.attempts)
        if step is None:
            self._journal.event(
                "operation-unanswered",
                operation=record.operation_id,
                attempt=record.attempts,
                cause=_cause(answer),
            )
            return record, answer
        if isinstance(step, Accept) and record.state is State.ACCEPTED:
            return record, answer
        if isinstance(step, Confirm) and step.amount not in (None, record.amount):
            self._journal.event(
                "operation-amount-differs",
                operation=record.operation_id,
                agreed=record.amount,
                confirmed=step.amount,
            )
        return await self._journal.advance(record.operation_id, step), answer


def _cause(answer: Answer) -> str:
    match answer:
        case Refusal(problem):
            return problem.value
        case Unknown(cause):
            return fitting("word", cause) or UNNAMED
        case _:
            return UNNAMED
