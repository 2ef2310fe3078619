"""Endpoints: the citizen's account and its closure."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from central import accounts, closure, payouts, visits
from central.api import quoted
from central.api.answers import json_answer, problems, stored_answer
from central.api.quoted import IdempotencyKey, IfMatch
from central.api.security import Kiosk, TheState
from central.operations import current_answer, submit
from kiosk.contract.accounts import Account, ClosureQuote, Entries, SubmitClosure
from kiosk.contract.operations import Operation, OperationKind

router = APIRouter(prefix="/v1/account", tags=["account"])


@router.get("", response_model=Account, responses=problems(403, 404))
def account(state: TheState, kiosk: Kiosk) -> Response:
    """The account as of today."""
    centre = state.centre
    with centre.database.read() as tx:
        visitor = visits.current(tx, kiosk, centre.now_ms())
        found = accounts.view(tx, visitor.person_id, centre.today(), centre.policy)
    return json_answer(found)


@router.get("/entries", response_model=Entries, responses=problems(403, 404))
def entries(
    state: TheState,
    kiosk: Kiosk,
    from_: Annotated[date | None, Query(alias="from")] = None,
    to: date | None = None,
    cursor: Annotated[str | None, Query(max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=accounts.MAX_PAGE)] = accounts.DEFAULT_PAGE,
) -> Response:
    """Entries of a period, both days included, oldest first; the last year when no period is given."""
    centre = state.centre
    since, until = accounts.period(from_, to, centre.today())
    with centre.database.read() as tx:
        visitor = visits.current(tx, kiosk, centre.now_ms())
        found = accounts.entries(tx, visitor.person_id, since, until, cursor=cursor, limit=limit)
    return json_answer(found)


@router.post(
    "/closure-quotes", status_code=201, response_model=ClosureQuote, responses=problems(403, 404, 422)
)
def closure_quote(state: TheState, kiosk: Kiosk) -> Response:
    """The checklist for closing the account on retirement, and the amount to the day."""
    centre = state.centre
    with centre.database.write() as tx:
        visitor = visits.current(tx, kiosk, centre.now_ms())
        quote = closure.give_quote(tx, centre, visitor)
    return json_answer(quote, 201, {"ETag": quote.etag})


@router.post(
    "/closures",
    status_code=201,
    response_model=Operation,
    responses=problems(403, 409, 412, 422, 428)
    | {202: {"model": Operation, "description": "Accepted; the bank has not answered"}},
)
def close(
    state: TheState,
    kiosk: Kiosk,
    request: SubmitClosure,
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Carry out a quoted closure that the password has agreed to. Safe to repeat with the same key."""
    centre = state.centre
    path = "/v1/account/closures"
    asked, etag = quoted.submission(OperationKind.CLOSURE, kiosk, path, request, idempotency_key, if_match)
    answer = submit(
        centre,
        state.running,
        asked,
        lambda tx: closure.carry_out(
            tx,
            centre,
            operation_id=asked.id,
            kiosk_id=kiosk.kiosk_id,
            quote_id=request.quote_id,
            if_match=etag,
        ),
    )
    if answer.status == 202 and not answer.replayed:
        payouts.try_now(centre, asked.id)
        answer = current_answer(centre, asked.id)
    return stored_answer(answer, f"/v1/operations/{asked.id}")
