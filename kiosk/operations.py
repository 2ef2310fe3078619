"""Operations: money moves once.

An operation is anything that changes the centre's books. Its id is durable in the journal before anything is
sent and never changes. A try that has no answer is never called failed: the same request is sent again under
the same id, on the screen for half a minute and then by the resolver, until the centre has said how it ended.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from kiosk.contract.operation_id import new_operation_id
from kiosk.contract.operations import Operation, OperationKind, OperationState
from kiosk.contract.papers import PendingPaper
from kiosk.contract.wire import ProblemDetail
from kiosk.exchange import (
    ANSWER_S,
    Answer,
    Exchange,
    OperationJournal,
    Refusal,
)
from kiosk.journal.database import JournalBroken
from kiosk.operation_states import (
    NEXT,
    PAPER_OWED,
    UNKNOWN_OUTCOME,
    Adopt,
    Close,
    DoubtPrint,
    Draft,
    FinishPrint,
    Intend,
    MissPrint,
    Record,
    StartPrint,
    State,
    Submission,
)
from kiosk.runtime import Runtime

TRY_AT_S = (0.0, 2.0, 4.0, 8.0, 16.0)
"""When the request is sent while the citizen waits, counted from the first time."""

ON_SCREEN_S = 30.0
"""How long a citizen waits at most. No try is begun that could end later, so none has to be cut off."""


@dataclass(frozen=True)
class Confirmed:
    """The centre's books have changed, and the journal knows it."""

    operation: Operation


@dataclass(frozen=True)
class Refused:
    """The centre has said no; nothing has moved, and nothing will. `problem` is the contract's word for why."""

    problem: str
    detail: ProblemDetail | None = None
    operation: Operation | None = None


@dataclass(frozen=True)
class BeingProcessed:
    """The outcome is not known yet. The citizen keeps the number and must not do it again."""

    operation_id: UUID
    number: str


Result = Confirmed | Refused | BeingProcessed


@dataclass(frozen=True)
class Paper:
    """A paper that a citizen may not have got, and the number that it would bear."""

    operation_id: UUID
    kind: OperationKind
    copy: int

    @property
    def reprint(self) -> bool:
        """True when an earlier copy may exist: it is marked 补打, with the same receipt number."""
        return self.copy > 1


class Operations:
    """What a visit may do with money and with its papers. All calls come from the loop's thread.

    `hand_over` gives an operation whose outcome is not known to the resolver.
    """

    def __init__(
        self,
        journal: OperationJournal,
        exchange: Exchange,
        runtime: Runtime,
        hand_over: Callable[[UUID], None],
    ) -> None:
        self._journal = journal
        self._exchange = exchange
        self._runtime = runtime
        self._hand_over = hand_over

    # ---------------------------------------------------------------- money

    async def perform(self, draft: Draft) -> Result:
        """Have the centre do, once, what the citizen has confirmed. Takes ON_SCREEN_S at most.

        Raises JournalBroken when the intent could not be made durable: then nothing was sent and nothing ever
        will be. Any later trouble is BeingProcessed, because nobody can know yet.
        """
        now_ms = int(self._runtime.now().timestamp() * 1000)
        operation_id = new_operation_id(now_ms, self._runtime.random_bytes(10))
        record = await self._journal.advance(operation_id, Intend(Submission.of(operation_id, draft)))
        result: Result | None = None
        try:
            with self._exchange.hold(operation_id):
                result = await self._try(record)
        except JournalBroken:
            pass
        finally:
            if result is None:  # also when the visit was cut off in mid-try
                self._hand_over(operation_id)
        return result or BeingProcessed(operation_id, record.number)

    async def _try(self, record: Record) -> Result | None:
        began = self._runtime.monotonic()
        for due in TRY_AT_S:
            await self._runtime.sleep(max(0.0, began + due - self._runtime.monotonic()))
            if self._runtime.monotonic() - began + ANSWER_S > ON_SCREEN_S:
                break
            go = self._exchange.ask if record.state is State.ACCEPTED else self._exchange.submit
            record, answer = await go(record)
            if result := _result(record, answer):
                return result
        return None

    async def known_here(self, number: str) -> tuple[Record, ...]:
        """What this kiosk's journal says of a business number, for when the centre has never seen it.
        Raises JournalBroken."""
        return await self._journal.by_number(number)

    async def unknown_outcomes(self) -> int:
        """How many operations wait for their outcome. Raises JournalBroken."""
        return len(await self.unknown_records())

    async def unknown_records(self) -> tuple[Record, ...]:
        """The operations that wait for their outcome, the oldest first. Raises JournalBroken."""
        return tuple(r for r in await self._journal.unfinished() if r.state in UNKNOWN_OUTCOME)

    # ---------------------------------------------------------------- papers

    async def unfinished_papers(self, open_operations: Iterable[PendingPaper]) -> tuple[Paper, ...]:
        """The papers to offer to a citizen who has just identified. `open_operations` is the centre's list: the
        journal does not know whose they are. Raises JournalBroken."""
        papers = []
        for pending in open_operations:
            if pending.state is not OperationState.CONFIRMED:
                continue
            record = await self._exchange.settle(pending.operation_id)
            if record is None:  # of another kiosk, or of this one's lost disk: a first copy may exist
                papers.append(Paper(pending.operation_id, pending.kind, copy=2))
            elif record.state in PAPER_OWED:
                papers.append(Paper(pending.operation_id, pending.kind, copy=record.copies + 1))
        return tuple(papers)

    async def print_started(
        self, operation_id: UUID, copy: int = 1, kind: OperationKind | None = None
    ) -> int:
        """The first byte is about to go to the printer. Returns the copy number that the paper must bear:
        `copy`, or a higher one when this kiosk has used that already. `kind` is for an operation that did not
        begin here (a document, or the paper of another kiosk). Raises JournalBroken, IllegalStep."""
        record = await self._journal.record(operation_id)
        if record is None:
            record = await self._journal.advance(operation_id, Adopt(kind, copies=copy - 1))
        elif record.state is State.PRINT_STARTED:  # a visit was cut off in mid-print
            record = await self._journal.advance(operation_id, DoubtPrint())
        number = max(copy, record.copies + 1)
        await self._journal.advance(operation_id, StartPrint(number))
        return number

    async def printed(self, operation_id: UUID) -> None:
        """The printer says that the paper is out. Raises JournalBroken."""
        await self._journal.advance(operation_id, FinishPrint())

    async def print_unsure(self, operation_id: UUID) -> None:
        """Nobody knows whether the paper is out, or whole. Raises JournalBroken."""
        await self._journal.advance(operation_id, DoubtPrint())

    async def print_missed(self, operation_id: UUID) -> None:
        """The printer is certain that nothing is on paper: the copy number is free again. Raises JournalBroken."""
        await self._journal.advance(operation_id, MissPrint())

    async def close(self, operation_id: UUID) -> None:
        """The citizen has been told, and has the paper or did not want it. An operation that this kiosk owes
        nothing for (of another kiosk, or closed before) stays as it is. Raises JournalBroken."""
        record = await self._journal.record(operation_id)
        if record is not None and (record.state, Close) in NEXT:
            await self._journal.advance(operation_id, Close())


def _result(record: Record, answer: Answer) -> Result | None:
    match record.state, answer:
        case State.CONFIRMED, Operation() as operation:
            return Confirmed(operation)
        case State.REFUSED, Operation() as operation:
            return Refused(record.problem or "", None, operation)
        case State.REFUSED, Refusal(_, detail):
            return Refused(record.problem or "", detail)
        case _:
            return None
