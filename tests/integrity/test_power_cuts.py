"""Power cuts on the journal's own code: whatever was acknowledged is there afterwards, whole and in order.

The disk keeps synced sectors only (tests/integrity/disk.py). Cuts fall on any call that SQLite makes, also
while it recovers from the cut before and while it moves the log into the database.
"""

import random
import sys
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

import apsw
import pytest

from kiosk.contract.operation_id import new_operation_id
from kiosk.journal.chain import START, ChainBroken, Head, verify
from kiosk.journal.database import JournalBroken, prepare
from kiosk.journal.store import Store
from kiosk.operation_states import (
    NEXT,
    Accept,
    Close,
    Confirm,
    DoubtPrint,
    FinishPrint,
    Intend,
    Record,
    Refuse,
    Send,
    StartPrint,
    Step,
    Submission,
    Withdraw,
    advance,
)
from tests.integrity.conftest import Figures
from tests.integrity.disk import Calls, Disk, DiskVFS, PowerCut
from tests.integrity.virtual_time import EPOCH
from tests.kiosk.operating import DRAFT

CUTS = 10_000
SOAK_CUTS = 200_000
CONTROL_CUTS = 500
LIVES_OF_A_DISK = 20
PATH = "/journal.db"


@dataclass
class Promised:
    """What has been acknowledged, and the steps that were under way over this head when the power went.

    They may be several: what seemed lost at one start can be whole at a later one, when a write in its place has
    mended the sectors that were missing and was itself lost but for those. Nobody was ever told of any of them.
    """

    head: Head = START
    operations: dict[UUID, Record] = field(default_factory=dict)
    under_way: list[Record | None] = field(default_factory=list)
    """What an operation would have come to; None for an event that concerns none."""

    def acknowledge(self, head: Head) -> None:
        """Durable up to here: what was tried before can not come back."""
        if head != self.head:
            self.under_way.clear()
        self.head = head


def step_for(record: Record, chance: random.Random) -> Step | None:
    """Any step that may follow."""
    steps = [
        step
        for step in (
            Send(),
            Accept(),
            Confirm(),
            Refuse("quote-stale"),
            Withdraw(),
            StartPrint(record.copies + 1),
            FinishPrint(),
            DoubtPrint(),
            Close(),
        )
        if (record.state, type(step)) in NEXT
    ]
    return chance.choice(steps) if steps else None


def live(store: Store, promised: Promised, chance: random.Random) -> None:
    """A kiosk at work: events and steps of operations, each acknowledged when the call returns."""
    store.interrupt()
    promised.acknowledge(store.head)
    while True:
        if chance.random() < 0.3:
            promised.under_way.append(None)
            promised.acknowledge(store.append("idle-warning", {"session": chance.randrange(1000)}))
            continue
        open_ones = [r for r in promised.operations.values() if step_for(r, chance)]
        if not open_ones or chance.random() < 0.3:
            operation_id = new_operation_id(0, chance.randbytes(10))
            step: Step = Intend(Submission.of(operation_id, DRAFT))
            before = None
        else:
            before = chance.choice(open_ones)
            operation_id = before.operation_id
            step = step_for(before, chance) or Close()
        promised.under_way.append(advance(before, operation_id, step, EPOCH))
        promised.operations[operation_id] = store.advance(operation_id, step)
        promised.acknowledge(store.head)


def broken_promise(store: Store, promised: Promised) -> str | None:
    """What the journal has lost, doubled or invented; None when it has kept every promise."""
    try:
        head = verify(store.events())
    except ChainBroken as problem:
        return f"chain: {problem}"
    if head != store.head:
        return "the head is not the last event"
    extra = head.sequence - promised.head.sequence
    if extra < 0:
        return "lost an acknowledged event"
    if promised.head.sequence and not any(
        row[4] == promised.head.hash for row in store.events(promised.head.sequence - 1)
    ):
        return "an acknowledged event was replaced"
    if extra > 1:
        return "an event that nobody wrote"
    rows = {r.operation_id: r for r in map(store.record, _ids(store)) if r}
    tried = promised.under_way if extra else [None]
    possible = [promised.operations | ({one.operation_id: one} if one else {}) for one in tried]
    return None if rows in possible else "an operation and its events disagree"


