"""A private CUPS with a simulated IPP printer behind it, for demo and tests, never for a kiosk in service.

Everything is real but the paper: cupsd with its ipp backend, and ippeveprinter, CUPS' own model of a printer, whose
print command does what a scenario file says.
"""

import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from enum import StrEnum

import cups

from hardware import loopback
from hardware.a4_printer.daemons import (
    START_TIMEOUT_S,
    Daemons,
    NoCups,
    path_of,
    unavailable,
    until,
)
from hardware.a4_printer.ipp import Operation, Refused, Target, Unreachable, ask
from hardware.a4_printer.reasons import IDLE, stem
from hardware.scratch import Scratch

QUEUE = "a4"


class Scenario(StrEnum):
    """What can be made to go wrong. Each lasts until `recover`."""

    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    TONER_LOW = "toner_low"
    PAPER_OUT_MIDWAY = "paper_out_midway"  # after the first page of the next job
    JAM_MIDWAY = "jam_midway"
    GIVES_UP = "gives_up"  # the printer throws the next job away, and does not say why
    SLOW = "slow"  # the next job takes until `recover`
    OFF = "off"
    CUPS_DOWN = "cups_down"


_REASONS: Mapping[Scenario, str] = {
    Scenario.PAPER_OUT: "media-empty",
    Scenario.COVER_OPEN: "cover-open",
    Scenario.TONER_LOW: "toner-low",
}
"""Scenarios that show at once, as the printer's own reason."""

_PROGRAMS = {Scenario.OFF: "ippeveprinter", Scenario.CUPS_DOWN: "cupsd"}
_MIDWAY = (Scenario.PAPER_OUT_MIDWAY, Scenario.JAM_MIDWAY, Scenario.SLOW)

_PRINT_COMMAND = """#!/bin/sh
# What the printer does with a document: $1 is its file.
here={here}
scenario=$(cat "$here/scenario")
wait_while() {{ while [ "$(cat "$here/scenario")" = "$1" ]; do sleep 0.05; done; }}
case $scenario in
    show:*) echo "STATE: +${{scenario#show:}}" >&2; exit 0 ;;
    paper_out_midway)
        echo "ATTR: job-impressions-completed=1" >&2
        echo "STATE: +media-empty-error" >&2
        wait_while paper_out_midway
        echo "STATE: -media-empty-error" >&2 ;;
    jam_midway)
        echo "ATTR: job-impressions-completed=1" >&2
        echo "STATE: +media-jam-error" >&2
        wait_while jam_midway
        exit 1 ;;
    gives_up) exit 1 ;;
    slow) wait_while slow ;;
esac
cp "$1" "$here/printed/$(date +%s%N).pdf"
echo "ATTR: job-impressions-completed=1" >&2
"""


