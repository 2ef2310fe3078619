"""An embedded centre for the demo: the reference centre as a process of its own, on loopback, with demo citizens."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from hardware.scratch import Scratch
from kiosk.settings import ROOT

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 5.0
POLL_S = 0.02


class NoCentre(RuntimeError):
    """The centre did not start; the message holds the end of what it said."""


class EmbeddedCentre:
    """A `python -m central serve --demo` of our own. It comes up by itself while others get ready."""

    def __init__(self, folder: Path) -> None:
        """Start it, with its database in `folder`; `ready` waits for it."""
        self.folder = folder
        self._port_file, self._log = folder / "centre.port", folder / "centre.log"
        command = ["setpriv", "--pdeathsig", "TERM"]  # a demo that is killed hard leaves no centre behind
        command += [sys.executable, "-m", "central", "serve", "--demo"]
        command += ["--database", f"sqlite:///{folder / 'centre.db'}"]
        command += ["--port", "0", "--port-file", str(self._port_file)]
        with self._log.open("wb") as out:
            self._process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
            )

    @classmethod
    @contextmanager
    def begin(cls) -> Iterator["EmbeddedCentre"]:
        """A centre that ends with the context, and its folder with it."""
        with closing(Scratch("demo")) as scratch:
            centre = cls(scratch.path)
            try:
                yield centre
            finally:
                centre.stop()

    def ready(self) -> str:
        """Wait until it answers; its base URL. Raises NoCentre."""
        until = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < until and self._process.poll() is None:
            if self._port_file.exists():
                return f"http://127.0.0.1:{self._port_file.read_text().strip()}"
            time.sleep(POLL_S)
        raise NoCentre(f"the centre did not start: {self._log.read_text()[-800:]}")

    def stop(self) -> None:
        """End the process that was started."""
        self._process.terminate()
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
