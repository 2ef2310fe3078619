"""Every test of the centre's behaviour runs on SQLite and on a throw-away PostgreSQL."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import create_engine, make_url, text
from starlette.testclient import TestClient

from central.centre import Centre
from central.demo.citizens import PASSWORD
from central.demo.create import fill
from central.kiosks import new_enrolment_code
from central.policy import load
from central.store import schema
from central.store.database import Database
from tests.central.kit import PEOPLE, TODAY, Clock, Kiosk, make_centre, served
from tests.central.postgres import cluster


def _prepared(database: Database) -> None:
    schema.create(database)
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    fill(database, PEOPLE, TODAY, load(), cheap)
    database.close()


@dataclass(frozen=True)
class Copies:
    """Makes fresh copies of the filled database, and takes them away again by their URL."""

    copy: Callable[[], str]
    drop: Callable[[str], None]


@pytest.fixture(scope="session")
def sqlite_copies(tmp_path_factory: pytest.TempPathFactory) -> Copies:
    folder = tmp_path_factory.mktemp("sqlite")
    _prepared(Database(f"sqlite:///{folder}/filled.db"))
    numbers = itertools.count()

    def copy() -> str:
        target = folder / f"copy-{next(numbers)}.db"
        shutil.copy(folder / "filled.db", target)
        return f"sqlite:///{target}"

    def drop(url: str) -> None:
        path = Path(make_url(url).database or "")
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()

    return Copies(copy, drop)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with cluster() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_copies(postgres_server: str) -> Iterator[Copies]:
    admin = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    numbers = itertools.count()

    def named(name: str) -> str:
        return make_url(postgres_server).set(database=name).render_as_string(hide_password=False)

    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE filled"))
        _prepared(Database(named("filled")))

        def copy() -> str:
            name = f"copy{next(numbers)}"
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE filled STRATEGY file_copy"))
            return named(name)

        def drop(url: str) -> None:
            connection.execute(text(f"DROP DATABASE {make_url(url).database} WITH (FORCE)"))

        yield Copies(copy, drop)
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def copies(request: pytest.FixtureRequest) -> Copies:
    """The factory of this test's kind of database."""
    found: Copies = request.getfixturevalue(
        "sqlite_copies" if request.param == "sqlite" else "postgres_copies"
    )
    return found


@pytest.fixture
def database_url(copies: Copies) -> Iterator[str]:
    """A fresh copy of the demonstration of 20 November 2026."""
    url = copies.copy()
    yield url
    copies.drop(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def centre(database: Database, clock: Clock) -> Centre:
    return make_centre(database, clock)


@pytest.fixture
def client(centre: Centre) -> Iterator[TestClient]:
    with served(centre) as opened:
        yield opened


@pytest.fixture
def new_kiosk(centre: Centre, client: TestClient, clock: Clock) -> Callable[[], Kiosk]:
    """Makes enrolled kiosks."""

    def make() -> Kiosk:
        with centre.database.write() as tx:
            code = new_enrolment_code(tx, clock.now_ms())
        kiosk = Kiosk(client, clock)
        assert kiosk.enrol(code).status_code == 201
        return kiosk

    return make


@pytest.fixture
def kiosk(new_kiosk: Callable[[], Kiosk]) -> Kiosk:
    return new_kiosk()
