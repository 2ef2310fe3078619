"""A scan in a thread, and what tests of the camera wait for."""

import threading
import time
from collections.abc import Callable

from hardware.device import Command
from hardware.scanner.camera import CameraScanner
from hardware.scanner.interface import Scan

LONG_S = 30.0
"""A deadline that is only reached when something is wrong, on however busy a machine."""


class Scanning:
    """A scan in a thread, as the device's worker runs it."""

    def __init__(self, scanner: CameraScanner) -> None:
        self.scanner = scanner
        self.command = Command(LONG_S)
        self.outcome: Scan | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        self.outcome = self.scanner.scan(self.command)

    def decoder(self, other_than: int = 0) -> int:
        """The process id of a decoder that has decoded something, once there is one."""

        def at_work() -> int:
            child = self.scanner._decoder
            return child.pid if child and child.hello and child.pid != other_than else 0

        return until(at_work)

    def result(self) -> Scan | None:
        """How it ended."""
        self._thread.join(LONG_S)
        return self.outcome


def until(condition: Callable[[], int]) -> int:
    """Wait until the condition gives something, and give it."""
    end = time.monotonic() + LONG_S
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        threading.Event().wait(0.005)
    raise AssertionError("it never came")
