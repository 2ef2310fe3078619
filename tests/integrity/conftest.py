"""One seed for every test of chance, said at the start; figures of a run for the table in the README."""

import json
import os
import tempfile
import uuid
from bisect import bisect
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from central import operations
from tests.central.postgres import cluster

SEED = int(os.environ.get("INTEGRITY_SEED", "20260302"))
FIGURES = Path(__file__).parent.parent.parent / "build" / "integrity.jsonl"

Figures = Callable[..., None]


def pytest_report_header() -> str:
    return f"integrity seed {SEED} (another: INTEGRITY_SEED=n)"


@pytest.fixture
def seed() -> int:
    """Replays a run: INTEGRITY_SEED=n pytest tests/integrity/..."""
    return SEED


def memory_disk() -> Path:
    """The system's disk in memory, where there is one: for tests to which no disk makes a difference, as a process
    that is killed leaves what the system holds in its caches."""
    shared = Path("/dev/shm")
    return shared if os.access(shared, os.W_OK) else Path(tempfile.gettempdir())


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A folder on that disk."""
    with tempfile.TemporaryDirectory(dir=memory_disk(), prefix="integrity-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A throw-away PostgreSQL; the URL of its own database."""
    with cluster(where=memory_disk()) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, in_memory: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{in_memory}/centre.db"
        return
    server = make_url(request.getfixturevalue("postgres_server"))
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"db{uuid.uuid4().hex}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield server.set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """A flaw: the centre answers, and keeps no answer."""

    def forget(tx: object, submission: object, outcome: operations.Outcome, now_ms: int) -> operations.Answer:
        return operations.Answer(
            outcome.status, outcome.body or outcome.view.model_dump_json(exclude_none=True)
        )

    monkeypatch.setattr(operations, "store", forget)


COUNTED = pytest.StashKey[dict[str, object]]()


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """`figures(sessions=100_000, crashes=...)` writes counts down; the first says how much was done."""
    return request.node.stash.setdefault(COUNTED, {}).update


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """One line for the table (tests/integrity/table.py): what a test has counted, and every control."""
    report = yield
    if report.when == "call" and (COUNTED in item.stash or "control" in item.name):
        line = {
            "test": item.nodeid,
            "soak": item.get_closest_marker("soak") is not None,
            "passed": report.passed,
            "seed": SEED,
            "seconds": round(report.duration, 1),
            "load": round(os.getloadavg()[bisect([60, 600], report.duration)], 1),
            "counted": item.stash.get(COUNTED, {}),
        }
        FIGURES.parent.mkdir(exist_ok=True)
        with FIGURES.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    return report
