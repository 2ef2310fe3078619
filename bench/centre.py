"""An embedded centre for the demo: the reference centre as a process of its own, on loopback, with demo citizens."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.settings import ROOT

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 5.0
POLL_S = 0.02


class NoCentre(RuntimeError):
    """The centre did not start; the message holds the end of what it said."""


@dataclass
class EmbeddedCentre:
    """A running `python -m central serve --demo`."""

    process: "subprocess.Popen[bytes]"
    port: int
    database: str

    @classmethod
    def start(cls, folder: Path, base_url: str | None = None) -> "EmbeddedCentre":
        """Start one with its database in `folder` and wait until it answers. Raises NoCentre."""
        port_file, log = folder / "centre.port", folder / "centre.log"
        port_file.unlink(missing_ok=True)
        database = f"sqlite:///{folder / 'centre.db'}"
        command = [sys.executable, "-m", "central", "serve", "--demo", "--database", database]
        command += ["--port", "0", "--port-file", str(port_file)]
        with log.open("wb") as out:
            process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
            )
        until = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < until and process.poll() is None:
            if port_file.exists() and (text := port_file.read_text().strip()):
                return cls(process, int(text), database)
            time.sleep(POLL_S)
        process.kill()
        process.wait()
        raise NoCentre(f"the centre did not start: {log.read_text()[-800:]}")

    def enrolment_code(self) -> str:
        """A one-time code, as the centre's staff would hand out."""
        return _central("enrol-code", "--database", self.database).strip()

    def stop(self) -> None:
        """End the process that was started."""
        self.process.terminate()
        try:
            self.process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def demo_citizens() -> list[dict[str, Any]]:
    """Who lives in the demo: id number, joint card number, name, and what each of them shows."""
    listed: list[dict[str, Any]] = json.loads(_central("demo", "--list", "--format", "json"))
    return listed


def _central(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "central", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout
