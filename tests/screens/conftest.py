"""Tests of the real window run as scripts of their own: Kivy opens one window in a process, of one size."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

SCRIPT_WAIT_S = 240.0


@pytest.fixture
def in_window(x_display: str) -> Callable[[str, str], None]:
    """Run an async function of tests.screens.<module> in a process with a window; its assertions are ours."""

    def run(module: str, name: str) -> None:
        code = f"import asyncio\nfrom tests.screens.{module} import {name}\nasyncio.run({name}())\n"
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "DISPLAY": x_display},
            capture_output=True,
            text=True,
            timeout=SCRIPT_WAIT_S,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    return run
