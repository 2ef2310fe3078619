"""kill -9 of the kiosk's engine at any moment, against a real centre in another process; then the books are read.

The engine is the product's: journal on a real file with real syncs, real client, real resolver. A life is forked
from a process that has everything imported, serves citizens as fast as it can, and is killed; the next one begins
with what is on the disk.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from central.store.database import Database
from central.store.tables import operation
from kiosk.contract.money import Fen
from kiosk.journal.__main__ import copy_of, verify_journal
from kiosk.journal.database import connect
from kiosk.operation_states import UNKNOWN_OUTCOME, State
from tests.integrity import real_centre
from tests.integrity.conftest import Figures
from tests.integrity.promises import SETTLED, records
from tests.integrity.real_centre import Books, CentreProcess

KILLS = 200
SOAK_KILLS = 10_000
CONTROL_KILLS = 40
BORROWERS = 48
DRAFTS_OF_A_LIFE = 2


@dataclass
class Lives:
    """A centre's process, a fork server of kiosks, and what citizens have read."""

    books: Books
    journal: Path
    server: "subprocess.Popen[str]"
    kiosk_id: str
    chance: random.Random
    confirmed: list[UUID] = field(default_factory=list)
    refused: list[UUID] = field(default_factory=list)
    papers: list[tuple[UUID, int]] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)

    def life(self, kill_ms: int) -> float:
        """One life, killed after so many milliseconds (0: not at all); how long it took, in seconds."""
        keys = self.chance.sample(range(BORROWERS), DRAFTS_OF_A_LIFE)
        drafts = [  # a quote is offered in one life only, as to one citizen
            self.books.agreed(f"borrower-{key}", self.kiosk_id, Fen(self.chance.randrange(1, 10_000)))
            for key in keys
        ]
        order = {
            "kill_ms": kill_ms,
            "drafts": [
                {
                    "kind": draft.kind.value,
                    "path": draft.path,
                    "quote_id": draft.body["quote_id"],
                    "etag": draft.if_match,
                    "amount": str(draft.amount),
                }
                for draft in drafts
            ],
        }
        assert self.server.stdin and self.server.stdout
        began = time.monotonic()
        self.server.stdin.write(json.dumps(order) + "\n")
        self.server.stdin.flush()
        for line in self.server.stdout:
            word, *rest = line.split()
            match word:
                case "confirmed":
                    self.confirmed.append(UUID(rest[0]))
                case "refused":
                    self.refused.append(UUID(rest[0]))
                case "paper":
                    self.papers.append((UUID(rest[0]), int(rest[1])))
                case "ended":
                    assert rest[0] in ("0", "9"), f"a life ended by itself with status {rest[0]}"
                    self.happened["killed"] += rest[0] == "9"
                    return time.monotonic() - began
            self.happened[word] += 1
        raise AssertionError("the fork server is gone")

    def kill_often(self, kills: int) -> None:
        """Lives until so many have been killed, then one that may finish."""
        usual_ms = min(self.life(0) for _ in range(4)) * 1000
        while self.happened["killed"] < kills:
            self.life(1 + self.chance.randrange(int(usual_ms)))
        self.life(0)

    def broken(self) -> list[str]:
        """Journal, books and what was told, compared."""
        whole, head = verify_journal(self.journal)
        broken = [] if whole == head.sequence else ["I10 the journal has lost events"]
        connection = connect(self.journal)
        known = records(connection)
        connection.close()
        with self.books.centre.database.read() as tx:
            rows = {row.id: row for row in tx.execute(select(operation))}
        for i, record in known.items():
            self.happened[f"at last {record.state}"] += 1
            postings, taken = self.books.taken(i)
            if record.state in SETTLED and (postings, taken) != (1, record.amount):
                broken.append(f"I5 confirmed, with {postings} postings of {taken}")
            elif record.state is State.REFUSED and postings:
                broken.append(f"I6 refused ({record.problem}), and money has moved")
            elif record.state in UNKNOWN_OUTCOME or record.state is State.INTENT:
                broken.append(f"I7 left in {record.state}")
            if record.problem == "not-submitted":
                self.happened["withdrawn"] += 1
                broken += ["C1 withdrawn, and yet at the centre"] if i in rows else []
        settled = sum(record.state in SETTLED for record in known.values())
        self.happened["done and never told"] = settled - len(self.confirmed)
        broken += ["an operation at the centre that no journal knows" for i in rows if i not in known]
        broken += [
            "told that it is done, and it is not" for i in self.confirmed if not self.books.taken(i)[0]
        ]
        carried_out = {row.quote_id for row in rows.values() if row.state == "confirmed"}
        broken += [
            "told that nothing has moved, and it has" for quote in self.refused if quote in carried_out
        ]
        originals = Counter(i for i, copy in self.papers if copy == 1)
        broken += ["I9 two originals" for count in originals.values() if count > 1]
        server_total = sum(row.amount for row in rows.values() if row.state == "confirmed")
        own_total = sum(record.amount or 0 for record in known.values() if record.state in SETTLED)
        broken += ["I12 the day totals differ"] if server_total != own_total else []
        return broken + self.books.findings()


@contextmanager
def lives(folder: Path, seed: int, *flaws: str) -> Iterator[Lives]:
    """Both processes, ended by their ids."""
    url = f"sqlite:///{folder}/centre.db"
    database = Database(url)
    people = real_centre.people_of(BORROWERS, 0, real_centre.today())
    real_centre.write(database, people, real_centre.today())
    books = real_centre.books(database, people)
    identity = books.enrol()
    centre = CentreProcess(url)
    try:
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.integrity.kiosk_process",
                str(folder / "journal.db"),
                centre.url,
                identity.kiosk_id,
                identity.key.private_bytes_raw().hex(),
                *flaws,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        try:
            yield Lives(books, folder / "journal.db", server, identity.kiosk_id, random.Random(seed))
        finally:
            assert server.stdin and server.stdout
            server.stdin.close()
            server.wait(60)
            server.stdout.close()
    finally:
        centre.close()
        database.close()


def test_kill_at_any_moment(tmp_path: Path, seed: int, figures: Figures) -> None:
    with lives(tmp_path, seed) as run:
        run.kill_often(KILLS)
        broken = run.broken()
        figures(**run.happened)
        assert broken == []
        assert run.happened["done and never told"] > KILLS // 20, "kills must fall into the exchange"


@pytest.mark.soak
def test_ten_thousand_kills(tmp_path: Path, seed: int, figures: Figures) -> None:
    with lives(tmp_path, seed + 1) as run:
        run.kill_often(SOAK_KILLS)
        figures(**run.happened)
        assert run.broken() == []


def test_control_a_journal_written_after_the_answer_is_caught(tmp_path: Path, seed: int) -> None:
    with lives(tmp_path, seed, "flawed") as run:
        run.kill_often(CONTROL_KILLS)
        assert "an operation at the centre that no journal knows" in run.broken()


def test_the_journal_can_be_read_after_a_kill(tmp_path: Path, seed: int) -> None:
    with lives(tmp_path, seed) as run:
        run.life(0)
        for kill_ms in (30, 60, 90):
            run.life(kill_ms)
            with copy_of(run.journal) as store:
                assert store.head.sequence
