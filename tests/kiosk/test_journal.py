"""The journal on a real file: durable, exclusive, ordered, chained, rotated without a loss, never believed twice."""

import gzip
import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import closing
from pathlib import Path
from uuid import UUID

import apsw
import pytest

from kiosk.events import BadEvent
from kiosk.journal import Journal, JournalBroken
from kiosk.journal import __main__ as tool
from kiosk.journal.archive import archives, check, folder, rotate
from kiosk.journal.chain import GENESIS, START, ChainBroken, Head, link, verify
from kiosk.journal.database import SCHEMA_VERSION, JournalInUse, check_version, connect
from kiosk.journal.store import Store
from kiosk.operation_states import Confirm, IllegalStep, Intend, Send, State, Submission
from tests.kiosk.operating import DRAFT

ID = UUID("01a20285-239f-799e-90ed-a72497493920")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    made = Journal(path)
    yield made
    made.close()


def names(path: Path) -> list[str]:
    """The names of all events, as the tool shows them."""
    shown = subprocess.run(
        [sys.executable, "-m", "kiosk.journal", "show", str(path)], capture_output=True, text=True, check=True
    )
    return [line.split()[3] for line in shown.stdout.splitlines()]


def filled(path: Path, count: int) -> None:
    with closing(Store(connect(path))) as store:
        for number in range(count):
            store.append("idle-warning", {"session": number})


# ------------------------------------------------------------------ the file


def test_settings_of_a_journal_that_loses_nothing(path: Path) -> None:
    with closing(connect(path)) as connection:
        assert connection.pragma("journal_mode") == "wal"
        assert connection.pragma("locking_mode") == "exclusive"
        assert connection.pragma("synchronous") == 2
        assert connection.pragma("secure_delete") == 1
        tables = connection.execute(
            "SELECT name, strict FROM pragma_table_list WHERE schema = 'main'"
        ).fetchall()
        assert all(strict for name, strict in tables if not str(name).startswith("sqlite_"))


