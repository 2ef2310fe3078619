"""Backup, disaster, restore to a random second, and the fleet comes back: sound books, and every difference known.

What was acknowledged before that second is there; what came after is on the list that the kiosks' journals and the
books give when they are laid side by side; what was unknown is settled.
"""

import os
import random
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from pysqlite3 import dbapi2 as sqlite
from sqlalchemy import make_url

from central.store.database import Database
from kiosk.contract.money import Fen
from kiosk.contract.operations import Operation
from kiosk.exchange import Exchange, NotFound, Refusal, Unknown
from kiosk.journal.store import Store
from kiosk.journal.totals import confirmations
from kiosk.operation_states import Submission
from kiosk.operations import Operations
from kiosk.resolver import Resolver
from tests.central.postgres import as_owner, binary, cluster
from tests.integrity import processes, real_centre
from tests.integrity.conftest import Figures
from tests.integrity.real_centre import Books
from tests.integrity.test_centre_killed import Postgres
from tests.integrity.virtual_time import Scheduler, VirtualRuntime
from tests.kiosk.operating import InlineJournal, memory

KIOSKS = 3
BORROWERS = 12
OPERATIONS = 40
LOST_ANSWERS = 0.2


class Kiosk:
    """A kiosk of the fleet: its journal outlives the centre's disaster."""

    def __init__(self, books: Books, number: int, chance: random.Random) -> None:
        self.books = books
        self.chance = chance
        self.kiosk_id = books.enrol(f"fleet {number}").kiosk_id
        self.store = Store(memory())
        self.scheduler = Scheduler()
        self.cut = False
        self.start()

    def start(self) -> None:
        runtime = VirtualRuntime(self.scheduler, self.chance.getrandbits(32))
        journal = InlineJournal(self.store)
        exchange = Exchange(journal, self, runtime)
        self.resolver = Resolver(journal, exchange, runtime)
        self.operations = Operations(journal, exchange, runtime, self.resolver.follow)

    def submit(self, submission: Submission) -> Operation | Refusal | Unknown:
        answer = Unknown("broken") if self.cut else self.books.submit(submission, self.kiosk_id)
        return Unknown("timeout") if self.chance.random() < LOST_ANSWERS else answer

    def find(self, operation_id: UUID) -> Operation | NotFound | Unknown:
        return Unknown("broken") if self.cut else self.books.find(operation_id, self.kiosk_id)

    def repay(self, borrower: str) -> None:
        """One visit; its outcome may stay unknown when the line is cut in the middle of it."""
        draft = self.books.agreed(borrower, self.kiosk_id, Fen(self.chance.randrange(1, 9_999)))
        self.scheduler.start(self.operations.perform(draft))
        self.scheduler.run(until_s=self.scheduler.time_s + 40)

    def confirmed(self) -> dict[UUID, int]:
        """What its journal says was confirmed, as `python -m kiosk.journal totals` reads it."""
        return {one.operation_id: one.amount or 0 for one in confirmations(self.store.events())}

    def come_back(self, books: Books) -> None:
        """The centre has been restored: start again and let the resolver finish."""
        self.books, self.cut = books, False
        self.scheduler.clear()
        self.start()
        self.scheduler.start(self.resolver.recover())
        self.scheduler.run(until_s=self.scheduler.time_s + 600)


@dataclass
class Moment:
    """An instant between two operations, and what had been confirmed to the fleet until then."""

    at: datetime
    confirmed: dict[UUID, int] = field(default_factory=dict)


def work(kiosks: list[Kiosk], chance: random.Random) -> list[Moment]:
    """The fleet at work; the moments between its operations."""
    moments = []
    for _ in range(OPERATIONS):
        chance.choice(kiosks).repay(f"borrower-{chance.randrange(BORROWERS)}")
        threading.Event().wait(0.02)  # so that the moments differ by more than clocks do
        moments.append(Moment(datetime.now(UTC), _all_confirmed(kiosks)))
        threading.Event().wait(0.02)
    return moments


