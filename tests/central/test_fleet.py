"""What the kiosks' heartbeats ask of a person, and who is told."""

import pytest
from sqlalchemy import update

from central import fleet
from central.fleet import ALERT_AFTER_S, CASE_FILE_AFTER_S, SILENT_AFTER_S, Kiosk, alerts
from central.store.tables import kiosk as kiosk_table
from kiosk.contract.kiosks import Heartbeat
from tests.central.kit import START

NOW_MS = int(START.timestamp() * 1000)


def heard(ago_s: int = 0, **fields: int) -> Kiosk:
    beat = Heartbeat(
        version="1",
        journal_head="0" * 64,
        journal_sequence=1,
        devices={},
        **{"unknown_operations": 0, **fields},
    )
    return Kiosk("K-1", "hall", NOW_MS - ago_s * 1000, beat, "key")


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (heard(), None),
        (heard(SILENT_AFTER_S - 1), None),
        (heard(SILENT_AFTER_S), "not heard for 3 minutes"),
        (Kiosk("K-1", "hall", None, None, "key"), "has never been heard"),
        (heard(unknown_operations=1, oldest_unknown_s=ALERT_AFTER_S - 1), None),
        (heard(unknown_operations=2, oldest_unknown_s=ALERT_AFTER_S), "2 outcomes unknown, the oldest for 15 minutes"),
        (heard(unknown_operations=1, oldest_unknown_s=CASE_FILE_AFTER_S), "for 24 hours: open a case file"),
        (Kiosk("K-1", "hall", NOW_MS, None, "key", unreadable=True), "its last heartbeat cannot be read"),
        (heard(journal_used_percent=79), None),
        (heard(journal_used_percent=80), "use 80 % of their room: collect them"),
    ],
)  # fmt: skip
def test_each_alert_has_its_limit(one, words):
    told = alerts(one, NOW_MS)
    assert told == [] if words is None else words in told[0]


def test_an_outcome_grows_older_while_its_kiosk_is_silent():
    silent = heard(ALERT_AFTER_S, unknown_operations=1, oldest_unknown_s=1)
    assert [words.split(",")[0] for words in alerts(silent, NOW_MS)] == [
        "1 outcomes unknown",
        "not heard for 15 minutes",
    ]


@pytest.mark.parametrize("copies", ["sqlite"], indirect=True)
def test_the_command_tells_by_its_exit_status(kiosk, database, database_url, clock, monkeypatch, capsys):
    monkeypatch.setattr("central.fleet.SystemClock", lambda: clock)
    run = ["--database", database_url]
    assert fleet.main(run) == 1
    assert "never" in capsys.readouterr().out
    beat = {
        "version": "1",
        "journal_head": "0" * 64,
        "journal_sequence": 0,
        "unknown_operations": 0,
        "devices": {},
    }
    kiosk.call("POST", "/v1/kiosks/current/heartbeat", beat)
    assert fleet.main(run) == 0
    assert f"{kiosk.kiosk_id}  2026-11-20 02:00:00Z" in capsys.readouterr().out
    waits = {**beat, "unknown_operations": 1, "oldest_unknown_s": ALERT_AFTER_S}
    kiosk.call("POST", "/v1/kiosks/current/heartbeat", waits)
    assert fleet.main(run) == 1
    assert "1 outcomes unknown" in capsys.readouterr().out
    with database.write() as tx:
        tx.execute(update(kiosk_table).values(health="{}"))
    assert fleet.main(run) == 1
    assert "cannot be read" in capsys.readouterr().out
