"""When the books are closed to kiosks, and how far a batch has come."""

from datetime import date

from sqlalchemy import Connection, Select, insert, select, update

from central.clock import instant
from central.refusals import Refused
from central.store.tables import batch
from kiosk.contract.problems import Problem

DAY_END = "day-end"
USUALLY_TAKES_MS = 30 * 60 * 1000
RETRY_AFTER_S = 60

CLOSED_SINCE: Select[int] = (
    select(batch.c.started_ms).where(batch.c.kind == DAY_END, batch.c.finished_ms.is_(None)).limit(1)
)
"""When the running day-end began; no row while the books are open."""


def check_open(tx: Connection) -> None:
    """Refuse money business while the batch runs: CLOSED_FOR_BATCH with the time it usually ends."""
    started_ms: int | None = tx.execute(CLOSED_SINCE).scalar_one_or_none()
    if started_ms is not None:
        raise Refused(
            Problem.CLOSED_FOR_BATCH,
            reopens_at=instant(started_ms + USUALLY_TAKES_MS),
            retry_after_s=RETRY_AFTER_S,
        )


def not_now() -> Refused:
    """What a submit is told while the batch runs: nothing is decided, so the same key may be tried again."""
    return Refused(Problem.UNAVAILABLE, "closed for the day-end batch", retry_after_s=RETRY_AFTER_S)


def begin(tx: Connection, kind: str, on: date, now_ms: int) -> tuple[int, bool]:
    """Start a batch or take it up again: (the last id that is done, whether all of it is done)."""
    row = tx.execute(
        select(batch.c.position, batch.c.finished_ms).where(batch.c.kind == kind, batch.c.on == on)
    ).one_or_none()
    if row is None:
        tx.execute(insert(batch).values(kind=kind, on=on, started_ms=now_ms, position=0))
        return 0, False
    return int(row.position), row.finished_ms is not None


def advance(tx: Connection, kind: str, on: date, position: int) -> None:
    """Note how far it has come, in the transaction of what was done."""
    tx.execute(update(batch).where(batch.c.kind == kind, batch.c.on == on).values(position=position))


def finish(tx: Connection, kind: str, on: date, now_ms: int, summary: str = "") -> None:
    """All of it is done."""
    tx.execute(
        update(batch)
        .where(batch.c.kind == kind, batch.c.on == on)
        .values(finished_ms=now_ms, summary=summary)
    )
