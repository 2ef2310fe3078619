"""The touches that only staff know: five on the emblem, within five seconds. Nothing on the glass tells of them."""

from screens.theme import Look

TOUCHES = 5
WITHIN_S = 5.0
CORNER_MM = 40.0


class Secret:
    """Counts touches on the corner with the emblem."""

    def __init__(self) -> None:
        self._times: list[float] = []

    def touched(self, look: Look, x: float, y: float, now_s: float) -> bool:
        """A touch at a place in px, at a time in seconds that only goes forward; True when it completes the five.
        A touch anywhere else begins anew."""
        corner = look.px(CORNER_MM)
        if x >= corner or y >= corner:
            self._times.clear()
            return False
        self._times = [*(t for t in self._times if now_s - t < WITHIN_S), now_s]
        if len(self._times) < TOUCHES:
            return False
        self._times.clear()
        return True
