"""A display where there is none, and the way to it from a browser."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from scripts.display import BrowserView, Helper, NoDisplay, VirtualDisplay, free_port
from tour.glass import Glass

WITHOUT_DISPLAY = {name: value for name, value in os.environ.items() if name != "DISPLAY"}


def run_on_display(*arguments: str, env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "scripts.display", *arguments],
        env=env or WITHOUT_DISPLAY, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_several_displays_stand_side_by_side() -> None:
    with VirtualDisplay(640, 480) as one, VirtualDisplay(480, 640) as other:
        assert one.name != other.name
        sizes = []
        for display in (one, other):
            glass = Glass(display.name)
            sizes.append((glass.width, glass.height))
            glass.close()
    assert sizes == [(640, 480), (480, 640)]


def test_the_browser_sees_the_display_and_nothing_stays_behind() -> None:
    with VirtualDisplay(640, 480) as display:
        view = BrowserView(display.name)
        try:
            page = requests.get(view.url, timeout=10)
            assert page.status_code == 200
            assert "noVNC" in page.text
            helpers = view._helpers
        finally:
            view.close()
        assert not any(helper.running for helper in helpers)
        with pytest.raises(requests.ConnectionError):
            requests.get(view.url, timeout=10)


def test_a_command_runs_on_a_virtual_display_and_its_status_is_ours() -> None:
    said = run_on_display(
        *("--size", "640x480", sys.executable, "-c", "import os; print(os.environ['DISPLAY']); exit(7)")
    )
    assert said.returncode == 7
    assert said.stdout.startswith(":")
    number = said.stdout.strip().removeprefix(":")
    assert not Path(f"/tmp/.X11-unix/X{number}").exists()


def test_a_display_that_is_there_is_used() -> None:
    said = run_on_display(
        *("--size", "640x480", "--browser", sys.executable, "-c", "import os; print(os.environ['DISPLAY'])"),
        env={**os.environ, "DISPLAY": ":4711"},
    )
    assert said.stdout == ":4711\n"


def test_sigterm_ends_the_command_and_the_display() -> None:
    code = "import os, time; print(os.environ['DISPLAY'], flush=True); time.sleep(60)"
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.display", "--size", "640x480", sys.executable, "-c", code],
        env=WITHOUT_DISPLAY, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    number = process.stdout.readline().strip().removeprefix(":")
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 128 + signal.SIGTERM
    assert not Path(f"/tmp/.X11-unix/X{number}").exists()
    process.stdout.close()


def test_a_missing_program_is_named() -> None:
    with pytest.raises(NoDisplay, match="no-such-program"):
        Helper(["no-such-program"])


def test_a_size_is_width_by_height() -> None:
    said = run_on_display("--size", "large", "true")
    assert said.returncode == 2
    assert "WIDTHxHEIGHT" in said.stderr


def test_a_taken_port_is_passed_over() -> None:
    import socket

    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        taken = holder.getsockname()[1]
        assert free_port(taken) != taken
