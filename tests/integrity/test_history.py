"""32 clients at once on a few accounts: one true order of events must explain all that they heard."""

import random
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from central.refusals import Refused as CentreRefused
from central.store import tables
from kiosk.contract.money import Fen
from kiosk.contract.operation_id import new_operation_id
from kiosk.contract.operations import Operation, OperationState
from kiosk.exchange import NotFound, Refusal, Standing, standing
from kiosk.operation_states import Submission
from tests.integrity import real_centre
from tests.integrity.conftest import Figures
from tests.integrity.history import Asked, Booked, faults
from tests.integrity.real_centre import Books

CLIENTS = 32
ACCOUNTS = 6
OPERATIONS = 50_000
CONTROL_OPERATIONS = 125


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
