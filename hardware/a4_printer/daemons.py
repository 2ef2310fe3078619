"""The daemons behind the simulated A4 printer: their settings, starting and ending them, and what they need.

ippeveprinter insists on an Avahi: the system's is used where there is one, else one of our own that publishes nothing
and stays on loopback.
"""

import grp
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hardware import offspring

START_TIMEOUT_S = 10.0
STOP_TIMEOUT_S = 5.0
PROGRAMS = ("cupsd", "lpadmin", "ippeveprinter", "dbus-daemon", "avahi-daemon")
SYSTEM_BUS = Path("/run/dbus/system_bus_socket")
AVAHI_PID = Path("/run/avahi-daemon/pid")

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
RequestRoot {spool}
CacheDir {here}/cache
StateDir {here}/state
TempDir {spool}/tmp
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
    missing = [program for program in PROGRAMS if path_of(program) is None]
    if missing:
        return "not installed: " + ", ".join(missing)
    if os.geteuid() != 0 and not _system_avahi():
        return "there is no Avahi, and only root can start one"
    return None


class Daemons:
    """Everything that runs in the folder `here`, by the names of the programs; what is to be printed passes through
    the folder `spool`."""

    def __init__(self, here: Path, spool: Path) -> None:
        self.here, self._spool = here, spool
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        for folder in (here, spool):
            folder.chmod(0o711)  # cupsd's filters run as another user
        user = pwd.getpwuid(os.geteuid()).pw_name if os.geteuid() else "lp"
        group = grp.getgrgid(os.getegid()).gr_name if os.geteuid() else "lp"
        names = {"here": here, "spool": spool, "user": user, "group": group}
        for folder in (here / "cups", here / "cache", here / "state", spool / "tmp"):
            folder.mkdir()
        (here / "dbus.conf").write_text(_DBUS.format(**names))
        (here / "avahi.conf").write_text(_AVAHI)
        (here / "cups" / "cupsd.conf").write_text(_CUPSD.format(**names))
        (here / "cups" / "cups-files.conf").write_text(_CUPS_FILES.format(**names))

    @property
    def socket(self) -> Path:
        """Where cupsd listens."""
        return self.here / "cups.sock"

    def start_avahi(self) -> None:
        """Start an Avahi unless the system has one."""
        if _system_avahi():
            return
        bus = self.here / "bus"
        self.start("dbus-daemon", f"--config-file={self.here / 'dbus.conf'}", "--nofork", "--nopidfile")
        until(bus.exists, "dbus-daemon")

        def up() -> bool:
            process = self._running.get("avahi-daemon")
            if process is None or process.poll() is not None:
                options = ("--no-drop-root", "--no-chroot", "--no-rlimits")
                process = self.start("avahi-daemon", "-f", str(self.here / "avahi.conf"), *options)
            # All of a machine's have one file to say that they run, which keeps a second from starting: ours is
            # nobody else's, so its mark is taken away again.
            try:
                ours = AVAHI_PID.read_text().strip() == str(process.pid)
            except FileNotFoundError:
                return False
            if ours:
                AVAHI_PID.unlink()
            return ours

        until(up, "avahi-daemon")

    def start_cups(self) -> None:
        """Start cupsd, or start it again."""
        self.socket.unlink(missing_ok=True)
        conf = self.here / "cups"
        self.start("cupsd", "-f", "-c", str(conf / "cupsd.conf"), "-s", str(conf / "cups-files.conf"))
        until(self.socket.exists, "cupsd")

    def runs(self, program: str) -> bool:
        """Whether a program was started and has not ended."""
        process = self._running.get(program)
        return process is not None and process.poll() is None

    def start(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a program in a group of its own."""
        bus = self.here / "bus"
        address = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={bus}"} if "dbus-daemon" in self._running else {}
        process = self._running[program] = offspring.start(
            [path_of(program) or program, *arguments],
            env={**os.environ, **address, "TMPDIR": str(self._spool / "tmp")},
        )
        return process

    def stop(self, program: str, how: signal.Signals = signal.SIGTERM) -> None:
        """End a program, with whatever it has started."""
        process = self._running.pop(program)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def close(self) -> None:
        """End everything."""
        for program in list(self._running):
            self.stop(program)


def until(condition: Callable[[], bool], program: str) -> None:
    """Wait for a sign of life of `program`. Raises NoCups."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while not condition():
        if time.monotonic() > deadline:
            raise NoCups(f"{program} does not come up")
        time.sleep(0.02)


def path_of(program: str) -> str | None:
    """Where a program is; daemons are not on everybody's path."""
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def _system_avahi() -> bool:
    return SYSTEM_BUS.exists() and AVAHI_PID.exists()
