"""The line cut at every byte, and damaged in every other way: told truly, booked once, settled in the end.

The real client, operations and resolver speak to the real centre through a proxy (tests/integrity/fault_proxy.py).
Time on the kiosk's side is not waited for: pauses between tries pass at once.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from central.store.database import Database
from central.store.tables import operation
from kiosk.centre_port import LinePort
from kiosk.contract.models import Operation
from kiosk.contract.money import Fen
from kiosk.contract.operation import new_operation_id
from kiosk.exchange import CentrePort, Exchange, NotFound, Refusal, Unknown
from kiosk.journal.store import Store
from kiosk.line import Identity, Line
from kiosk.operation_states import Draft, State, Submission
from kiosk.operations import BeingProcessed, Confirmed, Operations, Refused, Result
from kiosk.resolver import Resolver
from kiosk.runtime import AsyncioRuntime
from tests.integrity import real_centre
from tests.integrity.conftest import Figures
from tests.integrity.fault_proxy import Ending, FaultProxy, Plan, fault_proxy
from tests.integrity.real_centre import Books
from tests.kiosk.operating import InlineJournal, memory

BORROWERS = 4
RETIREES = 140
STRIDE = 16
"""Of the byte offsets of the operations that `make test` samples; `make soak` takes every one."""


class Hurried(AsyncioRuntime):
    """Pauses pass at once; the clock says that they were made."""

    def __init__(self) -> None:
        super().__init__()
        self.slept = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.slept

    async def sleep(self, seconds: float) -> None:
        self.slept += seconds
        await asyncio.sleep(0)

    async def finished(self) -> None:
        """Until the resolver has nothing left to do."""
        while self._tasks:
            await asyncio.wait(self._tasks)


@dataclass
class Bench:
    """A centre, a proxy before it, and one kiosk behind the proxy."""

    books: Books
    proxy: FaultProxy
    identity: Identity
    port: CentrePort
    wrapped: Callable[[CentrePort], CentrePort]

    async def perform(self, draft: Draft) -> tuple[Result, Operations, InlineJournal]:
        """One operation by a fresh program, with its resolver."""
        runtime = Hurried()
        journal = InlineJournal(Store(memory()))
        exchange = Exchange(journal, self.wrapped(self.port), runtime)
        resolver = Resolver(journal, exchange, runtime)
        operations = Operations(journal, exchange, runtime, resolver.follow)
        result = await operations.perform(draft)
        await runtime.finished()
        await runtime.close()
        return result, operations, journal

    def check(self, result: Result, journal: InlineJournal, draft: Draft) -> list[str]:
        """What was told, written and booked must be one story."""
        (id_bytes,) = journal.store._connection.execute("SELECT operation_id FROM operation").fetchone()
        operation_id = UUID(bytes=id_bytes)
        record = journal.store.record(operation_id)
        assert record is not None
        postings, taken = self.books.taken(operation_id)
        broken = []
        if record.state is State.CONFIRMED and (postings, taken) != (1, draft.amount):
            broken.append(f"confirmed, with {postings} postings of {taken}")
        if record.state is State.REFUSED and postings:
            broken.append("refused, and money has moved")
        match result:
            case Confirmed() if not postings:
                broken.append("told that it is done, and it is not")
            case Refused() if self._moved(draft):
                broken.append("told that nothing has moved, and it has")
        return broken

    def _moved(self, draft: Draft) -> bool:
        """Whether this quote has been carried out, under whatever key."""
        with self.books.centre.database.read() as tx:
            states = tx.execute(
                select(operation.c.state).where(operation.c.quote_id == UUID(draft.body["quote_id"]))
            ).scalars()
            return any(state != "refused" for state in states)

    def fresh_line(self) -> None:
        """No connection kept from before."""
        self.port = LinePort(Line(self.proxy.url, self.identity))

    def run(self, draft: Draft) -> tuple[Result, list[str]]:
        result, _, journal = asyncio.run(self.perform(draft))
        return result, self.check(result, journal, draft)


@contextmanager
def bench_of(folder: Path, retirees: int) -> Iterator[Bench]:
    """A centre with its people, a proxy and a kiosk; in the end the books must be sound."""
    database = Database(f"sqlite:///{folder}/centre.db")
    day = real_centre.today()
    people = real_centre.people_of(BORROWERS, retirees, day)
    real_centre.write(database, people, day)
    books = real_centre.books(database, people)
    with real_centre.listening(books.centre) as url, fault_proxy(url) as proxy:
        identity = books.enrol()
        yield Bench(books, proxy, identity, LinePort(Line(proxy.url, identity)), lambda port: port)
    assert books.findings() == []
    database.close()


@pytest.fixture(scope="module")
def lasting_bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench_of(tmp_path_factory.mktemp("line"), RETIREES) as made:
        yield made


@pytest.fixture
def bench(lasting_bench: Bench) -> Bench:
    lasting_bench.proxy.plans.clear()
    lasting_bench.wrapped = lambda port: port
    lasting_bench.fresh_line()
    return lasting_bench


def repayments_of(bench: Bench) -> Iterator[Draft]:
    """Fresh, agreed repayments without end."""
    for number in count():
        yield bench.books.agreed(
            f"borrower-{number % BORROWERS}", bench.identity.kiosk_id, Fen(100_00 + number)
        )


@pytest.fixture
def repayments(bench: Bench) -> Iterator[Draft]:
    return repayments_of(bench)


@pytest.fixture(scope="module")
def closures(lasting_bench: Bench) -> Iterator[Draft]:
    return closures_of(lasting_bench)


def closures_of(bench: Bench) -> Iterator[Draft]:
    """A fresh, agreed closure for each retiree."""
    for key in bench.books.people:
        if key.startswith("retiree-"):
            yield bench.books.agreed(key, bench.identity.kiosk_id)


def sizes(bench: Bench, ask: Callable[[LinePort], object]) -> tuple[int, int]:
    """How long a request and its answer are, in bytes."""
    bench.proxy.seen.clear()
    answer = ask(LinePort(Line(bench.proxy.url, bench.identity)))
    assert isinstance(answer, Operation), answer
    seen = bench.proxy.seen[-1]
    return len(seen.request), len(seen.answer)


def submit(draft: Draft) -> Callable[[LinePort], object]:
    return lambda port: port.submit(Submission.of(new_operation_id(0), draft))


def cut_everywhere(
    bench: Bench,
    drafts: Iterator[Draft],
    size: tuple[int, int],
    *,
    stride: int = 1,
    ending: Ending = Ending.CLOSE,
    before: tuple[Plan, ...] = (),
) -> tuple[Counter[str], list[str]]:
    """Each operation's first connection (after those of `before`) is cut at another byte; what was told, and what
    was broken."""
    told: Counter[str] = Counter()
    broken: list[str] = []
    plans = [Plan(cut_request_at=at, ending=ending) for at in range(0, size[0] + 1, stride)]
    plans += [Plan(cut_answer_at=at, ending=ending) for at in range(0, size[1] + 1, stride)]
    for plan in plans:
        bench.fresh_line()
        bench.proxy.plans.clear()
        bench.proxy.plans.extend((*before, plan))
        result, found = bench.run(next(drafts))
        told[type(result).__name__] += 1
        broken += [f"{plan}: {what}" for what in found]
    return told, broken


# ------------------------------------------------------------------ a cut at every byte


def test_a_repayment_cut_at_every_byte(bench: Bench, repayments: Iterator[Draft], figures: Figures) -> None:
    size = sizes(bench, submit(next(repayments)))
    told, broken = cut_everywhere(bench, repayments, size)
    figures(offsets=told.total(), **told)
    assert broken == []
    assert told["Confirmed"] == told.total() == sum(size) + 2


def test_a_closure_cut_at_sampled_bytes(bench: Bench, closures: Iterator[Draft], figures: Figures) -> None:
    size = sizes(bench, submit(next(closures)))
    told, broken = cut_everywhere(bench, closures, size, stride=STRIDE)
    figures(offsets=told.total(), **told)
    assert broken == [] and told["Refused"] == 0


@pytest.mark.parametrize("ending", [Ending.RESET, Ending.HALF], ids=["reset", "half-close"])
def test_other_endings_at_sampled_bytes(
    bench: Bench, repayments: Iterator[Draft], ending: Ending, figures: Figures
) -> None:
    size = sizes(bench, submit(next(repayments)))
    told, broken = cut_everywhere(bench, repayments, size, stride=STRIDE, ending=ending)
    figures(offsets=told.total(), **told)
    assert broken == [] and told["Refused"] == 0


NOBODY_THERE = (Plan(refuse=True),) * 4
ANSWER_LOST = Plan(cut_answer_at=0)


def test_the_resolvers_question_cut_at_sampled_bytes(
    bench: Bench, repayments: Iterator[Draft], figures: Figures
) -> None:
    """All five tries of the screen come to nothing; then the question by id is cut as well."""
    operation_id = new_operation_id(0)
    LinePort(Line(bench.proxy.url, bench.identity)).submit(Submission.of(operation_id, next(repayments)))
    size = sizes(bench, lambda port: port.find(operation_id))
    told, broken = cut_everywhere(bench, repayments, size, stride=STRIDE, before=(*NOBODY_THERE, ANSWER_LOST))
    figures(offsets=told.total(), **told)
    assert broken == [] and told["BeingProcessed"] == told.total()


@pytest.mark.soak
@pytest.mark.parametrize("ending", list(Ending), ids=lambda ending: ending.name.lower())
def test_everything_cut_at_every_byte(tmp_path: Path, ending: Ending, figures: Figures) -> None:
    with bench_of(tmp_path, retirees=2_000) as bench:
        repayments, closures = repayments_of(bench), closures_of(bench)
        size = sizes(bench, submit(next(repayments)))
        told, broken = cut_everywhere(bench, repayments, size, ending=ending)
        size = sizes(bench, submit(next(closures)))
        more_told, more_broken = cut_everywhere(bench, closures, size, ending=ending)
    figures(offsets=(told + more_told).total())
    assert broken == [] and more_broken == []


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
    bench: Bench, repayments: Iterator[Draft], name: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, or longer than the citizen waits; an exchange that never ends is not waited for."""
    monkeypatch.setattr("kiosk.line.READ_TIMEOUT_S", 0.2)
    monkeypatch.setattr("kiosk.exchange.ANSWER_S", 0.5)
    bench.proxy.plans.extend([TOXICS[name]] * times)
    result, broken = bench.run(next(repayments))
    assert broken == []
    assert isinstance(result, Confirmed | BeingProcessed)


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


def test_control_a_key_per_retry_is_caught(bench: Bench, repayments: Iterator[Draft]) -> None:
    size = sizes(bench, submit(next(repayments)))
    bench.wrapped = KeyPerRetry
    _, broken = cut_everywhere(bench, repayments, size, stride=STRIDE * 4)
    assert any("told that nothing has moved, and it has" in what for what in broken), broken
