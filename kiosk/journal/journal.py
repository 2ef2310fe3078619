"""The journal as the kiosk uses it: one writer thread, so that a disk that is slow never stops the window."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import ParamSpec, TypeVar
from uuid import UUID

from kiosk.contract.kiosks import DayTotal
from kiosk.events import BadEvent, catalogue
from kiosk.journal.archive import archives, read, rotate, used_percent
from kiosk.journal.chain import ChainBroken, Head, Row, verify
from kiosk.journal.database import Guarded, JournalBroken, connect
from kiosk.journal.store import Store, utc_now
from kiosk.journal.totals import RunningTotals
from kiosk.operation_states import Record, Step

P = ParamSpec("P")
T = TypeVar("T")


LULL = "session-end"
"""After this event there is time to move old events into an archive."""


class Journal:
    """Events and operations, written by one thread in the order of the calls. Safe to call from any thread.

    `on_broken` is called once, from the writer thread, when the journal can no longer be trusted; the kiosk is
    out of service from then on.
    """

    def __init__(
        self,
        path: Path,
        *,
        now: Callable[[], datetime] = utc_now,
        on_broken: Callable[[JournalBroken], None] = lambda problem: None,
    ) -> None:
        """Open the journal and end what the last run left open. Raises JournalBroken. Blocks for up to a second."""
        self._path = path
        self._on_broken = on_broken
        self._totals = RunningTotals()
        self._broken = threading.Event()
        self._closed = threading.Event()
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        try:
            self._store = self._writer.submit(_open, path, now).result()
        except BaseException:
            self._writer.shutdown()
            raise

    @property
    def broken(self) -> bool:
        """True once anything has failed: the guard that takes the kiosk out of service asks this."""
        return self._broken.is_set()

    def event(self, name: str, **fields: object) -> "Future[Head]":
        """Write an event; returns at once. Raises BadEvent when the catalogue does not allow it.

        Nobody needs to wait for the future: a failure also sets `broken`.
        """
        kind = catalogue().get(name)
        if kind is None:
            raise BadEvent(f"no event is called {name}")
        kind.check(fields)
        written = self._submit(self._store.append, name, fields)
        if name == LULL:
            self._submit(rotate, self._store, self._path)
        return written

    def head(self) -> Head:
        """The last durable event: its sequence number and the hash that the centre is told."""
        return self._store.head

    async def advance(self, operation_id: UUID, step: Step) -> Record:
        """Take a step of an operation; it is durable when this returns. Raises IllegalStep, JournalBroken."""
        return await asyncio.wrap_future(self._submit(self._store.advance, operation_id, step))

    async def record(self, operation_id: UUID) -> Record | None:
        """What this kiosk knows of an operation. Raises JournalBroken."""
        return await asyncio.wrap_future(self._submit(self._store.record, operation_id))

    async def by_number(self, number: str) -> tuple[Record, ...]:
        """The operations with a business number. Raises JournalBroken."""
        return await asyncio.wrap_future(self._submit(self._store.by_number, number))

    async def unfinished(self) -> tuple[Record, ...]:
        """All operations that are neither refused nor closed. Raises JournalBroken."""
        return await asyncio.wrap_future(self._submit(self._store.unfinished))

    async def recent(self, count: int) -> list[Row]:
        """The last events that are at hand, the newest first. Raises JournalBroken."""
        return await asyncio.wrap_future(self._submit(self._store.recent, count))

    async def day_totals(self) -> tuple[DayTotal, ...]:
        """What was confirmed on each of the last days, for the centre to compare. Raises JournalBroken."""
        return await asyncio.wrap_future(self._submit(self._totals.last_days, self._store.events))

    async def used_percent(self) -> int:
        """How much of the room for archives is used. Raises JournalBroken."""
        return await asyncio.wrap_future(self._submit(used_percent, self._path))

    async def whole(self) -> tuple[Head, list[Row]]:
        """Every event that is there, archives first, and the head they follow from.
        Raises JournalBroken, OSError, ValueError (a damaged archive)."""
        return await asyncio.wrap_future(self._submit(_whole, self._store, self._path))

    def close(self) -> None:
        """Write what is still in the queue, then let go of the file. May be called twice."""
        if not self._closed.is_set():
            self._closed.set()
            self._writer.submit(self._store.close)
            self._writer.shutdown(wait=True)

    def _submit(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        return self._writer.submit(self._watch, lambda: work(*args, **kwargs))

    def _watch(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except JournalBroken as problem:
            if not self._broken.is_set():
                self._broken.set()
                self._on_broken(problem)
            raise


def _whole(store: Store, path: Path) -> tuple[Head, list[Row]]:
    start, rows = store.base(), list[Row]()
    for number, archive in enumerate(archives(path)):
        first, found = read(archive)
        start = start if number else first
        rows += found
    last = rows[-1][0] if rows else store.base().sequence
    return start, rows + [row for row in store.events(last) if row[0] > last]


def _open(path: Path, now: Callable[[], datetime]) -> Store:
    with Guarded():
        path.parent.mkdir(parents=True, exist_ok=True)
    store = Store(connect(path), now)
    try:
        if verify(store.events(), store.base()) != store.head:
            raise ChainBroken(store.head.sequence, "it is not the last event")
        store.interrupt()
        rotate(store, path)
    except ChainBroken as problem:
        store.close()
        raise JournalBroken(str(problem)) from problem
    return store
