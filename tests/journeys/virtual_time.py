"""An event loop whose clock moves only when there is nothing left to do: a minute of waiting takes no time."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any
from unittest.mock import patch

REAL_WAIT_S = 0.02


class _Selector(selectors.DefaultSelector):
    """Instead of waiting, moves the clock on, unless a thread is still at work."""

    loop: "VirtualLoop"

    def select(self, timeout: float | None = None) -> Any:
        if self.loop.busy or timeout is None:
            return super().select(REAL_WAIT_S if timeout is None else min(timeout, REAL_WAIT_S))
        ready = super().select(0)
        if not ready and timeout > 0:
            self.loop.now += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time is virtual; threads are real and hold it still."""

    def __init__(self) -> None:
        selector = _Selector()
        selector.loop = self
        self.now = 1000.0
        self.busy = 0
        super().__init__(selector)

    def time(self) -> float:
        return self.now

    def holding(self, future: "asyncio.Future[Any]") -> "asyncio.Future[Any]":
        """Time stands still until `future` is done."""
        self.busy += 1

        def done(_: Any) -> None:
            self.busy -= 1

        future.add_done_callback(done)
        return future

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:
        return self.holding(super().run_in_executor(executor, func, *args))


def run_virtually(work: Coroutine[Any, Any, Any]) -> Any:
    """Run `work` to its end in virtual time."""
    loop = VirtualLoop()
    wrap = asyncio.wrap_future

    def holding_wrap(future: Any, *, loop: Any = None) -> Any:
        wrapped = wrap(future, loop=loop)
        return wrapped.get_loop().holding(wrapped)  # type: ignore[attr-defined]

    with patch("asyncio.wrap_future", holding_wrap):
        try:
            return loop.run_until_complete(work)
        finally:
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.run_until_complete(asyncio.sleep(0))
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()
