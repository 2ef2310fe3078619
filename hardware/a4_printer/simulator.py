"""A private CUPS with a simulated IPP printer behind it, for demo and tests, never for a kiosk in service.

Everything is real but the paper: cupsd with its ipp backend, and ippeveprinter, CUPS' own model of a printer, whose
print command does what a scenario file says. ippeveprinter insists on an Avahi: the system's is used where there is
one, else one of our own that publishes nothing and stays on loopback.
"""

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path

import cups

from hardware.a4_printer.ipp import Operation, Refused, Target, Unreachable, ask
from hardware.a4_printer.reasons import IDLE, stem

QUEUE = "a4"
START_TIMEOUT_S = 10.0
STOP_TIMEOUT_S = 5.0
PROGRAMS = ("cupsd", "lpadmin", "ippeveprinter", "dbus-daemon", "avahi-daemon")
SYSTEM_BUS = Path("/run/dbus/system_bus_socket")
AVAHI_PID = Path("/run/avahi-daemon/pid")


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

_DBUS = """<busconfig><type>system</type><listen>unix:path={here}/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/>
<allow send_type="method_call"/><allow send_type="signal"/><allow send_type="method_return"/>
<allow send_type="error"/><allow receive_type="method_call"/><allow receive_type="signal"/>
<allow receive_type="method_return"/><allow receive_type="error"/></policy></busconfig>
"""

_AVAHI = """[server]
use-ipv6=no
allow-interfaces=lo
[publish]
disable-publishing=yes
"""

_CUPS_FILES = """SystemGroup root
User {user}
Group {group}
ServerRoot {here}/cups
RequestRoot {here}/spool
CacheDir {here}/cache
StateDir {here}/state
TempDir {here}/tmp
ErrorLog {here}/cups.log
AccessLog /dev/null
PageLog /dev/null
"""

