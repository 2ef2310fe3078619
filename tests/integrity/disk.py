"""A disk in memory that keeps what was synced, and may lose, tear or reorder the rest when the power goes.

It is a VFS for apsw, so the journal's own code and the real SQLite run on it. Written bytes live in 512-byte
sectors; until a file is synced each of its changed sectors survives a cut, or not, or half, by chance. A file
that was never synced may be gone altogether, and a deletion that was not synced may be undone.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import apsw

SECTOR = 512

Calls = Callable[[str, str, int], None]
"""Told before each call: what (write, sync, ...), the file's suffix, and how many bytes. May raise."""


class PowerCut(Exception):
    """The power is gone; nothing more reaches the disk."""


@dataclass
class Stored:
    """One file: what programs see, what is certain to survive, and the changed sectors in between."""

    seen: bytearray = field(default_factory=bytearray)
    safe: bytes = b""
    dirty: set[int] = field(default_factory=set)
    named: bool = False
    """The folder's entry is durable."""

    def write(self, data: bytes, offset: int) -> None:
        if len(self.seen) < offset:
            self.seen.extend(bytes(offset - len(self.seen)))
        self.seen[offset : offset + len(data)] = data
        self.dirty.update(range(offset // SECTOR, (offset + len(data) - 1) // SECTOR + 1))

    def truncate(self, size: int) -> None:
        self.dirty.update(range(size // SECTOR, (max(len(self.seen), size) - 1) // SECTOR + 1))
        del self.seen[size:]
        self.seen.extend(bytes(size - len(self.seen)))

    def sync(self) -> None:
        self.safe = bytes(self.seen)
        self.dirty.clear()

    def survive(self, chance: random.Random) -> None:
        """What is on the platter after a power cut becomes all there is."""
        survivor = bytearray(self.safe)
        for sector in sorted(self.dirty):
            fate = chance.random()
            if fate < 0.45:
                continue  # lost
            start = sector * SECTOR
            new = bytes(self.seen[start : start + SECTOR])
            kept = len(new) if fate < 0.9 else chance.randrange(len(new) + 1)  # whole, or torn
            if kept and len(survivor) < start:
                survivor.extend(bytes(start - len(survivor)))
            survivor[start : start + kept] = new[:kept]
        shorter = len(self.seen) < len(self.safe) and chance.random() < 0.5
        self.seen = survivor[: len(self.seen)] if shorter else survivor
        self.sync()


class Disk:
    """The files, and whoever watches the calls."""

    def __init__(self, seed: int = 0) -> None:
        self.chance = random.Random(seed)
        self.files: dict[str, Stored] = {}
        self.removed: dict[str, Stored] = {}
        self.calls: Calls = lambda what, name, size: None
        self.on = True

    def call(self, what: str, name: str, size: int = 0) -> None:
        """Every operation goes through here. Raises PowerCut while there is no power."""
        if not self.on:
            raise PowerCut
        self.calls(what, name.rpartition(".")[2], size)

    def sync_folder(self) -> None:
        """SQLite's own file system layer does this with the first sync of a new log or rollback journal."""
        self.removed.clear()
        for stored in self.files.values():
            stored.named = True

    def cut(self) -> None:
        """Take the power away, in the middle of whatever is going on."""
        self.on = False
        raise PowerCut

    def restore(self) -> None:
        """Switch on again, with what has survived."""
        for name, stored in self.removed.items():
            if self.chance.random() < 0.5:
                self.files.setdefault(name, stored)
        self.removed.clear()
        for name in [name for name, stored in self.files.items() if not stored.named]:
            if self.chance.random() < 0.5:
                del self.files[name]
        for stored in self.files.values():
            stored.survive(self.chance)
        self.sync_folder()
        self.on = True


class DiskFile(apsw.VFSFile):
    """An open file on the disk. Locks always succeed: the journal has one connection."""

    def __init__(self, disk: Disk, name: str) -> None:  # deliberately not the base's: there is no real file
        self.disk = disk
        self.name = name

    def excepthook(self, kind: type[BaseException], error: BaseException, trace: Any) -> None:
        """An injected error that SQLite had no one to give to (in close, say) is not worth a report."""

    @property
    def stored(self) -> Stored:
        return self.disk.files[self.name]

    def xRead(self, amount: int, offset: int) -> bytes:
        self.disk.call("read", self.name, amount)
        return bytes(self.stored.seen[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        data = bytes(data)
        try:
            self.disk.call("write", self.name, len(data))
        except ShortWrite as short:
            self.stored.write(data[: len(data) // 2], offset)
            raise short.error from None
        self.stored.write(data, offset)

    def xTruncate(self, size: int) -> None:
        self.disk.call("truncate", self.name)
        self.stored.truncate(size)

    def xSync(self, flags: int) -> None:
        self.disk.call("sync", self.name)
        self.stored.sync()
        if not self.stored.named and self.name.endswith(("-wal", "-journal")):
            self.disk.sync_folder()

    def xFileSize(self) -> int:
        self.disk.call("size", self.name)
        return len(self.stored.seen)

    def xLock(self, level: int) -> None: ...

    def xUnlock(self, level: int) -> None: ...

    def xCheckReservedLock(self) -> bool:
        return False

    def xFileControl(self, op: int, pointer: int) -> bool:
        return False

    def xSectorSize(self) -> int:
        return SECTOR

    def xDeviceCharacteristics(self) -> int:
        return int(apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE)

    def xClose(self) -> None: ...


class ShortWrite(Exception):
    """Only half of the bytes reach the disk before the error."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


_numbers = count()


class DiskVFS(apsw.VFS):
    """The disk under a name that SQLite knows."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.vfs_name = f"disk-{next(_numbers)}"
        super().__init__(self.vfs_name, base="")

    def excepthook(self, kind: type[BaseException], error: BaseException, trace: Any) -> None:
        """As for a file."""

    def xOpen(self, name: Any, flags: list[int]) -> DiskFile:
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        self.disk.call("open", path)
        self.disk.files.setdefault(path, Stored())
        flags[1] = flags[0]
        return DiskFile(self.disk, path)

    def xDelete(self, name: str, sync_folder: bool) -> None:
        self.disk.call("delete", name)
        stored = self.disk.files.pop(name, None)
        if stored is not None:
            self.disk.removed[name] = stored
        if sync_folder:
            self.disk.sync_folder()

    def xAccess(self, name: str, flags: int) -> bool:
        self.disk.call("access", name)
        return name in self.disk.files

    def xFullPathname(self, name: str) -> str:
        return name
