"""What a killed process leaves behind is gone when the next one starts; what a living one holds stays."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hardware import scratch
from hardware.scratch import Scratch

HOLDER = "from hardware.scratch import Scratch; s = Scratch('held'); print(s.path, flush=True); input()"


@pytest.fixture(autouse=True)
def somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A temporary folder of the test's own; a folder in it need not grow old before it is looked at."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(scratch, "_YOUNG_S", -1.0)


def test_it_goes_with_its_owner() -> None:
    held = Scratch("mine")
    (held.path / "file").write_text("x")
    held.close()
    held.close()
    assert not held.path.exists()


def test_the_next_one_sweeps_up_after_a_killed_process_only(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout
        held = Path(holder.stdout.readline().strip())
        Scratch("while it lives").close()
        assert held.exists()
        holder.kill()
    Scratch("after its death").close()
    assert not held.exists()


def test_what_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "something else").mkdir()
    Scratch("mine").close()
    assert (tmp_path / "something else").exists()
