"""Folders for simulated devices: gone with the process that made them, at the latest when another makes one.

A process that is killed cannot clean up after itself. So each keeps a lock on its folder, and whoever makes a folder
first throws away those on which nobody has a lock any more.
"""

import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - each folder in it is made anew, for its owner alone
_PREFIX = "fund-kiosk-"
_YOUNG_S = 60.0
"""A folder is made a moment before it is locked: so young a one is left alone."""


class Scratch:
    """A new folder at `path`, named after what it is for; `in_memory` where the machine has files in memory."""

    def __init__(self, name: str, *, in_memory: bool = False) -> None:
        _sweep()
        parent = MEMORY if in_memory and os.access(MEMORY, os.W_OK) else None
        self.path = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{name}-", dir=parent))
        self._lock = _locked(self.path)

    def close(self) -> None:
        """Throw it away; may be called twice."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _sweep() -> None:
    """Throw away the folders of processes that are no more."""
    for folder in (f for at in (tempfile.gettempdir(), MEMORY) for f in Path(at).glob(f"{_PREFIX}*")):
        try:
            if time.time() - folder.stat().st_ctime < _YOUNG_S or (lock := _locked(folder)) is None:
                continue
        except OSError:
            continue  # somebody else's, or gone meanwhile
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _locked(folder: Path) -> int | None:
    """A descriptor that holds the folder's lock, or None when another process does. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
