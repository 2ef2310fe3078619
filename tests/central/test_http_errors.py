"""Whatever is sent, the answer is the contract's: a problem with a stable type, kept by nobody on the way."""

import pytest

from central.api.edge import BODY_LIMIT_BYTES
from tests.central.kit import problem

pytestmark = pytest.mark.parametrize("copies", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v2/account", "/v1/account/", "/v1//account", "/%00", "/v1/loans/x/y/z"]
)
def test_no_such_path(client, path):
    response = client.get(path, follow_redirects=False)
    assert (response.status_code, problem(response)) == (404, "not-found")


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/v1/account"), ("PATCH", "/v1/visits"), ("POST", "/v1/loans")]
)
def test_no_such_method_says_which_there_are(client, method, path):
    response = client.request(method, path)
    assert (response.status_code, problem(response)) == (405, "method-not-allowed")
    assert response.headers["allow"]


def test_a_body_too_long_by_its_own_word(client):
    response = client.post("/v1/visits", content=b"x" * (BODY_LIMIT_BYTES + 1))
    assert (response.status_code, problem(response)) == (413, "too-large")


def test_a_body_too_long_that_does_not_say_so(client):
    def endless():
        for _ in range(BODY_LIMIT_BYTES // 1024 + 1):
            yield b"x" * 1024

    response = client.post("/v1/visits", content=endless())
    assert (response.status_code, problem(response)) == (413, "too-large")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"credential": {"kind": "id_card"}}',
        b'{"credential": 1}',
        b"1" * 400,
    ],
)
def test_a_body_that_is_none(kiosk, body):
    response = kiosk.call("POST", "/v1/visits", body)
    assert (response.status_code, problem(response)) == (400, "malformed")


def test_an_unknown_field_is_malformed(kiosk):
    body = {"credential": {"kind": "joint_card", "card_number": "1" * 16, "pin": "1234"}}
    response = kiosk.call("POST", "/v1/visits", body)
    assert problem(response) == "malformed"
    assert "1234" not in response.text, "what was sent is not sent back"


@pytest.mark.parametrize(
    "query",
    [
        "limit=101",
        "limit=0",
        "limit=x",
        "from=2026-13-01",
        "from=yesterday",
        "cursor=!!",
        "cursor=" + "a" * 81,
        "cursor=AAAA",
        "from=2026-02-01&to=2026-01-01",
    ],
)
def test_a_query_that_is_none(kiosk, query):
    kiosk.login("jia")
    response = kiosk.call("GET", f"/v1/account/entries?{query}")
    assert (response.status_code, problem(response)) == (400, "malformed")


def citizen_name() -> str:
    return "测试甲"


def test_an_error_inside_says_nothing_of_itself(kiosk, monkeypatch, caplog):
    kiosk.login("jia")

    def broken(*_args):
        raise ZeroDivisionError(citizen_name())

    monkeypatch.setattr("central.accounts.view", broken)
    response = kiosk.call("GET", "/v1/account")
    assert (response.status_code, problem(response)) == (500, "internal")
    assert "测试甲" not in response.text
    assert "ZeroDivisionError" in caplog.text, "the log says where and what kind"
    assert "测试甲" not in caplog.text, "but not what it was about"


def test_a_database_that_is_gone_is_unavailable_with_a_time_to_come_back(kiosk, centre):
    from sqlalchemy.exc import OperationalError

    class Gone:
        def read(self):
            raise OperationalError("SELECT 1", {}, Exception("gone"))

        write = read

    object.__setattr__(centre, "database", Gone())
    response = kiosk.call("GET", "/v1/account")
    assert (response.status_code, problem(response)) == (503, "unavailable")
    assert int(response.headers["retry-after"]) > 0
    ready = kiosk.client.get("/readyz")
    assert (ready.status_code, problem(ready)) == (503, "unavailable")


def test_everything_personal_is_kept_by_nobody(kiosk):
    kiosk.login("jia")
    for path in ("/v1/account", "/v1/account/entries", "/v1/loans"):
        assert kiosk.call("GET", path).headers["cache-control"] == "no-store"


def test_the_counters_know_routes_not_people(kiosk):
    kiosk.login("jia")
    contract = kiosk.loan()["contract"]
    kiosk.call("GET", f"/v1/loans/{contract}")
    text = kiosk.client.get("/metrics").text
    assert 'route="/v1/loans/{contract}",status="200"' in text
    assert contract not in text
