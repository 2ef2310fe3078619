"""The last fault of each device outlives the kiosk's program, and a damaged file harms nobody."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hardware.device import Fault, Kind, State, Status
from hardware.last_faults import LastFault, LastFaults, read

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 22, 13, tzinfo=UTC)
OUT = Status(State.OUT_OF_SERVICE, Fault.PAPER_OUT)


def test_the_last_one_stays_when_it_is_over(tmp_path: Path) -> None:
    faults = LastFaults(tmp_path / "faults.json")
    faults.note(Kind.RECEIPT_PRINTER, OUT, NOON)
    faults.note(Kind.RECEIPT_PRINTER, Status(State.READY), LATER)
    LastFaults(tmp_path / "faults.json").note(Kind.UPS, Status(State.DEGRADED, Fault.ON_BATTERY), LATER)
    assert read(tmp_path / "faults.json") == {
        Kind.RECEIPT_PRINTER: LastFault(Fault.PAPER_OUT, NOON),
        Kind.UPS: LastFault(Fault.ON_BATTERY, LATER),
    }


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "3", '{"toaster": {}}', '{"ups": {"fault": "no such", "since": "2026-11-22"}}']
)
def test_a_damaged_file_is_no_file(content: str, tmp_path: Path) -> None:
    (tmp_path / "faults.json").write_text(content)
    assert read(tmp_path / "faults.json") == {}
    LastFaults(tmp_path / "faults.json").note(Kind.RECEIPT_PRINTER, OUT, NOON)
    assert set(read(tmp_path / "faults.json")) == {Kind.RECEIPT_PRINTER}


def test_a_full_disk_costs_the_note_only(tmp_path: Path) -> None:
    LastFaults(tmp_path / "no folder" / "faults.json").note(Kind.UPS, OUT, NOON)


def test_no_file_is_no_fault(tmp_path: Path) -> None:
    assert read(tmp_path / "nowhere") == {}
