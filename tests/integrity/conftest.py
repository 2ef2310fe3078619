"""One seed for every test of chance, said at the start; figures of a run for the table in the README."""

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SEED = int(os.environ.get("INTEGRITY_SEED", "20260302"))
FIGURES = Path(__file__).parent.parent.parent / "build" / "integrity.jsonl"

Figures = Callable[..., None]


def pytest_report_header() -> str:
    return f"integrity seed {SEED} (another: INTEGRITY_SEED=n)"


@pytest.fixture
def seed() -> int:
    """Replays a run: INTEGRITY_SEED=n pytest tests/integrity/..."""
    return SEED


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Iterator[Figures]:
    """`figures(sessions=100_000)` writes counts, the seed and the wall time down for the README's table."""
    began = time.monotonic()
    counted: dict[str, object] = {}
    yield counted.update
    FIGURES.parent.mkdir(exist_ok=True)
    line = {
        "test": request.node.nodeid,
        "seed": SEED,
        "seconds": round(time.monotonic() - began, 1),
        **counted,
    }
    with FIGURES.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
