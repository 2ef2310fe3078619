"""Where the kiosk meets time, chance and threads; a simulation puts its own in the place of these."""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


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

    async def in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run blocking work away from the window's thread."""
        ...

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Let work go on by itself."""
        ...


class AsyncioRuntime:
    """The real surroundings: the system's clocks, the running event loop, its threads."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

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

    async def in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.to_thread(work, *args, **kwargs)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)  # the loop itself keeps only a weak hold on a task
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Call off what is still going on, and wait for it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
