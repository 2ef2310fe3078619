"""Endpoints: kiosks enrol and report, citizens identify and leave."""

from fastapi import APIRouter, Response

from central import kiosks, masks, visits
from central.api.answers import json_answer, problems
from central.api.security import Kiosk, TheState
from central.centre import CENTRE_NAME
from central.clock import instant
from central.operations import unfinished
from kiosk.contract.kiosks import Enrolled, Enrolment, Heartbeat, HeartbeatReply
from kiosk.contract.visits import OpenVisit, Verification, Verified, VisitOpened

router = APIRouter(prefix="/v1", tags=["kiosks and visits"])


@router.post("/kiosks", status_code=201, response_model=Enrolled, responses=problems(429))
def enrol(state: TheState, request: Enrolment) -> Response:
    """Enrol a kiosk with a one-time code. Not signed: the kiosk is not known yet."""
    now_ms = state.centre.now_ms()
    state.enrolments.check("all", now_ms)
    with state.centre.database.write() as tx:
        kiosk_id = kiosks.enrol(tx, request, now_ms)
    return json_answer(Enrolled(kiosk_id=kiosk_id, centre_name=CENTRE_NAME, time=instant(now_ms)), 201)


@router.post("/kiosks/current/heartbeat", response_model=HeartbeatReply, responses=problems())
def heartbeat(state: TheState, kiosk: Kiosk, request: Heartbeat) -> Response:
    """The kiosk is alive, and this is how it is."""
    now_ms = state.centre.now_ms()
    with state.centre.database.write() as tx:
        kiosks.beat(tx, kiosk.kiosk_id, request, now_ms)
    return json_answer(HeartbeatReply(time=instant(now_ms)))


@router.post("/visits", status_code=201, response_model=VisitOpened, responses=problems(403, 429))
def open_visit(state: TheState, kiosk: Kiosk, request: OpenVisit) -> Response:
    """Identify a citizen: by ID card, joint card or a code on the phone."""
    centre = state.centre
    now_ms = centre.now_ms()
    state.visits.check(kiosk.kiosk_id, now_ms)
    with centre.database.write() as tx:
        kiosk.once(tx, now_ms)
        opened = visits.open_visit(tx, kiosk.kiosk_id, request.credential, now_ms, centre.today())
        pending = unfinished(tx, opened.visitor.person_id, now_ms)
    return json_answer(
        VisitOpened(
            token=opened.token,
            verified=opened.verified,
            name_masked=masks.name(opened.visitor.name),
            id_number_masked=masks.id_number(opened.visitor.id_number),
            expires_at=instant(opened.expires_ms),
            tries_left=opened.tries_left,
            open_operations=pending,
        ),
        201,
    )


@router.post("/visits/current/verification", response_model=Verified, responses=problems(403, 404, 412))
def verification(state: TheState, kiosk: Kiosk, request: Verification) -> Response:
    """The query password; with `authorises` it agrees to one quote."""
    now_ms = state.centre.now_ms()
    with state.centre.database.write() as tx:
        kiosk.once(tx, now_ms)
    expires_ms = visits.verify(state.centre, kiosk, request)
    return json_answer(Verified(expires_at=instant(expires_ms)))


@router.delete("/visits/current", status_code=204, response_class=Response, responses=problems())
def end_visit(state: TheState, kiosk: Kiosk) -> Response:
    """The citizen has left: the token is worth nothing from now on."""
    with state.centre.database.write() as tx:
        visits.end(tx, kiosk, state.centre.now_ms())
    return Response(status_code=204)
