"""Connections: one writer on SQLite, a pool on PostgreSQL, and a gate that refuses a database that may lose."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import QueuePool

SAFE_SQLITE = (3, 51, 3)
"""The first release without the WAL-reset error, by which two connections can lose or corrupt commits."""

READERS = 4
POSTGRES_POOL = 8

_TRY_LOCK = text("SELECT pg_try_advisory_xact_lock(:key)")


class UnsafeDatabase(Exception):
    """The database cannot be opened, or not be trusted with money as it is configured; the sentence says why."""


class Database:
    """Transactions over the centre's database. `read` sees one consistent state; `write` commits or leaves nothing.

    On SQLite one connection writes, under a lock, so that no writer ever waits in a busy loop; readers have
    their own connections and see the last commit. On PostgreSQL every transaction has its own connection and
    rows are locked where they are read for a change.
    """

    def __init__(self, url: str) -> None:
        parsed = _address(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._writers, self._readers = _sqlite_engines(parsed.database)
            self._lock: threading.Lock | None = threading.Lock()
        else:
            self._writers = self._readers = _postgres_engine(parsed)
            self._lock = None
        self._writer: Connection | None = None
        try:
            self._writers.connect().close()
        except DBAPIError as error:
            raise UnsafeDatabase(f"the database cannot be opened: {error.orig}") from error
        finally:
            self._writers.dispose()  # a process that forks from here on shares no connection with its children

    @property
    def engine(self) -> Engine:
        """The engine that may change the schema."""
        return self._writers

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._readers.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        if self._lock is None:
            with self._writers.begin() as connection:
                yield connection
            return
        with self._lock:
            if self._writer is None:
                self._writer = self._writers.connect()
            try:
                with self._writer.begin():
                    yield self._writer
            except BaseException:
                self._writer.connection.rollback()  # a commit that fails leaves its transaction open
                raise

    def try_lock(self, tx: Connection, key: UUID) -> bool:
        """Whether this transaction alone works on `key`. On SQLite there is one writer, so it does."""
        if self.is_sqlite:
            return True
        number = int.from_bytes(key.bytes[-8:], "big", signed=True)
        return bool(tx.execute(_TRY_LOCK, {"key": number}).scalar_one())

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writers.dispose()
        self._readers.dispose()


def _address(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise UnsafeDatabase(
            "this is no database's address: allowed are sqlite:///path and postgresql://user@host/name"
        )
    return parsed


def _sqlite_engines(path: str | None) -> tuple[Engine, Engine]:
    from pysqlite3 import dbapi2

    if dbapi2.sqlite_version_info < SAFE_SQLITE:
        raise UnsafeDatabase(
            f"SQLite {dbapi2.sqlite_version} can lose commits in WAL mode: install {'.'.join(map(str, SAFE_SQLITE))}"
            " or later (the pysqlite3 wheel brings one)"
        )
    if not path or path == ":memory:":
        raise UnsafeDatabase("the centre's SQLite database needs a file: sqlite:///path/to/centre.db")
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnsafeDatabase(f"the database cannot be opened: {error}") from error

    def engine(begin: str, size: int, pragmas: tuple[str, ...]) -> Engine:
        made = create_engine(
            f"sqlite:///{path}",
            module=dbapi2,
            poolclass=QueuePool,
            pool_size=size,
            max_overflow=0,
            hide_parameters=True,  # an error's text goes to the log, and parameters are personal
            connect_args={"check_same_thread": False, "timeout": 30, "cached_statements": 512},
        )

        @event.listens_for(made, "connect")
        def _configure(connection: Any, _record: object) -> None:
            connection.isolation_level = None  # transactions are begun below, by us, never by the driver
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", *pragmas):
                connection.execute(f"PRAGMA {pragma}").fetchall()

        @event.listens_for(made, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        return made

    return engine("BEGIN IMMEDIATE", 1, ()), engine("BEGIN", READERS, ("query_only=ON",))


def _postgres_engine(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=POSTGRES_POOL,
        max_overflow=0,
        hide_parameters=True,
        pool_pre_ping=False,
        isolation_level="READ COMMITTED",
    )


def check_durability(connection: Connection, *, is_sqlite: bool, allow_unsafe: bool = False) -> None:
    """Refuse settings under which an acknowledged commit can be lost: SQLite synchronous < FULL, PostgreSQL fsync
    or synchronous_commit off. `allow_unsafe` is for throw-away databases only."""
    if allow_unsafe:
        return
    if is_sqlite:
        if int(connection.execute(text("PRAGMA synchronous")).scalar_one()) < 2:
            raise UnsafeDatabase(
                "SQLite runs with synchronous below FULL: an acknowledged commit could be lost"
            )
        return
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        if connection.execute(text(f"SHOW {setting}")).scalar_one() == "off":
            raise UnsafeDatabase(
                f"PostgreSQL runs with {setting} = off: an acknowledged commit could be lost"
            )
