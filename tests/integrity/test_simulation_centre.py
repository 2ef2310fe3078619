"""The same worlds as test_simulation.py on the real centre: its rules, ledger, payouts and bank, on SQLite."""

import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from central.clock import day_of
from central.store import tables
from central.store.database import Database
from tests.integrity import real_centre
from tests.integrity.conftest import Figures
from tests.integrity.promises import broken_promises
from tests.integrity.real_world import FragileBank, RealCentre, WorldClock
from tests.integrity.test_simulation import CallsItFailed
from tests.integrity.world import CITIZENS, Trouble, World

WORLDS = 26
CONTROL_WORLDS = 2
SOAK_WORLDS = 400
KIOSKS = 2
SESSIONS_OF_A_KIOSK = 20


def run_worlds(folder: Path, seed: int, worlds: int, **parts: Any) -> tuple[Counter[str], list[str]]:
    """World after world over one set of books, made of these parts; what happened, and what was broken."""
    clock = WorldClock()
    today = day_of(clock.now_ms())
    people = real_centre.people_of(CITIZENS, CITIZENS * worlds, today)
    database = Database(f"sqlite:///{folder}/centre.db")
    real_centre.write(database, people, today)
    happened: Counter[str] = Counter()
    broken: list[str] = []
    bank = FragileBank(clock, random.Random(seed))
    books = real_centre.books(database, people, clock, bank)
    for number in range(worlds):
        chance = random.Random(f"{seed}-{number}")
        retirees = [f"retiree-{number * CITIZENS + citizen}" for citizen in range(CITIZENS)]
        centre = RealCentre(books, chance, clock, bank, retirees)
        centre.kiosks = {f"w{number}-kiosk-{kiosk}" for kiosk in range(KIOSKS)}
        _enrol(books, sorted(centre.kiosks))
        world = World(chance, centre, Trouble(), name=f"w{number}-", **parts)
        world.scheduler.time_s = clock.now_s
        world.run(KIOSKS, SESSIONS_OF_A_KIOSK)
        happened += world.happened
        broken += [f"world {number}: {what}" for what in broken_promises(world)]
    broken += _bank(books, bank, clock, today)
    database.close()
    return happened, broken


def _enrol(books: real_centre.Books, names: list[str]) -> None:
    with books.centre.database.write() as tx:
        tx.execute(
            insert(tables.kiosk),
            [{"id": name, "name": name, "public_key": name, "enrolled_ms": 0} for name in names],
        )


def _bank(books: real_centre.Books, bank: FragileBank, clock: WorldClock, first: date) -> list[str]:
    """I11 and I12: what the bank paid is what was confirmed, once each."""
    days = (day_of(clock.now_ms()) - first).days + 1
    paid = Counter(
        line.reference for day in range(days) for line in bank.statement(first + timedelta(days=day))
    )
    with books.centre.database.read() as tx:
        rows = tx.execute(
            select(tables.operation).where(
                tables.operation.c.kind == "closure", tables.operation.c.state == "confirmed"
            )
        ).all()
    confirmed = Counter(row.id for row in rows)
    return [] if paid == confirmed else [f"the bank paid {len(paid)}, the books say {len(confirmed)}"]


def test_the_real_centre_in_the_same_worlds(in_memory: Path, seed: int, figures: Figures) -> None:
    happened, broken = run_worlds(in_memory, seed, WORLDS)
    figures(sessions=happened["session"], **happened)
    assert broken == []
    assert happened["Confirmed"] > WORLDS * 10


@pytest.mark.soak
def test_the_real_centre_in_many_worlds(in_memory: Path, seed: int, figures: Figures) -> None:
    happened, broken = run_worlds(in_memory, seed + 1, SOAK_WORLDS)
    figures(sessions=happened["session"], **happened)
    assert broken == []


def test_control_no_answer_called_failed_is_caught(in_memory: Path, seed: int) -> None:
    _, broken = run_worlds(in_memory, seed, CONTROL_WORLDS, runtime=CallsItFailed)
    assert any("told that nothing has moved, and it has" in what for what in broken), broken
