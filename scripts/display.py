"""A display where there is none: Xvfb, and a way to see and touch it from a browser (x11vnc and noVNC), on loopback.

    python -m scripts.display --size 1080x1920 --browser python run_kiosk.py --demo

runs a command on the display that is there, or else on a virtual one that goes when the command ends.
"""

import argparse
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

NOVNC = Path("/usr/share/novnc")
BROWSER_PORT = 6080
DIES_WITH_US = ("setpriv", "--pdeathsig", "TERM")
"""Before a command: it is ended when the thread that started it ends, however that comes about."""

START_S = 15.0
STOP_S = 5.0


class NoDisplay(RuntimeError):
    """A program that is needed is missing or did not start; the message names it."""


class Helper:
    """A program beside us, in a session of its own: Ctrl-C is ours to handle, and it dies when we die."""

    def __init__(self, command: Sequence[str], pass_fds: Sequence[int] = ()) -> None:
        if shutil.which(command[0]) is None:
            raise NoDisplay(f"{command[0]} is not installed: see packages-debian.txt")
        self.name = command[0]
        self._process = subprocess.Popen(
            [*DIES_WITH_US, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=pass_fds,
            start_new_session=True,
        )

    @property
    def running(self) -> bool:
        """Has it not ended?"""
        return self._process.poll() is None

    def close(self) -> None:
        """End it and what it has started."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, number)
                self._process.wait(STOP_S)
                return
            except ProcessLookupError:
                self._process.wait()
                return
            except subprocess.TimeoutExpired:
                continue


class VirtualDisplay:
    """An X server without a screen; `name` is its DISPLAY. Raises NoDisplay."""

    def __init__(self, width_px: int, height_px: int) -> None:
        read, write = os.pipe()
        screen = f"{width_px}x{height_px}x24"
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", screen, "-nolisten", "tcp", "-noreset"]
        try:
            self._server = Helper(command, pass_fds=[write])
        except NoDisplay:
            os.close(read)
            raise
        finally:
            os.close(write)
        with os.fdopen(read) as answer:
            ready, _, _ = select.select([answer], [], [], START_S)
            number = answer.readline().strip() if ready else ""
        if not number:
            self._server.close()
            raise NoDisplay("Xvfb did not start")
        self.name = f":{number}"

    def close(self) -> None:
        """Take it away."""
        self._server.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class BrowserView:
    """A display shown in a browser at `url`; nothing leaves the machine. Raises NoDisplay."""

    def __init__(self, display: str) -> None:
        if not NOVNC.is_dir():
            raise NoDisplay("novnc is not installed: see packages-debian.txt")
        self._folder = tempfile.mkdtemp(prefix="display-")
        sight = Path(self._folder) / "vnc"
        port = free_port(BROWSER_PORT)
        self._helpers: list[Helper] = []
        try:
            self._start(
                *("x11vnc", "-display", display, "-rfbport", "0", "-unixsock", str(sight)),
                *("-forever", "-shared", "-nopw", "-quiet", "-nosel", "-cursor", "arrow"),
                ready=sight.exists,
            )
            self._start(
                *("websockify", "--web", str(NOVNC), "--unix-target", str(sight), f"127.0.0.1:{port}"),
                ready=lambda: _answers(port),
            )
        except BaseException:
            self.close()
            raise
        self.url = f"http://127.0.0.1:{port}/vnc.html?autoconnect=true&resize=scale"

    def _start(self, *command: str, ready: Callable[[], bool]) -> None:
        helper = Helper(command)
        self._helpers.append(helper)
        until = time.monotonic() + START_S
        while not ready():
            if not helper.running or time.monotonic() > until:
                raise NoDisplay(f"{helper.name} did not start")
            time.sleep(0.02)

    def close(self) -> None:
        """Take it away."""
        for helper in reversed(self._helpers):
            helper.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def free_port(preferred: int = 0) -> int:
    """A free port on loopback: the preferred one when nobody has it."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise NoDisplay("there is no free port on loopback")


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def main(arguments: Sequence[str]) -> int:
    """Run the command of the arguments on a display; its exit status is ours."""
    parser = argparse.ArgumentParser(prog="python -m scripts.display", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--size", type=_size, required=True, help="of a virtual display, in pixels: 1080x1920"
    )
    parser.add_argument("--browser", action="store_true", help="show a virtual display in a browser")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)
    if os.environ.get("DISPLAY"):
        return _run(options.command, os.environ["DISPLAY"])
    try:
        with VirtualDisplay(*options.size) as display:
            view = BrowserView(display.name) if options.browser else None
            try:
                if view:
                    print(f"\n  No display here. The kiosk's window is at  {view.url}\n", flush=True)
                return _run(options.command, display.name)
            finally:
                if view:
                    view.close()
    except NoDisplay as problem:
        print(problem, file=sys.stderr)
        return 1


def _run(command: Sequence[str], display: str) -> int:
    """Ctrl-C reaches the command by itself; SIGTERM is handed on. Either way we stay until it has ended."""
    signal.signal(signal.SIGINT, lambda *_: None)
    process = subprocess.Popen(command, env={**os.environ, "DISPLAY": display})
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    status = process.wait()
    return status if status >= 0 else 128 - status


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{3,5})x(\d{3,5})", text)
    if not match:
        raise argparse.ArgumentTypeError("a size is WIDTHxHEIGHT, for example 1080x1920")
    return int(match[1]), int(match[2])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
