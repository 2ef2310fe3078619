"""What a request to do what was quoted carries: the operation's id, and the etag that proves which quote is meant."""

from typing import Annotated

from fastapi import Header

from central.api.security import SignedCaller
from central.operations import Submission, canonical, parse_key
from central.refusals import Refused
from kiosk.contract.operations import OperationKind
from kiosk.contract.problems import Problem
from kiosk.contract.wire import Wire

IdempotencyKey = Annotated[
    str | None, Header(alias="Idempotency-Key", description="The operation's id: a UUID, for ever")
]
IfMatch = Annotated[str | None, Header(alias="If-Match", description="The quote's etag")]


def submission(
    kind: OperationKind,
    kiosk: SignedCaller,
    path: str,
    request: Wire,
    idempotency_key: str | None,
    if_match: str | None,
) -> tuple[Submission, str]:
    """The operation that is asked for, and the quote's etag. Raises Refused when it has no id or no etag."""
    key = parse_key(idempotency_key)
    if if_match is None:
        raise Refused(Problem.PRECONDITION_REQUIRED, "If-Match with the quote's etag")
    body = canonical({"if_match": if_match, **request.model_dump(mode="json")})
    return Submission(key, kind, kiosk.kiosk_id, path, body), if_match
