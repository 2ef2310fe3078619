"""What each device has done and how often it has failed, counted from the journal: it outlives every restart.

Pure over the journal's rows. What the journal does not tell apart (which printer a paper came from) is not guessed.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from hardware.device import Kind
from kiosk.events import catalogue
from kiosk.journal.chain import Row

ROWS_COUNTED = 20_000
"""Of the journal, the newest: some weeks of a busy kiosk."""

READS = {"id_card": Kind.ID_CARD, "joint_card": Kind.JOINT_CARD, "phone_code": Kind.SCANNER}
PRINTERS = (Kind.RECEIPT_PRINTER, Kind.A4_PRINTER)


@dataclass(frozen=True)
class Tally:
    """Since `since`: what was done, what was not, and how often the device changed to a fault."""

    since: datetime
    done: int = 0
    not_done: int = 0
    slips: int = 0
    faults: int = 0
    last_fault: str = ""
    last_fault_at: datetime | None = None


def tally(kind: Kind, rows: Iterable[Row]) -> Tally | None:
    """The counts of one device over rows in any order; None when there are none. Printers count from new paper on."""
    ordered = sorted(rows, key=lambda row: row[0])
    if not ordered:
        return None
    found = Tally(_moment(ordered[0]))
    for row in ordered:
        found = _counted(found, kind, _names().get(row[2], ""), json.loads(row[3]), _moment(row))
    return found


def _counted(so_far: Tally, kind: Kind, name: str, fields: dict[str, object], at: datetime) -> Tally:
    match name:
        case "supervisor-action" if fields == {"action": "paper-replaced", "device": kind.value}:
            return Tally(at)
        case "device-changed" if fields["device"] == kind.value and "fault" in fields:
            return replace(
                so_far, faults=so_far.faults + 1, last_fault=str(fields["fault"]), last_fault_at=at
            )
        case "identified" if READS.get(str(fields["credential"])) is kind:
            return replace(so_far, done=so_far.done + 1)
        case "bad-scan" if kind is Kind.SCANNER:
            return replace(so_far, not_done=so_far.not_done + 1)
        case "print-ended" if kind in PRINTERS:
            done = fields["disposition"] == "printed"
            return replace(so_far, done=so_far.done + done, not_done=so_far.not_done + (not done))
        case "slip-printed" if kind is Kind.RECEIPT_PRINTER:
            return replace(so_far, slips=so_far.slips + 1)
        case _:
            return so_far


def _moment(row: Row) -> datetime:
    return datetime.fromisoformat(row[1])


@cache
def _names() -> dict[int, str]:
    return {kind.number: kind.name for kind in catalogue().values()}
