"""Set-up: safe to repeat, quick when there is nothing to do, and clear about what it wants."""

import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SETUP = ROOT / "scripts" / "setup.sh"
QUICK_S = 1.0


@pytest.mark.parametrize("level", ["run", "test"])
def test_a_second_run_does_nothing_and_is_quick(level: str) -> None:
    subprocess.run([SETUP, level], check=True, capture_output=True)
    began = time.monotonic()
    again = subprocess.run([SETUP, level], check=True, capture_output=True, text=True)
    assert again.stdout == again.stderr == ""
    assert time.monotonic() - began < QUICK_S


def test_an_unknown_level_is_refused() -> None:
    said = subprocess.run([SETUP, "everything"], capture_output=True, text=True)
    assert said.returncode == 2
    assert "usage" in said.stderr


def test_missing_packages_are_asked_for_by_the_first_name_the_release_has(tmp_path: Path) -> None:
    """In a copy of the project, with tools that tell what they were asked for instead of doing it."""
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "setup.sh").write_bytes(SETUP.read_bytes())
    (tmp_path / "packages-debian.txt").write_text(
        "run  there        # a remark\nrun  gone | here\ntest not-at-this-level\n"
    )
    (tmp_path / "requirements.txt").touch()
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, script in {
        "dpkg-query": "echo 'ii =there'",
        "apt-cache": '[ "$2" = here ] && echo "  Candidate: 1.0" || echo "  Candidate: (none)"',
        "apt-get": f'echo "$@" >> {tmp_path}/asked',
        "sudo": 'echo "as root: $@"; "$@"',
        "python3": "mkdir -p .venv/bin; printf '#!/bin/sh\\n' > .venv/bin/python; chmod +x .venv/bin/python",
    }.items():
        (tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (tools / name).chmod(0o755)
    env = {"PATH": f"{tools}:/usr/bin:/bin"}
    said = subprocess.run(
        ["bash", "scripts/setup.sh", "run"], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    assert "gone | here" in said.stdout
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked[0].startswith("update")
    assert asked[1].endswith(" here")
    assert "not-at-this-level" not in asked[1] and "there" not in asked[1].split()
