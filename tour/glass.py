"""The glass from outside: touches through the X server's own input, pictures and changes through its own eyes.

Nothing here knows the kiosk: whatever is on the display is touched and seen.
"""

import select
import time
from collections.abc import Iterator

import xcffib
import xcffib.damage
import xcffib.xproto
import xcffib.xtest
from PIL import Image

BUTTON = 1
MOTION, PRESS, RELEASE = 6, 4, 5
Z_PIXMAP = 2
ALL_PLANES = 0xFFFFFFFF
SETTLED_S = 0.2
"""When nothing has been painted for so long, the picture stands: the kiosk draws only what has changed."""


class NeverStill(Exception):
    """The picture went on changing."""


class Glass:
    """One X display. Pixels count from its top left."""

    def __init__(self, display: str) -> None:
        self.display = display
        self._x = xcffib.connect(display)
        setup = self._x.get_setup()
        screen = setup.roots[self._x.pref_screen]
        self._root = screen.root
        self.width, self.height = screen.width_in_pixels, screen.height_in_pixels
        self._input = self._x(xcffib.xtest.key)
        self._damage = self._x(xcffib.damage.key)
        self._damage.QueryVersion(1, 1).reply()
        self._watch = self._x.generate_id()
        self._damage.Create(self._watch, self._root, xcffib.damage.ReportLevel.RawRectangles)
        self._x.flush()

    def close(self) -> None:
        """Let go of the display."""
        self._x.disconnect()

    # ------------------------------------------------------------------ the finger

    def move(self, x: int, y: int) -> None:
        """Bring the finger over a place."""
        self._input.FakeInput(MOTION, 0, xcffib.CurrentTime, self._root, x, y, 0)
        self._x.flush()

    def press(self) -> None:
        """Put the finger down."""
        self._input.FakeInput(PRESS, BUTTON, xcffib.CurrentTime, self._root, 0, 0, 0)
        self._x.flush()

    def release(self) -> None:
        """Take the finger away."""
        self._input.FakeInput(RELEASE, BUTTON, xcffib.CurrentTime, self._root, 0, 0, 0)
        self._x.flush()

    def tap(self, x: int, y: int, rests_s: float = 0.0) -> None:
        """Touch a place once; a person's finger rests there for a moment."""
        self.move(x, y)
        self.press()
        time.sleep(rests_s)
        self.release()

    # ------------------------------------------------------------------ the eye

    def pixels(self, x: int, y: int, w: int, h: int) -> bytes:
        """A rectangle as it is now: four bytes a pixel, blue first."""
        cookie = self._x.core.GetImage(Z_PIXMAP, self._root, x, y, w, h, ALL_PLANES)
        return bytes(cookie.reply().data.buf())

    def picture(self) -> Image.Image:
        """All of it as it is now."""
        pixels = self.pixels(0, 0, self.width, self.height)
        return Image.frombuffer("RGB", (self.width, self.height), pixels, "raw", "BGRX", 0, 1)

    def paintings(self, quiet_s: float, most_s: float) -> Iterator[float]:
        """When something was painted (`time.perf_counter()`), until nothing has been for `quiet_s`.

        Raises NeverStill after `most_s`.
        """
        until = time.perf_counter() + most_s
        while True:
            while event := self._x.poll_for_event():
                if isinstance(event, xcffib.damage.NotifyEvent):
                    yield time.perf_counter()
            left = until - time.perf_counter()
            if left <= 0:
                raise NeverStill(f"still being painted after {most_s:.0f} s")
            readable, _, _ = select.select([self._x.get_file_descriptor()], [], [], min(quiet_s, left))
            if not readable:
                return

    def settle(self, quiet_s: float = SETTLED_S, most_s: float = 10.0) -> None:
        """Return when the picture has stood for `quiet_s`. Raises NeverStill."""
        for _ in self.paintings(quiet_s, most_s):
            pass