def _ids(store: Store) -> list[UUID]:
    rows = store._connection.execute("SELECT operation_id FROM operation").fetchall()
    return [UUID(bytes=row[0]) for row in rows]


def open_store(vfs: DiskVFS, synchronous: str, checkpoint_pages: int) -> Store:
    connection = apsw.Connection(PATH, vfs=vfs.vfs_name)
    try:
        prepare(connection, synchronous)
        connection.pragma("wal_autocheckpoint", checkpoint_pages)
        return Store(connection, lambda: EPOCH)
    except BaseException:
        _drop(connection)
        raise


def _drop(connection: apsw.Connection) -> None:
    """The program is gone with the power: closing must reach nothing."""
    try:
        connection.close(True)
    except (apsw.Error, PowerCut):
        pass


def cut_power(cuts: int, seed: int, synchronous: str = "FULL") -> tuple[Counter[str], Counter[str]]:
    """So many power cuts: what was broken, and on which calls the cuts fell."""
    chance = random.Random(seed)
    broken: Counter[str] = Counter()
    fell_on: Counter[str] = Counter()
    done = 0
    while done < cuts:
        disk = Disk(chance.getrandbits(64))
        vfs = DiskVFS(disk)
        promised = Promised()
        for _ in range(LIVES_OF_A_DISK):
            disk.calls = _cut_after(disk, chance.choice((20, 60, 120, 400)), chance, fell_on)
            problem = _one_life(disk, vfs, promised, synchronous, chance)
            done += 1
            if problem:
                broken[problem] += 1
                break
    return broken, fell_on


def _cut_after(disk: Disk, most: int, chance: random.Random, fell_on: Counter[str]) -> Calls:
    left = chance.randrange(most)

    def calls(what: str, name: str, size: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            fell_on[f"{what} {name}"] += 1
            disk.cut()

    return calls


def _one_life(
    disk: Disk, vfs: DiskVFS, promised: Promised, synchronous: str, chance: random.Random
) -> str | None:
    pages = chance.choice((4, 12, 1000))
    store = None
    try:
        store = open_store(vfs, synchronous, pages)
        live(store, promised, chance)
    except (PowerCut, JournalBroken, apsw.Error):
        pass
    if store is not None:
        _drop(store._connection)
    disk.calls = lambda what, name, size: None
    disk.restore()
    try:
        after = open_store(vfs, synchronous, pages)
    except (JournalBroken, apsw.Error) as problem:
        return f"does not open: {type(problem).__name__}"
    try:
        problem = broken_promise(after, promised)
        promised.acknowledge(after.head)
        promised.operations = {r.operation_id: r for r in map(after.record, _ids(after)) if r}
        return problem
    finally:
        disk.on = chance.random() < 0.5  # half of the time it is closed in good order
        _drop(after._connection)
        disk.restore()


def test_power_cuts_lose_nothing_that_was_acknowledged(seed: int, figures: Figures) -> None:
    broken, fell_on = cut_power(CUTS, seed)
    figures(cuts=CUTS, **fell_on)
    assert not broken, (seed, broken)
    # every kind of call that can lose something was cut, also while the log is moved into the database
    assert {"write db-wal", "sync db-wal", "write db", "sync db", "open db", "read db-wal"} <= set(fell_on)


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_control_weaker_syncing_is_caught(seed: int, synchronous: str, figures: Figures) -> None:
    broken, _ = cut_power(CONTROL_CUTS, seed, synchronous)
    figures(cuts=CONTROL_CUTS, **broken)
    assert broken["lost an acknowledged event"], (seed, broken)


@pytest.mark.soak
def test_two_hundred_thousand_power_cuts(seed: int, figures: Figures) -> None:
    broken, _ = cut_power(SOAK_CUTS, seed)
    figures(cuts=SOAK_CUTS)
    assert not broken, (seed, broken)


if __name__ == "__main__":
    print(cut_power(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]))
