"""The schema in a database: made in an empty one, moved forward in an old one, checked in any."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from central.ledger import audit, house
from central.store.database import Database, UnsafeDatabase, check_durability
from central.store.tables import audit_head, metadata

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
HEAD = "0001"
"""The newest migration; a test compares it with the folder."""

IMMUTABLE = ("posting", "entry", "audit", "interest_settlement", "loan_plan")
"""What is written once: a correction is a new row."""


class WrongSchema(Exception):
    """The database is not at the version this program works with; the sentence says what to do."""


def protect(tx: Connection) -> None:
    """Have the database itself refuse to change or delete what is written once."""
    if tx.dialect.name == "sqlite":
        for table in IMMUTABLE:
            for verb in ("UPDATE", "DELETE"):
                tx.execute(
                    text(
                        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                        f" BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
                    )
                )
        return
    tx.execute(
        text(
            "CREATE FUNCTION written_once() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION '% is written once', TG_TABLE_NAME; END $$"
        )
    )
    for table in IMMUTABLE:
        tx.execute(
            text(
                f"CREATE TRIGGER {table}_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
                " EXECUTE FUNCTION written_once()"
            )
        )


def fill(tx: Connection) -> None:
    """What an empty ledger starts with: the house's accounts and the centre's audit chain."""
    house.create(tx)
    tx.execute(audit_head.insert().values(chain=audit.CENTRE_CHAIN, sequence=0, hash=audit.GENESIS))


def version(tx: Connection) -> str | None:
    """The migration that the database is at; None when it is empty."""
    if not inspect(tx).has_table("alembic_version"):
        return None
    found = tx.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return None if found is None else str(found)


def create(database: Database) -> None:
    """Make the newest schema in an empty database, at once and without going through the migrations."""
    with database.write() as tx:
        metadata.create_all(tx)
        protect(tx)
        fill(tx)
        tx.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        tx.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def upgrade(database: Database) -> str:
    """Create or migrate; the version it is at afterwards."""
    with database.read() as tx:
        found = version(tx)
    if found is None:
        create(database)
    elif found != HEAD:
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with database.write() as tx:
            config.attributes["connection"] = tx
            command.upgrade(config, "head")
    return HEAD


def check(database: Database, *, allow_unsafe: bool = False) -> None:
    """Refuse to work with a database that is empty, older, newer or careless. Raises WrongSchema, UnsafeDatabase."""
    with database.read() as tx:
        found = version(tx)
        if found != HEAD:
            state = "is empty" if found is None else f"is at version {found}, not {HEAD}"
            raise WrongSchema(f"the database {state}: run `python -m central migrate --database ...`")
        check_durability(tx, is_sqlite=database.is_sqlite, allow_unsafe=allow_unsafe)


__all__ = ["HEAD", "UnsafeDatabase", "WrongSchema", "check", "create", "fill", "protect", "version"]
