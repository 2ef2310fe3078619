"""A world in one process and in virtual time: kiosks with the real operation and journal code, a centre, a bank,
citizens, and everything that can go wrong between them. One random generator decides all of it.

Kiosks lose power at any step, lines drop, double, delay and reorder messages, the centre dies before or after it
commits, the bank answers late, twice or never. When the trouble is over, everything must be true again.
"""

import random
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from uuid import UUID

import apsw

from kiosk.contract.operations import Operation, OperationKind, OperationState
from kiosk.contract.papers import PendingPaper
from kiosk.contract.problems import Problem
from kiosk.exchange import ANSWER_S, Exchange, NotFound, Refusal, Unknown
from kiosk.journal.store import Store
from kiosk.operation_states import (
    UNKNOWN_OUTCOME,
    Accept,
    Confirm,
    Draft,
    Intend,
    Record,
    Send,
    Step,
    Submission,
)
from kiosk.operation_states import Refuse as RefuseStep
from kiosk.operations import Confirmed, Operations, Result
from kiosk.resolver import Resolver
from tests.integrity.virtual_time import Pause, Scheduler, Task, VirtualRuntime
from tests.kiosk.operating import memory

A = TypeVar("A")
T = TypeVar("T")

CITIZENS = 8
OPENING_BALANCE = 100_000_00
SERVICES = (OperationKind.REPAYMENT,) * 15 + (OperationKind.CLOSURE,)


class Crash(BaseException):
    """The power of one kiosk is gone. Not an Exception: nothing in a program can catch a power cut."""


@dataclass(frozen=True)
class Trouble:
    """How often things go wrong: chances for each step, message or session."""

    crash: float = 0.012
    lost_disk: float = 0.01  # of the crashes
    drop: float = 0.06
    double: float = 0.04
    delay: float = 0.05
    outage: float = 0.025
    centre_dies: float = 0.02
    busy: float = 0.02
    paper: float = 0.12


CALM = Trouble(0, 0, 0, 0, 0, 0, 0, 0, 0)


class Offer(Protocol):
    """A quote, as a kiosk needs it."""

    def authorise(self) -> None:
        """The password has agreed to it."""
        ...

    def draft(self) -> Draft:
        """What is submitted."""
        ...


class Centre(Protocol):
    """What a world needs of a centre: the model has it, and so has the real one (tests/integrity/real_world.py)."""

    now_s: float
    anchored: dict[str, tuple[int, bytes]]

    def join(self, name: str, balance: int) -> None: ...

    def open_operations(self, name: str) -> tuple[PendingPaper, ...]: ...

    def quote(self, name: str, kind: OperationKind, kiosk: str) -> Offer | None: ...

    def submit(self, submission: Submission, kiosk: str) -> Operation | Refusal: ...

    def find(self, operation_id: UUID, kiosk: str) -> Operation | NotFound: ...

    async def relay(self, up: Callable[[], bool], mishap: Callable[[str], bool]) -> None: ...

    def mark_seen(self, operation_id: UUID) -> None: ...

    def states(self) -> dict[UUID, OperationState]: ...

    def moved(self, operation_id: UUID) -> int: ...

    def broken_books(self) -> list[str]: ...

    def day_totals(self) -> dict[str, int]: ...


@dataclass
class Told:
    """What a citizen has read on the screen about an operation."""

    operation_id: UUID
    result: Result


Make = Callable[["Kiosk"], tuple[Operations, Resolver]]


def as_built(kiosk: "Kiosk") -> tuple[Operations, Resolver]:
    """The product's own wiring."""
    exchange = Exchange(kiosk.journal, kiosk.port, kiosk.runtime)
    resolver = Resolver(kiosk.journal, exchange, kiosk.runtime)
    return Operations(kiosk.journal, exchange, kiosk.runtime, resolver.follow), resolver


