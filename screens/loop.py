"""The window's loop: takes what the X server has sent, hands it on, and draws what has changed.

Kivy's own loop waits a frame between reading a touch and handing it on, and another before it draws. This one does
all three at once, and is woken by what wants to be drawn; between changes it draws nothing.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from kivy.base import EventLoop, runTouchApp, stopTouchApp

LOOK_S = 0.008
LOOK_IDLE_S = 0.02
"""How often the X server is asked for touches and keys: while somebody is at it, and while nobody is."""

AT_IT_S = 5.0
"""Somebody is at it for so long after something has changed."""


class Loop:
    """One window's loop. `on_error` gets what went wrong while a touch was handled or a screen drawn; it goes on."""

    def __init__(self, on_error: Callable[[Exception], None]) -> None:
        self._on_error = on_error
        self._wanted = asyncio.Event()
        self._last_change_s = 0.0

    def wake(self) -> None:
        """Something is to be drawn now."""
        self._last_change_s = time.monotonic()
        self._wanted.set()

    async def run(self, surface: Any) -> None:
        """Show the surface until `stop`."""
        runTouchApp(surface, embedded=True)  # sets everything up, and leaves the loop to us
        try:
            while EventLoop.status == "started" and not EventLoop.quit:
                await self._pause()
                try:
                    EventLoop.window.mainloop()
                    EventLoop.idle()
                except Exception as problem:  # the last net: what cannot be drawn must not end the kiosk
                    self._on_error(problem)
        finally:
            stopTouchApp()

    async def _pause(self) -> None:
        """Let others work: until something is to be drawn, or it is time to look for touches."""
        await asyncio.sleep(0)
        at_it = time.monotonic() - self._last_change_s < AT_IT_S
        look = asyncio.get_running_loop().call_later(LOOK_S if at_it else LOOK_IDLE_S, self._wanted.set)
        await self._wanted.wait()
        look.cancel()
        self._wanted.clear()

    def stop(self) -> None:
        """End `run`; the window goes away."""
        stopTouchApp()
        self.wake()