def _all_confirmed(kiosks: list[Kiosk]) -> dict[UUID, int]:
    return {i: amount for kiosk in kiosks for i, amount in kiosk.confirmed().items()}


def differences(kiosks: list[Kiosk], books: Books) -> set[UUID]:
    """What kiosks were told is done, and the books do not have: the list for the staff."""
    return {i for i, amount in _all_confirmed(kiosks).items() if books.taken(i) != (1, amount)}


def check_restored(kiosks: list[Kiosk], books: Books, moment: Moment) -> Counter[str]:
    """After the fleet has come back: nothing unknown, sound books, and exactly the differences that must be."""
    for kiosk in kiosks:
        kiosk.come_back(books)
    for kiosk in kiosks:
        assert not [r for r in kiosk.store.unfinished() if r.state in ("intent", "sent", "accepted")]
    missing = differences(kiosks, books)
    assert not missing & set(moment.confirmed), "what was acknowledged before that second is there"
    assert books.findings() == []
    return Counter(kept=len(moment.confirmed), lost=len(missing))


# ------------------------------------------------------------------ SQLite


def backup_of(url: str, target: Path) -> None:
    """An online copy, as the runbook makes it."""
    with closing(sqlite.connect(str(make_url(url).database))) as source:
        source.execute("VACUUM INTO ?", (str(target),))


def test_a_sqlite_backup_at_a_random_moment(tmp_path: Path, seed: int, figures: Figures) -> None:
    chance = random.Random(seed)
    url = f"sqlite:///{tmp_path}/centre.db"
    with real_centre.filled(url, BORROWERS, 0) as books:
        kiosks = [Kiosk(books, number, chance) for number in range(KIOSKS)]
        before = work(kiosks, chance)[-1]
        backup_of(url, tmp_path / "backup.db")
        work(kiosks, chance)
        for kiosk in kiosks:
            kiosk.cut = True
            kiosk.repay(f"borrower-{chance.randrange(BORROWERS)}")  # unknown when the centre goes
    restored = Database(f"sqlite:///{tmp_path}/backup.db")
    after = real_centre.books(restored, list(books.people.values()))
    done = check_restored(kiosks, after, before)
    figures(drills=1, **done)
    assert done["kept"] and done["lost"]
    restored.close()


# ------------------------------------------------------------------ PostgreSQL, to a second


@contextmanager
def archiving() -> Iterator[tuple[Postgres, Path]]:
    """A cluster whose log is archived, and a base backup of it; both folders."""
    with cluster(durable=True) as url:
        postgres = Postgres(url)
        folder = postgres.data.parent
        archive = folder / "archive"
        archive.mkdir()
        if os.geteuid() == 0:
            shutil.chown(archive, "postgres", "postgres")
        postgres.stop()
        postgres.command += ["-c", "archive_mode=on", "-c", f"archive_command=cp %p {archive}/%f"]
        postgres.start()
        try:
            yield postgres, archive
        finally:
            postgres.close()


def base_backup(postgres: Postgres) -> Path:
    """As the runbook makes it."""
    target = postgres.data.parent / "base"
    subprocess.run(
        as_owner(
            [
                binary("pg_basebackup"),
                "-h",
                str(postgres.data.parent),
                "-U",
                "centre",
                "-D",
                str(target),
                "-c",
                "fast",
            ]
        ),
        check=True,
        cwd=postgres.data.parent,
    )
    return target


def restore(postgres: Postgres, base: Path, archive: Path, until: datetime | None) -> None:
    """Put the base backup in the place of the lost data, and play the archived log to a second (or to its end)."""
    shutil.rmtree(postgres.data)
    subprocess.run(as_owner(["cp", "-a", str(base), str(postgres.data)]), check=True, cwd=base.parent)
    settings = [f"restore_command = 'cp {archive}/%f %p'", "recovery_target_action = 'promote'"]
    if until is not None:
        settings.append(f"recovery_target_time = '{until.isoformat()}'")
    with (postgres.data / "postgresql.auto.conf").open("a") as file:
        file.write("\n".join(settings) + "\n")
    (postgres.data / "recovery.signal").touch()
    postgres.start()
    _wait_for_promotion(postgres)


