"""Endpoints: what became of an operation, and papers seen to their end."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection

from central import operations, visits
from central.api.answers import json_answer, problems
from central.api.security import Kiosk, SignedCaller, TheState
from central.centre import Centre
from kiosk.contract.operations import Operation
from kiosk.contract.papers import PaperSeen

router = APIRouter(prefix="/v1/operations", tags=["operations"])


@router.get("/{operation_id}", response_model=Operation, responses=problems(403, 404))
def operation(state: TheState, kiosk: Kiosk, operation_id: UUID) -> Response:
    """By its id: for the kiosk that sent it without a visit, for its citizen with a visit at any kiosk."""
    centre = state.centre
    with centre.database.read() as tx:
        found = operations.by_id(
            tx, operation_id, kiosk_id=kiosk.kiosk_id, person_id=_asker(tx, centre, kiosk)
        )
    return json_answer(found)


@router.get("", response_model=Operation, responses=problems(403, 404))
def operation_by_number(
    state: TheState, kiosk: Kiosk, number: Annotated[str, Query(pattern=r"^[0-9]{12}$")]
) -> Response:
    """By its business number, for the citizen of the visit."""
    centre = state.centre
    with centre.database.read() as tx:
        visitor = visits.current(tx, kiosk, centre.now_ms())
        found = operations.by_number(tx, number, visitor.person_id)
    return json_answer(found)


@router.post("/{operation_id}/papers", response_model=Operation, responses=problems(403, 404))
def paper_seen(state: TheState, kiosk: Kiosk, operation_id: UUID, request: PaperSeen) -> Response:
    """The citizen has the result: on a paper (counted as one more copy) or on the screen only."""
    centre = state.centre
    with centre.database.write() as tx:
        found = operations.paper_seen(
            tx,
            operation_id,
            request.copy_number,
            centre.now_ms(),
            kiosk_id=kiosk.kiosk_id,
            person_id=_asker(tx, centre, kiosk),
        )
    return json_answer(found)


def _asker(tx: Connection, centre: Centre, kiosk: SignedCaller) -> int | None:
    """The citizen of the visit that is shown; None when the kiosk asks for itself."""
    return visits.current(tx, kiosk, centre.now_ms()).person_id if kiosk.token is not None else None
