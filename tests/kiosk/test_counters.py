"""Counters of devices, from the journal's rows."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from hardware.device import Kind
from kiosk.counters import Tally, tally
from kiosk.events import catalogue
from kiosk.journal.chain import Row

START = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
NUMBERS = {kind.name: kind.number for kind in catalogue().values()}


def rows(*events: tuple[str, dict[str, Any]]) -> list[Row]:
    return [
        (n, (START + timedelta(minutes=n)).isoformat(), NUMBERS[name], json.dumps(fields), b"")
        for n, (name, fields) in enumerate(events)
    ]


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


DAY = rows(
    ("identified", {"session": 1, "credential": "id_card", "verified": False}),
    ("print-ended", {"operation": "x", "copy": 1, "disposition": "printed"}),
    ("slip-printed", {"slip": "balance", "disposition": "printed"}),
    ("device-changed", {"device": "receipt_printer", "old": "ready", "new": "out_of_service", "fault": "paper_out"}),
    ("device-changed", {"device": "receipt_printer", "old": "out_of_service", "new": "ready"}),
    ("supervisor-action", {"action": "paper-replaced", "device": "receipt_printer"}),
    ("print-ended", {"operation": "y", "copy": 1, "disposition": "unsure"}),
    ("print-ended", {"operation": "y", "copy": 2, "disposition": "printed"}),
    ("identified", {"session": 2, "credential": "phone_code", "verified": True}),
    ("bad-scan", {"reason": "unknown-code"}),
    ("device-changed", {"device": "scanner", "old": "ready", "new": "disconnected", "fault": "disconnected"}),
)  # fmt: skip


def test_a_printer_counts_from_its_new_paper() -> None:
    assert tally(Kind.RECEIPT_PRINTER, DAY) == Tally(at(5), done=1, not_done=1)
    assert tally(Kind.RECEIPT_PRINTER, DAY[:5]) == Tally(
        at(0), done=1, slips=1, faults=1, last_fault="paper_out", last_fault_at=at(3)
    )


def test_readers_count_what_they_have_read_and_the_order_of_rows_is_all_the_same() -> None:
    assert tally(Kind.ID_CARD, DAY[::-1]) == Tally(at(0), done=1)
    assert tally(Kind.JOINT_CARD, DAY) == Tally(at(0))
    assert tally(Kind.SCANNER, DAY) == Tally(
        at(0), done=1, not_done=1, faults=1, last_fault="disconnected", last_fault_at=at(10)
    )


def test_an_empty_journal_counts_nothing() -> None:
    assert tally(Kind.SCANNER, []) is None
