"""A hundred thousand sessions in virtual time, every step able to fail; each flaw put in on purpose is caught.

Replay a run:   INTEGRITY_SEED=n pytest tests/integrity/test_simulation.py
Replay a world: python -m tests.integrity.test_simulation WORLD_SEED
"""

import random
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from kiosk.contract.operation_id import new_operation_id
from kiosk.contract.operations import Operation, OperationKind
from kiosk.contract.problems import Problem
from kiosk.exchange import Exchange, NotFound, Refusal, Unknown
from kiosk.operation_states import (
    PAPER_OWED,
    Intend,
    Record,
    Send,
    State,
    Step,
    Submission,
    advance,
)
from kiosk.operations import Operations
from kiosk.resolver import Resolver
from tests.integrity.conftest import Figures
from tests.integrity.model import Flaws, ModelCentre
from tests.integrity.promises import broken_promises
from tests.integrity.world import Kiosk, KioskRuntime, Port, Trouble, WatchedJournal, World

SESSIONS = 100_000
SOAK_SESSIONS = 1_000_000
KIOSKS = 2
SESSIONS_OF_A_KIOSK = 20
CONTROL_WORLDS = 40
PROCESSES = 2


def world_of(seed: int, flaws: Flaws | None = None, **parts: Any) -> World:
    """One world, from its first session until nothing is left to do."""
    chance = random.Random(seed)
    centre = ModelCentre(chance, flaws or Flaws())
    return World(chance, centre, Trouble(), **parts).run(KIOSKS, SESSIONS_OF_A_KIOSK)


Simulated = tuple[Counter[str], dict[int, list[str]], float]
"""What happened, the worlds with a broken promise, and the longest that an outcome took after the line's return."""


def simulate(first: int, sessions: int) -> Simulated:
    """Worlds until there have been so many sessions."""
    slowest_s = 0.0
    happened: Counter[str] = Counter()
    broken: dict[int, list[str]] = {}
    for number in count(first):
        world = world_of(number)
        happened += world.happened
        slowest_s = max(slowest_s, world.slowest_s)
        if found := broken_promises(world):
            broken[number] = found
        if happened["session"] >= sessions:
            return happened, broken, slowest_s
    raise AssertionError


