"""A serial line with a simulated device at its far end: the real driver opens its near end like any other port."""

import os
import pty
import select
import threading
import tty
from collections.abc import Callable, Iterable
from contextlib import suppress

from hardware.scratch import Scratch

Listener = Callable[[bytes], Iterable[bytes]]
"""What a device does with the bytes that come: the pieces that it sends back."""

_READ_BYTES = 4096


def deaf(data: bytes) -> Iterable[bytes]:
    """The listener of a device that only speaks."""
    return ()


class SimulatedLine:
    """A pseudo-terminal. `port` is a name that stays the same when the line is unplugged and plugged in again.

    `listen` is called at every plugging in: a device that was without power has forgotten what it heard.
    """

    def __init__(self, name: str, listen: Callable[[], Listener] = lambda: deaf) -> None:
        self._listen = listen
        self._scratch = Scratch(name)
        self._link = self._scratch.path / name
        self.port = str(self._link)
        self._stop_r, self._stop_w = os.pipe()
        self._master = self._slave = -1
        self._thread: threading.Thread | None = None
        self.plug_in()

    def plug_in(self) -> None:
        """Connect the device; its port is there again."""
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._link.symlink_to(os.ttyname(self._slave))
        self._thread = threading.Thread(
            target=self._serve,
            args=(self._master, self._listen()),
            name=f"{self._link.name}-simulator",
            daemon=True,
        )
        self._thread.start()

    def unplug(self) -> None:
        """Pull the device out; does nothing when it is out."""
        if self._thread is None:
            return
        os.write(self._stop_w, b".")
        self._thread.join()
        self._thread = None
        os.read(self._stop_r, 1)
        self._link.unlink()
        os.close(self._master)
        os.close(self._slave)
        self._master = self._slave = -1  # nobody shall write to what has become another's number

    def send(self, data: bytes) -> int:
        """Say something unasked; how many bytes the line took. A line that nobody reads takes some kilobytes. Raises
        OSError when it is unplugged."""
        with suppress(BlockingIOError):
            return os.write(self._master, data)
        return 0

    def close(self) -> None:
        """Unplug for good."""
        self.unplug()
        for end in (self._stop_r, self._stop_w):
            os.close(end)
        self._scratch.close()

    def _serve(self, master: int, listener: Listener) -> None:
        while True:
            ready, _, _ = select.select([master, self._stop_r], [], [])
            if self._stop_r in ready:
                return
            for part in listener(os.read(master, _READ_BYTES)):
                with suppress(BlockingIOError):  # a serial line nobody reads loses what is sent
                    os.write(master, part)
