"""Answers: models as JSON that nobody on the way may keep, and the problems an endpoint documents."""

from typing import Any

from fastapi import Response
from pydantic import BaseModel

from central.api.errors import PROBLEM_JSON
from central.operations import Answer


def json_answer(model: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A model of the contract as it travels."""
    return Response(
        model.model_dump_json(by_alias=True),
        status_code=status,
        media_type="application/json",
        headers=headers,
    )


def stored_answer(answer: Answer, location: str) -> Response:
    """An operation's answer, first or again; a refusal travels as the problem that it is."""
    headers = {"Idempotency-Replayed": "true"} if answer.replayed else {}
    accepted = answer.status < 400
    if accepted:
        headers["Location"] = location
    return Response(
        answer.body,
        status_code=answer.status,
        media_type="application/json" if accepted else PROBLEM_JSON,
        headers=headers,
    )


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an endpoint that can answer these problems; 400, 401, 413, 500 and 503 always can be."""
    return _documented({400, 401, 413, 500, 503, *statuses})


def unavailable() -> dict[int | str, dict[str, Any]]:
    """The `responses` of an endpoint that anybody may ask: only that there is no answer now."""
    return _documented({413, 500, 503})


def _documented(statuses: set[int]) -> dict[int | str, dict[str, Any]]:
    return {
        status: {
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/ProblemDetail"}}},
            "description": "A problem (RFC 9457)",
        }
        for status in sorted(statuses)
    }
