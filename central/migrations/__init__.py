"""Alembic migrations: how a database of an older centre becomes one of this."""
