"""No bytes raise anything but a parser's own refusal, and none keep it busy: 2,000 each, 100,000 in the soak."""

import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hardware.fuzz.spoiling import spoilt
from tests.hardware.fuzz.targets import TARGETS, Target

ROOT = Path(__file__).parents[3]
INPUTS_AN_EXAMPLE = 100
INPUT_LIMIT_S = 0.5
"""Of processor time: what the machine does besides does not count."""
GUIDED_LIMIT_S = 900


def feed(target: Target, seed: int) -> None:
    """Many inputs from one seed; the one that fails is shown."""
    chance = Random(seed)
    for _ in range(INPUTS_AN_EXAMPLE):
        data = spoilt(chance, target.seeds)
        began = time.thread_time()
        try:
            target.run(data)
        except Exception as error:
            raise AssertionError(f"{type(error).__name__} at {data.hex()}") from error
        assert time.thread_time() - began < INPUT_LIMIT_S, data.hex()


@pytest.mark.parametrize("name", TARGETS)
def test_sound_inputs_are_what_they_say(name: str) -> None:
    for seed in TARGETS[name].seeds:
        TARGETS[name].run(seed)


@pytest.mark.parametrize("name", TARGETS)
def test_two_thousand_inputs(name: str) -> None:
    @settings(max_examples=20)
    @given(st.integers(0, 2**64))
    def check(seed: int) -> None:
        feed(TARGETS[name], seed)

    check()


@pytest.mark.soak
@pytest.mark.parametrize("name", TARGETS)
def test_a_hundred_thousand_inputs(name: str) -> None:
    @settings(max_examples=1000)
    @given(st.integers(0, 2**64))
    def check(seed: int) -> None:
        feed(TARGETS[name], seed)

    check()


def guided(target: str, runs: int) -> subprocess.CompletedProcess[str]:
    """atheris in a process of its own, for it ends the one that it runs in."""
    command = [sys.executable, "-m", "tests.hardware.fuzz.guided", target, "--runs", str(runs)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=GUIDED_LIMIT_S, check=False
    )


def test_a_planted_defect_is_found() -> None:
    done = guided("planted", 200_000)
    assert done.returncode != 0
    assert "ZeroDivisionError: the planted defect" in done.stdout + done.stderr


@pytest.mark.soak
@pytest.mark.parametrize("name", TARGETS)
def test_a_hundred_thousand_guided_inputs(name: str) -> None:
    done = guided(name, 100_000)
    print(done.stderr.strip().splitlines()[-1])
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done 100000 runs" in done.stderr
