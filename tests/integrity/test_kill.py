"""kill -9 of the kiosk's engine at any moment, against a real centre in another process; then the books are read.

The engine is the product's: journal on real files, real client, real resolver. A life is forked from a process that
has everything imported, serves a citizen as fast as it can, and is killed; the next one begins with what is there.
The files are in memory: a kill leaves what the system holds in its caches, so no disk can make a difference.
"""

import pickle
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median
from uuid import UUID

from sqlalchemy import select

from central import kiosks
from central.ledger.day_balance import against_kiosks, kiosk_days
from central.store.tables import operation
from kiosk.contract.money import Fen
from kiosk.heartbeat import quiet
from kiosk.journal.__main__ import copy_of, verify_journal
from kiosk.journal.database import connect
from kiosk.journal.store import Store
from kiosk.journal.totals import RunningTotals
from kiosk.line import Identity
from kiosk.operation_states import Draft, Record
from tests.integrity import real_centre
from tests.integrity.conftest import Figures
from tests.integrity.kiosk_process import Order
from tests.integrity.processes import CentreProcess
from tests.integrity.promises import SETTLED, broken_record, records
from tests.integrity.real_centre import Books

KILLS = 10_000
CONTROL_KILLS = 40
KIOSKS = 2
"""Fork servers at work at the same time."""

BORROWERS = 24
"""Of each kiosk: no two kiosks quote for the same loan, or one quote would make the other stale."""

KILLS_OF_A_JOURNAL = 100
"""Then it goes on as a new kiosk, for each start reads the whole journal."""

FREE_LIVES = 5
"""Of each journal, before the first kill; the last of them say how long a life is. (Those that happen to escape
their kill cannot: they are the short ones.)"""


class Kiosk:
    """A fork server of engines, and what the citizens at it have read."""

    def __init__(self, books: Books, url: str, folder: Path, number: int, chance: random.Random, flaw: str):
        self.books = books
        self.folder = folder
        self.number = number
        self.chance = chance
        self.journals: dict[str, Path] = {}
        self.confirmed: list[UUID] = []
        self.refused: list[str] = []
        self.papers: list[tuple[UUID, int]] = []
        self.happened: Counter[str] = Counter()
        self._drafts: list[Draft] = []
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.integrity.kiosk_process", url, flaw],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.renew()

    def renew(self) -> None:
        """Go on as another kiosk, with a journal of its own."""
        self.identity: Identity = self.books.enrol()
        self.journal = self.folder / f"journal-{self.number}-{len(self.journals)}.db"
        self.journals[self.identity.kiosk_id] = self.journal
        self._drafts.clear()

    def life(self, kill_s: float | None = None) -> float:
        """One life, with one citizen to serve; how long it took, in seconds."""
        key = self.identity.key.private_bytes_raw()
        order = Order(self.journal, self.identity.kiosk_id, key, [self._draft()], kill_s)
        assert self._server.stdin and self._server.stdout
        began = time.monotonic()
        pickle.dump(order, self._server.stdin)
        self._server.stdin.flush()
        for line in self._server.stdout:
            word, *rest = line.decode().split()
            match word:
                case "confirmed":
                    self.confirmed.append(UUID(rest[0]))
                case "refused":
                    self.refused.append(rest[0])
                case "paper":
                    self.papers.append((UUID(rest[0]), int(rest[1])))
                case "ended":
                    assert rest[0] in ("0", "9"), f"a life ended by itself with status {rest[0]}"
                    self.happened["killed"] += rest[0] == "9"
                    return time.monotonic() - began
            self.happened[word] += 1
        raise AssertionError("the fork server is gone")

    def _draft(self) -> Draft:
        """A quote is offered in one life only, as to one citizen; they are made in batches, each for another loan."""
        if not self._drafts:
            first = self.number * BORROWERS
            wishes = [
                (f"borrower-{first + n}", Fen(self.chance.randrange(1, 10_000))) for n in range(BORROWERS)
            ]
            self._drafts = self.books.agreed_all(wishes, self.identity.kiosk_id)
        return self._drafts.pop()

    def kill_often(self, kills: int) -> None:
        """Lives until so many have been killed; the last of each journal may finish."""
        left = kills
        while left:
            usual_s = median([self.life() for _ in range(FREE_LIVES)][1:])
            batch, killed = min(left, KILLS_OF_A_JOURNAL), self.happened["killed"]
            while self.happened["killed"] < killed + batch:
                self.life(self.chance.uniform(0.001, usual_s))
            self.life()
            left -= batch
            if left:
                self.renew()

    def close(self) -> None:
        """End it."""
        assert self._server.stdin and self._server.stdout
        self._server.stdin.close()
        self._server.wait(60)
        self._server.stdout.close()


