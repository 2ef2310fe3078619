"""Endpoints: official papers, and the catalogue of services."""

import json
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy import Connection

from central import documents, visits
from central.api.answers import json_answer, problems, stored_answer
from central.api.quoted import IdempotencyKey
from central.api.security import Kiosk, SignedCaller, TheState
from central.centre import Centre
from central.operations import Outcome, Submission, canonical, known_person, parse_key, submit
from central.refusals import Refused
from central.web.catalogue import catalogue
from kiosk.contract.guide import Item
from kiosk.contract.operations import OperationKind
from kiosk.contract.papers import Document, DocumentRequest, IssuedPapers
from kiosk.contract.problems import Problem
from kiosk.contract.wire import ServiceCode

router = APIRouter(prefix="/v1", tags=["papers and services"])


class Services(BaseModel):
    """GET /v1/services: every guide of the centre's catalogue, in its order."""

    version: str
    services: tuple[Item, ...]


@router.post("/documents", status_code=201, response_model=Document, responses=problems(403, 404, 409, 422))
def issue(
    state: TheState, kiosk: Kiosk, request: DocumentRequest, idempotency_key: IdempotencyKey = None
) -> Response:
    """Number and seal a paper. The same key asks for the same paper again, also after the visit.

    A receipt that is asked for under the id of its operation is that operation's own paper: sealed once, the same
    at every kiosk, in the language in which it was first asked for, and counted with the operation's copies.
    """
    centre = state.centre
    key = parse_key(idempotency_key)
    if documents.is_own_receipt(key, request):
        return _own_receipt(centre, kiosk, request)
    with centre.database.read() as tx:
        known = known_person(tx, key, kiosk.kiosk_id)
        visitor = (
            None if known is not None and kiosk.token is None else visits.current(tx, kiosk, centre.now_ms())
        )
    submission = Submission(
        key,
        OperationKind.DOCUMENT,
        kiosk.kiosk_id,
        "/v1/documents",
        canonical(request.model_dump(mode="json", by_alias=True)),
        person_id=visitor.person_id if visitor else known,
    )

    def execute(tx: Connection) -> Outcome:
        if visitor is None:
            raise Refused(Problem.VISIT_INVALID)
        return documents.issue(tx, centre, visitor, key, request)

    answer = submit(centre, state.running, submission, execute)
    return stored_answer(answer, f"/v1/operations/{key}")


def _own_receipt(centre: Centre, kiosk: SignedCaller, request: DocumentRequest) -> Response:
    with centre.database.write() as tx:
        visitor = visits.current(tx, kiosk, centre.now_ms())
        return json_answer(documents.own_receipt(tx, centre, visitor, request), status=201)


@router.get("/documents", response_model=IssuedPapers, responses=problems(403))
def issued(state: TheState, kiosk: Kiosk) -> Response:
    """The citizen's papers that can be printed again under their numbers."""
    centre = state.centre
    with centre.database.read() as tx:
        visitor = visits.current(tx, kiosk, centre.now_ms())
        return json_answer(documents.of_person(tx, visitor.person_id, centre.now_ms()))


@router.get("/documents/{operation_id}", response_model=Document, responses=problems(403, 404, 422))
def issued_before(state: TheState, kiosk: Kiosk, operation_id: UUID) -> Response:
    """One of them as it was issued, at any kiosk."""
    centre = state.centre
    with centre.database.read() as tx:
        visitor = visits.current(tx, kiosk, centre.now_ms())
        return json_answer(documents.one_of_person(tx, visitor.person_id, operation_id))


class SealKeys(BaseModel):
    """GET /v1/keys: a JWK set (RFC 7517) with every key that has ever sealed a paper."""

    keys: tuple[dict[str, Any], ...]


@router.get("/keys", response_model=SealKeys, responses=problems())
def seal_keys(state: TheState) -> Response:
    """For whoever wants to check papers without asking the centre again: no signature is needed."""
    keys = json.loads(state.centre.seal_keys.public_text())["keys"]
    return json_answer(SealKeys(keys=keys), headers={"Cache-Control": "public, max-age=3600"})


@router.get("/services", response_model=Services, responses=problems())
def services(state: TheState, kiosk: Kiosk) -> Response:
    """Every service with its guide."""
    return json_answer(Services(version=catalogue().version, services=catalogue().items))


@router.get("/services/{code}", response_model=Item, responses=problems(404))
def service(state: TheState, kiosk: Kiosk, code: ServiceCode) -> Response:
    """One service with its guide."""
    found = catalogue().by_code(code)
    if found is None:
        raise Refused(Problem.NOT_FOUND, "no such service")
    return json_answer(found)
