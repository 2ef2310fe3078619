"""Where the kiosk meets time, chance and threads; a simulation puts its own in the place of these."""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

A = TypeVar("A")
T = TypeVar("T")

THREADS = 8
"""For requests of operations alone, so that a window that waits for pictures cannot hold money up."""


class Runtime(Protocol):
    """What an operation needs of its surroundings."""

    def now(self) -> datetime:
        """The wall clock (UTC). It may jump."""
        ...

    def monotonic(self) -> float:
        """Seconds that only ever go forward."""
        ...

    def random_bytes(self, count: int) -> bytes:
        """Chance that nobody can guess."""
        ...

    def jitter(self) -> float:
        """Chance from 0 to 1, to keep a thousand kiosks from asking at the same moment."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        ...

    async def in_thread(self, seconds: float, work: Callable[[A], T], about: A) -> T:
        """Run blocking work away from the window's thread. Raises TimeoutError when it has not come back after
        so many seconds; it is then left to itself."""
        ...

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Let work go on by itself."""
        ...


class AsyncioRuntime:
    """The real surroundings: the system's clocks, the running event loop, its threads."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="operation")

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def random_bytes(self, count: int) -> bytes:
        return random.SystemRandom().randbytes(count)

    def jitter(self) -> float:
        return random.random()  # noqa: S311 - spreads load, guards nothing

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def in_thread(self, seconds: float, work: Callable[[A], T], about: A) -> T:
        async with asyncio.timeout(seconds):
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, about)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)  # the loop itself keeps only a weak hold on a task
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Call off what is still going on, and wait for it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)