def _wait_for_promotion(postgres: Postgres) -> None:
    import psycopg

    def writable() -> bool:
        with psycopg.connect(f"host={postgres.data.parent} user=centre dbname=postgres") as connection:
            row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
            return row == (False,)

    processes.wait_until(writable, 60)


def _switch_log(postgres: Postgres) -> None:
    """Have the archive take what has been written so far."""
    import psycopg

    with psycopg.connect(
        f"host={postgres.data.parent} user=centre dbname=postgres", autocommit=True
    ) as connection:
        last = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
        assert last

        def archived() -> bool:
            row = connection.execute("SELECT last_archived_wal FROM pg_stat_archiver").fetchone()
            return bool(row and row[0] and str(row[0])[:24] >= str(last[0]))

        processes.wait_until(archived, 60)


def drill(chance: random.Random, choose: Callable[[list[Moment]], Moment | None]) -> tuple[Counter[str], int]:
    """The whole exercise; `choose` names the second (None: the last). What was kept and lost, and what must be."""
    with archiving() as (postgres, archive):
        people = real_centre.people_of(BORROWERS, 0, real_centre.today())
        database = Database(postgres.url)
        real_centre.write(database, people, real_centre.today())
        books = real_centre.books(database, people)
        kiosks = [Kiosk(books, number, chance) for number in range(KIOSKS)]
        base = base_backup(postgres)
        moments = work(kiosks, chance)
        for kiosk in kiosks:
            kiosk.cut = True
            kiosk.repay(f"borrower-{chance.randrange(BORROWERS)}")
        _switch_log(postgres)
        moment = choose(moments)
        database.close()
        postgres.stop()
        restore(postgres, base, archive, moment.at if moment else None)
        restored = Database(postgres.url)
        after = real_centre.books(restored, people)
        final = moment or moments[-1]
        must_be_lost = len(set(moments[-1].confirmed) - set(final.confirmed))
        done = check_restored(kiosks, after, final)
        restored.close()
        return done, must_be_lost


def test_postgres_restored_to_a_random_second(seed: int, figures: Figures) -> None:
    chance = random.Random(seed)
    done, must_be_lost = drill(chance, lambda moments: chance.choice(moments[5:-5]))
    figures(drills=1, **done)
    assert done["kept"] and done["lost"] == must_be_lost > 0


def test_postgres_restored_to_the_end_of_its_log(seed: int, figures: Figures) -> None:
    done, _ = drill(random.Random(seed), lambda moments: None)
    figures(drills=1, **done)
    assert done["kept"] and done["lost"] == 0


def test_control_a_lost_operation_is_seen(tmp_path: Path, seed: int) -> None:
    """The comparison that the drills rest on: one operation missing from the books is found."""
    chance = random.Random(seed)
    with real_centre.filled(f"sqlite:///{tmp_path}/centre.db", BORROWERS, 0) as books:
        kiosks = [Kiosk(books, number, chance) for number in range(KIOSKS)]
        backup_of(f"sqlite:///{tmp_path}/centre.db", tmp_path / "old.db")
        work(kiosks, chance)
        assert differences(kiosks, books) == set()
    old = Database(f"sqlite:///{tmp_path}/old.db")
    assert differences(kiosks, real_centre.books(old, list(books.people.values())))
    with pytest.raises(AssertionError, match="is there"):
        check_restored(
            kiosks,
            real_centre.books(old, list(books.people.values())),
            Moment(datetime.now(UTC), _all_confirmed(kiosks)),
        )
    old.close()
