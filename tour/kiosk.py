"""A demo kiosk of our own: its process, and its device bench as an outside program sees it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from kiosk.contract.wire import Language
from scripts.display import DIES_WITH_US, free_port

ROOT = Path(__file__).parent.parent
START_S = 60.0
STOP_S = 10.0
ENDING_S = 30.0
ANSWER_S = 60.0
"""Of the bench: drawing a slip as long as an arm takes a busy machine its time."""
LOOK_AGAIN_S = 0.03


class KioskGone(Exception):
    """The kiosk ended, or never came up; the message holds the end of what it said."""


@dataclass(frozen=True)
class Control:
    """Something to touch, as GET /controls tells it; pixels of the window."""

    label: str
    role: str
    x: int
    y: int
    w: int
    h: int
    enabled: bool
    focused: bool = field(default=False, compare=False)
    """Does the ring of the keys stand on it?"""

    @property
    def middle(self) -> tuple[int, int]:
        """Where a finger goes."""
        return self.x + self.w // 2, self.y + self.h // 2


@dataclass(frozen=True)
class Shown:
    """What is on the window now."""

    screen: str
    language: Language
    controls: tuple[Control, ...]
    texts: tuple[str, ...]
    painted: bool = field(compare=False)
    """Is it on the glass already?"""

    def control(self, label: str) -> Control | None:
        """The control of that label: one that can be used before one that cannot."""
        found = [control for control in self.controls if control.label == label]
        return next((control for control in found if control.enabled), found[0] if found else None)


class DemoKiosk:
    """`run_kiosk.py --demo` on a display. Raises KioskGone."""

    def __init__(
        self,
        display: str,
        size: tuple[int, int],
        log: Path,
        settings: Mapping[str, str] | None = None,
        *,
        a4: bool = False,
    ) -> None:
        self.log = log
        self.right_status = 0
        self.started_at = time.perf_counter()
        self._url = f"http://127.0.0.1:{(port := free_port())}"
        self._http = requests.Session()
        command = [*DIES_WITH_US, sys.executable, "run_kiosk.py", "--demo", "--bench-port", str(port)]
        command += ["--size", f"{size[0]}x{size[1]}", *(["--a4"] if a4 else [])]
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **(settings or {}), "DISPLAY": display},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        try:
            self.wait_until(lambda: self._answers() and self.shown().screen == "Attract", START_S)
            self._people = {person["key"]: person for person in self.get("/citizens")}
        except BaseException:
            self.close()
            raise

    def close(self) -> int:
        """End it as a supervisor would; the exit status."""
        self._http.close()
        self.process.terminate()
        try:
            return self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise KioskGone(f"the kiosk did not end on SIGTERM; {self.said()}") from None

    def ends_by_itself(self, status: int) -> None:
        """Wait for the end that staff have asked for. Raises KioskGone for another status, or none."""
        self.right_status = status
        try:
            ended = self.process.wait(ENDING_S)
        except subprocess.TimeoutExpired:
            raise KioskGone(f"the kiosk did not end when staff ended it; {self.said()}") from None
        if ended != status:
            raise KioskGone(f"the kiosk ended with status {ended}, not {status}; {self.said()}")

    @property
    def running(self) -> bool:
        """Has it not ended yet?"""
        return self.process.poll() is None

    def wait_until(self, holds: Callable[[], bool], most_s: float) -> bool:
        """Look again until something holds; False when it did not in time."""
        until = time.monotonic() + most_s
        while not holds():
            if self.process.poll() is not None:
                raise KioskGone(f"the kiosk ended with status {self.process.returncode}; {self.said()}")
            if time.monotonic() > until:
                return False
            time.sleep(LOOK_AGAIN_S)
        return True

    # ------------------------------------------------------------------ the bench

    def shown(self) -> Shown:
        """What can be seen and touched."""
        now = self.get("/controls")
        fields = ("label", "role", "x", "y", "w", "h", "enabled", "focused")
        controls = tuple(Control(**{name: one[name] for name in fields}) for one in now["controls"])
        return Shown(now["screen"], now["language"], controls, tuple(now["texts"]), now["painted"])

    def person(self, key: str) -> Mapping[str, Any]:
        """A citizen of the demo."""
        return self._people[key]  # type: ignore[no-any-return]

    def device(self, kind: str, action: str, **body: object) -> None:
        """Do something at a device: `device("id_card", "insert", id_number=...)`."""
        self.post(f"/devices/{kind}/{action}", body)

    def line(self, action: str, **body: object) -> None:
        """Do something to the line between kiosk and centre."""
        self.post(f"/centre/{action}", body)

    def slips(self) -> int:
        """How many slips have come out: the number of the last one."""
        kept = self.get("/slips")
        return int(kept[-1]["number"]) if kept else 0

    def slip(self, number: int) -> tuple[bytes, str]:
        """A slip as PNG and as text."""
        answers = [self._ask("GET", f"/slips/{number}.{kind}") for kind in ("png", "txt")]
        return answers[0].content, answers[1].text

    def sheets(self) -> int:
        """How many documents the A4 printer has printed."""
        return int(self.get("/sheets")["count"])

    def sheet(self, number: int) -> bytes:
        """One of them, as PDF."""
        return self._ask("GET", f"/sheets/{number}.pdf").content

    def get(self, path: str) -> Any:
        """A JSON answer of the bench."""
        return self._ask("GET", path).json()

    def post(self, path: str, body: Mapping[str, object]) -> Any:
        """Have the bench do something."""
        return self._ask("POST", path, body).json()

    def _ask(self, verb: str, path: str, body: Mapping[str, object] | None = None) -> requests.Response:
        answer = self._http.request(verb, self._url + path, json=body, timeout=ANSWER_S)
        if not answer.ok:
            raise RuntimeError(f"{verb} {path}: {answer.status_code} {answer.text}")
        return answer

    def _answers(self) -> bool:
        try:
            self._ask("GET", "/controls")
        except requests.ConnectionError:
            return False
        return True

    def said(self) -> str:
        """The end of its log."""
        return f"it said: {self.log.read_text(errors='replace')[-2000:]}"


@contextmanager
def demo_kiosk(
    display: str,
    size: tuple[int, int],
    log: Path,
    settings: Mapping[str, str] | None = None,
    *,
    a4: bool = False,
) -> Iterator[DemoKiosk]:
    """A demo kiosk that ends with the context, and must end well. `settings` are variables: KIOSK_TIMEOUTS__IDLE_S."""
    kiosk = DemoKiosk(display, size, log, settings, a4=a4)
    try:
        yield kiosk
    finally:
        status = kiosk.close()
    if status != kiosk.right_status:
        raise KioskGone(f"the kiosk ended with status {status}; {kiosk.said()}")
