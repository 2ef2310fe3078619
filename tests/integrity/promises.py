"""What must be true of a world once its trouble is over: the invariants, and that nobody was told anything false."""

from collections import Counter
from uuid import UUID

import apsw

from kiosk.contract.operations import OperationState
from kiosk.journal.chain import ChainBroken, verify
from kiosk.journal.store import Store
from kiosk.operation_states import UNKNOWN_OUTCOME, Record, State
from kiosk.operations import Confirmed, Refused
from tests.integrity.real_centre import Taken
from tests.integrity.world import World

KNOWN_WITHIN_S = 60.0
"""How soon after the line's return each outcome must be known."""

SETTLED = {State.CONFIRMED, State.PRINT_STARTED, State.PRINTED, State.PRINT_UNSURE, State.CLOSED}


def records(connection: apsw.Connection) -> dict[UUID, Record]:
    """Every operation in a kiosk's journal."""
    store = Store(connection)
    rows = connection.execute("SELECT operation_id FROM operation").fetchall()
    return {r.operation_id: r for r in (store.record(UUID(bytes=row[0])) for row in rows) if r}


def broken_record(record: Record, taken: Taken) -> list[str]:
    """What a kiosk's journal says at last of an operation, against what the books have of it."""
    if record.state in SETTLED:
        right = taken == (1, record.amount)
        return [] if right else [f"I5 confirmed, with {taken.postings} postings of {taken.amount}"]
    if record.state is State.REFUSED:
        return [f"I6 refused ({record.problem}), and money has moved"] if taken.postings else []
    return [f"I7 left in {record.state}"]


def broken_promises(world: World) -> list[str]:
    """Every way in which the world is not as it must be; empty when all is well."""
    return [*world.broken, *world.centre.broken_books(), *_kiosks(world), *_told(world), *_papers(world)]


def _kiosks(world: World) -> list[str]:
    broken = []
    states = world.centre.states()
    known: set[UUID] = set()
    totals: Counter[str] = Counter()
    whole = {kiosk.name for kiosk in world.kiosks if len(kiosk.disks) == 1}
    for kiosk in world.kiosks:
        for place, disk in enumerate(kiosk.disks, start=1):
            current = place == len(kiosk.disks)
            for i, record in records(disk).items():
                known.add(i)
                if record.kind is None or (record.attempts == 0 and record.state in SETTLED):
                    continue  # the paper of another kiosk
                moved = world.centre.moved(i)
                if record.state in SETTLED:
                    totals[kiosk.name] += record.amount or 0
                    if states.get(i) is not OperationState.CONFIRMED or moved != record.amount:
                        broken.append("I5 a confirmed operation has not moved its amount exactly once")
                elif record.state is State.REFUSED and moved:
                    broken.append("I6 a refused operation has moved money")
                elif record.state in UNKNOWN_OUTCOME and current:
                    broken.append("I7 an outcome is still unknown")
                elif record.state is State.INTENT and current:
                    broken.append("C1 an intent was neither sent nor withdrawn")
            broken += _chain(world, f"{kiosk.name}/{place}", disk)
    if any(i not in known for i in states):
        broken.append("an operation at the centre that no journal knows")
    server = world.centre.day_totals()
    if any(totals[name] != server.get(name, 0) for name in whole):
        broken.append("I12 a kiosk's day total is not the centre's")
    if world.slowest_s > KNOWN_WITHIN_S:
        broken.append("an outcome was heard of only more than a minute after the line came back")
    return broken


def _chain(world: World, name: str, disk: apsw.Connection) -> list[str]:
    store = Store(disk)
    try:
        verify(store.events())
    except ChainBroken as problem:
        return [f"I10 {problem}"]
    sequence, hash_ = world.centre.anchored.get(name, (0, b""))
    if sequence and not any(row[4] == hash_ for row in store.events(sequence - 1)):
        return ["I10 the journal is not the one that the centre has seen"]
    return []


def _told(world: World) -> list[str]:
    broken = []
    states = world.centre.states()
    for told in world.told:
        state = states.get(told.operation_id)
        moved = world.centre.moved(told.operation_id)
        match told.result:
            case Confirmed() if state is not OperationState.CONFIRMED:
                broken.append("a citizen was told that it is done, and it is not")
            case Refused() if moved or state not in (None, OperationState.REFUSED):
                broken.append("a citizen was told that nothing has moved, and it has")
            case _:
                pass
    return broken


def _papers(world: World) -> list[str]:
    broken = []
    states = world.centre.states()
    for (i, copy), count in Counter(world.papers).items():
        if states.get(i) is not OperationState.CONFIRMED:
            broken.append("a receipt for what has not happened")
        if copy == 1 and count > 1:
            broken.append("I9 two papers that both say they are the original")
    return broken
