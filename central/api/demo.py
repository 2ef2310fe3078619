"""Endpoints of a demonstration only: what a citizen's phone and the centre's staff would do. Loopback only."""

import ipaddress
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict

from central import kiosks, visits
from central.api.answers import json_answer
from central.api.security import TheState
from central.refusals import Refused
from kiosk.contract.problems import Problem


class PhoneCodeRequest(BaseModel):
    """Whose phone; `expired` asks for a code that is too old already."""

    model_config = ConfigDict(extra="forbid")
    id_number: str
    expired: bool = False


class Code(BaseModel):
    """A one-time code."""

    code: str


async def _loopback_only(request: Request) -> None:
    host = request.client.host if request.client else ""
    try:
        allowed = ipaddress.ip_address(host).is_loopback
    except ValueError:
        allowed = False
    if not allowed:
        raise Refused(Problem.NOT_FOUND)


router = APIRouter(prefix="/demo", include_in_schema=False, dependencies=[Depends(_loopback_only)])


@router.post("/phone-codes")
def phone_code(state: TheState, request: Annotated[PhoneCodeRequest, ...]) -> Response:
    """A code as the centre's app would show it on the citizen's phone."""
    with state.centre.database.write() as tx:
        code = visits.new_phone_code(tx, request.id_number, state.centre.now_ms(), expired=request.expired)
    return json_answer(Code(code=code), 201)


@router.post("/enrolment-codes")
def enrolment_code(state: TheState) -> Response:
    """A code that enrols one kiosk, as the centre's staff would hand it to a technician."""
    with state.centre.database.write() as tx:
        code = kiosks.new_enrolment_code(tx, state.centre.now_ms())
    return json_answer(Code(code=code), 201)
