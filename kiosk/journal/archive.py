"""Rotation: old events move from the database into archive files. Nothing is ever deleted by the kiosk.

An archive is written, synced and named before the database forgets its events; a crash in between leaves them
in both places, and the next rotation notices. Staff (or a fleet tool) collect archives; a warning comes while
there is still room.
"""

import gzip
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from kiosk.journal.chain import ChainBroken, Head, Row, verify
from kiosk.journal.database import JournalBroken
from kiosk.journal.store import Store

ROTATE_AT = 50_000
"""Events in the database that start a rotation: about two months of a busy kiosk."""

KEEP = 10_000
"""Events that stay in the database, to be at hand."""

ROOM = 60
"""Archives that the disk has been planned for (about 4 MB each)."""

WARN_PERCENT = 80
SUFFIX = ".jsonl.gz"


@dataclass(frozen=True)
class Archive:
    """One archive file and the events it holds, first and last included."""

    path: Path
    first: int
    last: int


def folder(journal: Path) -> Path:
    """Where the archives of a journal lie."""
    return journal.with_suffix(".archive")


def archives(journal: Path) -> tuple[Archive, ...]:
    """The archives that are there, in order. A half-written one has another suffix and is not among them."""
    found = []
    for path in folder(journal).glob(f"[0-9]*-[0-9]*{SUFFIX}"):
        first, last = path.name.removesuffix(SUFFIX).split("-")
        found.append(Archive(path, int(first), int(last)))
    return tuple(sorted(found, key=lambda archive: archive.first))


def used_percent(journal: Path, room: int = ROOM) -> int:
    """How much of the room for archives is used."""
    return len(archives(journal)) * 100 // room


def read(archive: Archive) -> tuple[Head, list[Row]]:
    """The head that an archive starts from, and its events. Raises OSError, ValueError for a damaged file."""
    with gzip.open(archive.path, "rt", encoding="utf-8") as file:
        start, *events = (json.loads(line) for line in file)
    rows = [(number, at, kind, fields, bytes.fromhex(hash_)) for number, at, kind, fields, hash_ in events]
    return Head(start[0], bytes.fromhex(start[1])), rows


def check(archive: Archive) -> tuple[Head, Head]:
    """Follow an archive's part of the chain; the heads before and after it. Raises ChainBroken."""
    try:
        start, rows = read(archive)
        end = verify(rows, start)
    except (OSError, ValueError, EOFError) as problem:
        raise ChainBroken(archive.first, f"{archive.path.name} cannot be read: {problem}") from None
    if (start.sequence + 1, end.sequence) != (archive.first, archive.last):
        raise ChainBroken(archive.first, f"{archive.path.name} does not hold the events that its name says")
    return start, end


def rotate(
    store: Store, journal: Path, *, rotate_at: int = ROTATE_AT, keep: int = KEEP, room: int = ROOM
) -> None:
    """Move all but the last `keep` events into an archive, when there are `rotate_at`. Raises JournalBroken."""
    base = store.base()
    if store.head.sequence - base.sequence < rotate_at:
        return
    there = archives(journal)
    if len(there) < room:
        archive = next((found for found in there if found.first == base.sequence + 1), None)
        if archive is None:
            count = store.head.sequence - base.sequence - keep
            archive = _write(folder(journal), base, islice(store.events(base.sequence), count), count)
            there = (*there, archive)
        _, end = _checked(archive)
        store.forget_before(end)
        store.append(
            "journal-rotated", {"first": archive.first, "last": archive.last, "archives": len(there)}
        )
    if (used := used_percent(journal, room)) >= WARN_PERCENT:
        store.append("journal-filling", {"used_percent": used})


def _checked(archive: Archive) -> tuple[Head, Head]:
    try:
        return check(archive)
    except ChainBroken as problem:
        raise JournalBroken(str(problem)) from problem


def _write(where: Path, base: Head, rows: Iterable[Row], count: int) -> Archive:
    first, last = base.sequence + 1, base.sequence + count
    archive = Archive(where / f"{first:012d}-{last:012d}{SUFFIX}", first, last)
    half = archive.path.with_suffix(".half")
    try:
        where.mkdir(exist_ok=True)
        with half.open("wb") as raw:
            with gzip.open(raw, "wt", encoding="utf-8", compresslevel=6) as file:
                file.write(json.dumps([base.sequence, base.hash.hex()]) + "\n")
                for *event, hash_ in rows:
                    file.write(json.dumps([*event, hash_.hex()]) + "\n")
            raw.flush()
            os.fsync(raw.fileno())
        half.rename(archive.path)
        _sync_folder(where)
        _sync_folder(where.parent)
    except OSError as problem:
        raise JournalBroken(f"the archive cannot be written: {problem}") from problem
    return archive


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
