"""The line cut at every byte, and damaged in every other way: told truly, booked once, settled in the end.

The real client, operations and resolver speak to the real centre through a proxy (tests/integrity/fault_proxy.py).
Time on the kiosk's side is not waited for: pauses between tries pass at once.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from central.store.tables import operation
from kiosk.centre_port import LinePort
from kiosk.contract.money import Fen
from kiosk.contract.operation_id import new_operation_id
from kiosk.contract.operations import Operation
from kiosk.exchange import CentrePort, Exchange, NotFound, Refusal, Unknown
from kiosk.journal.store import Store
from kiosk.operation_states import Draft, Record, Submission
from kiosk.operations import BeingProcessed, Confirmed, Operations, Refused, Result
from kiosk.resolver import Resolver
from tests.integrity.conftest import Figures
from tests.integrity.fault_proxy import Ending, Plan
from tests.integrity.line_bench import BORROWERS, STRIDE, Bench, bench_in_memory, bench_of, cuts
from tests.integrity.patient import Patient
from tests.integrity.promises import broken_record, records
from tests.integrity.real_centre import Books
from tests.kiosk.operating import InlineJournal, memory

RETIREES = 1_700


class Hurried(Patient):
    """Pauses pass at once; the clock says that they were made."""

    def __init__(self) -> None:
        super().__init__()
        self.slept = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.slept

    async def sleep(self, seconds: float) -> None:
        self.slept += seconds
        await asyncio.sleep(0)


@dataclass(frozen=True)
class Outcome:
    """One operation: the line it had, what was agreed, what the citizen read, and the journal at last."""

    plan: Plan
    draft: Draft
    result: Result
    record: Record


@dataclass
class Kiosk:
    """The kiosk of a bench: every operation by a fresh program over a fresh line."""

    bench: Bench
    wrapped: Callable[[CentrePort], CentrePort] = lambda port: port

    @property
    def books(self) -> Books:
        return self.bench.books

    def run(self, draft: Draft, *plans: Plan) -> Outcome:
        """One operation; its connections go by these plans, one each."""
        self.bench.next_connections(*plans)
        result, record = asyncio.run(self._perform(draft))
        return Outcome(plans[-1], draft, result, record)

    async def _perform(self, draft: Draft) -> tuple[Result, Record]:
        runtime = Hurried()
        journal = InlineJournal(Store(memory()))
        exchange = Exchange(journal, self.wrapped(self.port()), runtime)
        resolver = Resolver(journal, exchange, runtime)
        result = await Operations(journal, exchange, runtime, resolver.follow).perform(draft)
        await runtime.finished()
        await runtime.close()
        (record,) = records(journal.store._connection).values()
        return result, record

    def port(self) -> LinePort:
        """A line without a connection kept from before."""
        return LinePort(self.bench.line())

    def sizes(self, ask: Callable[[LinePort], object]) -> tuple[int, int]:
        """How long a request and its answer are, in bytes."""
        return self.bench.sizes(lambda: assert_answered(ask(self.port())))

    def broken(self, outcomes: Iterable[Outcome]) -> list[str]:
        """What was told, written and booked must be one story, for each operation."""
        taken = self.books.all_taken()
        with self.books.centre.database.read() as tx:
            carried_out = set(
                tx.execute(select(operation.c.quote_id).where(operation.c.state != "refused")).scalars()
            )
        broken = []
        for one in outcomes:
            booked = taken[one.record.operation_id]
            broken += [f"{one.plan}: {what}" for what in broken_record(one.record, booked)]
            match one.result:
                case Confirmed() if not booked.postings:
                    broken.append(f"{one.plan}: told that it is done, and it is not")
                case Refused() if UUID(one.draft.body["quote_id"]) in carried_out:  # under whatever key
                    broken.append(f"{one.plan}: told that nothing has moved, and it has")
        return broken


def assert_answered(answer: object) -> None:
    assert isinstance(answer, Operation), answer


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with bench_in_memory(RETIREES) as made:
        yield made


@pytest.fixture
def kiosk(bench: Bench) -> Kiosk:
    return Kiosk(bench)


def repayments_of(bench: Bench) -> Iterator[Draft]:
    """Fresh, agreed repayments without end."""
    for number in count():
        wishes = [(f"borrower-{key}", Fen(100_00 + number)) for key in range(BORROWERS)]
        yield from bench.books.agreed_all(wishes, bench.identity.kiosk_id)


@pytest.fixture
def repayments(bench: Bench) -> Iterator[Draft]:
    return repayments_of(bench)


@pytest.fixture(scope="module")
def closures(bench: Bench) -> Iterator[Draft]:
    return closures_of(bench)


def closures_of(bench: Bench) -> Iterator[Draft]:
    """A fresh, agreed closure for each retiree."""
    for number in count():
        yield bench.books.agreed(f"retiree-{number}", bench.identity.kiosk_id)


def submit(draft: Draft) -> Callable[[LinePort], object]:
    return lambda port: port.submit(Submission.of(new_operation_id(0), draft))


def cut_everywhere(
    kiosk: Kiosk, drafts: Iterator[Draft], plans: list[Plan], *, before: tuple[Plan, ...] = ()
) -> tuple[Counter[str], list[str]]:
    """Each operation's first connection (after those of `before`) goes by another plan; what was told, and what was
    broken."""
    outcomes = [kiosk.run(next(drafts), *before, plan) for plan in plans]
    return Counter(type(one.result).__name__ for one in outcomes), kiosk.broken(outcomes)


# ------------------------------------------------------------------ a cut at every byte


def test_a_repayment_cut_at_every_byte(kiosk: Kiosk, repayments: Iterator[Draft], figures: Figures) -> None:
    size = kiosk.sizes(submit(next(repayments)))
    told, broken = cut_everywhere(kiosk, repayments, cuts(size))
    figures(offsets=told.total(), **told)
    assert broken == []
    assert told["Confirmed"] == told.total() == sum(size) + 2


def test_a_closure_cut_at_every_byte(kiosk: Kiosk, closures: Iterator[Draft], figures: Figures) -> None:
    size = kiosk.sizes(submit(next(closures)))
    told, broken = cut_everywhere(kiosk, closures, cuts(size))
    figures(offsets=told.total(), **told)
    assert broken == []
    assert told["Confirmed"] == told.total() == sum(size) + 2


@pytest.mark.parametrize("ending", [Ending.RESET, Ending.HALF], ids=["reset", "half-close"])
def test_other_endings_at_sampled_bytes(
    kiosk: Kiosk, repayments: Iterator[Draft], ending: Ending, figures: Figures
) -> None:
    size = kiosk.sizes(submit(next(repayments)))
    told, broken = cut_everywhere(kiosk, repayments, cuts(size, stride=STRIDE, ending=ending))
    figures(offsets=told.total(), **told)
    assert broken == [] and told["Refused"] == 0


NOBODY_THERE = (Plan(refuse=True),) * 4
ANSWER_LOST = Plan(cut_answer_at=0)


def test_the_resolvers_question_cut_at_every_byte(
    kiosk: Kiosk, repayments: Iterator[Draft], figures: Figures
) -> None:
    """All five tries of the screen come to nothing; then the question by id is cut as well."""
    operation_id = new_operation_id(0)
    kiosk.port().submit(Submission.of(operation_id, next(repayments)))
    size = kiosk.sizes(lambda port: port.find(operation_id))
    told, broken = cut_everywhere(kiosk, repayments, cuts(size), before=(*NOBODY_THERE, ANSWER_LOST))
    figures(offsets=told.total(), **told)
    assert broken == []
    assert told["BeingProcessed"] == told.total() == sum(size) + 2


@pytest.mark.soak
@pytest.mark.parametrize("ending", [Ending.RESET, Ending.HALF], ids=["reset", "half-close"])
def test_other_endings_at_every_byte(in_memory: Path, ending: Ending, figures: Figures) -> None:
    with bench_of(in_memory, RETIREES) as bench:
        kiosk = Kiosk(bench)
        told: Counter[str] = Counter()
        for drafts in (repayments_of(bench), closures_of(bench)):
            size = kiosk.sizes(submit(next(drafts)))
            heard, broken = cut_everywhere(kiosk, drafts, cuts(size, ending=ending))
            told += heard
            assert broken == []
    figures(offsets=told.total(), **told)


# ------------------------------------------------------------------ everything else a line can do


TOXICS = {
    "down": Plan(refuse=True),
    "latency": Plan(latency_s=0.05),
    "bandwidth": Plan(slice_bytes=200, slice_s=0.01),
    "sliced to single bytes": Plan(slice_bytes=1),
    "request swallowed": Plan(swallow_request=True),
    "answer swallowed": Plan(swallow_answer=True),
    "slow as drops": Plan(slice_bytes=1, slice_s=0.05),
}


@pytest.mark.parametrize("name", TOXICS)
@pytest.mark.parametrize("times", [1, 6])
def test_a_line_that_is_ill(
    kiosk: Kiosk, repayments: Iterator[Draft], name: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, or longer than the citizen waits; an exchange that never ends is not waited for."""
    monkeypatch.setattr("kiosk.line.READ_TIMEOUT_S", 0.2)
    monkeypatch.setattr("kiosk.exchange.ANSWER_S", 0.5)
    outcome = kiosk.run(next(repayments), *[TOXICS[name]] * times)
    assert kiosk.broken([outcome]) == []
    assert isinstance(outcome.result, Confirmed | BeingProcessed)


# ------------------------------------------------------------------ a flaw put in on purpose


class KeyPerRetry:
    """A new key for every try after the first."""

    def __init__(self, port: CentrePort) -> None:
        self.port = port
        self.tries = 0

    def submit(self, submission: Submission) -> Operation | Refusal | Unknown:
        self.tries += 1
        if self.tries == 1:
            return self.port.submit(submission)
        answer = self.port.submit(replace(submission, operation_id=new_operation_id(0)))
        if isinstance(answer, Operation):
            return answer.model_copy(update={"operation_id": submission.operation_id})
        return answer

    def find(self, operation_id: UUID) -> Operation | NotFound | Unknown:
        return NotFound()


def test_control_a_key_per_retry_is_caught(kiosk: Kiosk, repayments: Iterator[Draft]) -> None:
    size = kiosk.sizes(submit(next(repayments)))
    kiosk.wrapped = KeyPerRetry
    _, broken = cut_everywhere(kiosk, repayments, cuts(size, stride=STRIDE * 4))
    assert any("told that nothing has moved, and it has" in what for what in broken), broken
