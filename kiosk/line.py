"""The line to the centre: signed requests, bounded answers, and a cause for everything that can go wrong.

Nothing that comes back is trusted: no redirect is followed, no more than ANSWER_LIMIT_BYTES is read, an
exchange has one deadline, and what is not the JSON of the contract is GARBAGE.
"""

import json
import secrets
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, ValidationError
from urllib3.exceptions import NameResolutionError, NewConnectionError

from kiosk.contract.problems import Problem
from kiosk.contract.signing import sign
from kiosk.contract.wire import ProblemDetail

CONNECT_TIMEOUT_S = 3.0
READ_TIMEOUT_S = 10.0
EXCHANGE_TIMEOUT_S = 15.0
ANSWER_LIMIT_BYTES = 4_000_000
POOL_SIZE = 4
NONCE_BYTES = 16

M = TypeVar("M", bound=BaseModel)


class Cause(StrEnum):
    """Why there is no answer that can be used."""

    REFUSED_CONNECTION = "refused-connection"  # nobody listens; nothing was sent
    UNKNOWN_NAME = "unknown-name"  # no address is known for the name; nothing was sent
    UNTRUSTED = "untrusted"  # whoever answered could not prove to be the centre; nothing was sent
    TIMEOUT = "timeout"
    BROKEN = "broken"  # the connection died in mid-exchange
    GARBAGE = "garbage"  # not the contract's JSON, a redirect, or too long
    SERVER_ERROR = "server-error"
    UNAVAILABLE = "unavailable"  # the centre says it is busy or closed


class Unreachable(Exception):
    """The centre could not be asked. `sent` is False only when it is certain that nothing reached it."""

    def __init__(self, cause: Cause, *, sent: bool) -> None:
        super().__init__(cause.value)
        self.cause = cause
        self.sent = sent


class Refused(Exception):
    """The centre answered no. `problem` is one of the contract's types, `detail` its figures."""

    def __init__(self, problem: Problem, detail: ProblemDetail) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.detail = detail


@dataclass(frozen=True)
class Identity:
    """Who this kiosk is to the centre."""

    kiosk_id: str
    key: Ed25519PrivateKey


def utc_now() -> datetime:
    """The clock of everything that is not under test."""
    return datetime.now(UTC)


