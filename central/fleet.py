"""`python -m central kiosks`: what the heartbeats of the kiosks ask of a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from central.clock import SystemClock, instant
from central.command_line import Parser, add_database, complain
from central.kiosks import last_beat
from central.ledger.findings import EXIT_FOUND
from central.store import schema
from central.store.database import Database, UnsafeDatabase
from central.store.rows import AnyRow
from central.store.tables import kiosk
from kiosk.contract.kiosks import Heartbeat

SILENT_AFTER_S = 3 * 60
ALERT_AFTER_S = 15 * 60
CASE_FILE_AFTER_S = 24 * 3600
JOURNAL_FILLING_PERCENT = 80


@dataclass(frozen=True)
class Kiosk:
    """A kiosk in service, and what it last said of itself (None: nothing yet, or nothing that can be read). By its
    Ed25519 key (base64) an export of its journal is checked."""

    kiosk_id: str
    name: str
    seen_ms: int | None
    beat: Heartbeat | None
    public_key: str
    unreadable: bool = False


def kiosks_in_service(tx: Connection) -> list[Kiosk]:
    """All that are enrolled and not revoked."""
    rows = tx.execute(select(kiosk).where(kiosk.c.revoked_ms.is_(None)).order_by(kiosk.c.id))
    return [_in_service(row) for row in rows]


def _in_service(row: AnyRow) -> Kiosk:
    beat = last_beat(row.health)
    unreadable = row.health is not None and beat is None
    return Kiosk(row.id, row.name, row.seen_ms, beat, row.public_key, unreadable)


def alerts(one: Kiosk, now_ms: int) -> list[str]:
    """What a person must look at, the most urgent first. Pure.

    An outcome that the kiosk did not know at its last heartbeat has grown older since.
    """
    if one.seen_ms is None:
        return ["has never been heard"]
    silent_s = (now_ms - one.seen_ms) // 1000
    told = []
    if one.beat and one.beat.oldest_unknown_s is not None:
        age_s = one.beat.oldest_unknown_s + silent_s
        count = one.beat.unknown_operations
        if age_s >= CASE_FILE_AFTER_S:
            told.append(f"{count} outcomes unknown, the oldest for {age_s // 3600} hours: open a case file")
        elif age_s >= ALERT_AFTER_S:
            told.append(f"{count} outcomes unknown, the oldest for {age_s // 60} minutes")
    if one.unreadable:
        told.append("its last heartbeat cannot be read")
    if silent_s >= SILENT_AFTER_S:
        told.append(f"not heard for {silent_s // 60} minutes")
    used = one.beat.journal_used_percent if one.beat else None
    if used is not None and used >= JOURNAL_FILLING_PERCENT:
        told.append(f"its journal's archives use {used} % of their room: collect them")
    return told


def main(arguments: Sequence[str]) -> int:
    """List the kiosks with what a person must look at; exit status 1 when there is anything."""
    parser = Parser(prog="python -m central kiosks", description=main.__doc__)
    add_database(parser)
    parser.add_argument(
        "--keys", action="store_true", help="list their public keys instead, to check a journal's export"
    )
    options: Any = parser.parse_args(arguments)
    try:
        database = Database(options.database)
        schema.check(database, allow_unsafe=True)
    except (UnsafeDatabase, schema.WrongSchema) as error:
        return complain(parser.prog, str(error))
    with database.read() as tx:
        found = kiosks_in_service(tx)
    database.close()
    if options.keys:
        for one in found:
            print(f"{one.kiosk_id}  {one.public_key}")
        return 0
    now_ms = SystemClock().now_ms()
    told = {one.kiosk_id: alerts(one, now_ms) for one in found}
    for one in found:
        seen = f"{instant(one.seen_ms):%Y-%m-%d %H:%M:%SZ}" if one.seen_ms else "never"
        print(f"{one.kiosk_id}  {seen:<20}  {one.name}  {'; '.join(told[one.kiosk_id]) or 'ok'}")
    return EXIT_FOUND if any(told.values()) else 0
