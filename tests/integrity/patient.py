"""The real surroundings of a kiosk, which can be waited for."""

import asyncio

from kiosk.runtime import AsyncioRuntime


class Patient(AsyncioRuntime):
    """Knows when the resolver has nothing left to do."""

    async def finished(self, within_s: float | None = None) -> None:
        """Until then; what is not settled within so many seconds is left unknown."""
        try:
            async with asyncio.timeout(within_s):
                while self._tasks:
                    await asyncio.wait(self._tasks)
        except TimeoutError:
            pass
