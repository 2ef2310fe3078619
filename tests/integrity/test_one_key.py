"""32 threads with one key at once, again and again: one operation, one answer; and 32 keys for one closure."""

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

import pytest

from central.operations import InFlight
from kiosk.contract.money import Fen
from kiosk.contract.operation_id import new_operation_id
from kiosk.contract.operations import Operation
from kiosk.contract.problems import Problem
from kiosk.operation_states import Submission
from tests.integrity import real_centre
from tests.integrity.conftest import Figures
from tests.integrity.real_centre import Books

T = TypeVar("T")

THREADS = 32
ACCOUNTS = 6
ROUNDS = {"sqlite": 10_000, "postgresql": 250}
SOAK_ROUNDS = 10_000
RETRY_AFTER_S = {"sqlite": 0.005, "postgresql": 0.05}
"""At most; what a client is told to wait, only sooner, and not in step with the others: about as long as one of them
takes in such a crowd."""


@contextmanager
def crowd() -> Iterator[Callable[[Callable[[int], T]], list[T]]]:
    """32 threads that do something at the same moment, as often as they are asked."""
    gate = threading.Barrier(THREADS)

    def one(work: Callable[[int], T], number: int) -> T:
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        yield lambda work: list(pool.map(partial(one, work), range(THREADS)))


def kind_of(books: Books) -> str:
    """Which database they are in."""
    return books.centre.database.engine.dialect.name


def until_answered(
    books: Books, submission: Submission, kiosk_id: str, chance: random.Random, *, workers: bool
) -> Operation:
    """Ask until the answer is no longer "wait"; with `workers` as if each thread were a process of its own."""
    at_most_s = RETRY_AFTER_S[kind_of(books)]
    while True:
        answer = books.submit(submission, kiosk_id, InFlight() if workers else None)
        if isinstance(answer, Operation):
            return answer
        assert answer.problem is Problem.IDEMPOTENCY_IN_FLIGHT, answer
        threading.Event().wait(chance.uniform(0, at_most_s))


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
        rounds = ROUNDS[kind_of(books)]
        double_submits(books, rounds, seed)
        figures(rounds=rounds, submits=rounds * THREADS)


@pytest.mark.soak
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_ten_thousand_rounds(database_url: str, seed: int, figures: Figures) -> None:
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
