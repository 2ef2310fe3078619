"""Time that passes when everybody waits: coroutines over a heap of instants, in one thread, in one order."""

import heapq
import random
from collections.abc import Callable, Coroutine, Generator
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

A = TypeVar("A")
T = TypeVar("T")

EPOCH = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Pause:
    """What a virtual coroutine awaits: so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __await__(self) -> Generator[float, None, None]:
        yield self.seconds


class Task:
    """A coroutine on the scheduler; `dead` ones are never resumed."""

    def __init__(self, work: Coroutine[Any, Any, Any]) -> None:
        self.work = work
        self.dead = False
        self.result: Any = None
        self.on_raise: Callable[[BaseException], None] | None = None
        """Takes what the work raises; without it the run ends."""

    def kill(self) -> None:
        """Take it off without letting it run on."""
        self.dead = True
        self.work.close()


class Scheduler:
    """Resumes tasks in the order of their instants; equal instants in the order in which they were asked for."""

    def __init__(self) -> None:
        self.time_s = 0.0
        self._heap: list[tuple[float, int, Task]] = []
        self._count = 0

    def start(self, work: Coroutine[Any, Any, Any], after_s: float = 0.0) -> Task:
        """Put a coroutine on the scheduler."""
        task = Task(work)
        self._push(task, after_s)
        return task

    def run(self, until_s: float = float("inf")) -> None:
        """Until nothing is left to do, or the time has come. An exception of a task ends the run."""
        while self._heap and self._heap[0][0] <= until_s:
            self.time_s, _, task = heapq.heappop(self._heap)
            if task.dead:
                continue
            try:
                seconds = task.work.send(None)
            except StopIteration as end:
                task.result = end.value
            except BaseException as raised:
                if task.on_raise is None:
                    raise
                task.on_raise(raised)
            else:
                self._push(task, seconds)

    def clear(self) -> None:
        """Take everything off."""
        while self._heap:  # a task that is killed may start another on its way out
            heapq.heappop(self._heap)[2].kill()

    def __del__(self) -> None:
        self.clear()  # a coroutine that is dropped without being closed is reported as a mistake

    def _push(self, task: Task, after_s: float) -> None:
        self._count += 1
        heapq.heappush(self._heap, (self.time_s + after_s, self._count, task))


class VirtualRuntime:
    """kiosk.runtime.Runtime on a scheduler: blocking work is done at once and takes `call_s` of its time."""

    def __init__(self, scheduler: Scheduler, seed: int = 0, call_s: float = 0.01) -> None:
        self.scheduler = scheduler
        self.random = random.Random(seed)
        self.call_s = call_s
        self.wall_offset = timedelta()

    def now(self) -> datetime:
        return EPOCH + timedelta(seconds=self.scheduler.time_s) + self.wall_offset

    def monotonic(self) -> float:
        return self.scheduler.time_s

    def random_bytes(self, count: int) -> bytes:
        return self.random.randbytes(count)

    def jitter(self) -> float:
        return self.random.random()

    async def sleep(self, seconds: float) -> None:
        await Pause(seconds)

    async def in_thread(self, seconds: float, work: Callable[[A], T], about: A) -> T:
        await Pause(min(self.call_s, seconds))
        if self.call_s > seconds:
            raise TimeoutError
        return work(about)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self.scheduler.start(work)
