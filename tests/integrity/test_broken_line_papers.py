"""The line cut at every byte of a request for a paper: it has one number, and what the citizen sees is what is kept.

A request for a paper moves no money and is not journalled; the kiosk asks again at once, under the same id, when an
answer is lost. A receipt that is sealed is the paper of its operation, and its cuts may not touch that.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from central.demo.citizens import PASSWORD
from central.store.tables import document, operation
from kiosk import central
from kiosk.contract.money import Fen
from kiosk.contract.operation_id import new_operation_id
from kiosk.contract.papers import Document, DocumentRequest
from kiosk.contract.visits import JointCardCredential
from kiosk.line import Line, Unreachable
from kiosk.operation_states import Submission
from tests.integrity.conftest import Figures
from tests.integrity.fault_proxy import Ending, Plan
from tests.integrity.line_bench import STRIDE, Bench, bench_in_memory, bench_of, cuts
from tests.integrity.real_centre import NOTHING, Taken

HOLDER = "borrower-0"
CERTIFICATE = DocumentRequest(kind="loan-use-certificate")

NOBODY = (Plan(refuse=True),) * central.PAPER_ASKED_AGAIN
"""There when the kiosk asks again."""

Issue = Callable[[Line, UUID, DocumentRequest], Document]


@dataclass(frozen=True)
class Wish:
    """A paper that a citizen asks for once, and what the books have of its operation whatever the line does."""

    operation_id: UUID
    request: DocumentRequest
    taken: Taken = NOTHING


@dataclass(frozen=True)
class Asked:
    """A wish, the line it had, and what the kiosk has in hand; None when it said that the centre is out of reach."""

    wish: Wish
    plans: tuple[Plan, ...]
    seen: Document | None


@dataclass
class Visit:
    """A citizen's visit at the kiosk of a bench."""

    bench: Bench
    token: str
    issue: Issue = central.issue_document

    @classmethod
    def begin(cls, bench: Bench) -> "Visit":
        """By joint card and password."""
        bench.next_connections()
        line = bench.line()
        card = JointCardCredential(card_number=bench.books.people[HOLDER].card_number)
        opened = central.open_visit(line, card)
        central.verify(line.with_token(opened.token), PASSWORD)
        return cls(bench, opened.token)

    def ask(self, wish: Wish, *plans: Plan) -> Asked:
        """One request by a kiosk whose connections go by these plans."""
        self.bench.next_connections(*plans)
        try:
            seen = self.issue(self.bench.line(self.token), wish.operation_id, wish.request)
        except Unreachable:
            return Asked(wish, plans, None)
        return Asked(wish, plans, seen)

    def size(self, wish: Wish) -> tuple[int, int]:
        """How long the request and its answer are, in bytes."""
        self.bench.next_connections()
        line = self.bench.line(self.token)
        return self.bench.sizes(lambda: self.issue(line, wish.operation_id, wish.request))

    def broken(self, asked: Iterable[Asked]) -> list[str]:
        """What was seen and what is kept must be one paper for each wish, and none besides."""
        with self.bench.books.centre.database.read() as tx:
            kept = {row.operation_id: row for row in tx.execute(select(document))}
            states = {row.id: row.state for row in tx.execute(select(operation.c.id, operation.c.state))}
        taken = self.bench.books.all_taken()
        broken, wished = [], set()
        for one in asked:
            i = one.wish.operation_id
            wished.add(i)
            if taken[i] != one.wish.taken:
                broken.append(f"{one.plans}: a paper has moved money")
            if i not in kept:
                broken += [f"{one.plans}: seen, and not kept"] if one.seen else []
            elif states[i] != "confirmed":
                broken.append(f"{one.plans}: kept, and its operation is {states[i]}")
            elif one.seen and one.seen != Document.model_validate_json(kept[i].body):
                broken.append(f"{one.plans}: seen, and another one is kept")
        return broken + ["a paper that nobody has asked for" for _ in kept.keys() - wished]


def certificates() -> Iterator[Wish]:
    """The same certificate, again and again."""
    while True:
        yield Wish(new_operation_id(0), CERTIFICATE)


