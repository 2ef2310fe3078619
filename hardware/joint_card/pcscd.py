"""A private pcscd for simulated readers: demo and tests, never a kiosk in service.

The daemon is told its socket the way systemd would (LISTEN_FDS), so that several can run at once beside the
system's own. libpcsclite reads the socket's name once in the life of a process: so there is one for each process,
kept in the environment, and a daemon that was killed comes back under the same name.

Without root pcscd runs only where /run/pcscd exists, for it insists on making it.
"""

import atexit
import os
import shutil
import socket
import subprocess
from pathlib import Path

from hardware import offspring
from hardware.scratch import Scratch

SOCKET_ENV = "PCSCLITE_CSOCK_NAME"
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libccidtwin.so")
READER_NAME = "Joint card reader"
IPC_FOLDER = Path("/run/pcscd")

# A shell sets LISTEN_PID, which has to be the daemon's own; --auto-exit ends a daemon whose clients are gone,
# should this process be killed. From version 2 on pcscd asks polkit about its clients, unless told not to.
_LAUNCH = 'exec 3<&"$0"; LISTEN_PID=$$ LISTEN_FDS=1 exec pcscd --foreground --error --auto-exit -c "$@"'
_NO_POLKIT = "--disable-polkit"


class NoPcscd(RuntimeError):
    """pcscd cannot be run here; the message says what is missing."""


class PrivatePcscd:
    """A pcscd that has one reader, at `port`. Raises NoPcscd."""

    def __init__(self, port: str) -> None:
        self._folder = Scratch("pcscd")
        (self._folder.path / "reader").write_text(
            f'FRIENDLYNAME "{READER_NAME}"\nDEVICENAME {port}:GemPCTwin\nLIBPATH {DRIVER}\nCHANNELID 1\n'
        )
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self) -> None:
        """Start the daemon, or start it again."""
        if problem := unavailable():
            raise NoPcscd(problem)
        path = socket_path()
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen()
            self._process = offspring.start(
                ["bash", "-c", _LAUNCH, str(listener.fileno()), str(self._folder.path), *_options()],
                pass_fds=[listener.fileno()],
            )

    @property
    def pid(self) -> int:
        """The daemon's process id. Only while it runs."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """Let the daemon die as in a crash."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def set_up(self, up: bool) -> None:
        """Start or kill the daemon."""
        if up:
            self.start()
        else:
            self.kill()

    def close(self) -> None:
        """End the daemon."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None
        self._folder.close()


def _options() -> list[str]:
    usage = subprocess.run(["pcscd", "--help"], capture_output=True, text=True, timeout=5, check=False)
    return [_NO_POLKIT] if _NO_POLKIT in usage.stdout else []


def unavailable() -> str | None:
    """Why a private pcscd cannot run here, or None when it can."""
    if shutil.which("pcscd") is None:
        return "pcscd is not installed"
    if not DRIVER.exists():
        return "libccid is not installed"
    if os.geteuid() != 0 and not IPC_FOLDER.is_dir():
        return f"{IPC_FOLDER} does not exist and only root can make it"
    return None


def socket_path() -> Path:
    """The one socket of this process; made known to libpcsclite on the first call."""
    known = os.environ.get(SOCKET_ENV)
    if known is None:
        folder = Scratch("pcscd-socket")
        atexit.register(folder.close)
        known = os.environ[SOCKET_ENV] = str(folder.path / "pcscd.comm")
    return Path(known)
