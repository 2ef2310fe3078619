"""Only an enrolled kiosk is heard, only now, and only once."""

import pytest
from sqlalchemy import select, update

from central.store.database import Database
from central.store.tables import audit
from central.store.tables import kiosk as kiosk_table
from kiosk.contract.signing import WINDOW_S
from tests.central.kit import BASE_URL, Kiosk, make_centre, problem, served

HEARTBEAT = {
    "version": "1.0",
    "journal_head": "0" * 64,
    "journal_sequence": 7,
    "unknown_operations": 0,
    "devices": {"id_card": "ready"},
}


def test_a_heartbeat_is_answered_with_the_centres_time(kiosk, clock):
    response = kiosk.call("POST", "/v1/kiosks/current/heartbeat", HEARTBEAT)
    assert response.status_code == 200
    assert response.json()["time"].startswith("2026-11-20T02:00:00")


def test_an_unsigned_request_is_refused_everywhere(client):
    document = client.get("/healthz")
    assert document.text == "ok\n"
    for method, path in [("GET", "/v1/account"), ("GET", "/v1/services"), ("POST", "/v1/visits")]:
        body = {"credential": {"kind": "id_card", "id_number": "1" * 18}} if method == "POST" else None
        response = client.request(method, path, json=body)
        assert (response.status_code, problem(response)) == (401, "signature-invalid")


def test_a_kiosk_that_nobody_enrolled_is_unknown(client, clock):
    stranger = Kiosk(client, clock, kiosk_id="K-nobody")
    assert problem(stranger.call("GET", "/v1/services")) == "kiosk-unknown"


def test_a_revoked_kiosk_is_unknown_within_seconds(kiosk, database, clock):
    assert kiosk.call("GET", "/v1/services/W06").status_code == 200
    with database.write() as tx:
        tx.execute(update(kiosk_table).values(revoked_ms=clock.ms))
    clock.advance(seconds=11)
    assert problem(kiosk.call("GET", "/v1/services/W06")) == "kiosk-unknown"


def test_a_stolen_id_does_not_help_without_the_key(kiosk, client, clock):
    thief = Kiosk(client, clock, kiosk_id=kiosk.kiosk_id)
    assert problem(thief.call("GET", "/v1/services/W06")) == "signature-invalid"


@pytest.mark.parametrize("seconds", [-WINDOW_S - 1, WINDOW_S + 1, -86_400])
def test_a_clock_too_far_off_is_told_so(kiosk, clock, seconds):
    response = kiosk.call("GET", "/v1/services/W06", signed_at_s=clock.ms // 1000 + seconds)
    assert (response.status_code, problem(response)) == (401, "signature-expired")


@pytest.mark.parametrize("seconds", [-WINDOW_S, WINDOW_S])
def test_a_clock_a_little_off_is_taken(kiosk, clock, seconds):
    assert kiosk.call("GET", "/v1/services/W06", signed_at_s=clock.ms // 1000 + seconds).status_code == 200


def test_a_replay_is_refused(kiosk):
    assert kiosk.call("GET", "/v1/services/W06", nonce="only-once-1").status_code == 200
    response = kiosk.call("GET", "/v1/services/W06", nonce="only-once-1")
    assert (response.status_code, problem(response)) == (401, "signature-replayed")


def test_a_replayed_wrong_password_locks_nobody_out_even_after_a_restart(kiosk, database_url, clock):
    kiosk.identify("jia")
    body = {"kind": "query_password", "password": "000000"}
    path = "/v1/visits/current/verification"
    assert kiosk.call("POST", path, body, nonce="captured-1").json()["tries_left"] == 4
    again = Database(database_url)
    with served(make_centre(again, clock)) as client:
        restarted = Kiosk(client, clock, kiosk.kiosk_id, kiosk.key, kiosk.token)
        assert problem(restarted.call("POST", path, body, nonce="captured-1")) == "signature-replayed"
        assert restarted.identify("jia").json()["tries_left"] == 4
    again.close()


def test_a_signature_for_one_request_is_worth_nothing_for_another(kiosk, client):
    from kiosk.contract.signing import sign

    headers = sign(
        "GET",
        f"{BASE_URL}/v1/services/W06",
        {},
        b"",
        key=kiosk.key,
        key_id=kiosk.kiosk_id,
        now_s=kiosk.clock.ms // 1000,
        nonce="captured-2",
    )
    assert problem(client.get("/v1/services/W07", headers=headers)) == "signature-invalid"
    assert problem(client.get("/v1/services/W06?x=1", headers=headers)) == "signature-invalid"
    assert problem(client.delete("/v1/services/W06", headers=headers)) == "method-not-allowed"
    assert client.get("/v1/services/W06", headers=headers).status_code == 200


def test_a_journal_that_becomes_shorter_is_written_down(kiosk, database):
    for sequence, head in ((7, "a"), (9, "b"), (9, "b"), (8, "c"), (8, "d")):
        beat = HEARTBEAT | {"journal_sequence": sequence, "journal_head": head}
        assert kiosk.call("POST", "/v1/kiosks/current/heartbeat", beat).status_code == 200
    with database.read() as tx:
        rows = tx.execute(select(audit.c.event, audit.c.detail).where(audit.c.chain == kiosk.kiosk_id)).all()
    assert [row.detail for row in rows if row.event == "journal-went-back"] == [
        '{"is":8,"was":9}',
        '{"is":8,"was":8}',
    ]


def test_too_many_visits_or_enrolments_have_to_wait(database, clock, kiosk):
    limited = make_centre(database, clock, visits_per_minute=3, enrolments_per_minute=2)
    with served(limited) as client:
        busy = Kiosk(client, clock, kiosk.kiosk_id, kiosk.key)
        assert [busy.identify("jia").status_code for _ in range(4)] == [201, 201, 201, 429]
        refused = busy.identify("jia")
        assert (problem(refused), refused.headers["retry-after"]) == ("rate-limited", "20")
        clock.advance(seconds=20)
        assert busy.identify("jia").status_code == 201
        stranger = Kiosk(client, clock)
        assert [problem(stranger.enrol("WRONGCODE123")) for _ in range(3)] == [
            "enrolment-code-invalid",
            "enrolment-code-invalid",
            "rate-limited",
        ]