def receipts_of(bench: Bench) -> Iterator[Wish]:
    """Of repayments that are done, each of another one."""
    for number in count():
        draft = bench.books.agreed(HOLDER, bench.identity.kiosk_id, Fen(100_00 + number))
        submission = Submission.of(new_operation_id(0), draft)
        bench.books.submit(submission, bench.identity.kiosk_id)
        i = submission.operation_id
        request = DocumentRequest(kind="repayment-receipt", operation_id=i)
        yield Wish(i, request, Taken(1, int(draft.amount or 0)))


@pytest.fixture
def bench() -> Iterator[Bench]:
    with bench_in_memory() as made:
        yield made


@pytest.fixture
def visit(bench: Bench) -> Visit:
    return Visit.begin(bench)


def told(asked: Iterable[Asked]) -> Counter[str]:
    return Counter("Paper" if one.seen else "Unreachable" for one in asked)


def ask_everywhere(
    visit: Visit, wishes: Iterator[Wish], *, stride: int = 1, ending: Ending = Ending.CLOSE
) -> list[Asked]:
    """One wish for each place at which its first connection ends."""
    first = next(wishes)
    plans = cuts(visit.size(first), stride=stride, ending=ending)
    return [visit.ask(first), *(visit.ask(next(wishes), plan) for plan in plans)]


def test_a_certificate_cut_at_every_byte(visit: Visit, figures: Figures) -> None:
    asked = ask_everywhere(visit, certificates())
    figures(offsets=len(asked) - 1, **told(asked))
    assert visit.broken(asked) == []
    assert told(asked)["Paper"] == len(asked)


def test_a_receipt_cut_at_sampled_bytes(bench: Bench, visit: Visit, figures: Figures) -> None:
    asked = ask_everywhere(visit, receipts_of(bench), stride=STRIDE)
    figures(offsets=len(asked) - 1, **told(asked))
    assert visit.broken(asked) == []
    assert told(asked)["Paper"] == len(asked)


@pytest.mark.parametrize("ending", Ending, ids=lambda ending: ending.name.lower())
def test_a_line_that_does_not_come_back(visit: Visit, ending: Ending, figures: Figures) -> None:
    """The later tries find nobody, and the kiosk says so. Under its id there is still one paper, or none yet."""
    first = next(certificates())
    plans = cuts(visit.size(first), stride=STRIDE, ending=ending)
    asked = [visit.ask(wish, plan, *NOBODY) for wish, plan in zip(certificates(), plans, strict=False)]
    figures(offsets=len(asked), **told(asked))
    assert told(asked)["Unreachable"] > len(asked) // 2
    again = [visit.ask(one.wish) for one in asked]
    assert visit.broken([visit.ask(first), *asked, *again]) == []
    assert told(again)["Paper"] == len(again)


@pytest.mark.soak
@pytest.mark.parametrize("ending", Ending, ids=lambda ending: ending.name.lower())
def test_papers_cut_at_every_byte(in_memory: Path, ending: Ending, figures: Figures) -> None:
    with bench_of(in_memory, 0) as bench:
        asked: list[Asked] = []
        for wishes in (certificates(), receipts_of(bench)):
            visit = Visit.begin(bench)
            asked += ask_everywhere(visit, wishes, ending=ending)
        figures(offsets=len(asked) - 2, **told(asked))
        assert visit.broken(asked) == []


# ------------------------------------------------------------------ a flaw put in on purpose


def a_key_per_try(line: Line, operation_id: UUID, request: DocumentRequest) -> Document:
    """Asks for another paper when that one does not come."""
    try:
        return central.issue_document(line, operation_id, request)
    except Unreachable:
        return central.issue_document(line, new_operation_id(0), request)


def test_control_a_key_per_try_is_caught(visit: Visit) -> None:
    visit.issue = a_key_per_try
    wishes = islice(certificates(), 20)
    asked = [visit.ask(wish, Plan(cut_answer_at=1), *NOBODY) for wish in wishes]
    broken = visit.broken(asked)
    assert "a paper that nobody has asked for" in broken, broken
