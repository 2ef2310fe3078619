"""A kiosk's operations on virtual time, with a journal in memory and a centre that answers as it is told."""

from collections.abc import Callable, Coroutine, Iterable
from typing import Any
from uuid import UUID

import apsw

from kiosk.contract.money import Fen
from kiosk.contract.operations import Operation, OperationKind, OperationState
from kiosk.exchange import Answer, Exchange
from kiosk.journal.database import prepare
from kiosk.journal.store import Store
from kiosk.operation_states import Draft, Record, Step, Submission
from kiosk.operations import Operations
from kiosk.resolver import Resolver
from tests.integrity.virtual_time import EPOCH, Scheduler, VirtualRuntime

DRAFT = Draft(
    OperationKind.REPAYMENT,
    "/v1/loans/LOAN-0001/repayments",
    {"quote_id": "5f6d0d6e-3c1c-4a39-9a52-7f0a3a1f0a11"},
    '"abc"',
    Fen(1_000_00),
)


def operation(
    operation_id: UUID, state: OperationState = OperationState.CONFIRMED, **fields: Any
) -> Operation:
    """The centre's view of an operation."""
    settled = {"amount": DRAFT.amount, "receipt_number": "202603020000000001"} if state == "confirmed" else {}
    return Operation(
        operation_id=operation_id,
        kind=OperationKind.REPAYMENT,
        state=state,
        number="123456789012",
        submitted_at=EPOCH,
        **settled | fields,
    )


class ScriptedCentre:
    """Gives the answers of a script, one for each call; a function in it gets the operation's id."""

    def __init__(self, script: Iterable[Answer | Callable[[UUID], Answer]] = ()) -> None:
        self.script = list(script)
        self.calls: list[tuple[str, UUID]] = []
        self.submissions: list[Submission] = []

    def submit(self, submission: Submission) -> Any:
        self.calls.append(("submit", submission.operation_id))
        self.submissions.append(submission)
        return self._next(submission.operation_id)

    def find(self, operation_id: UUID) -> Any:
        self.calls.append(("find", operation_id))
        return self._next(operation_id)

    def _next(self, operation_id: UUID) -> Answer:
        answer = self.script.pop(0)
        return answer(operation_id) if callable(answer) else answer

    @property
    def verbs(self) -> list[str]:
        return [verb for verb, _ in self.calls]


class InlineJournal:
    """kiosk.exchange.OperationJournal over the real store, without the writer thread."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def event(self, name: str, **fields: Any) -> object:
        return self.store.append(name, fields)

    async def advance(self, operation_id: UUID, step: Step) -> Record:
        return self.store.advance(operation_id, step)

    async def record(self, operation_id: UUID) -> Record | None:
        return self.store.record(operation_id)

    async def by_number(self, number: str) -> tuple[Record, ...]:
        return self.store.by_number(number)

    async def unfinished(self) -> tuple[Record, ...]:
        return self.store.unfinished()


def memory() -> apsw.Connection:
    """An empty journal database in memory."""
    connection = apsw.Connection(":memory:")
    prepare(connection)
    return connection


class Bench:
    """One kiosk: its journal, its operations, its resolver, and a centre."""

    def __init__(self, *script: Answer | Callable[[UUID], Answer]) -> None:
        self.connection = memory()
        self.scheduler = Scheduler()
        self.runtime = VirtualRuntime(self.scheduler)
        self.centre = ScriptedCentre(script)
        self.start()

    def start(self) -> None:
        """(Re)start the program over the same journal."""
        self.store = Store(self.connection, self.runtime.now)
        self.store.interrupt()
        self.journal = InlineJournal(self.store)
        exchange = Exchange(self.journal, self.centre, self.runtime)
        self.resolver = Resolver(self.journal, exchange, self.runtime)
        self.operations = Operations(self.journal, exchange, self.runtime, self.resolver.follow)

    def run(self, work: Coroutine[Any, Any, Any], until_s: float = float("inf")) -> Any:
        """Run until everything is done (or a time has come) and return what the work came to."""
        task = self.scheduler.start(work)
        self.scheduler.run(until_s)
        return task.result

    def only(self) -> Record:
        """The one operation in the journal."""
        row = self.connection.execute("SELECT operation_id FROM operation").fetchall()
        assert len(row) == 1
        record = self.store.record(UUID(bytes=row[0][0]))
        assert record is not None
        return record

    def told(self) -> list[str]:
        """The names of the events in the journal."""
        from kiosk.events import catalogue

        names = {kind.number: kind.name for kind in catalogue().values()}
        return [names[number] for _, _, number, _, _ in self.store.events()]
