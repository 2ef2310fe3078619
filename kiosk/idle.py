"""Nobody there? A warning with a countdown, then the visit ends. Runs only while the citizen is being waited for."""

import asyncio
import math
from typing import Any

from kiosk.leaving import TimedOut
from kiosk.settings import TimeoutSection
from kiosk.stage import Preferences, Stage

LISTENING_MOST_S = 600.0
"""Whoever is spoken to listens, and touches nothing: a page of a schedule, said slowly, takes some minutes. Yet a kiosk
that speaks again and again by itself, as a device comes and goes, must not take that for a citizen."""


def patience(preferences: Preferences, timeouts: TimeoutSection) -> float:
    """How many times as long as others this citizen has: in elder mode, with larger text, and led by the voice."""
    slow = preferences.elder or preferences.text_size != "normal" or preferences.speech
    return timeouts.idle_elder_factor if slow else 1.0


class Idle:
    """The quiet since the last touch or key, or since the voice fell silent. Time is the event loop's."""

    def __init__(self, stage: Stage, timeouts: TimeoutSection) -> None:
        self._stage = stage
        self._timeouts = timeouts
        self._last = self._listened = 0.0
        self._touched = asyncio.Event()
        stage.on_activity = self.touched
        stage.on_listening = self.listening

    def touched(self) -> None:
        """The citizen is there."""
        self._last = asyncio.get_running_loop().time()
        self._touched.set()

    def listening(self) -> None:
        """The voice speaks to the citizen, or has just ended."""
        self._listened = asyncio.get_running_loop().time()

    def quiet_s(self) -> float:
        """Since when nobody has touched anything, and nothing was said."""
        since = max(self._last, min(self._listened, self._last + LISTENING_MOST_S))
        return asyncio.get_running_loop().time() - since

    async def wait(
        self,
        reply: "asyncio.Future[Any]",
        preferences: Preferences,
        idle_s: float | None = None,
        *,
        fresh: bool = True,
    ) -> Any:
        """The reply's value. Raises TimedOut when the warning, too, goes unanswered.

        `idle_s` is the quiet before the warning, by default the setting's; those who need more time have more
        (`patience`). The quiet begins anew, unless this is not `fresh`.
        """
        if fresh:
            self.touched()
        warned = False
        try:
            while not reply.done():
                limit = (idle_s or self._timeouts.idle_s) * patience(preferences, self._timeouts)
                quiet = self.quiet_s()
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
