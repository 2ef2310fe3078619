"""One seed for every test of chance, said at the start; figures of a run for the table in the README."""

import json
import os
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

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
