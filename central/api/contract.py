"""The contract as OpenAPI 3.1, made from the code: config/central-api.json is this, checked in."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from kiosk.contract.problems import Problem, status_of
from kiosk.contract.wire import ProblemDetail

CONTRACT_FILE = Path(__file__).resolve().parent.parent.parent / "config" / "central-api.json"

SCHEMES: dict[str, Any] = {
    "kiosk": {
        "type": "http",
        "scheme": "signature",
        "description": "HTTP Message Signatures (RFC 9421) with the kiosk's Ed25519 key, label `kiosk`,"
        " tag `fund-kiosk`, parameters created, keyid, alg, nonce and tag;"
        " covering @method, @authority, @path and @query, and"
        " content-digest (RFC 9530, sha-256), idempotency-key, if-match and authorization when present."
        " created may differ from the centre's clock by 300 seconds; a nonce is used once.",
    },
    "visit": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of a visit; only the kiosk that opened it can use it.",
    },
}

UNSIGNED = {("post", "/v1/kiosks")}
WITHOUT_VISIT = {
    ("post", "/v1/kiosks/current/heartbeat"),
    ("post", "/v1/visits"),
    ("delete", "/v1/visits/current"),
    ("get", "/v1/services"),
    ("get", "/v1/services/{code}"),
    ("post", "/v1/loans/{contract}/repayments"),
    ("post", "/v1/account/closures"),
}
VISIT_OR_NONE = {
    ("get", "/v1/operations/{operation_id}"),
    ("post", "/v1/operations/{operation_id}/papers"),
    ("post", "/v1/documents"),
}


def contract(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of an app."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        openapi_version="3.1.0",
    )
    document["info"]["description"] += "\n\n" + _problem_table()
    components = document.setdefault("components", {})
    schema = ProblemDetail.model_json_schema(
        mode="serialization", ref_template="#/components/schemas/{model}"
    )
    components["schemas"]["ProblemDetail"] = schema
    components["schemas"].pop("HTTPValidationError", None)
    components["schemas"].pop("ValidationError", None)
    components["securitySchemes"] = SCHEMES
    for method, path, operation in _operations(document):
        # The framework documents a validation answer of its own; ours is 400 with a problem.
        answer = operation["responses"].get("422", {})
        if "application/problem+json" not in answer.get("content", {"application/problem+json": 0}):
            del operation["responses"]["422"]
        if path.startswith("/v1/") and (method, path) not in UNSIGNED:
            operation["security"] = _security(method, path)
    return document


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def _security(method: str, path: str) -> list[dict[str, list[str]]]:
    if (method, path) in WITHOUT_VISIT:
        return [{"kiosk": []}]
    both: dict[str, list[str]] = {"kiosk": [], "visit": []}
    return [{"kiosk": []}, both] if (method, path) in VISIT_OR_NONE else [both]


def _problem_table() -> str:
    rows = [f"| `/problems/{problem}` | {int(status_of(problem))} |" for problem in Problem]
    return "\n".join(["Problem types (RFC 9457):", "", "| type | status |", "|---|---|", *rows])


def as_text(document: dict[str, Any]) -> str:
    """The spelling in which it is checked in."""
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
