"""What the running server keeps besides the database: key cache, nonces, keys in flight, counters."""

import threading
from collections import Counter
from dataclasses import dataclass, field

from fastapi import Request

from central.api.rates import RateLimit
from central.centre import Centre
from central.kiosks import Keys, SeenNonces
from central.operations import InFlight


class Metrics:
    """Requests by method, route and status, and the time they took, in the text format of Prometheus."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._seconds: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        with self._lock:
            self._requests[method, route, status] += 1
            self._seconds[method, route] += seconds  # type: ignore[assignment]  # a Counter adds floats as well

    def text(self) -> str:
        with self._lock:
            requests, seconds = sorted(self._requests.items()), sorted(self._seconds.items())
        lines = ["# TYPE central_requests_total counter"]
        lines += [
            f'central_requests_total{{method="{method}",route="{route}",status="{status}"}} {count}'
            for (method, route, status), count in requests
        ]
        lines.append("# TYPE central_request_seconds_total counter")
        lines += [
            f'central_request_seconds_total{{method="{method}",route="{route}"}} {spent:.6f}'
            for (method, route), spent in seconds
        ]
        return "\n".join(lines) + "\n"


@dataclass
class State:
    """One for each server process."""

    centre: Centre
    keys: Keys
    visits: RateLimit
    enrolments: RateLimit
    nonces: SeenNonces = field(default_factory=SeenNonces)
    running: InFlight = field(default_factory=InFlight)
    metrics: Metrics = field(default_factory=Metrics)


async def state_of(request: Request) -> State:
    """Async, so that FastAPI calls it where it stands and not through a thread."""
    state: State = request.app.state.central
    return state
