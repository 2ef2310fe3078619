"""Requests made up from the contract, thousands of them: no crash, no status that the contract does not name, and
every answer of the shape that it promises."""

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from httpx2 import Request, Response
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from central.api.contract import CONTRACT_FILE
from central.kiosks import new_enrolment_code
from central.store.database import Database
from central.visits import unlock
from tests.central.kit import BY_KEY, Clock, Kiosk, assert_sound, make_centre, served

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
PEOPLE = ("jia", "two-loans", "pays-off", "retires-now", "yi", "bank-refuses", "arrears", "hundreds")

schema = schemathesis.openapi.from_dict(json.loads(CONTRACT_FILE.read_text(encoding="utf-8")))


class Caller:
    """Sends made-up requests, signed. Every second one is mended a little, so that it comes further than the door."""

    def __init__(self, kiosk: Kiosk, database: Database) -> None:
        self.kiosk, self.database = kiosk, database
        self.people = itertools.cycle(PEOPLE)
        self.turn = itertools.count()
        self.quote: dict[str, Any] = {}
        self.contract = ""
        self.statuses: dict[int, int] = {}

    def arrive(self) -> None:
        """Somebody identifies, and has a quote in hand when they have a loan or an age for one."""
        person = next(self.people)
        with (
            self.database.write() as tx
        ):  # made-up passwords have locked somebody out: the counter has seen them
            assert unlock(tx, BY_KEY[person].id_number)
        self.kiosk.login(person)
        loans = self.kiosk.call("GET", "/v1/loans").json().get("loans") or [{"contract": "DL2000-00000000"}]
        self.contract = loans[0]["contract"]
        answer = self.kiosk.quote_part("20000.00", "reduce", self.contract)
        if answer.status_code != 201:
            answer = self.kiosk.call("POST", "/v1/account/closure-quotes", {})
        self.quote = answer.json()
        if answer.status_code == 201:
            self.kiosk.password(authorises=self.quote["quote_id"])

    def send(self, case: Case) -> Response:
        if next(self.turn) % 20 == 0 or self.kiosk.token is None:
            self.arrive()
        mended = next(self.turn) % 4 < 2
        headers = {name: str(value) for name, value in (case.headers or {}).items()}
        path_values = dict(case.path_parameters or {})
        body = case.body
        if mended:
            if "contract" in path_values:
                path_values["contract"] = self.contract
            if isinstance(body, dict) and "quote_id" in body and "quote_id" in self.quote:
                body = {**body, "quote_id": self.quote["quote_id"]}
                headers |= {"Idempotency-Key": str(self.kiosk.new_key()), "If-Match": self.quote["etag"]}
            elif case.path == "/v1/documents":
                headers["Idempotency-Key"] = str(self.kiosk.new_key())
        response = self._signed(case, path_values, headers, body)
        self.statuses[response.status_code] = self.statuses.get(response.status_code, 0) + 1
        if response.status_code == 401 or case.method == "DELETE":
            self.kiosk.token = None
        return response

    def _signed(
        self, case: Case, path_values: dict[str, Any], headers: dict[str, str], body: Any
    ) -> Response:
        path = case.path
        for name, value in path_values.items():
            path = path.replace("{" + name + "}", _escaped(str(value)))
        query = urlencode(case.query or {}, doseq=True)
        if isinstance(body, bytes):
            raw: Any = body
        else:
            raw = None if type(body).__name__ == "NotSet" else json.dumps(body).encode()
        clean = {name: value for name, value in headers.items() if value.isascii() and value.isprintable()}
        return self.kiosk.call(
            case.method,
            f"{path}?{query}" if query else path,
            raw,
            key=clean.get("Idempotency-Key"),
            if_match=clean.get("If-Match"),
        )


def _escaped(value: str) -> str:
    return quote(value, safe="") or "%20"


@pytest.fixture(scope="module")
def caller(sqlite_copies) -> Iterator[Caller]:
    url = sqlite_copies.copy()
    database, clock = Database(url), Clock()
    with served(make_centre(database, clock)) as client:
        kiosk = Kiosk(client, clock)
        with database.write() as tx:
            code = new_enrolment_code(tx, clock.ms)
        assert kiosk.enrol(code).status_code == 201
        made = Caller(kiosk, database)
        yield made
    assert_sound(database)
    if sum(made.statuses.values()) > 500:
        assert {200, 201, 400, 412, 422} <= made.statuses.keys(), "the requests came further than the door"
    database.close()
    sqlite_copies.drop(url)


def some(examples: int) -> Callable[..., Any]:
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.filter_too_much,
            HealthCheck.too_slow,
        ],
    )


@schema.parametrize()
@some(60)
def test_any_request(case: Case, caller: Caller) -> None:
    case.validate_response(caller.send(case), checks=CHECKS)


@pytest.mark.parametrize(
    ("status", "body", "media_type"),
    [
        (500, {"type": "/problems/internal", "title": "x", "status": 500}, "application/problem+json"),
        (418, {"type": "/problems/teapot", "title": "x", "status": 418}, "application/problem+json"),
        (200, {"code": "W06"}, "application/json"),
        (404, {"type": "/problems/not-found", "title": "x", "status": 404}, "text/html"),
    ],
)
def test_the_checks_would_see_it(status: int, body: dict[str, Any], media_type: str) -> None:
    """A negative control: a crash, an unknown status, a wrong shape, a wrong media type."""
    operation = schema["/v1/services/{code}"]["GET"]
    case = operation.Case(path_parameters={"code": "W06"})
    request = Request("GET", "http://centre.test/v1/services/W06")
    answer = Response(status, json=body, headers={"Content-Type": media_type}, request=request)
    answer.elapsed = timedelta(0)
    with pytest.raises(FailureGroup):
        case.validate_response(answer, checks=CHECKS)


@pytest.mark.soak
@schema.parametrize()
@some(800)
def test_very_many_requests(case: Case, caller: Caller) -> None:
    case.validate_response(caller.send(case), checks=CHECKS)
