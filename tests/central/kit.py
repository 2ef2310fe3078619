"""What tests of the centre work with: a clock to turn, a centre over a fresh copy of the demonstration, a kiosk."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from httpx2 import Response
from starlette.testclient import TestClient

from central.api.app import create_app
from central.bank import SimulatedBank
from central.centre import Centre
from central.clock import day_of
from central.demo.citizens import PASSWORD, citizens
from central.demo.create import bank_behaviour
from central.demo.spec import Citizen
from central.ledger.reconcile import reconcile
from central.policy import load
from central.store.database import Database
from kiosk.contract.operation_id import new_operation_id
from kiosk.contract.signing import public_key_to_wire, sign

START = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # ten in the morning, on a Friday
TODAY = date(2026, 11, 20)
BASE_URL = "http://centre.test"
PEOPLE = citizens(TODAY)
BY_KEY: dict[str, Citizen] = {citizen.key: citizen for citizen in PEOPLE}


class Clock:
    """A clock that stands until it is turned."""

    def __init__(self) -> None:
        self.ms = int(START.timestamp() * 1000)

    def now_ms(self) -> int:
        return self.ms

    def advance(self, *, seconds: float = 0, days: int = 0) -> None:
        self.ms += int(seconds * 1000) + days * 86_400_000

    def set_day(self, day: date) -> None:
        """Ten in the morning of another day."""
        self.advance(days=(day - day_of(self.ms)).days)


def make_centre(database: Database, clock: Clock, **more: Any) -> Centre:
    bank = more.pop("bank", None) or SimulatedBank(clock, bank_behaviour(PEOPLE))
    return Centre(database, bank, more.pop("policy", None) or load(), clock, site_url=BASE_URL, **more)


@contextmanager
def served(centre: Centre) -> Iterator[TestClient]:
    """The app in this process, without the thread that relays payouts: tests relay when they say so."""
    with TestClient(create_app(centre, relay=False), base_url=BASE_URL) as client:
        yield client


def assert_sound(database: Database) -> None:
    """Every invariant holds."""
    with database.read() as tx:
        assert reconcile(tx) == []


@dataclass
class Kiosk:
    """A kiosk that signs what it sends. `token` is the visit's; `clock` is its own."""

    client: TestClient
    clock: Clock
    kiosk_id: str = ""
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    token: str | None = None
    base_url: str = BASE_URL

    def enrol(self, code: str) -> Response:
        body = {"code": code, "public_key": public_key_to_wire(self.key.public_key()), "name": "test kiosk"}
        response = self.client.post("/v1/kiosks", json=body)
        if response.status_code == 201:
            self.kiosk_id = response.json()["kiosk_id"]
        return response

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: UUID | str | None = None,
        if_match: str | None = None,
        token: str | None = None,
        nonce: str | None = None,
        signed_at_s: int | None = None,
    ) -> Response:
        headers = {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key is not None:
            headers["Idempotency-Key"] = str(key)
        if if_match is not None:
            headers["If-Match"] = if_match
        if token or self.token:
            headers["Authorization"] = f"Bearer {token or self.token}"
        raw = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        signature = sign(
            method,
            self.base_url + path,
            headers,
            raw,
            key=self.key,
            key_id=self.kiosk_id,
            now_s=signed_at_s or self.clock.ms // 1000,
            nonce=nonce or secrets.token_urlsafe(12),
        )
        return self.client.request(method, path, content=raw, headers=headers | signature)

    def identify(self, citizen: str | Citizen) -> Response:
        """Open a visit with the ID card."""
        person = BY_KEY[citizen] if isinstance(citizen, str) else citizen
        self.token = None
        response = self.call(
            "POST", "/v1/visits", {"credential": {"kind": "id_card", "id_number": person.id_number}}
        )
        if response.status_code == 201:
            self.token = response.json()["token"]
        return response

    def password(self, password: str = PASSWORD, authorises: str | None = None) -> Response:
        body = {"kind": "query_password", "password": password}
        if authorises:
            body["authorises"] = authorises
        return self.call("POST", "/v1/visits/current/verification", body)

    def login(self, citizen: str | Citizen) -> None:
        assert self.identify(citizen).status_code == 201
        assert self.password().status_code == 200

    def loan(self, index: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = self.call("GET", "/v1/loans").json()["loans"][index]
        return found

    def quote_part(
        self, amount: str = "50000.00", mode: str = "reduce", contract: str | None = None
    ) -> Response:
        return self.call(
            "POST",
            f"/v1/loans/{contract or self.loan()['contract']}/repayment-quotes",
            {"extent": "part", "amount": amount, "mode": mode},
        )

    def agreed_part(self, amount: str = "50000.00", mode: str = "reduce") -> dict[str, Any]:
        """A quote that the password has agreed to."""
        quote: dict[str, Any] = self.quote_part(amount, mode).json()
        assert self.password(authorises=quote["quote_id"]).status_code == 200
        return quote

    def repay(self, quote: dict[str, Any], key: UUID | str | None = None, **more: Any) -> Response:
        return self.call(
            "POST",
            f"/v1/loans/{quote['contract']}/repayments",
            more.pop("body", {"quote_id": quote["quote_id"]}),
            key=key or self.new_key(),
            if_match=more.pop("if_match", quote["etag"]),
            **more,
        )

    def agreed_closure(self) -> dict[str, Any]:
        quote: dict[str, Any] = self.call("POST", "/v1/account/closure-quotes", {}).json()
        assert self.password(authorises=quote["quote_id"]).status_code == 200
        return quote

    def close(self, quote: dict[str, Any], key: UUID | str | None = None) -> Response:
        return self.call(
            "POST",
            "/v1/account/closures",
            {"quote_id": quote["quote_id"]},
            key=key or self.new_key(),
            if_match=quote["etag"],
        )

    def new_key(self) -> UUID:
        return new_operation_id(self.clock.ms)


def problem(response: Response) -> str:
    """The problem type of an answer, after a look at its form."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    body = response.json()
    assert body["status"] == response.status_code
    assert response.headers["cache-control"] == "no-store"
    return str(body["type"]).removeprefix("/problems/")