class SimulatedA4Printer:
    """The printer with its CUPS. `server` and QUEUE are what the driver is given; `later` does not wait until it is
    up. Raises NoCups."""

    def __init__(self, *, later: bool = False) -> None:
        if problem := unavailable():
            raise NoCups(problem)
        self._folder, self._memory = Scratch("a4"), Scratch("a4-spool", in_memory=True)
        self._here, self._spool = self._folder.path, self._memory.path
        self._daemons = Daemons(self._here, self._spool)
        self._scenario: Scenario | None = None
        self._lock = threading.Lock()
        self.server = str(self._daemons.socket)
        self._kept = loopback.kept_port()
        self._port = self._kept.getsockname()[1]
        self._printer = Target(f"ipp://localhost:{self._port}/ipp/print")
        self._up: Future[None] = Future()
        self._lay_out()
        self._starting = threading.Thread(target=self._start, name="a4", daemon=True)
        self._starting.start()
        if not later:
            self._wait_until_up()

    def _start(self) -> None:
        try:
            self._daemons.start_avahi()
            self._start_printer()
            self._daemons.start_cups()
            self._add_queue()
            self._up.set_result(None)
        except BaseException as problem:
            self._up.set_exception(problem)

    def _wait_until_up(self) -> None:
        try:
            self._up.result()
        except BaseException:
            self.close()
            raise

    @property
    def spool(self) -> str:
        """The folder through which documents pass."""
        return str(self._spool)

    @property
    def printed(self) -> list[bytes]:
        """The documents that came out, oldest first."""
        return [path.read_bytes() for path in sorted((self._here / "printed").iterdir())]

    @property
    def spooled(self) -> list[str]:
        """The documents that lie in CUPS' spool; control files, which hold none, do not count."""
        return [path.name for path in self._spool.iterdir() if path.name.startswith("d")]

    def fail(self, scenario: str) -> None:
        """Let something go wrong from now on. Raises ValueError for a name that is not in Scenario."""
        chosen = Scenario(scenario)
        self._wait_until_up()
        self.recover()
        with self._lock:
            self._scenario = chosen
            match chosen:
                case Scenario.OFF | Scenario.CUPS_DOWN:
                    self._daemons.stop(_PROGRAMS[chosen], signal.SIGKILL)
                case _ if chosen in _REASONS:
                    self._show(_REASONS[chosen])
                case _:
                    self._write(chosen)

    def kill(self, scenario: Scenario) -> None:
        """Turn OFF or CUPS_DOWN while another scenario goes on, as in the middle of a job."""
        with self._lock:
            self._scenario = scenario
            self._daemons.stop(_PROGRAMS[scenario], signal.SIGKILL)

    def recover(self) -> None:
        """Let everything work again."""
        self._wait_until_up()
        with self._lock:
            was, self._scenario = self._scenario, None
            if was in _MIDWAY and self._has_work():
                self._write("")
                until(self._idle, "ippeveprinter")
                if self._reasons() == ["none"]:
                    return  # else the job was called off meanwhile, and took with it who clears the reason
            if was is Scenario.OFF:
                self._start_printer()
            elif was is Scenario.CUPS_DOWN:
                self._daemons.start_cups()
            elif was is not None:
                # A printer without paper starts no job that could clear the reason: it is switched off and on.
                self._daemons.stop("ippeveprinter", signal.SIGKILL)
                self._start_printer()
            self._write("")

    def close(self) -> None:
        """End all that was started."""
        self._starting.join()
        self._daemons.close()
        self._kept.close()
        self._folder.close()
        self._memory.close()

    def _lay_out(self) -> None:
        for folder in (self._here / "printed", self._spool / "printer"):
            folder.mkdir()
        command = self._here / "print"
        command.write_text(_PRINT_COMMAND.format(here=self._here))
        command.chmod(0o755)
        self._write("")

    def _start_printer(self) -> None:
        def up() -> bool:
            if not self._daemons.runs("ippeveprinter"):  # Avahi was not ready yet
                self._daemons.start(
                    *("ippeveprinter", "-r", "off", "-n", "localhost", "-p", str(self._port)),
                    *("-d", str(self._spool / "printer"), "-f", "application/pdf"),
                    *("-c", str(self._here / "print"), "Simulated A4"),
                )
            return self._answers()

        until(up, "ippeveprinter")

    def _answers(self) -> bool:
        try:
            ask(self._printer, Operation.GET_PRINTER_ATTRIBUTES, wanted=["printer-state"], timeout_s=1)
        except (Unreachable, Refused):
            return False
        return True

    def _add_queue(self) -> None:
        command = [path_of("lpadmin") or "", "-h", self.server, "-p", QUEUE, "-E", "-m", "everywhere"]
        subprocess.run(
            [*command, "-v", self._printer.uri, "-o", "printer-error-policy=abort-job"],
            check=True,
            capture_output=True,
            timeout=START_TIMEOUT_S,
        )

    def _show(self, reason: str) -> None:
        """Have the printer say a reason: it changes them only while it works, so it is given a blank job."""
        self._write(f"show:{reason}")
        until(self._takes_blank_job, "ippeveprinter")
        until(lambda: self._idle() and self._reasons() == [reason], "ippeveprinter")
        self._write("")

    def _takes_blank_job(self) -> bool:
        """Not while it ends the job before: it does one at a time."""
        kind = (cups.IPP_TAG_MIMETYPE, "document-format", "application/pdf")
        document = b"%PDF-1.4\n%%EOF\n"
        try:
            ask(self._printer, Operation.PRINT_JOB, [kind], timeout_s=START_TIMEOUT_S, document=document)
        except Refused as refused:
            if refused.status != cups.IPP_PRINTER_BUSY:
                raise
            return False
        return True

    def _idle(self) -> bool:
        return self._said("printer-state") == [IDLE]

    def _reasons(self) -> list[str]:
        return [stem(str(word)) for word in self._said("printer-state-reasons")]

    def _said(self, attribute: str) -> Sequence[object]:
        asked = Operation.GET_PRINTER_ATTRIBUTES
        return ask(self._printer, asked, wanted=[attribute], timeout_s=START_TIMEOUT_S)[attribute]

    def _has_work(self) -> bool:
        """Whether the printer is on a job that nobody has cancelled: it goes on with that when it can."""
        wanted = ("job-state", "job-state-reasons")
        jobs = ask(self._printer, Operation.GET_JOBS, wanted=wanted, timeout_s=START_TIMEOUT_S)
        return "job-state" in jobs and "processing-to-stop-point" not in jobs.get("job-state-reasons", [])

    def _write(self, scenario: str) -> None:
        (self._here / "scenario").write_text(scenario)
