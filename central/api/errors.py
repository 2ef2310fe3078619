"""Every error leaves as problem+json (RFC 9457), also the framework's own."""

import logging
from collections.abc import Mapping

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from central.refusals import Refused
from kiosk.contract.problems import Problem
from kiosk.contract.wire import ProblemDetail

log = logging.getLogger(__name__)

PROBLEM_JSON = "application/problem+json"

OF_STATUS = {
    404: Problem.NOT_FOUND,
    405: Problem.METHOD_NOT_ALLOWED,
    413: Problem.TOO_LARGE,
    503: Problem.UNAVAILABLE,
}
UNAVAILABLE_RETRY_S = 2


def problem_response(detail: ProblemDetail, headers: Mapping[str, str] | None = None) -> Response:
    """The answer for a problem, with Retry-After when it says when to come back."""
    extra = dict(headers or {})
    if detail.retry_after_s is not None:
        extra["Retry-After"] = str(detail.retry_after_s)
    return Response(
        detail.model_dump_json(exclude_none=True),
        status_code=detail.status,
        media_type=PROBLEM_JSON,
        headers=extra,
    )


async def _refused(_request: Request, refused: Exception) -> Response:
    assert isinstance(refused, Refused)
    return problem_response(refused.as_detail())


async def _framework(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    problem = OF_STATUS.get(error.status_code, Problem.MALFORMED)
    return problem_response(Refused(problem).as_detail(), error.headers)


async def _invalid(_request: Request, error: Exception) -> Response:
    """Which fields are wrong, and how; never what was in them, for that may be personal."""
    assert isinstance(error, RequestValidationError)
    faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['type']}" for fault in error.errors()[:5])
    return problem_response(Refused(Problem.MALFORMED, faults).as_detail())


async def _database(_request: Request, error: Exception) -> Response:
    log.error("database unavailable: %s", type(error).__name__)
    return problem_response(
        Refused(Problem.UNAVAILABLE, retry_after_s=UNAVAILABLE_RETRY_S).as_detail(),
    )


def install(app: FastAPI) -> None:
    """Answer the exceptions that are expected with problems; Edge sees to the others."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _framework)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(OperationalError, _database)
