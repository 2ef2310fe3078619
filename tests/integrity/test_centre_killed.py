"""The centre's process killed, and PostgreSQL stopped in immediate mode, while kiosks repay: nothing acknowledged is
lost, nothing is doubled, and every unknown outcome is settled once the centre is back."""

import asyncio
import os
import random
import shlex
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import cycle
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from sqlalchemy import make_url, select, text
from sqlalchemy.exc import DBAPIError

from central.refusals import Refused as CentreRefused
from central.store import tables
from kiosk.centre_port import LinePort
from kiosk.contract.money import Fen
from kiosk.contract.operations import Operation
from kiosk.exchange import Exchange, NotFound, Refusal, Unknown
from kiosk.journal.store import Store
from kiosk.line import Line
from kiosk.operation_states import Draft, Submission
from kiosk.operations import BeingProcessed, Confirmed, Operations, Refused
from kiosk.resolver import Resolver
from tests.central.postgres import as_owner, cluster
from tests.integrity import processes, real_centre
from tests.integrity.conftest import Figures, memory_disk
from tests.integrity.patient import Patient
from tests.integrity.processes import CentreProcess
from tests.integrity.promises import broken_record, records
from tests.integrity.real_centre import Books, Taken
from tests.kiosk.operating import InlineJournal, memory

A = TypeVar("A")

KIOSKS = 4
BORROWERS = 80
KILLS = 150
DEATHS = 100
STOPS = 100
CONTROL_STOPS = 5
BETWEEN_KILLS_S = (0.0, 0.08)
BETWEEN_STOPS_S = (0.1, 0.4)
"""From the first answer to the blow: a centre that does not serve yet has nothing to lose."""

IN_A_COMMIT_US = 400

HEARD_WITHIN_S = 30.0
SETTLED_WITHIN_S = 30.0
SHORTER = 0.005
"""Pauses of the kiosks pass so much faster than in a lobby."""