@dataclass
class Hall:
    """A centre's process and the kiosks before it."""

    books: Books
    kiosks: list[Kiosk]
    began_on: date = field(default_factory=real_centre.today)
    happened: Counter[str] = field(default_factory=Counter)

    def kill_often(self, kills: int) -> None:
        """So many kills, shared by the kiosks, all at work at the same time."""
        with ThreadPoolExecutor(len(self.kiosks)) as pool:
            list(pool.map(lambda kiosk: kiosk.kill_often(kills // len(self.kiosks)), self.kiosks))
        self.happened = sum((kiosk.happened for kiosk in self.kiosks), Counter())

    def broken(self) -> list[str]:
        """Journals, books and what was told, compared."""
        taken = self.books.all_taken()
        with self.books.centre.database.read() as tx:
            rows = {row.id: row for row in tx.execute(select(operation))}
        broken: list[str] = []
        known: dict[UUID, Record] = {}
        for kiosk_id, journal in [pair for kiosk in self.kiosks for pair in kiosk.journals.items()]:
            whole, head = verify_journal(journal)
            broken += [] if whole == head.sequence else ["I10 a journal has lost events"]
            connection = connect(journal)
            store = Store(connection)
            known |= records(connection)
            self._tell_totals(kiosk_id, store)
            store.close()
        for i, record in known.items():
            self.happened[f"at last {record.state}"] += 1
            broken += broken_record(record, taken[i])
            if record.problem == "not-submitted":
                self.happened["withdrawn"] += 1
                broken += ["C1 withdrawn, and yet at the centre"] if i in rows else []
        confirmed = [i for kiosk in self.kiosks for i in kiosk.confirmed]
        settled = sum(record.state in SETTLED for record in known.values())
        self.happened["done and never told"] = settled - len(confirmed)
        broken += ["an operation at the centre that no journal knows" for i in rows if i not in known]
        broken += ["told that it is done, and it is not" for i in confirmed if not taken[i].postings]
        carried_out = {str(row.quote_id) for row in rows.values() if row.state == "confirmed"}
        refused = [quote for kiosk in self.kiosks for quote in kiosk.refused]
        broken += ["told that nothing has moved, and it has" for quote in refused if quote in carried_out]
        originals = Counter(i for kiosk in self.kiosks for i, copy in kiosk.papers if copy == 1)
        broken += ["I9 two originals" for count in originals.values() if count > 1]
        return broken + self._day_end()

    def _tell_totals(self, kiosk_id: str, store: Store) -> None:
        """A last heartbeat, as a kiosk sends it."""
        totals = RunningTotals().last_days(store.events)
        beat = quiet().model_copy(update={"journal_head": store.head.hex, "day_totals": totals})
        with self.books.centre.database.write() as tx:
            kiosks.beat(tx, kiosk_id, beat, self.books.centre.now_ms())

    def _day_end(self) -> list[str]:
        """I12, as day-end finds it."""
        with self.books.centre.database.read() as tx:
            days = [one for day in {self.began_on, real_centre.today()} for one in kiosk_days(tx, day)]
        self.happened["kiosk days in balance"] = sum(one.told == one.booked for one in days)
        differ = against_kiosks(days)
        return [f"I12 {row}" for row in differ.rows] if differ else []


@contextmanager
def hall(folder: Path, seed: int, *, kiosks: int = KIOSKS, flaw: str = "") -> Iterator[Hall]:
    """All processes, ended by their ids; in the end the books must be sound."""
    url = f"sqlite:///{folder}/centre.db"
    with real_centre.filled(url, BORROWERS * kiosks, 0) as books:
        centre = CentreProcess(url)
        made: list[Kiosk] = []
        try:
            for number in range(kiosks):
                chance = random.Random(f"{seed}-{number}")
                made.append(Kiosk(books, centre.url, folder, number, chance, flaw))
            yield Hall(books, made)
        finally:
            for kiosk in made:
                kiosk.close()
            centre.close()


def test_kill_at_any_moment(in_memory: Path, seed: int, figures: Figures) -> None:
    with hall(in_memory, seed) as run:
        run.kill_often(KILLS)
        broken = run.broken()
        figures(kills=run.happened["killed"], **run.happened)
        assert broken == []
        assert run.happened["done and never told"] > KILLS // 20, "kills must fall into the exchange"


def test_control_a_journal_written_after_the_answer_is_caught(in_memory: Path, seed: int) -> None:
    with hall(in_memory, seed, flaw="flawed") as run:
        run.kill_often(CONTROL_KILLS)
        assert "an operation at the centre that no journal knows" in run.broken()


def test_the_journal_can_be_read_after_a_kill(in_memory: Path, seed: int) -> None:
    with hall(in_memory, seed, kiosks=1) as run:
        (kiosk,) = run.kiosks
        kiosk.life()
        for kill_s in (0.003, 0.006, 0.009):
            kiosk.life(kill_s)
            with copy_of(kiosk.journal) as store:
                assert store.head.sequence