@dataclass
class World:
    """Everything that lives between a seed and a verdict."""

    chance: random.Random
    centre: Centre
    trouble: Trouble = field(default_factory=Trouble)
    make: Make = as_built
    name: str = ""
    runtime: "Callable[[Kiosk], KioskRuntime]" = lambda kiosk: KioskRuntime(kiosk)
    journal: "Callable[[Kiosk, Store], WatchedJournal]" = lambda kiosk, store: WatchedJournal(kiosk, store)
    scheduler: Scheduler = field(default_factory=Scheduler)
    told: list[Told] = field(default_factory=list)
    papers: list[tuple[UUID, int]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    centre_up_at_s: float = 0.0
    line_up_at_s: float = 0.0
    healed_at_s: float | None = None
    kiosks: "list[Kiosk]" = field(default_factory=list)

    @property
    def now_s(self) -> float:
        return self.scheduler.time_s

    def odds(self, chance: float) -> bool:
        return self.chance.random() < chance

    def run(self, kiosks: int, sessions: int) -> "World":
        """All sessions at all kiosks, then calm, then until nothing is left to do."""
        for number in range(CITIZENS):
            self.centre.join(f"citizen-{number}", OPENING_BALANCE)
        self.kiosks = [Kiosk(self, f"{self.name}kiosk-{number}", sessions) for number in range(kiosks)]
        self.scheduler.start(self._relay())
        while any(kiosk.sessions_left or kiosk.serving for kiosk in self.kiosks):
            self.scheduler.run(until_s=self.now_s + 60)
        self.trouble = CALM
        self.healed_at_s = self.now_s
        self.happened["unknown when all was well again"] += sum(
            record.state in UNKNOWN_OUTCOME for kiosk in self.kiosks for record in kiosk.store.unfinished()
        )
        self.centre_up_at_s = self.line_up_at_s = self.now_s
        self.scheduler.run(until_s=self.now_s + 600)
        return self

    async def _relay(self) -> None:
        while True:
            await Pause(2.0)
            if self._centre_is_up():
                self.centre.now_s = self.now_s
                await self.centre.relay(self._centre_is_up, self._mishap)

    @property
    def slowest_s(self) -> float:
        """How long after the line's return and the centre's the last outcome was heard of; 0 when none was left."""
        last = max((kiosk.answered_at_s for kiosk in self.kiosks), default=0.0)
        return max(0.0, last - (self.healed_at_s or last))

    def _centre_is_up(self) -> bool:
        return self.now_s >= self.centre_up_at_s

    def _mishap(self, what: str) -> bool:
        struck = self.odds(getattr(self.trouble, what))
        if struck and what == "centre_dies":
            self.kill_centre()
        return struck

    def kill_centre(self) -> None:
        self.happened["centre died"] += 1
        self.centre_up_at_s = self.now_s + self.chance.uniform(1, 40)


class Port:
    """kiosk.exchange.CentrePort: what a request does when it arrives."""

    def __init__(self, kiosk: "Kiosk") -> None:
        self.kiosk = kiosk

    def submit(self, submission: Submission) -> Operation | Refusal | Unknown:
        return self.kiosk.world.centre.submit(submission, self.kiosk.name)

    def find(self, operation_id: UUID) -> Operation | NotFound | Unknown:
        return self.kiosk.world.centre.find(operation_id, self.kiosk.name)


class KioskRuntime(VirtualRuntime):
    """A kiosk's surroundings: its tasks die with it, and every wait is a place where the power can go."""

    def __init__(self, kiosk: "Kiosk") -> None:
        super().__init__(kiosk.world.scheduler)
        self.random = kiosk.world.chance
        self.kiosk = kiosk
        self.alive = True
        self.tasks: list[Task] = []

    async def sleep(self, seconds: float) -> None:
        self.kiosk.crash_point()
        await Pause(seconds)
        self.kiosk.crash_point()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        if self.alive:
            task = self.scheduler.start(work)
            task.on_raise = self.kiosk.down
            self.tasks.append(task)
        else:
            work.close()

    async def in_thread(self, seconds: float, work: Callable[[A], T], about: A) -> T:
        """The line: where a request and its answer can be lost, doubled, late, or overtaken."""
        world = self.kiosk.world
        self.kiosk.crash_point()
        if world.odds(world.trouble.outage):
            world.happened["line cut"] += 1
            world.line_up_at_s = max(world.line_up_at_s, world.now_s + world.chance.uniform(5, 120))
        if world.odds(world.trouble.double):
            world.happened["message doubled"] += 1
            world.scheduler.start(_arrive_late(world, work, about), world.chance.uniform(0.1, 60))
        answer = await self._exchange(world, work, about)
        self.kiosk.crash_point()
        return answer

    async def _exchange(self, world: World, work: Callable[[A], T], about: A) -> T:
        if world.now_s < world.line_up_at_s:
            await Pause(world.chance.choice((0.01, 3.0)))
            return _nothing("refused-connection")
        if world.odds(world.trouble.drop):
            world.happened["request lost"] += 1
            await Pause(ANSWER_S)
            return _nothing("timeout")
        if world.odds(world.trouble.delay):
            world.happened["request delayed"] += 1
            world.scheduler.start(_arrive_late(world, work, about), world.chance.uniform(ANSWER_S, 90))
            await Pause(ANSWER_S)
            return _nothing("timeout")
        await Pause(world.chance.uniform(0.01, 0.3))
        if world.now_s < world.centre_up_at_s:
            return _nothing("refused-connection")
        if world.odds(world.trouble.busy):
            return Refusal(Problem.UNAVAILABLE) if work.__name__ == "submit" else _nothing("unavailable")
        if world.odds(world.trouble.centre_dies):  # before it commits
            world.kill_centre()
            return _nothing("broken")
        world.centre.now_s = world.now_s
        answer = work(about)
        if world.odds(world.trouble.centre_dies):  # after it has
            world.kill_centre()
            return _nothing("broken")
        if world.odds(world.trouble.drop):
            world.happened["answer lost"] += 1
            await Pause(ANSWER_S - 0.3)
            return _nothing("timeout")
        await Pause(world.chance.uniform(0.01, 0.3))
        return answer


def _nothing(cause: str) -> Any:
    return Unknown(cause)


async def _arrive_late(world: World, work: Callable[[A], Any], about: A) -> None:
    """A copy of a message that comes when nobody waits for its answer."""
    if world.now_s >= world.centre_up_at_s:
        world.centre.now_s = world.now_s
        work(about)


class WatchedJournal:
    """The real store; the power can go before and after each durable step."""

    def __init__(self, kiosk: "Kiosk", store: Store) -> None:
        self.kiosk = kiosk
        self.store = store

    def event(self, name: str, **fields: Any) -> object:
        self.kiosk.crash_point()
        return self.store.append(name, fields)

    async def advance(self, operation_id: UUID, step: Step) -> Record:
        self.kiosk.crash_point()
        record = self.store.advance(operation_id, step)
        if isinstance(step, Intend):
            self.kiosk.intended = operation_id
        elif isinstance(step, Send) and record.attempts == 1 and not self.kiosk.serving:
            self.kiosk.world.broken.append("an operation was first sent when its citizen had gone")
        if isinstance(step, Accept | Confirm | RefuseStep):
            self.kiosk.answered_at_s = self.kiosk.world.now_s
        self.kiosk.crash_point()
        return record

    async def record(self, operation_id: UUID) -> Record | None:
        return self.store.record(operation_id)

    async def by_number(self, number: str) -> tuple[Record, ...]:
        return self.store.by_number(number)

    async def unfinished(self) -> tuple[Record, ...]:
        return self.store.unfinished()


class Kiosk:
    """A machine: its disk outlives its program."""

    def __init__(self, world: World, name: str, sessions: int) -> None:
        self.world = world
        self.name = name
        self.sessions_left = sessions
        self.serving = False
        self.intended: UUID | None = None
        self.port = Port(self)
        self.disks: list[apsw.Connection] = [memory()]
        self.answered_at_s = 0.0
        self.start()

    def start(self) -> None:
        """Switch on: the real start, over whatever is on the disk."""
        self.runtime = self.world.runtime(self)
        self.store = Store(self.disks[-1], self.runtime.now)
        self.store.interrupt()
        self.journal = self.world.journal(self, self.store)
        self.operations, self.resolver = self.world.make(self)
        self.runtime.spawn(self._serve())

    def crash_point(self) -> None:
        """Here the power may go."""
        if self.runtime.alive and self.world.odds(self.world.trouble.crash):
            self.runtime.alive = False
            raise Crash

    def down(self, cause: BaseException) -> None:
        """The power is gone: every task of this program ends, and the machine starts again after a while."""
        if not isinstance(cause, Crash):
            raise cause
        world = self.world
        world.happened["kiosk crashed"] += 1
        for task in self.runtime.tasks:
            task.kill()
        self.serving = False
        if world.odds(world.trouble.lost_disk):
            world.happened["disk lost"] += 1
            self.disks.append(memory())
        world.scheduler.start(self._up_again(), world.chance.uniform(1, 20))

    async def _up_again(self) -> None:
        self.start()

    async def _serve(self) -> None:
        await self.resolver.recover()
        while self.sessions_left:
            self.sessions_left -= 1
            await self.runtime.sleep(self.world.chance.uniform(0, 20))
            await self._session(self.world.chance.randrange(CITIZENS))

    # ---------------------------------------------------------------- a citizen

    async def _session(self, citizen: int) -> None:
        world, name = self.world, f"citizen-{citizen}"
        self.serving = True
        world.happened["session"] += 1
        session = world.happened["session"]
        self.journal.event("session-begin", session=session, language="zh", elder=False)
        if world.now_s >= max(world.line_up_at_s, world.centre_up_at_s):
            world.centre.now_s = world.now_s
            await self._papers(world.centre.open_operations(name))
            world.centre.now_s = world.now_s
            quote = world.centre.quote(name, world.chance.choice(SERVICES), self.name)
            if quote:
                await self._operation(quote)
        self.journal.event("session-end", session=session, disposition="finished")
        self._anchor()
        self.serving = False

    async def _papers(self, open_operations: tuple[PendingPaper, ...]) -> None:
        for paper in await self.operations.unfinished_papers(open_operations):
            if self.world.odds(0.7):
                self.world.happened["paper offered again"] += 1
                await self.print(paper.operation_id, paper.copy)

    async def _operation(self, quote: Offer) -> None:
        world = self.world
        await self.runtime.sleep(world.chance.uniform(1, 30))
        quote.authorise()
        result = await self.operations.perform(quote.draft())
        world.happened[type(result).__name__] += 1
        assert self.intended is not None
        world.told.append(Told(self.intended, result))
        if isinstance(result, Confirmed):
            await self.print(self.intended, 1)

    async def print(self, operation_id: UUID, copy: int) -> None:
        world = self.world
        if not self.serving:
            world.broken.append("a paper was printed into an empty lobby")
        number = await self.operations.print_started(operation_id, copy, OperationKind.REPAYMENT)
        fate = world.chance.random() / world.trouble.paper if world.trouble.paper else 9.0
        if fate >= 0.5:
            world.papers.append((operation_id, number))
        await self.runtime.sleep(2.0)
        if fate < 0.5:
            await self.operations.print_missed(operation_id)
        elif fate < 1.0:
            await self.operations.print_unsure(operation_id)
        else:
            await self.operations.printed(operation_id)
            await self.operations.close(operation_id)
            world.centre.mark_seen(operation_id)

    def _anchor(self) -> None:
        """The heartbeat takes the journal's head to the centre."""
        if self.world.now_s >= max(self.world.line_up_at_s, self.world.centre_up_at_s):
            head = self.store.head
            self.world.centre.anchored[f"{self.name}/{len(self.disks)}"] = (head.sequence, head.hash)
