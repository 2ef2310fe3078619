"""Calls that wait for their time, and are forgotten together when another screen comes."""

import asyncio
from collections.abc import Callable


class Timers:
    """The calls that one screen has asked for."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.TimerHandle] = set()

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        """Call after so many seconds, unless they are dropped before."""

        def due() -> None:
            self._waiting.discard(timer)
            call()

        timer = asyncio.get_running_loop().call_later(seconds, due)
        self._waiting.add(timer)

    def __len__(self) -> int:
        return len(self._waiting)

    def drop(self) -> None:
        """Nothing that still waits will be called."""
        for timer in self._waiting:
            timer.cancel()
        self._waiting.clear()
