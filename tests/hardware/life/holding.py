"""What this process holds, so that two counts can be compared.

The memory that the system has given it says little by itself: malloc keeps what has been freed, for every thread
apart, and a camera's frames may be in it or not. So malloc is told to keep one heap and to give back what is free,
and what is in use is counted beside it.
"""

import ctypes
import gc
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

REST_S = 20.0
LOOK_S = 0.2
_M_ARENA_MAX, _M_MMAP_THRESHOLD = -8, -3
_MMAP_THRESHOLD_BYTES = 128 << 10
"""glibc's own, but fixed: left alone it grows with the largest piece that was ever freed, a frame of the camera."""


class _Mallinfo2(ctypes.Structure):
    """`struct mallinfo2` of glibc 2.33 and later."""

    _fields_ = [
        *((name, ctypes.c_size_t) for name in ("arena", "ordblks", "smblks", "hblks", "hblkhd")),
        *((name, ctypes.c_size_t) for name in ("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")),
    ]


@dataclass(frozen=True)
class Held:
    """`resident_bytes` is what the system has given, `in_use_bytes` what malloc has handed out of it, and
    `python_blocks` the pieces that Python has, beside that, for small objects."""

    threads: int
    descriptors: int
    children: int
    resident_bytes: int
    in_use_bytes: int
    python_blocks: int

    @property
    def counted(self) -> tuple[int, int, int]:
        """What is counted in pieces that can be told apart."""
        return self.threads, self.descriptors, self.children


def tidy() -> None:
    """From now on malloc keeps one heap, and returns large pieces at once."""
    libc = ctypes.CDLL(None)
    assert libc.mallopt(_M_ARENA_MAX, 1) == libc.mallopt(_M_MMAP_THRESHOLD, _MMAP_THRESHOLD_BYTES) == 1


def held() -> Held:
    """What is held now."""
    gc.collect()
    libc = ctypes.CDLL(None)
    libc.malloc_trim(0)
    libc.mallinfo2.restype = _Mallinfo2
    malloc = libc.mallinfo2()
    process = psutil.Process()
    return Held(
        threads=threading.active_count(),
        descriptors=len(list(Path("/proc/self/fd").iterdir())),
        children=len(process.children(recursive=True)),
        resident_bytes=process.memory_info().rss,
        in_use_bytes=malloc.uordblks + malloc.hblkhd,
        python_blocks=sys.getallocatedblocks(),
    )


def held_at_rest() -> Held:
    """The same once nothing ends any more: the last connection that was cut has been noticed."""
    until = time.monotonic() + REST_S
    now = held()
    while time.monotonic() < until:
        before = now
        threading.Event().wait(LOOK_S)
        now = held()
        if now.counted == before.counted:
            break
    return now
