"""The real centre as a process that can be killed; and waiting for what must happen."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path


class CentreProcess:
    """The centre as a process (tests/integrity/centre_process.py) that can be killed and started again."""

    def __init__(self, database_url: str) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.integrity.centre_process", database_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = 0
        self.pid = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, dies: tuple[int, int] | None = None) -> None:
        """Fork a centre; it takes connections when this returns. It may be doomed: the commit in which it dies, and
        how many microseconds after its beginning."""
        assert self._server.stdin and self._server.stdout
        self._server.stdin.write("{} {}\n".format(*dies) if dies else "\n")
        self._server.stdin.flush()
        self.port, self.pid = map(int, self._server.stdout.readline().split())

    def kill(self) -> None:
        """kill -9, in the middle of whatever it does; its socket is closed when this returns."""
        os.kill(self.pid, signal.SIGKILL)
        wait_until(lambda: gone(self.pid))

    def close(self) -> None:
        """End it and its fork server."""
        self.kill()
        assert self._server.stdin and self._server.stdout
        self._server.stdin.close()
        self._server.wait(60)
        self._server.stdout.close()


def gone(pid: int) -> bool:
    """Whether a process has ended, also if nobody has asked after it yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def wait_until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait for a condition; AssertionError when it does not come."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        pause.wait(0.01)