class Line:
    """One kiosk's line to its centre. Thread-safe; blocking: call it from a worker thread.

    `token` belongs to a visit: `with_token` gives a visit its own view of the same line. `ca` names who may vouch for
    the centre, if not the authorities that browsers know.
    """

    def __init__(
        self,
        base_url: str,
        identity: Identity,
        *,
        now: Callable[[], datetime] = utc_now,
        session: requests.Session | None = None,
        token: str | None = None,
        ca: Path | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.identity = identity
        self._now = now
        self._token = token
        self._session = session or _session(ca)

    def with_token(self, token: str | None) -> "Line":
        """The same line, speaking for one visit."""
        return Line(self.base_url, self.identity, now=self._now, session=self._session, token=token)

    def now_ms(self) -> int:
        """The wall clock in milliseconds since 1970, for ids."""
        return int(self._now().timestamp() * 1000)

    def call(
        self,
        method: str,
        path: str,
        answer: type[M],
        *,
        body: BaseModel | Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> M:
        """One exchange. Raises Refused for a problem of the contract, Unreachable for everything else."""
        raw = self._exchange(method, path, _encode(body), query or {}, headers or {})
        try:
            return answer.model_validate_json(raw)
        except ValidationError:
            raise Unreachable(Cause.GARBAGE, sent=True) from None

    def send(self, method: str, path: str) -> None:
        """An exchange whose answer has no body."""
        self._exchange(method, path, b"", {}, {})

    def _exchange(
        self, method: str, path: str, body: bytes, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> bytes:
        """One exchange; a question that changes nothing is put twice. Some far ends close a connection that was quiet
        for some seconds, as people are between two touches: now and then just when it is used again."""
        try:
            return self._exchange_once(method, path, body, query, headers)
        except Unreachable as lost:
            if method != "GET" or lost.cause is not Cause.BROKEN:
                raise
        return self._exchange_once(method, path, body, query, headers)

    def _exchange_once(
        self, method: str, path: str, body: bytes, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> bytes:
        request = requests.Request(method, self.base_url + path, params=dict(query), data=body or None)
        prepared = self._session.prepare_request(request)
        prepared.headers.update({"Accept": "application/json, application/problem+json", **headers})
        if body:
            prepared.headers["Content-Type"] = "application/json"
        if self._token:
            prepared.headers["Authorization"] = f"Bearer {self._token}"
        assert prepared.url is not None
        prepared.headers.update(
            sign(
                method,
                prepared.url,
                dict(prepared.headers),
                body,
                key=self.identity.key,
                key_id=self.identity.kiosk_id,
                now_s=int(self._now().timestamp()),
                nonce=secrets.token_urlsafe(NONCE_BYTES),
            )
        )
        deadline = time.monotonic() + EXCHANGE_TIMEOUT_S
        try:
            response = self._session.send(
                prepared, timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S), stream=True, allow_redirects=False
            )
            with response:
                content = _read(response, deadline)
        except requests.exceptions.ConnectTimeout:
            raise Unreachable(Cause.TIMEOUT, sent=False) from None
        except requests.exceptions.Timeout:
            raise Unreachable(Cause.TIMEOUT, sent=True) from None
        except requests.exceptions.ConnectionError as problem:
            raise _lost(problem) from None
        except (requests.exceptions.RequestException, ValueError):
            raise Unreachable(Cause.BROKEN, sent=True) from None
        return _judge(response, content)


def _session(ca: Path | None) -> requests.Session:
    session = requests.Session()
    session.verify = str(ca) if ca else True
    session.trust_env = False  # no proxy and no .netrc of the machine
    adapter = requests.adapters.HTTPAdapter(pool_maxsize=POOL_SIZE, max_retries=0)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _lost(problem: requests.exceptions.ConnectionError) -> Unreachable:
    """What has become of a connection. Certain that nothing was sent are only those that never came to be."""
    reason = getattr(problem.args[0] if problem.args else None, "reason", None)
    match reason:
        case NameResolutionError():
            return Unreachable(Cause.UNKNOWN_NAME, sent=False)
        case NewConnectionError():
            return Unreachable(Cause.REFUSED_CONNECTION, sent=False)
    if isinstance(reason, Exception) and any(
        isinstance(a, ssl.SSLCertVerificationError) for a in reason.args
    ):
        return Unreachable(Cause.UNTRUSTED, sent=False)
    return Unreachable(Cause.BROKEN, sent=True)


def _encode(body: BaseModel | Mapping[str, Any] | None) -> bytes:
    if body is None:
        return b""
    if isinstance(body, BaseModel):
        return body.model_dump_json(by_alias=True, exclude_none=True).encode()
    return json.dumps(body).encode()


def _read(response: requests.Response, deadline: float) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(65536):
        content += chunk
        if len(content) > ANSWER_LIMIT_BYTES:
            raise Unreachable(Cause.GARBAGE, sent=True)
        if time.monotonic() > deadline:
            raise Unreachable(Cause.TIMEOUT, sent=True)
    return bytes(content)


def _judge(response: requests.Response, content: bytes) -> bytes:
    kind = response.headers.get("Content-Type", "").split(";")[0].strip()
    if response.status_code in (200, 201, 202) and kind == "application/json":
        return content
    if response.status_code == 204:
        return b""
    if response.status_code in (502, 503, 504):
        raise Unreachable(Cause.UNAVAILABLE, sent=True)
    if response.status_code >= 500:
        raise Unreachable(Cause.SERVER_ERROR, sent=True)
    if kind == "application/problem+json":
        try:
            detail = ProblemDetail.model_validate_json(content)
            problem = Problem(detail.type.rsplit("/", 1)[-1])
        except ValueError:
            raise Unreachable(Cause.GARBAGE, sent=True) from None
        raise Refused(problem, detail)
    raise Unreachable(Cause.GARBAGE, sent=True)