def simulate_in_parallel(seed: int, sessions: int) -> Simulated:
    """The same, in PROCESSES processes; which worlds are run depends on the seed alone."""
    firsts = [seed * 1_000_000 + process * 500_000 for process in range(PROCESSES)]
    happened: Counter[str] = Counter()
    broken: dict[int, list[str]] = {}
    slowest_s = 0.0
    with ProcessPoolExecutor(PROCESSES) as pool:
        for counted, found, slow_s in pool.map(simulate, firsts, [sessions // PROCESSES] * PROCESSES):
            happened += counted
            broken |= found
            slowest_s = max(slowest_s, slow_s)
    return happened, broken, slowest_s


def test_money_moves_once_whatever_happens(seed: int, figures: Figures) -> None:
    happened, broken, slowest_s = simulate_in_parallel(seed, SESSIONS)
    figures(sessions=happened["session"], **happened, slowest_outcome_s=round(slowest_s, 1))
    assert not broken, f"seed {seed}; worlds to replay: {dict(list(broken.items())[:5])}"
    rare = [what for what, count in happened.items() if count < SESSIONS // 2000]
    assert not rare, "the trouble must really have happened"


@pytest.mark.soak
def test_a_million_sessions(seed: int, figures: Figures) -> None:
    happened, broken, slowest_s = simulate_in_parallel(seed + 1, SOAK_SESSIONS)
    figures(sessions=happened["session"], **happened, slowest_outcome_s=round(slowest_s, 1))
    assert not broken, f"worlds to replay: {dict(list(broken.items())[:5])}"


def test_a_seed_replays(seed: int) -> None:
    one, two = world_of(seed), world_of(seed)
    assert one.happened == two.happened and one.centre.entries == two.centre.entries
    assert [k.store.head for k in one.kiosks] == [k.store.head for k in two.kiosks]


# ------------------------------------------------------------------ flaws put in on purpose


class KeyPerRetry(Port):
    """A new key for every try after the first."""

    def __init__(self, kiosk: Kiosk) -> None:
        super().__init__(kiosk)
        self.sent: set[UUID] = set()

    def submit(self, submission: Submission) -> Operation | Refusal | Unknown:
        if submission.operation_id in self.sent:
            fresh = new_operation_id(0, self.kiosk.world.chance.randbytes(10))
            answer = super().submit(replace(submission, operation_id=fresh))
            if isinstance(answer, Operation):
                return answer.model_copy(update={"operation_id": submission.operation_id})
            return answer
        self.sent.add(submission.operation_id)
        return super().submit(submission)

    def find(self, operation_id: UUID) -> Operation | NotFound | Unknown:
        return NotFound()


def key_per_retry(kiosk: Kiosk) -> tuple[Operations, Resolver]:
    exchange = Exchange(kiosk.journal, KeyPerRetry(kiosk), kiosk.runtime)
    resolver = Resolver(kiosk.journal, exchange, kiosk.runtime)
    return Operations(kiosk.journal, exchange, kiosk.runtime, resolver.follow), resolver


class SendsFirst(WatchedJournal):
    """Writes the journal when the answer is there."""

    def __init__(self, kiosk: Kiosk, store: Any) -> None:
        super().__init__(kiosk, store)
        self.held: dict[UUID, list[Step]] = {}

    async def advance(self, operation_id: UUID, step: Step) -> Record:
        if isinstance(step, Intend | Send) and self.store.record(operation_id) is None:
            self.held.setdefault(operation_id, []).append(step)
            self.kiosk.intended = operation_id
            record = await self.record(operation_id)
            assert record is not None
            return record
        for earlier in self.held.pop(operation_id, []):
            self.store.advance(operation_id, earlier)
        return await super().advance(operation_id, step)

    async def record(self, operation_id: UUID) -> Record | None:
        record = self.store.record(operation_id)
        for step in self.held.get(operation_id, []):
            record = advance(record, operation_id, step, self.kiosk.runtime.now())
        return record


class CallsItFailed(KioskRuntime):
    """No answer counts as no."""

    async def in_thread(self, seconds: float, work: Callable[[Any], Any], about: Any) -> Any:
        answer = await super().in_thread(seconds, work, about)
        return Refusal(Problem.QUOTE_EXPIRED) if isinstance(answer, Unknown) else answer


class AsksSeldom(KioskRuntime):
    """Its pauses have another bound."""

    def jitter(self) -> float:
        return 5.0 * super().jitter()


class PrintsOnRestart(Resolver):
    """Prints what is owed as soon as the power is back."""

    kiosk: Kiosk

    async def recover(self) -> None:
        await super().recover()
        for record in await self.kiosk.journal.unfinished():
            if record.state in PAPER_OWED:
                await self.kiosk.print(record.operation_id, record.copies + 1)


def prints_on_restart(kiosk: Kiosk) -> tuple[Operations, Resolver]:
    exchange = Exchange(kiosk.journal, kiosk.port, kiosk.runtime)
    resolver = PrintsOnRestart(kiosk.journal, exchange, kiosk.runtime)
    resolver.kiosk = kiosk
    return Operations(kiosk.journal, exchange, kiosk.runtime, resolver.follow), resolver


class SubmitsIntents(Resolver):
    """Carries out after a restart what was never sent."""

    kiosk: Kiosk

    async def recover(self) -> None:
        exchange = Exchange(self.kiosk.journal, self.kiosk.port, self.kiosk.runtime)
        for record in await self.kiosk.journal.unfinished():
            if record.state is State.INTENT:
                await exchange.submit(record)
        await super().recover()


def submits_intents(kiosk: Kiosk) -> tuple[Operations, Resolver]:
    exchange = Exchange(kiosk.journal, kiosk.port, kiosk.runtime)
    resolver = SubmitsIntents(kiosk.journal, exchange, kiosk.runtime)
    resolver.kiosk = kiosk
    return Operations(kiosk.journal, exchange, kiosk.runtime, resolver.follow), resolver


def gives_up(kiosk: Kiosk) -> tuple[Operations, Resolver]:
    """Nobody takes over what the screen did not see to its end."""
    exchange = Exchange(kiosk.journal, kiosk.port, kiosk.runtime)
    resolver = Resolver(kiosk.journal, exchange, kiosk.runtime)
    return Operations(kiosk.journal, exchange, kiosk.runtime, lambda operation_id: None), resolver


def forgets_copies(kiosk: Kiosk) -> tuple[Operations, Resolver]:
    """Every paper says that it is the original."""
    operations, resolver = _as_built(kiosk)

    async def print_started(operation_id: UUID, copy: int = 1, kind: OperationKind | None = None) -> int:
        await Operations.print_started(operations, operation_id, copy, kind)
        return 1

    operations.print_started = print_started  # type: ignore[method-assign]
    return operations, resolver


def _as_built(kiosk: Kiosk) -> tuple[Operations, Resolver]:
    exchange = Exchange(kiosk.journal, kiosk.port, kiosk.runtime)
    resolver = Resolver(kiosk.journal, exchange, kiosk.runtime)
    return Operations(kiosk.journal, exchange, kiosk.runtime, resolver.follow), resolver


CONTROLS: dict[str, tuple[dict[str, Any], str]] = {
    "a key per retry": ({"make": key_per_retry}, "I6"),
    "sent before it is durable": ({"journal": SendsFirst}, "no journal knows"),
    "no answer called failed": ({"runtime": CallsItFailed}, "told that nothing has moved"),
    "print on restart": ({"make": prints_on_restart}, "empty lobby"),
    "submits without the citizen": ({"make": submits_intents}, "its citizen had gone"),
    "asks seldom": ({"runtime": AsksSeldom}, "more than a minute after the line came back"),
    "gives up": ({"make": gives_up}, "I7"),
    "copies not numbered": ({"make": forgets_copies}, "I9"),
    "a centre that forgets keys": ({"flaws": Flaws(forgets_keys=True)}, "I5"),
    "payouts sent again under a new id": ({"flaws": Flaws(resends_payouts=True)}, "I1"),
}


@pytest.mark.parametrize("name", CONTROLS)
def test_control_a_flaw_is_caught(name: str, seed: int) -> None:
    parts, expected = CONTROLS[name]
    found: Counter[str] = Counter()
    for number in range(CONTROL_WORLDS):
        found.update(broken_promises(world_of(seed * 1_000_000 + number, **parts)))
    assert any(expected in broken for broken in found), found


if __name__ == "__main__":
    world = world_of(int(sys.argv[1]))
    print(dict(world.happened))
    print(Counter(broken_promises(world)) or "nothing broken")
