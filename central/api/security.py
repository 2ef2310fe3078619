"""Who is asking: the kiosk by its signature, the citizen by the visit token that only this kiosk can use."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Connection

from central import kiosks
from central.api.state import State, state_of
from central.refusals import Refused
from central.visits import Caller
from kiosk.contract.problems import Problem
from kiosk.contract.signing import SignatureRefused, Signed, verify

BEARER = "Bearer "


class SignedCaller(Caller):
    """A caller whose signature has been verified."""

    def __init__(self, signed: Signed, token: str | None) -> None:
        object.__setattr__(self, "kiosk_id", signed.key_id)
        object.__setattr__(self, "token", token)
        object.__setattr__(self, "signed", signed)

    signed: Signed

    def once(self, tx: Connection, now_ms: int) -> None:
        """Refuse a replay of this request even after a restart; for what changes something without a key."""
        kiosks.remember_nonce(tx, self.signed, now_ms)


async def signed_caller(request: Request) -> SignedCaller:
    """The kiosk that signed the request, and the token it shows. Raises Refused (401)."""
    state: State = request.app.state.central
    now_ms = state.centre.now_ms()
    kiosk_id = _claimed_key(request.headers.get("signature-input", ""))
    known, key = state.keys.cached(kiosk_id, now_ms)
    if not known and kiosk_id:
        key = await run_in_threadpool(state.keys.load, kiosk_id, now_ms)
    body = await request.body()
    try:
        signed = verify(
            request.method,
            _url(request),
            request.headers,
            body,
            keys=lambda claimed: key if claimed == kiosk_id else None,
            now_s=now_ms // 1000,
        )
    except SignatureRefused as refused:
        raise Refused(refused.problem, str(refused)) from refused
    state.nonces.check(signed, now_ms // 1000)
    return SignedCaller(signed, _token(request.headers.get("authorization")))


def _claimed_key(signature_input: str) -> str:
    """The key id that the request claims, before anything is verified; "" when it claims none."""
    _, found, rest = signature_input.partition(';keyid="')
    return rest.partition('"')[0][:32] if found else ""


def _url(request: Request) -> str:
    """The URL as it was sent; the path undecoded, for that is what was signed."""
    scope = request.scope
    path = scope.get("raw_path") or scope["path"].encode()
    query = scope.get("query_string") or b""
    host = request.headers.get("host", "")
    return (
        f"{scope['scheme']}://{host}{path.decode('latin-1')}{'?' if query else ''}{query.decode('latin-1')}"
    )


def _token(authorization: str | None) -> str | None:
    if authorization is None:
        return None
    if not authorization.startswith(BEARER):
        raise Refused(Problem.VISIT_INVALID, "Authorization is Bearer and the visit token")
    return authorization.removeprefix(BEARER)


Kiosk = Annotated[SignedCaller, Depends(signed_caller)]
TheState = Annotated[State, Depends(state_of)]
