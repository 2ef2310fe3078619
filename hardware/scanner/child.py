"""A helper process that answers one JSON line with one JSON line, and is killed when it does not."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

_ROOT = Path(__file__).resolve().parents[2]
_LONGEST_LINE_BYTES = 64 * 1024
START_LIMIT_S = 15.0
"""How long the imports may take on a busy machine."""
_LOOK_S = 0.05
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Patience:
    """How long an answer may take.

    `work_s` is processor time of the process: a machine that is busy with something else makes nothing hang. But a
    process that waits for ever uses none, so `wall_s` ends it in any case.
    """

    work_s: float
    wall_s: float


class ChildDied(Exception):
    """The process ended, or wrote what is not an answer."""


class ChildHung(Exception):
    """The process gave no answer in time; it has been killed."""


class Child:
    """One run of `python -m module arguments`, which first writes a line of its own: `hello`.

    After ChildDied or ChildHung it has ended and is of no more use.
    """

    def __init__(self, module: str, arguments: Sequence[str], pass_fds: Sequence[int]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # libraries complain there about pictures, at length
            env={**os.environ, "PYTHONPATH": str(_ROOT), "OPENBLAS_NUM_THREADS": "1"},
            pass_fds=pass_fds,
            bufsize=0,
            start_new_session=True,  # a Ctrl-C at the terminal is for the kiosk, which ends its children
        )
        self._unread = b""
        self.hello: Mapping[str, Any] = {}
        self._greeted = False

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def ask(self, request: Mapping[str, Any], patience: Patience) -> Mapping[str, Any]:
        """Send `request` and wait for its answer. Raises ChildDied, or ChildHung when `patience` ends."""
        if not self._greeted:
            self.hello, self._greeted = self._answer(Patience(START_LIMIT_S, START_LIMIT_S)), True
        try:
            cast(Any, self._process.stdin).write(json.dumps(request).encode() + b"\n")
        except OSError:
            self.close()
            raise ChildDied from None
        return self._answer(patience)

    def close(self) -> None:
        """Kill it and take its exit status. May be called twice."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            cast(Any, pipe).close()

    def _answer(self, patience: Patience) -> Mapping[str, Any]:
        until, worked_s = time.monotonic() + patience.wall_s, self._work_s()
        out = cast(Any, self._process.stdout).fileno()
        while b"\n" not in self._unread:
            if not select.select([out], [], [], _LOOK_S)[0]:
                if time.monotonic() < until and self._work_s() - worked_s < patience.work_s:
                    continue
                self.close()
                raise ChildHung
            part = os.read(out, 65536)
            self._unread += part
            if not part or len(self._unread) > _LONGEST_LINE_BYTES:
                self.close()
                raise ChildDied
        line, self._unread = self._unread.split(b"\n", 1)
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            self.close()
            raise ChildDied
        return answer

    def _work_s(self) -> float:
        """The processor time that it has used; 0 for one that has ended."""
        try:
            stat = Path(f"/proc/{self.pid}/stat").read_text()
        except OSError:
            return 0.0
        fields = stat.rpartition(")")[2].split()  # the name, in brackets, may hold anything
        return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND
