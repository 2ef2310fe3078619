"""What a confined process can still do, asked of the kernel in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CONFINED = """
import os, socket, sys
from hardware.scanner.sandbox import confine, limit_memory
assert confine(), "the kernel did not take the filter"
try:
    {attempt}
except OSError as error:
    sys.exit(0 if isinstance(error, PermissionError) else 2)
sys.exit(1)
"""


def run(program: str, folder: Path) -> int:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=folder, env=environment, timeout=60, check=False).returncode


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/hostname')",
        "open('left-behind', 'w')",
        "socket.socket()",
        "socket.socket(socket.AF_UNIX)",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "os.kill(os.getppid(), 0)",
        "os.unlink('there-is-none')",
        "os.mkdir('left-behind')",
        "os.rename('there-is-none', 'neither')",
        "os.symlink('/etc', 'left-behind')",
    ],
)
def test_it_is_refused(attempt: str, tmp_path: Path) -> None:
    assert run(CONFINED.format(attempt=attempt), tmp_path) == 0
    assert not list(tmp_path.iterdir())


def test_it_can_still_compute_read_and_write() -> None:
    program = """
import sys
from hardware.scanner.sandbox import confine
assert confine()
sys.stdout.write(str(sum(bytearray(10_000_000))) + sys.stdin.read())
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        input="x",
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stdout == "0x"


def test_memory_is_bounded(tmp_path: Path) -> None:
    program = """
from hardware.scanner.sandbox import limit_memory
limit_memory(1 << 30)
try:
    bytearray(2 << 30)
except MemoryError:
    raise SystemExit(0)
raise SystemExit(1)
"""
    assert run(program, tmp_path) == 0
