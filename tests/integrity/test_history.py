"""32 clients at once on a few accounts, and 32 threads with one key: what they heard must be one true story."""

import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import select

from central import operations
from central.operations import InFlight
from central.refusals import Refused as CentreRefused
from central.store import tables
from kiosk.contract.money import Fen
from kiosk.contract.operation_id import new_operation_id
from kiosk.contract.operations import Operation, OperationState
from kiosk.contract.problems import Problem
from kiosk.exchange import NotFound, Refusal, Standing, standing
from kiosk.operation_states import Submission
from tests.integrity import real_centre
from tests.integrity.conftest import Figures
from tests.integrity.history import Asked, Booked, faults
from tests.integrity.real_centre import Books

T = TypeVar("T")

CLIENTS = 32
ACCOUNTS = 6
OPERATIONS = 4_000
SOAK_OPERATIONS = 50_000
CONTROL_OPERATIONS = 125
ROUNDS = 250
SOAK_ROUNDS = 10_000
THREADS = 32
RETRY_AFTER_S = 0.02
"""At most; what a client is told to wait, only sooner, and not in step with the others."""


class Client:
    """Asks like a kiosk: one key for each operation, asked for again while nobody knows."""

    def __init__(self, books: Books, number: int, seed: int) -> None:
        self.books = books
        self.chance = random.Random(f"{seed}-{number}")
        self.kiosk_id = books.enrol(f"client {number}").kiosk_id
        self.history: list[Asked] = []
        self.happened: Counter[str] = Counter()

    def work(self, operations_left: "Countdown") -> None:
        while operations_left.take():
            account = f"borrower-{self.chance.randrange(ACCOUNTS)}"
            try:
                draft = self.books.agreed(account, self.kiosk_id, Fen(self.chance.randrange(1, 50_000)))
            except CentreRefused:
                self.happened["no quote"] += 1
                continue
            submission = Submission.of(new_operation_id(0), draft)
            invoked = time.monotonic_ns()
            answer, was_unknown = self._until_known(submission)
            heard = time.monotonic_ns()
            ok = isinstance(answer, Operation) and answer.state is OperationState.CONFIRMED
            self.happened["ok" if ok else "fail"] += 1
            self.history.append(
                Asked(
                    submission.operation_id,
                    account,
                    int(draft.amount or 0),
                    invoked,
                    heard,
                    "ok" if ok else "fail",
                    answer.account_after if isinstance(answer, Operation) else None,
                    was_unknown,
                )
            )

    def _until_known(self, submission: Submission) -> tuple[Operation | Refusal, bool]:
        """Send; lose the answer, or send it twice at once, by chance; then ask until it is known."""
        lost = self.chance.random() < 0.25
        doubled = self.chance.random() < 0.15
        was_unknown = lost
        if doubled:
            self.happened["doubled"] += 1
            other = threading.Thread(target=self.books.submit, args=(submission, self.kiosk_id))
            other.start()
        answer: Operation | Refusal | NotFound = self.books.submit(submission, self.kiosk_id)
        if doubled:
            other.join()
        if lost:
            self.happened["info"] += 1
            answer = NotFound()
        while isinstance(answer, NotFound) or _passing(answer):
            was_unknown = True
            answer = self.books.find(submission.operation_id, self.kiosk_id)
            if isinstance(answer, NotFound):
                answer = self.books.submit(submission, self.kiosk_id)
        return answer, was_unknown


def _passing(answer: object) -> bool:
    return isinstance(answer, Refusal) and standing(answer.problem) is Standing.PASSING


class Countdown:
    """So many operations, shared by all clients."""

    def __init__(self, count: int) -> None:
        self._left = count
        self._lock = threading.Lock()

    def take(self) -> bool:
        with self._lock:
            self._left -= 1
            return self._left >= 0


def ledger_of(books: Books) -> dict[UUID, list[Booked]]:
    """What the ledger has of each operation, in its own order."""
    found: dict[UUID, list[Booked]] = defaultdict(list)
    with books.centre.database.read() as tx:
        rows = tx.execute(
            select(
                tables.posting.c.id,
                tables.posting.c.operation_id,
                tables.entry.c.amount,
                tables.entry.c.balance,
            )
            .join(tables.entry, tables.entry.c.posting_id == tables.posting.c.id)
            .join(tables.ledger_account, tables.ledger_account.c.id == tables.entry.c.account_id)
            .where(tables.posting.c.operation_id.is_not(None), tables.ledger_account.c.kind == "member")
        )
        for row in rows:
            found[row.operation_id].append(Booked(row.id, -row.amount, row.balance))
    return found


def run_clients(books: Books, count: int, seed: int) -> tuple[list[str], Counter[str]]:
    """All clients at once; what no true order explains, and what happened."""
    clients = [Client(books, number, seed) for number in range(CLIENTS)]
    left = Countdown(count)
    with ThreadPoolExecutor(CLIENTS) as pool:
        for done in [pool.submit(client.work, left) for client in clients]:
            done.result()
    happened: Counter[str] = sum((client.happened for client in clients), Counter())
    history = [asked for client in clients for asked in client.history]
    return faults(history, ledger_of(books)), happened


def test_what_32_clients_heard_has_one_order(database_url: str, seed: int, figures: Figures) -> None:
    with real_centre.filled(database_url, ACCOUNTS, 0) as books:
        found, happened = run_clients(books, OPERATIONS, seed)
        figures(operations=OPERATIONS, **happened)
        assert found == []
        assert happened["ok"] > OPERATIONS // 8 and happened["fail"] and happened["info"]


