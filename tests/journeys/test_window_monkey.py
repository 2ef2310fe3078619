"""A monkey at the real window: nothing it touches or types lets it out, stops the kiosk or makes it grow."""

from pathlib import Path

import pytest

from tour.monkey import let_loose

pytestmark = pytest.mark.window

MOST_GROWTH_MIB = 40.0


def test_a_monkey_finds_no_way_out(tmp_path: Path) -> None:
    outcome = let_loose(600, 20261122, tmp_path / "kiosk.log")
    assert len(outcome.screens) >= 3, f"it has not got anywhere: {outcome}"


@pytest.mark.soak
def test_a_hundred_thousand_touches_and_keys(tmp_path: Path) -> None:
    outcome = let_loose(100_000, 20261123, tmp_path / "kiosk.log")
    half = len(outcome.memory) // 2  # by then every cache is full that will be
    assert max(outcome.memory[half:]) - outcome.memory[half] <= MOST_GROWTH_MIB, outcome
