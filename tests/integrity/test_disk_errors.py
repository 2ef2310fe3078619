"""A disk that fails at every call the journal makes: out of service at once, nothing acknowledged, nobody lied to.

Each call of a whole visit (open, recover, repay, print, close) is made to fail in each way that a disk can, once
or from then on. Afterwards the power is cut, the disk is mended and the kiosk starts again: what was acknowledged
is there, what the citizen was told is true, and the books agree.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import apsw
import pytest

from kiosk.contract.operations import Operation, OperationKind
from kiosk.exchange import Exchange, NotFound, Refusal, Unknown
from kiosk.journal.chain import verify
from kiosk.journal.database import JournalBroken, prepare
from kiosk.journal.store import Store
from kiosk.operation_states import Draft, Record, State, Step, Submission, advance
from kiosk.operations import Confirmed, Operations, Result
from kiosk.resolver import Resolver
from tests.integrity.conftest import Figures
from tests.integrity.disk import Disk, DiskVFS, ShortWrite
from tests.integrity.model import ModelCentre
from tests.integrity.virtual_time import EPOCH, Scheduler, VirtualRuntime
from tests.kiosk.operating import InlineJournal

PATH = "/journal.db"
Make = Callable[[Store], InlineJournal]


def fail(error: type[apsw.Error]) -> Callable[[str], Exception | None]:
    return lambda what: error("put in by the test")


FAULTS: dict[str, Callable[[str], Exception | None]] = {
    "EIO": fail(apsw.IOError),
    "ENOSPC": lambda what: apsw.FullError("no space") if what in ("write", "truncate", "open") else None,
    "short write": lambda what: ShortWrite(apsw.FullError("no space")) if what == "write" else None,
    "fsync": lambda what: apsw.IOError("fsync") if what == "sync" else None,
    "read-only": lambda what: (
        apsw.ReadOnlyError("remounted") if what in ("write", "truncate", "sync", "delete") else None
    ),
}


class Visit:
    """One kiosk, one citizen, one repayment, and a disk that fails at one call."""

    def __init__(self, seed: int, make: Make = InlineJournal) -> None:
        chance = random.Random(seed)
        self.disk = Disk(seed)
        self.vfs = DiskVFS(self.disk)
        self.make = make
        self.scheduler = Scheduler()
        self.runtime = VirtualRuntime(self.scheduler, seed)
        self.centre = ModelCentre(chance)
        self.centre.join("citizen", 1_000_00)
        self.result: Result | JournalBroken | None = None
        self.acknowledged: dict[UUID, Record] = {}
        self.store: Store | None = None

    def submit(self, submission: Submission) -> Operation | Refusal | Unknown:
        return self.centre.submit(submission, "kiosk")

    def find(self, operation_id: UUID) -> Operation | NotFound | Unknown:
        return self.centre.find(operation_id, "kiosk")

    def start(self) -> tuple[Operations, Resolver]:
        connection = apsw.Connection(PATH, vfs=self.vfs.vfs_name)
        try:
            prepare(connection)
            connection.pragma("wal_autocheckpoint", 6)  # so that the log is moved while somebody waits
            self.store = Store(connection, self.runtime.now)
            self.store.interrupt()
        except BaseException:
            connection.close(True)
            raise
        journal = self.make(self.store)
        inner = journal.advance

        async def advance(operation_id: UUID, step: Step) -> Record:
            record = await inner(operation_id, step)
            self.acknowledged[operation_id] = record
            return record

        journal.advance = advance  # type: ignore[method-assign]
        exchange = Exchange(journal, self, self.runtime)
        resolver = Resolver(journal, exchange, self.runtime)
        return Operations(journal, exchange, self.runtime, resolver.follow), resolver

    async def visit(self) -> None:
        """From switching on to the paper; stops where the journal breaks."""
        try:
            operations, resolver = self.start()
            await resolver.recover()
            quote = self.centre.quote("citizen", OperationKind.REPAYMENT, "kiosk")
            assert quote is not None
            quote.authorised = True
            draft = Draft(
                OperationKind.REPAYMENT,
                "/v1/x",
                {"quote_id": str(quote.id)},
                f'"{quote.version}"',
                quote.amount,
            )
            self.result = await operations.perform(draft)
            if isinstance(self.result, Confirmed):
                operation_id = self.result.operation.operation_id
                await operations.print_started(operation_id)
                await operations.printed(operation_id)
                await operations.close(operation_id)
        except (JournalBroken, apsw.Error) as problem:
            self.result = self.result or JournalBroken(str(problem))
        if self.store is not None:
            try:
                self.store.close()
            except apsw.Error:
                pass

    def run(self) -> None:
        self.scheduler.start(self.visit())
        self.scheduler.run(until_s=500)

    def restart(self) -> list[str]:
        """Mend the disk after a power cut, start again, let the resolver finish, and look."""
        self.scheduler.clear()
        self.disk.calls = lambda what, name, size: None
        self.disk.restore()
        before = dict(self.acknowledged)
        _, resolver = self.start()
        assert self.store is not None
        broken = [
            "an acknowledged step is lost"
            for i, record in before.items()
            if (now := self.store.record(i)) is None or not _follows(record, now)
        ]
        self.scheduler.start(resolver.recover())
        self.scheduler.run(until_s=2_000)
        verify(self.store.events())
        broken += self.centre.broken_books()
        broken += self._truth()
        self.store.close()
        return broken

    def _truth(self) -> Iterator[str]:
        assert self.store is not None
        moved = {i: self.centre.moved(i) for i in self.centre.stored}
        for i in self.centre.stored:
            if self.store.record(i) is None:
                yield "money moved and the journal does not know of it"
        for (id_bytes,) in self.store._connection.execute("SELECT operation_id FROM operation"):
            record = self.store.record(UUID(bytes=id_bytes))
            assert record is not None
            if (record.state is not State.REFUSED) != bool(moved.get(record.operation_id)):
                yield f"the journal says {record.state} and the books do not"
        match self.result:
            case JournalBroken() if any(moved.values()):
                yield "told that nothing was done, and money has moved"
            case Confirmed(operation) if not moved.get(operation.operation_id):
                yield "told that it is done, and it is not"


def _follows(earlier: Record, now: Record) -> bool:
    """A restart may add a step (withdrawn, in doubt, closed), and a step whose answer was lost may be there."""
    return now.attempts >= earlier.attempts and now.copies >= earlier.copies - 1


def calls_of_a_visit(seed: int) -> int:
    """How many calls a visit makes when nothing fails."""
    visit, made = Visit(seed), [0]

    def count(what: str, name: str, size: int) -> None:
        made[0] += 1

    visit.disk.calls = count
    visit.run()
    assert isinstance(visit.result, Confirmed), visit.result
    assert visit.restart() == []
    return made[0]


def fail_at(seed: int, call: int, fault: str, once: bool, make: Make = InlineJournal) -> tuple[Visit, bool]:
    """A visit whose disk fails at one call (or from then on); whether the fault applied to it."""
    visit = Visit(seed, make)
    left = call
    struck = False

    def calls(what: str, name: str, size: int) -> None:
        nonlocal left, struck
        left -= 1
        if left < 0 and not (once and struck):
            error = FAULTS[fault](what)
            if error is not None:
                struck = True
                raise error

    visit.disk.calls = calls
    visit.run()
    return visit, struck


@pytest.mark.parametrize("once", [True, False], ids=["once", "from then on"])
@pytest.mark.parametrize("fault", FAULTS)
def test_every_call_that_fails(fault: str, once: bool, seed: int, figures: Figures) -> None:
    told: Counter[str] = Counter()
    for call in range(calls_of_a_visit(seed)):
        visit, struck = fail_at(seed, call, fault, once)
        if struck:
            told[type(visit.result).__name__] += 1
        assert visit.restart() == [], (seed, call, fault, visit.result)
    figures(failures=sum(told.values()), **told)
    assert told["JournalBroken"] and sum(told.values()) > 20, told


class CarriesOn(InlineJournal):
    """Takes no notice of a disk that fails."""

    async def advance(self, operation_id: UUID, step: Step) -> Record:
        try:
            record = await super().advance(operation_id, step)
        except JournalBroken:
            record = advance(self.kept.get(operation_id), operation_id, step, EPOCH)
        self.kept[operation_id] = record
        return record

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.kept: dict[UUID, Record] = {}

    def event(self, name: str, **fields: Any) -> object:
        return None


def test_control_carrying_on_after_an_error_is_caught(seed: int) -> None:
    found: Counter[str] = Counter()
    for call in range(calls_of_a_visit(seed)):
        visit, _ = fail_at(seed, call, "EIO", False, CarriesOn)
        found.update(visit.restart())
    assert found["money moved and the journal does not know of it"], found


def test_a_failed_sync_is_not_tried_again(seed: int) -> None:
    """Once a sync has failed the store touches the disk no more: a second sync would lie."""
    visit = Visit(seed)
    visit.start()
    store = visit.store
    assert store is not None
    touched: list[str] = []

    def calls(what: str, name: str, size: int) -> None:
        touched.append(what)
        if what == "sync":
            raise apsw.IOError("fsync")

    visit.disk.calls = calls
    with pytest.raises(JournalBroken):
        store.append("idle-warning", {"session": 1})
    assert touched.count("sync") == 1
    touched.clear()
    for _ in range(3):
        with pytest.raises(JournalBroken):
            store.append("idle-warning", {"session": 2})
        with pytest.raises(JournalBroken):
            store.record(UUID(int=1))
    assert touched == []
    visit.disk.calls = lambda what, name, size: None
    store.close()