@pytest.mark.soak
def test_fifty_thousand_operations_have_one_order(database_url: str, seed: int, figures: Figures) -> None:
    with real_centre.filled(database_url, ACCOUNTS, 0) as books:
        found, happened = run_clients(books, SOAK_OPERATIONS, seed)
        figures(operations=SOAK_OPERATIONS, **happened)
        assert found == []


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flaw: the centre answers, and keeps no answer."""

    def forget(tx: object, submission: object, outcome: operations.Outcome, now_ms: int) -> operations.Answer:
        return operations.Answer(
            outcome.status, outcome.body or outcome.view.model_dump_json(exclude_none=True)
        )

    monkeypatch.setattr(operations, "store", forget)


@pytest.mark.usefixtures("forgetful")
def test_control_a_centre_that_forgets_its_answers_is_caught(database_url: str, seed: int) -> None:
    with real_centre.filled(database_url, ACCOUNTS, 0, flawed=True) as books:
        found, _ = run_clients(books, CONTROL_OPERATIONS, seed)
        assert "an operation that failed was booked" in found


def test_control_orders_that_cannot_be_are_found() -> None:
    """The checker itself."""
    one, two = UUID(int=1), UUID(int=2)
    first = Asked(one, "a", 5, invoked=0, heard=10, outcome="ok", account_after=95)
    second = Asked(two, "a", 7, invoked=20, heard=30, outcome="ok", account_after=88)
    true = {one: [Booked(1, 5, 95)], two: [Booked(2, 7, 88)]}
    assert faults([first, second], true) == []
    assert faults([replace(first, heard=25), second], {**true, one: [Booked(3, 5, 95)]}) == []  # at once
    for broken in (
        ([first, second], {one: [Booked(2, 5, 95)], two: [Booked(1, 7, 88)]}),
        ([first, second], {**true, two: []}),
        ([first, second], {**true, two: [Booked(2, 7, 88)] * 2}),
        ([first, second], {**true, two: [Booked(2, 8, 88)]}),
        ([first, second], {**true, two: [Booked(2, 7, 87)]}),
        ([first, replace(second, outcome="fail")], true),
        ([first], true),
    ):
        assert len(faults(*broken)) == 1, broken


# ------------------------------------------------------------------ one key, one closure


@contextmanager
def crowd() -> Iterator[Callable[[Callable[[int], T]], list[T]]]:
    """32 threads that do something at the same moment, as often as they are asked."""
    gate = threading.Barrier(THREADS)

    def one(work: Callable[[int], T], number: int) -> T:
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        yield lambda work: list(pool.map(partial(one, work), range(THREADS)))


def until_answered(
    books: Books, submission: Submission, kiosk_id: str, chance: random.Random, *, workers: bool
) -> Operation:
    """Ask until the answer is no longer "wait"; with `workers` as if each thread were a process of its own."""
    while True:
        answer = books.submit(submission, kiosk_id, InFlight() if workers else None)
        if isinstance(answer, Operation):
            return answer
        assert answer.problem is Problem.IDEMPOTENCY_IN_FLIGHT, answer
        threading.Event().wait(chance.uniform(0, RETRY_AFTER_S))


def double_submits(books: Books, rounds: int, seed: int) -> None:
    """32 threads with one key, again and again; AssertionError when it is not one operation with one answer."""
    kiosk_id, chance = books.enrol().kiosk_id, random.Random(seed)
    with crowd() as all_at_once:
        for number in range(rounds):
            draft = books.agreed(f"borrower-{number % ACCOUNTS}", kiosk_id, Fen(100 + number))
            submission = Submission.of(new_operation_id(0), draft)
            workers = number % 2 == 1
            answers = all_at_once(
                lambda _, s=submission, w=workers: until_answered(books, s, kiosk_id, chance, workers=w)
            )
            assert all(answer == answers[0] for answer in answers)
            assert books.taken(submission.operation_id) == (1, draft.amount)


def test_one_key_in_32_threads_is_booked_once(database_url: str, seed: int, figures: Figures) -> None:
    with real_centre.filled(database_url, ACCOUNTS, 0) as books:
        double_submits(books, ROUNDS, seed)
        figures(rounds=ROUNDS, submits=ROUNDS * THREADS)


@pytest.mark.soak
def test_ten_thousand_double_submits(database_url: str, seed: int, figures: Figures) -> None:
    with real_centre.filled(database_url, ACCOUNTS, 0) as books:
        double_submits(books, SOAK_ROUNDS, seed)
        figures(rounds=SOAK_ROUNDS, submits=SOAK_ROUNDS * THREADS)


@pytest.mark.usefixtures("forgetful")
def test_control_one_key_with_several_answers_is_caught(database_url: str, seed: int) -> None:
    with (
        real_centre.filled(database_url, ACCOUNTS, 0, flawed=True) as books,
        pytest.raises(AssertionError),
    ):
        double_submits(books, 1, seed)


def test_many_keys_for_one_closure_have_one_winner(database_url: str) -> None:
    with real_centre.filled(database_url, 0, 3) as books, crowd() as all_at_once:
        kiosk_id = books.enrol().kiosk_id
        for number in range(3):
            draft = books.agreed(f"retiree-{number}", kiosk_id)
            keys = [new_operation_id(0) for _ in range(THREADS)]
            answers = all_at_once(lambda n, d=draft, k=keys: books.submit(Submission.of(k[n], d), kiosk_id))
            assert sum(isinstance(answer, Operation) for answer in answers) == 1
            assert sum(books.taken(key)[0] for key in keys) == 1
