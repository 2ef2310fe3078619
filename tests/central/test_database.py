"""The database: made and migrated alike, refused when it could lose a commit, one writer at a time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, insert, inspect, select, text, update
from sqlalchemy.exc import IntegrityError

from central.ledger import audit
from central.ledger.house import House
from central.store import schema
from central.store.database import SAFE_SQLITE, Database, UnsafeDatabase, check_durability
from central.store.tables import audit_head, kiosk, ledger_account, metadata, outbox
from tests.central.postgres import cluster


def migrated(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with database.write() as tx:
        config.attributes["connection"] = tx
        command.upgrade(config, "head")


@pytest.fixture
def empty(copies, tmp_path, request) -> Database:
    """A database without a table."""
    if copies is request.getfixturevalue("sqlite_copies"):
        return Database(f"sqlite:///{tmp_path}/empty.db")
    url = copies.copy()
    books = Database(url)
    with books.write() as tx:
        tx.execute(text("DROP SCHEMA public CASCADE"))
        tx.execute(text("CREATE SCHEMA public"))
    return books


def described(database: Database) -> dict:
    """Tables, columns, keys, indexes, triggers and first rows."""
    with database.read() as tx:
        seen = inspect(tx)
        tables = {
            name: {
                "columns": [(c["name"], str(c["type"]), c["nullable"]) for c in seen.get_columns(name)],
                "key": seen.get_pk_constraint(name),
                "foreign": sorted(seen.get_foreign_keys(name), key=repr),
                "unique": sorted(seen.get_unique_constraints(name), key=repr),
                "indexes": sorted(seen.get_indexes(name), key=repr),
            }
            for name in seen.get_table_names()
            if name != "alembic_version"
        }
        triggers = (
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
            if database.is_sqlite
            else "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
        )
        return {
            "tables": tables,
            "triggers": [tuple(row) for row in tx.execute(text(triggers))],
            "accounts": [
                tuple(row) for row in tx.execute(select(ledger_account).order_by(ledger_account.c.id))
            ],
            "heads": [tuple(row) for row in tx.execute(select(audit_head))],
        }


def test_a_migrated_database_is_the_one_that_is_made_at_once(empty, copies):
    schema.create(empty)
    made = described(empty)
    with empty.write() as tx:
        for table in reversed(metadata.sorted_tables):
            tx.execute(text(f'DROP TABLE "{table.name}"' + ("" if empty.is_sqlite else " CASCADE")))
        tx.execute(text("DROP TABLE alembic_version"))
        if not empty.is_sqlite:
            tx.execute(text("DROP FUNCTION written_once() CASCADE"))
    migrated(empty)
    assert described(empty) == made
    with empty.read() as tx:
        assert compare_metadata(MigrationContext.configure(tx), metadata) == []
        assert schema.version(tx) == schema.HEAD
    schema.check(empty, allow_unsafe=True)
    empty.close()


def test_head_is_the_newest_migration():
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


def test_what_is_written_once_is_the_same_in_code_and_house(database):
    with database.read() as tx:
        names = tx.execute(
            select(ledger_account.c.name).where(ledger_account.c.id < 100).order_by(ledger_account.c.id)
        )
        assert names.scalars().all() == [house.name.lower() for house in House]


@pytest.mark.parametrize("found", [None, "0000", "9999"])
def test_another_version_is_refused_with_what_to_do(database, found):
    with database.write() as tx:
        tx.execute(text("DELETE FROM alembic_version"))
        if found:
            tx.execute(text("INSERT INTO alembic_version VALUES (:found)"), {"found": found})
    with pytest.raises(schema.WrongSchema, match="central migrate"):
        schema.check(database, allow_unsafe=True)


def test_migrating_a_database_that_is_up_to_date_changes_nothing(database):
    assert schema.upgrade(database) == schema.HEAD


@pytest.mark.parametrize("copies", ["sqlite"], indirect=True)
def test_sqlite_keeps_what_it_acknowledges(database):
    with database.write() as tx:
        assert tx.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert tx.execute(text("PRAGMA synchronous")).scalar_one() == 2
        assert tx.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
        version = tx.execute(text("SELECT sqlite_version()")).scalar_one()
    assert tuple(map(int, version.split("."))) >= SAFE_SQLITE
    schema.check(database)


def test_a_careless_sqlite_is_refused(tmp_path, monkeypatch):
    from pysqlite3 import dbapi2

    monkeypatch.setattr(dbapi2, "sqlite_version_info", (3, 40, 1))
    with pytest.raises(UnsafeDatabase, match="lose commits"):
        Database(f"sqlite:///{tmp_path}/x.db")
    monkeypatch.undo()
    with pytest.raises(UnsafeDatabase, match="needs a file"):
        Database("sqlite:///:memory:")


@pytest.mark.parametrize("copies", ["postgresql"], indirect=True)
def test_a_careless_postgresql_is_refused(database):
    with pytest.raises(UnsafeDatabase, match="fsync"):
        schema.check(database)  # the throw-away cluster of the tests runs without it


def test_a_careful_postgresql_is_taken():
    with cluster(durable=True) as url:
        database = Database(url)
        schema.create(database)
        schema.check(database)
        database.close()


def test_readers_see_the_last_commit_and_nothing_else(database):
    with database.write() as tx:
        tx.execute(insert(kiosk).values(id="K-1", name="a", public_key="a", enrolled_ms=0))
        with database.read() as other:
            assert other.execute(select(kiosk)).all() == []
    with database.read() as other:
        assert len(other.execute(select(kiosk)).all()) == 1


def test_a_failed_transaction_leaves_nothing_and_the_next_one_works(database):
    with pytest.raises(ZeroDivisionError), database.write() as tx:
        tx.execute(insert(kiosk).values(id="K-1", name="a", public_key="a", enrolled_ms=0))
        raise ZeroDivisionError
    with database.write() as tx:
        assert tx.execute(select(kiosk)).all() == []


def test_a_commit_that_fails_leaves_nothing_and_the_next_one_works(database):
    """As on a full disk; here for a payout of no operation, which is looked at only when the transaction ends."""
    for _ in range(2):
        with pytest.raises(IntegrityError), database.write() as tx:
            tx.execute(
                insert(outbox).values(operation_id=UUID(int=1), kind="payout", payload="{}", created_ms=0)
            )
    with database.write() as tx:
        tx.execute(insert(kiosk).values(id="K-1", name="a", public_key="a", enrolled_ms=0))
    with database.read() as tx:
        assert tx.execute(select(outbox)).all() == []


def test_many_writers_lose_nothing(database):
    """A counter that every thread reads and raises: with a lost update it would end too low."""
    with database.write() as tx:
        audit.append(tx, "K-1", "first", 0, {})

    def raise_it(_: int) -> None:
        with database.write() as tx:
            audit.append(tx, "K-1", "more", 0, {})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(raise_it, range(64)))
    with database.read() as tx:
        head = tx.execute(select(audit_head.c.sequence).where(audit_head.c.chain == "K-1")).scalar_one()
    assert head == 65


@pytest.mark.parametrize("copies", ["sqlite"], indirect=True)
def test_writers_wait_for_one_another_and_readers_for_nobody(database):
    inside, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with database.write() as tx:
            tx.execute(update(ledger_account).values(version=2))
            inside.set()
            assert go_on.wait(30)

    with ThreadPoolExecutor() as pool:
        held = pool.submit(hold)
        assert inside.wait(30)
        with database.read() as tx:
            assert tx.execute(select(ledger_account.c.version).limit(1)).scalar_one() == 1
        go_on.set()
        held.result()


def test_a_sqlite_that_would_forget_is_refused(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/careless.db")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA synchronous=NORMAL")
        with pytest.raises(UnsafeDatabase, match="synchronous"):
            check_durability(connection, is_sqlite=True)
        check_durability(connection, is_sqlite=True, allow_unsafe=True)
    engine.dispose()


def test_opening_a_database_keeps_no_connection_that_a_fork_would_share(database_url):
    opened = Database(database_url)
    assert opened.engine.pool.checkedin() == 0
    opened.close()