def test_a_second_program_is_kept_out(journal: Journal, path: Path) -> None:
    journal.event("terminal-start", version="1.0").result()
    done = subprocess.run(
        [sys.executable, "-c", f"from kiosk.journal.database import connect; connect({str(path)!r})"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and "JournalInUse" in done.stderr
    assert issubclass(JournalInUse, JournalBroken)


def test_a_damaged_file_is_not_opened(path: Path) -> None:
    filled(path, 200)
    raw = bytearray(path.read_bytes())
    raw[4096 * 3 : 4096 * 3 + 60] = b"\xff" * 60
    path.write_bytes(raw)
    with pytest.raises(JournalBroken):
        Journal(path)


def test_another_file_is_not_a_journal(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA application_id = 7")
        other.execute("CREATE TABLE t (x)")
        other.commit()
    with pytest.raises(JournalBroken, match="not a journal"):
        Journal(path)


def test_a_newer_journal_is_not_opened_by_an_older_program(path: Path) -> None:
    filled(path, 1)
    with closing(sqlite3.connect(path)) as newer:
        newer.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        newer.commit()
    with pytest.raises(JournalBroken, match="version"):
        Journal(path)


def test_an_unsafe_sqlite_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    check_version()
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.40.1")
    with pytest.raises(JournalBroken, match="too old"):
        check_version()


def test_it_goes_on_where_it_stopped(path: Path) -> None:
    journal = Journal(path)
    journal.event("terminal-start", version="1.0")
    journal.event("terminal-stop", disposition="stopped").result()
    head = journal.head()
    journal.close()
    again = Journal(path)
    assert again.head() == head and head.sequence == 2
    assert again.event("terminal-start", version="1.0").result().sequence == 3
    again.close()
    assert names(path) == ["terminal-start", "terminal-stop", "terminal-start"]


def test_what_is_forgotten_is_wiped_from_the_file(path: Path) -> None:
    secret = DRAFT.body["quote_id"].encode()
    with closing(Store(connect(path))) as store:
        store.advance(ID, Intend(Submission.of(ID, DRAFT)))
        store.advance(ID, Send())
        store._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        assert secret in path.read_bytes()
        store.advance(ID, Confirm())
    assert secret not in path.read_bytes()


# ------------------------------------------------------------------ events


def test_events_of_many_threads_keep_each_threads_order(journal: Journal, path: Path) -> None:
    def work(device: str) -> None:
        for number in range(50):
            journal.event("left-behind", what="card" if device == "a" else "paper", seconds=number)

    threads = [threading.Thread(target=work, args=(device,)) for device in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal.close()
    with tool.copy_of(path) as store:
        rows = [json.loads(row[3]) for row in store.events()]
    for what in ("card", "paper"):
        assert [row["seconds"] for row in rows if row["what"] == what] == list(range(50))


def test_a_mistaken_event_is_refused_before_it_is_written(journal: Journal) -> None:
    for name, fields in (("no-such-event", {}), ("terminal-start", {"version": "王小明"})):
        with pytest.raises(BadEvent):
            journal.event(name, **fields)
    assert journal.head() == START and not journal.broken


def test_what_a_power_cut_left_open_is_ended_by_the_next_start(path: Path) -> None:
    with closing(Store(connect(path))) as store:
        store.append("terminal-start", {"version": "1.0"})
        store.append("session-begin", {"session": 7, "language": "zh", "elder": False})
        store.advance(ID, Intend(Submission.of(ID, DRAFT)))
    Journal(path).close()
    shown = names(path)
    assert shown[:3] == ["terminal-start", "session-begin", "operation-intent"]
    assert sorted(shown[3:]) == ["session-end", "terminal-stop"]
    with tool.copy_of(path) as store:
        ends = [json.loads(row[3]) for row in store.events(3)]
    assert {"session": 7, "disposition": "interrupted"} in ends
    Journal(path).close()
    assert names(path) == shown, "what is ended stays ended"


# ------------------------------------------------------------------ operations


async def test_a_step_is_durable_when_it_returns(journal: Journal, path: Path) -> None:
    await journal.advance(ID, Intend(Submission.of(ID, DRAFT)))
    with tool.copy_of(path) as copy:
        record = copy.record(ID)
    assert record is not None and record.state is State.INTENT


async def test_an_impossible_step_breaks_nothing(journal: Journal) -> None:
    with pytest.raises(IllegalStep):
        await journal.advance(ID, Send())
    assert not journal.broken
    assert (await journal.advance(ID, Intend(Submission.of(ID, DRAFT)))).state is State.INTENT
    assert [record.operation_id for record in await journal.unfinished()] == [ID]


# ------------------------------------------------------------------ the chain


def test_links_cannot_be_shifted_against_each_other() -> None:
    assert link(GENESIS, 1, "a", 12, "3") != link(GENESIS, 1, "a", 1, "23")
    assert link(GENESIS, 11, "a", 1, "") != link(GENESIS, 1, "1a", 1, "")


def tampered(path: Path, statement: str) -> None:
    with closing(connect(path)) as connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET fields = '{\"session\":99}' WHERE sequence = 5",
        "UPDATE event SET at = '2026-01-01T00:00:00.000+00:00' WHERE sequence = 5",
        "UPDATE event SET number = 209 WHERE sequence = 5",
        "UPDATE event SET hash = zeroblob(32) WHERE sequence = 10",
        "DELETE FROM event WHERE sequence = 5",
        "DELETE FROM event WHERE sequence <= 5",
        "UPDATE event SET sequence = 50 WHERE sequence = 10",
        "INSERT INTO event SELECT 11, at, number, fields, hash FROM event WHERE sequence = 10",
    ],
)
def test_every_change_of_a_past_event_is_found(
    path: Path, statement: str, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(path, 10)
    assert tool.main(["verify", str(path)]) == 0
    tampered(path, statement)
    with pytest.raises(JournalBroken):
        Journal(path)
    assert tool.main(["verify", str(path)]) == 1
    assert "not whole: event" in capsys.readouterr().err


def test_cutting_off_the_end_is_found_by_the_head_that_the_centre_holds(path: Path) -> None:
    filled(path, 10)
    with closing(Store(connect(path))) as store:
        anchored = store.head
    tampered(path, "DELETE FROM event WHERE sequence > 7")
    with closing(Store(connect(path))) as store:
        assert verify(store.events()) == store.head != anchored


# ------------------------------------------------------------------ rotation


def test_rotation_loses_nothing_and_the_chain_goes_on(path: Path) -> None:
    filled(path, 25)
    with closing(Store(connect(path))) as store:
        before = [row[:4] for row in store.events()]
        rotate(store, path, rotate_at=20, keep=5)
        assert store.count() == 6 and store.base().sequence == 20
        store.append("idle-warning", {"session": 99})
    rows = list(tool.rows_of(path))
    assert [row[:4] for row in rows[:25]] == before
    seen, head = tool.verify_journal(path)
    assert (seen, head.sequence) == (27, 27)
    assert [(archive.first, archive.last) for archive in archives(path)] == [(1, 20)]


def test_nothing_rotates_before_its_time(path: Path) -> None:
    filled(path, 19)
    with closing(Store(connect(path))) as store:
        rotate(store, path, rotate_at=20, keep=5)
        assert store.count() == 19 and archives(path) == ()


def test_a_crash_between_archive_and_database_is_made_good(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(path, 25)
    with closing(Store(connect(path))) as store:
        with monkeypatch.context() as crash:
            crash.setattr(Store, "forget_before", lambda self, head: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                rotate(store, path, rotate_at=20, keep=5)
        assert store.count() == 25
        assert tool.verify_journal(path)[1].sequence == 25
        store.append("idle-warning", {"session": 99})
        rotate(store, path, rotate_at=20, keep=5)
        assert store.base().sequence == 20
    assert tool.verify_journal(path)[0] == 27


def test_a_half_written_archive_is_no_archive(path: Path) -> None:
    filled(path, 25)
    folder(path).mkdir()
    (folder(path) / "000000000001-000000000020.jsonl.half").write_bytes(b"\x1f\x8b half")
    with closing(Store(connect(path))) as store:
        rotate(store, path, rotate_at=20, keep=5)
    assert tool.verify_journal(path)[0] == 26


def test_a_warning_comes_before_the_room_is_used_up_and_then_nothing_is_deleted(path: Path) -> None:
    with closing(Store(connect(path))) as store:
        warned = []
        for number in range(100):
            store.append("idle-warning", {"session": number})
            rotate(store, path, rotate_at=10, keep=2, room=5)
            if any(row[2] == 902 for row in store.events(store.head.sequence - 1)):
                warned.append(len(archives(path)))
        assert len(archives(path)) == 5 and warned[0] == 4
    seen, head = tool.verify_journal(path)
    assert seen == head.sequence


def test_a_changed_archive_is_found(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    filled(path, 45)
    with closing(Store(connect(path))) as store:
        rotate(store, path, rotate_at=20, keep=25)
        rotate(store, path, rotate_at=20, keep=5)
    one, two = archives(path)
    lines = gzip.decompress(two.path.read_bytes()).decode().splitlines()
    original = two.path.read_bytes()
    for changed in (lines[:-1], lines[:3] + lines[4:], ['[0, "' + "0" * 64 + '"]', *lines[1:]], []):
        two.path.write_bytes(gzip.compress("\n".join(changed).encode()))
        assert tool.main(["verify", str(path)]) == 1
    two.path.write_bytes(original[: len(original) // 2])
    assert tool.main(["verify", str(path)]) == 1
    two.path.write_bytes(original)
    assert tool.main(["verify", str(path)]) == 0
    assert check(one)[1] == check(two)[0]
    two.path.unlink()
    assert tool.main(["verify", str(path)]) == 1
    assert "not whole" in capsys.readouterr().err


def test_collected_archives_may_be_taken_away(path: Path) -> None:
    filled(path, 45)
    with closing(Store(connect(path))) as store:
        rotate(store, path, rotate_at=20, keep=25)
        rotate(store, path, rotate_at=20, keep=5)
    archives(path)[0].path.unlink()
    seen, head = tool.verify_journal(path)
    assert (seen, head.sequence) == (27, 47)


# ------------------------------------------------------------------ a disk that fails


async def test_after_one_failure_nothing_is_tried_again(path: Path) -> None:
    told: list[JournalBroken] = []
    journal = Journal(path, on_broken=told.append)
    journal.event("terminal-start", version="1.0").result()
    connection = journal._store._connection
    connection.execute("PRAGMA max_page_count = 1")  # no page can be added any more
    failed = [journal.event("session-begin", session=n, language="zh", elder=False) for n in range(300)]
    wait(failed)
    assert journal.broken and len(told) == 1
    connection.execute("PRAGMA max_page_count = 100000")
    with pytest.raises(JournalBroken):
        await journal.advance(ID, Intend(Submission.of(ID, DRAFT)))
    with pytest.raises(JournalBroken):
        journal.event("terminal-stop", disposition="broken").result()
    assert len(told) == 1
    journal.close()
    whole, head = tool.verify_journal(path)
    assert whole == head.sequence, "what was acknowledged before is whole"


def test_a_missing_folder_is_made_and_an_impossible_one_is_told(tmp_path: Path) -> None:
    Journal(tmp_path / "new" / "journal.db").close()
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalBroken):
        Journal(tmp_path / "file" / "journal.db")


# ------------------------------------------------------------------ the tool


def test_the_tool_shows_one_operation(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    filled(path, 3)
    with closing(Store(connect(path))) as store:
        store.advance(ID, Intend(Submission.of(ID, DRAFT)))
        store.advance(ID, Send())
    assert tool.main(["show", str(path), "--operation", str(ID)[:8]]) == 0
    assert [line.split()[3] for line in capsys.readouterr().out.splitlines()] == [
        "operation-intent",
        "operation-sent",
    ]


def test_the_tool_does_not_touch_what_it_reads(path: Path) -> None:
    filled(path, 3)
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    assert tool.main(["verify", str(path)]) == 0
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before


def test_the_tool_says_that_there_is_no_journal(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tool.main(["verify", str(path)]) == 1
    assert "not whole" in capsys.readouterr().err
    assert not path.exists()


def test_verification_from_the_middle_needs_the_right_start() -> None:
    row = (1, "t", 1, "{}", link(GENESIS, 1, "t", 1, "{}"))
    assert verify([row]).sequence == 1
    with pytest.raises(ChainBroken):
        verify([row], Head(0, b"\x01" * 32))


def test_what_is_no_key_is_said_to_be_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        tool.main(["verify-export", str(tmp_path / "export.jsonl"), "no-key"])
    assert ended.value.code == 2
    assert "no public key" in capsys.readouterr().err
