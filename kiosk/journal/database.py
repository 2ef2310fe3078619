"""The journal's database: SQLite through apsw, one connection, and nothing accepted that is not durable."""

from pathlib import Path
from types import TracebackType

import apsw

OLDEST_SQLITE = (3, 51, 3)
"""Before this release a write-ahead log could lose commits when it was reset (sqlite.org, 2026-03-13)."""

APPLICATION_ID = 0x46554E44  # "FUND"
SCHEMA_VERSION = 1

SCHEMA = """
CREATE TABLE event (
    sequence INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    number INTEGER NOT NULL,
    fields TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TABLE base (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    sequence INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TABLE open_pair (
    pair TEXT NOT NULL,
    key TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (pair, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE operation (
    operation_id BLOB PRIMARY KEY CHECK (length(operation_id) = 16),
    state TEXT NOT NULL,
    kind TEXT,
    amount INTEGER,
    submission TEXT,
    attempts INTEGER NOT NULL,
    copies INTEGER NOT NULL,
    problem TEXT,
    receipt_number TEXT,
    escalation TEXT NOT NULL,
    since TEXT NOT NULL,
    number TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX operation_state ON operation (state) WHERE state NOT IN ('closed', 'refused');
CREATE INDEX operation_number ON operation (number);
INSERT INTO base VALUES (1, 0, zeroblob(32));
"""


class JournalBroken(Exception):
    """The journal cannot be read or written. Never tried again: the kiosk goes out of service."""


class JournalInUse(JournalBroken):
    """Another program has the journal open."""


class Guarded:
    """Turns whatever the database or the disk says into JournalBroken, and keeps it: what a disk says after a
    failed sync is not to be believed, so the same guard lets nothing through a second time."""

    def __init__(self) -> None:
        self._broken: JournalBroken | None = None

    def __enter__(self) -> None:
        if self._broken:
            raise self._broken

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        match raised:
            case JournalBroken():
                self._broken = raised
                return
            case apsw.BusyError():
                self._broken = JournalInUse("the journal is open in another program")
            case apsw.Error() | OSError() | MemoryError():
                self._broken = JournalBroken(f"{type(raised).__name__}: {raised}")
            case _:
                return
        raise self._broken from raised


def connect(path: Path | str, vfs: str | None = None) -> apsw.Connection:
    """Open or make the journal at `path` and prove that it is whole. Raises JournalBroken.

    EXCLUSIVE keeps a second program out (and needs no shared memory file); FULL makes every commit wait for
    the disk; secure_delete wipes what is forgotten.
    """
    check_version()
    with Guarded():
        connection = apsw.Connection(str(path), vfs=vfs)
        try:
            prepare(connection)
        except BaseException:
            connection.close(True)
            raise
        return connection


def check_version() -> None:
    """Refuse a SQLite that is known to lose commits. Raises JournalBroken."""
    version = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
    if version < OLDEST_SQLITE:
        raise JournalBroken(f"SQLite {apsw.sqlite_lib_version()} is too old for the journal")


def prepare(connection: apsw.Connection, synchronous: str = "FULL") -> None:
    """Pragmas, whole-file check, schema. Raises JournalBroken or the database's own errors."""
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    mode = connection.pragma("journal_mode", "WAL")
    connection.pragma("synchronous", synchronous)
    connection.pragma("foreign_keys", True)
    connection.pragma("secure_delete", True)
    connection.pragma("trusted_schema", False)
    if mode not in ("wal", "memory"):
        raise JournalBroken(f"the journal's disk allows no write-ahead log (mode {mode})")
    if (found := connection.pragma("quick_check")) != "ok":
        raise JournalBroken(f"the journal is damaged: {found}")
    _migrate(connection)


def _migrate(connection: apsw.Connection) -> None:
    version = connection.pragma("user_version")
    application = connection.pragma("application_id")
    if version == 0 and application == 0:
        with connection:
            connection.execute(SCHEMA)
            connection.pragma("application_id", APPLICATION_ID)
            connection.pragma("user_version", SCHEMA_VERSION)
    elif application != APPLICATION_ID:
        raise JournalBroken("this file is not a journal")
    elif version != SCHEMA_VERSION:
        raise JournalBroken(f"the journal has version {version}, this program writes {SCHEMA_VERSION}")
