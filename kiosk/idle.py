"""Nobody there? A warning with a countdown, then the visit ends. Runs only while the citizen is being waited for."""

import asyncio
import math
from typing import Any

from kiosk.leaving import TimedOut
from kiosk.settings import TimeoutSection
from kiosk.stage import Preferences, Stage


class Idle:
    """The quiet since the last touch or key, and what follows from it. Time is the event loop's."""

    def __init__(self, stage: Stage, timeouts: TimeoutSection) -> None:
        self._stage = stage
        self._timeouts = timeouts
        self._last = 0.0
        self._touched = asyncio.Event()
        stage.on_activity = self.touched

    def touched(self) -> None:
        """The citizen is there."""
        self._last = asyncio.get_running_loop().time()
        self._touched.set()

    async def wait(
        self,
        reply: "asyncio.Future[Any]",
        preferences: Preferences,
        idle_s: float | None = None,
        *,
        fresh: bool = True,
    ) -> Any:
        """The reply's value. Raises TimedOut when the warning, too, goes unanswered.

        `idle_s` is the quiet before the warning, by default the setting's; those who chose elder mode or
        larger text have `idle_elder_factor` times as long. The quiet begins anew, unless this is not `fresh`.
        """
        loop = asyncio.get_running_loop()
        if fresh:
            self.touched()
        warned = False
        try:
            while not reply.done():
                slow = preferences.elder or preferences.text_size != "normal"
                limit = (idle_s or self._timeouts.idle_s) * (self._timeouts.idle_elder_factor if slow else 1)
                quiet = loop.time() - self._last
                left = limit + self._timeouts.idle_warning_s - quiet
                if quiet < limit:
                    if warned:
                        self._stage.warn(None)
                    warned, pause = False, limit - quiet
                elif left > 0:
                    self._stage.warn(math.ceil(left))
                    warned, pause = True, left - math.ceil(left) + 1
                else:
                    raise TimedOut
                await self._pause(reply, max(pause, 0.01), wake_on_touch=warned)
            return reply.result()
        finally:
            if warned:
                self._stage.warn(None)

    async def _pause(self, reply: "asyncio.Future[Any]", seconds: float, *, wake_on_touch: bool) -> None:
        self._touched.clear()
        waiters: set[asyncio.Future[Any]] = {reply}
        touch = asyncio.ensure_future(self._touched.wait()) if wake_on_touch else None
        if touch:
            waiters.add(touch)
        await asyncio.wait(waiters, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if touch:
            touch.cancel()
