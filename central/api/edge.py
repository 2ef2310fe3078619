"""The outermost layer: how much a request may carry, what every answer says, and what is counted."""

import logging
import time
import traceback
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from central.api.errors import problem_response
from central.api.state import Metrics
from central.refusals import Refused
from kiosk.contract.problems import Problem

BODY_LIMIT_BYTES = 64 * 1024
"""Far above the longest request of the contract, which is a heartbeat with every device."""

log = logging.getLogger(__name__)


class Edge:
    """Wraps an ASGI app: a body limit, `Cache-Control: no-store` unless the endpoint says otherwise, counters, and
    a problem for whatever escapes. Nothing of the request is logged but its method and route."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"]
                if not any(name == b"cache-control" for name, _ in headers):
                    message["headers"] = [*headers, (b"cache-control", b"no-store")]
            await send(message)

        try:
            body = await _read(scope, receive)
            if body is None:
                await problem_response(Refused(Problem.TOO_LARGE).as_detail())(scope, receive, answer)
            else:
                await self.app(scope, _replay(body, receive), answer)
        except Exception as error:
            # Where it happened, not what it says: an exception's text may quote what a citizen sent.
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("%s %s failed: %s\n%s", scope["method"], _route(scope), type(error).__name__, where)
            if status:
                raise  # half an answer is out: only cutting the connection tells the client so
            await problem_response(Refused(Problem.INTERNAL, type(error).__name__).as_detail())(
                scope, receive, answer
            )
        self.metrics.count(scope["method"], _route(scope), status, time.perf_counter() - started)


async def _read(scope: Scope, receive: Receive) -> list[Message] | None:
    """The messages of the body, or None as soon as it is known to be too long."""
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if not declared.isdigit() or int(declared) > BODY_LIMIT_BYTES:
        return None
    messages: list[Message] = []
    size, more = 0, True
    while more:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        if size > BODY_LIMIT_BYTES:
            return None
        more = message["type"] == "http.request" and message.get("more_body", False)
    return messages


def _replay(messages: list[Message], receive: Receive) -> Receive:
    async def next_message() -> Message:
        return messages.pop(0) if messages else await receive()

    return next_message


def _route(scope: Scope) -> str:
    """The route's template, so that no path with a contract number is ever counted or logged."""
    route: Any = scope.get("route")
    return str(getattr(route, "path", "none"))