class Short(Patient):
    """Time in a hurry."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds * SHORTER)


class Ear(LinePort):
    """Tells when the centre has answered."""

    def __init__(self, line: Line, heard: threading.Event) -> None:
        super().__init__(line)
        self.heard = heard

    def submit(self, submission: Submission) -> Operation | Refusal | Unknown:
        return self._hear(super().submit(submission))

    def find(self, operation_id: UUID) -> Operation | NotFound | Unknown:
        return self._hear(super().find(operation_id))

    def _hear(self, answer: A) -> A:
        if not isinstance(answer, Unknown):
            self.heard.set()
        return answer


class Kiosk(threading.Thread):
    """Repays again and again, each time with a fresh quote, until it is told to stop."""

    def __init__(self, books: Books, url: str, number: int, seed: int, heard: threading.Event) -> None:
        super().__init__(name=f"kiosk-{number}")
        self.books = books
        self.chance = random.Random(f"{seed}-{number}")
        self.identity = books.enrol(self.name)
        self.port = Ear(Line(url, self.identity), heard)
        self.store = Store(memory())
        self.borrowers = cycle(range(number, BORROWERS, KIOSKS))
        self.stop = threading.Event()
        self.settled_within_s = SETTLED_WITHIN_S
        self.told: dict[UUID, str] = {}
        self.happened: Counter[str] = Counter()

    def run(self) -> None:
        asyncio.run(self._work())

    async def _work(self) -> None:
        runtime = Short()
        journal = InlineJournal(self.store)
        exchange = Exchange(journal, self.port, runtime)
        operations = Operations(journal, exchange, runtime, Resolver(journal, exchange, runtime).follow)
        while not self.stop.is_set():
            draft = await asyncio.to_thread(self._agreed)
            if draft is None:
                continue
            match await operations.perform(draft):
                case Confirmed(operation):
                    self.told[operation.operation_id] = "confirmed"
                case Refused():
                    self.happened["refused"] += 1
                case BeingProcessed(operation_id):
                    self.told[operation_id] = "being processed"
        await runtime.finished(self.settled_within_s)
        await runtime.close()

    def _agreed(self) -> Draft | None:
        """A quote, unless the database is away just now."""
        try:
            return self.books.agreed(
                f"borrower-{next(self.borrowers)}",
                self.identity.kiosk_id,
                Fen(self.chance.randrange(1, 9_999)),
            )
        except (DBAPIError, CentreRefused):
            return None

    def broken(self, taken: Mapping[UUID, Taken]) -> list[str]:
        """Its journal and what it told, against the books."""
        found = []
        for record in records(self.store._connection).values():
            self.happened[f"at last {record.state}"] += 1
            found += broken_record(record, taken[record.operation_id])
        for told in self.told.values():
            self.happened[told] += 1
        return found


def work_through(
    books: Books,
    url: str,
    seed: int,
    blows: int,
    blow: Callable[[random.Random], None],
    between_s: tuple[float, float],
    settled_within_s: float = SETTLED_WITHIN_S,
) -> tuple[Counter[str], list[str]]:
    """Kiosks at work while the centre takes one blow after another; then calm."""
    chance = random.Random(seed)
    heard = threading.Event()
    kiosks = [Kiosk(books, url, number, seed, heard) for number in range(KIOSKS)]
    checkpoint(books)
    for kiosk in kiosks:
        kiosk.settled_within_s = settled_within_s
        kiosk.start()
    pause = threading.Event()
    try:
        for _ in range(blows):
            heard.clear()
            assert heard.wait(HEARD_WITHIN_S), "the centre does not come back"
            pause.wait(chance.uniform(*between_s))  # the moment of the blow is what is random
            blow(chance)
    finally:
        for kiosk in kiosks:
            kiosk.stop.set()
        for kiosk in kiosks:
            kiosk.join()
    books.centre.database.engine.dispose()  # connections to a server that is gone
    taken = books.all_taken()
    broken = [what for kiosk in kiosks for what in kiosk.broken(taken)] + books.findings()
    known = {i for kiosk in kiosks for i in records(kiosk.store._connection)}
    with books.centre.database.read() as tx:
        stored = set(tx.execute(select(tables.operation.c.id)).scalars())
    broken += ["an operation at the centre that no journal knows" for _ in stored - known]
    return sum((kiosk.happened for kiosk in kiosks), Counter()), broken


def checkpoint(books: Books) -> None:
    """What was prepared is durable, also where commits do not wait: only operations can be lost."""
    if not books.centre.database.is_sqlite:
        with books.centre.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
            admin.execute(text("CHECKPOINT"))


def kill_the_centre(url: str, seed: int, kills: int) -> tuple[Counter[str], list[str]]:
    with real_centre.filled(url, BORROWERS, 0) as books:
        centre = CentreProcess(url)

        def blow(chance: random.Random) -> None:
            centre.kill()
            threading.Event().wait(chance.uniform(0.0, 0.05))
            centre.start()

        try:
            return work_through(books, centre.url, seed, kills, blow, BETWEEN_KILLS_S)
        finally:
            centre.close()


def test_the_centres_process_killed(database_url: str, seed: int, figures: Figures) -> None:
    happened, broken = kill_the_centre(database_url, seed, KILLS)
    figures(kills=KILLS, **happened)
    assert broken == []
    assert happened["at last confirmed"] > KILLS // 5


# ------------------------------------------------------------------ SQLite in mid-commit


def ends_in_mid_commit(log: Path) -> bool:
    """Whether the last transaction in SQLite's write-ahead log was not written to its end: its last frame is not
    marked as a commit (https://sqlite.org/fileformat2.html#the_write_ahead_log)."""
    raw = log.read_bytes()
    page_size, salts = int.from_bytes(raw[8:12]), raw[16:24]
    committed = True
    for frame in range(32, len(raw) - 24 - page_size + 1, 24 + page_size):
        if raw[frame + 8 : frame + 16] != salts:
            break
        committed = raw[frame + 4 : frame + 8] != bytes(4)
    return not committed


def test_the_centre_killed_in_mid_commit(in_memory: Path, seed: int, figures: Figures) -> None:
    """SQLite rolls back what was not committed to its end, and the kiosks ask again."""
    url = f"sqlite:///{in_memory}/centre.db"
    halves = 0
    with real_centre.filled(url, BORROWERS, 0) as books, closing(CentreProcess(url)) as centre:

        def blow(chance: random.Random) -> None:
            nonlocal halves
            centre.kill()
            centre.start(dies=(chance.randint(1, 8), chance.randrange(IN_A_COMMIT_US)))
            processes.wait_until(lambda: processes.gone(centre.pid))
            halves += ends_in_mid_commit(in_memory / "centre.db-wal")
            centre.start()

        happened, broken = work_through(books, centre.url, seed, DEATHS, blow, BETWEEN_KILLS_S)
    figures(deaths=DEATHS, half_written=halves, **happened)
    assert broken == []
    assert halves, "some must fall into the commit itself"


# ------------------------------------------------------------------ PostgreSQL in immediate mode


class Postgres:
    """A cluster whose postmaster can be stopped without a checkpoint and started again over the same files."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.data = Path(str(make_url(url).query["host"])) / "data"
        self.command = shlex.split((self.data / "postmaster.opts").read_text())
        self.process: subprocess.Popen[bytes] | None = None

    def stop(self) -> None:
        """Immediate: as if the power had gone; the next start recovers from the log."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        if self.process is not None:
            self.process.wait(30)
        processes.wait_until(lambda: processes.gone(pid))

    def start(self) -> None:
        """Start, and wait until it takes connections."""
        import psycopg

        def ready() -> bool:
            try:
                psycopg.connect(f"host={self.data.parent} user=centre dbname=postgres").close()
            except psycopg.OperationalError:
                return False
            return True

        self.process = subprocess.Popen(
            as_owner(self.command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.data.parent
        )
        processes.wait_until(ready, 60)

    def close(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)


@contextmanager
def stoppable(*, durable: bool) -> Iterator[tuple[Postgres, Books, CentreProcess]]:
    with cluster(durable=durable, where=memory_disk()) as url:
        postgres = Postgres(url)
        try:
            with real_centre.filled(url, BORROWERS, 0) as books:
                centre = CentreProcess(url)
                try:
                    yield postgres, books, centre
                finally:
                    centre.close()
        finally:
            postgres.close()


def stop_postgres(seed: int, stops: int, *, durable: bool) -> tuple[Counter[str], list[str]]:
    with stoppable(durable=durable) as (postgres, books, centre):

        def blow(chance: random.Random) -> None:
            postgres.stop()
            postgres.start()

        within_s = SETTLED_WITHIN_S if durable else 5.0
        return work_through(books, centre.url, seed, stops, blow, BETWEEN_STOPS_S, within_s)


def test_postgres_stopped_in_immediate_mode(seed: int, figures: Figures) -> None:
    happened, broken = stop_postgres(seed, STOPS, durable=True)
    figures(stops=STOPS, **happened)
    assert broken == []
    assert happened["at last confirmed"] > STOPS


def test_control_commits_that_do_not_wait_for_the_disk_are_caught(seed: int) -> None:
    """fsync and synchronous_commit off: an answer is given before its commit is in the log."""
    _, broken = stop_postgres(seed, CONTROL_STOPS, durable=False)
    assert any(what.startswith("I5 confirmed, with 0 postings") for what in broken), broken