_CUPSD = """Listen {here}/cups.sock
Browsing Off
WebInterface No
LogLevel warn
DirtyCleanInterval 0
PreserveJobFiles No
MaxJobTime 300
ErrorPolicy abort-job
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess default
  JobPrivateValues all
  SubscriptionPrivateAccess default
  SubscriptionPrivateValues default
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""


class NoCups(RuntimeError):
    """A private CUPS cannot be run here; the message says what is missing."""


def unavailable() -> str | None:
    """Why a private CUPS cannot run here, or None when it can."""
    missing = [program for program in PROGRAMS if _path_of(program) is None]
    if missing:
        return "not installed: " + ", ".join(missing)
    if os.geteuid() != 0 and not _system_avahi():
        return "there is no Avahi, and only root can start one"
    return None


class SimulatedA4Printer:
    """The printer with its CUPS. `server` and QUEUE are what the driver is given. Raises NoCups."""

    def __init__(self) -> None:
        if problem := unavailable():
            raise NoCups(problem)
        self._here = Path(tempfile.mkdtemp(prefix="a4-"))
        self._here.chmod(0o711)  # cupsd's filters run as another user
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._scenario: Scenario | None = None
        self._lock = threading.Lock()
        self.server = str(self._here / "cups.sock")
        self._port = _free_port()
        self._printer = Target(f"ipp://localhost:{self._port}/ipp/print")
        try:
            self._lay_out()
            self._start_avahi()
            self._start_printer()
            self._start_cups()
            self._add_queue()
        except BaseException:
            self.close()
            raise

    @property
    def printed(self) -> list[bytes]:
        """The documents that came out, oldest first."""
        return [path.read_bytes() for path in sorted((self._here / "printed").iterdir())]

    @property
    def spooled(self) -> list[str]:
        """The documents that lie in CUPS' spool; control files, which hold none, do not count."""
        return [path.name for path in (self._here / "spool").iterdir() if path.name.startswith("d")]

    def fail(self, scenario: str) -> None:
        """Let something go wrong from now on. Raises ValueError for a name that is not in Scenario."""
        chosen = Scenario(scenario)
        self.recover()
        with self._lock:
            self._scenario = chosen
            match chosen:
                case Scenario.OFF | Scenario.CUPS_DOWN:
                    self._stop(_PROGRAMS[chosen], signal.SIGKILL)
                case _ if chosen in _REASONS:
                    self._show(_REASONS[chosen])
                case _:
                    self._write(chosen)

    def kill(self, scenario: Scenario) -> None:
        """Turn OFF or CUPS_DOWN while another scenario goes on, as in the middle of a job."""
        with self._lock:
            self._scenario = scenario
            self._stop(_PROGRAMS[scenario], signal.SIGKILL)

    def recover(self) -> None:
        """Let everything work again."""
        with self._lock:
            was, self._scenario = self._scenario, None
            if was in _MIDWAY and self._has_work():
                self._write("")
                return
            if was is Scenario.OFF:
                self._start_printer()
            elif was is Scenario.CUPS_DOWN:
                self._start_cups()
            elif was is not None:
                # A printer without paper starts no job that could clear the reason: it is switched off and on.
                self._stop("ippeveprinter", signal.SIGKILL)
                self._start_printer()
            self._write("")

    def close(self) -> None:
        """End all that was started."""
        for program in list(self._running):
            self._stop(program)
        shutil.rmtree(self._here, ignore_errors=True)

    def _lay_out(self) -> None:
        user = pwd.getpwuid(os.geteuid()).pw_name if os.geteuid() else "lp"
        names = {"here": self._here, "user": user, "group": "lp" if user == "lp" else _group()}
        for folder in ("cups", "spool", "cache", "state", "tmp", "printed", "printer"):
            (self._here / folder).mkdir()
        (self._here / "dbus.conf").write_text(_DBUS.format(**names))
        (self._here / "avahi.conf").write_text(_AVAHI)
        (self._here / "cups" / "cupsd.conf").write_text(_CUPSD.format(**names))
        (self._here / "cups" / "cups-files.conf").write_text(_CUPS_FILES.format(**names))
        command = self._here / "print"
        command.write_text(_PRINT_COMMAND.format(**names))
        command.chmod(0o755)
        self._write("")

    def _start_avahi(self) -> None:
        if _system_avahi():
            return
        bus = self._here / "bus"
        self._start("dbus-daemon", f"--config-file={self._here / 'dbus.conf'}", "--nofork", "--nopidfile")
        _until(bus.exists, "dbus-daemon")

        def up() -> bool:
            process = self._running.get("avahi-daemon")
            if process is None or process.poll() is not None:
                options = ("--no-drop-root", "--no-chroot", "--no-rlimits")
                process = self._start("avahi-daemon", "-f", str(self._here / "avahi.conf"), *options)
            # All of a machine's have one file to say that they run, which keeps a second from starting: ours is
            # nobody else's, so its mark is taken away again.
            try:
                ours = AVAHI_PID.read_text().strip() == str(process.pid)
            except FileNotFoundError:
                return False
            if ours:
                AVAHI_PID.unlink()
            return ours

        _until(up, "avahi-daemon")

    def _start_printer(self) -> None:
        def up() -> bool:
            process = self._running.get("ippeveprinter")
            if process is None or process.poll() is not None:  # Avahi was not ready yet
                self._start(
                    *("ippeveprinter", "-r", "off", "-n", "localhost", "-p", str(self._port)),
                    *("-d", str(self._here / "printer"), "-f", "application/pdf"),
                    *("-c", str(self._here / "print"), "Simulated A4"),
                )
            return self._answers()

        _until(up, "ippeveprinter")

    def _answers(self) -> bool:
        try:
            ask(self._printer, Operation.GET_PRINTER_ATTRIBUTES, wanted=["printer-state"], timeout_s=1)
        except (Unreachable, Refused):
            return False
        return True

    def _start_cups(self) -> None:
        Path(self.server).unlink(missing_ok=True)
        conf = self._here / "cups"
        self._start("cupsd", "-f", "-c", str(conf / "cupsd.conf"), "-s", str(conf / "cups-files.conf"))
        _until(Path(self.server).exists, "cupsd")

    def _add_queue(self) -> None:
        command = [_path_of("lpadmin") or "", "-h", self.server, "-p", QUEUE, "-E", "-m", "everywhere"]
        subprocess.run(
            [*command, "-v", self._printer.uri, "-o", "printer-error-policy=abort-job"],
            check=True,
            capture_output=True,
            timeout=START_TIMEOUT_S,
        )

    def _show(self, reason: str) -> None:
        """Have the printer say a reason: it changes them only while it works, so it is given a blank job."""
        self._write(f"show:{reason}")
        kind = (cups.IPP_TAG_MIMETYPE, "document-format", "application/pdf")
        ask(self._printer, Operation.PRINT_JOB, [kind], timeout_s=2, document=b"%PDF-1.4\n%%EOF\n")
        _until(lambda: self._says(reason), "ippeveprinter")
        self._write("")

    def _says(self, reason: str) -> bool:
        wanted = ("printer-state", "printer-state-reasons")
        answer = ask(self._printer, Operation.GET_PRINTER_ATTRIBUTES, wanted=wanted, timeout_s=1)
        said = [stem(word) for word in answer["printer-state-reasons"]]
        return said == [reason] and answer["printer-state"] == [IDLE]

    def _has_work(self) -> bool:
        """Whether the printer is on a job that nobody has cancelled: it goes on with that when it can."""
        jobs = ask(self._printer, Operation.GET_JOBS, wanted=["job-state", "job-state-reasons"], timeout_s=2)
        return "job-state" in jobs and "processing-to-stop-point" not in jobs.get("job-state-reasons", [])

    def _write(self, scenario: str) -> None:
        (self._here / "scenario").write_text(scenario)

    def _start(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        bus = self._here / "bus"
        address = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={bus}"} if "dbus-daemon" in self._running else {}
        process = self._running[program] = subprocess.Popen(
            [_path_of(program) or program, *arguments],
            env={**os.environ, **address, "TMPDIR": str(self._here / "tmp")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return process

    def _stop(self, program: str, how: signal.Signals = signal.SIGTERM) -> None:
        process = self._running.pop(program)
        os.killpg(process.pid, how)  # the printer with the command that it runs
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _until(condition: Callable[[], bool], program: str) -> None:
    until = time.monotonic() + START_TIMEOUT_S
    while not condition():
        if time.monotonic() > until:
            raise NoCups(f"{program} does not come up")
        time.sleep(0.02)


def _path_of(program: str) -> str | None:
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def _group() -> str:
    return grp.getgrgid(os.getegid()).gr_name


def _system_avahi() -> bool:
    return SYSTEM_BUS.exists() and AVAHI_PID.exists()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
