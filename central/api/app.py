"""The application: routers, limits and error handling around one Centre."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from sqlalchemy import text

from central.api import accounts, answers, demo, documents, errors, loans, operations, visits
from central.api.edge import Edge
from central.api.rates import RateLimit
from central.api.state import State
from central.centre import Centre
from central.kiosks import Keys
from central.payouts import Relay
from central.refusals import Refused
from central.web import pages
from kiosk.contract.problems import Problem

API_VERSION = "1.0.0"
THREADS = 8
"""Requests worked on at once: more only wait for the database and for the interpreter."""


def create_app(centre: Centre, *, relay: bool = True) -> FastAPI:
    """The ASGI application of a centre. `relay` starts the thread that sends payouts to the bank."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        worker = Relay(centre) if relay else None
        if worker is not None:
            worker.start()
        yield
        if worker is not None:
            await anyio.to_thread.run_sync(worker.stop)

    app = FastAPI(
        title="Housing provident fund centre",
        version=API_VERSION,
        description="What a self-service kiosk asks of a housing provident fund centre.",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    state = State(
        centre,
        Keys(centre.database),
        visits=RateLimit(centre.visits_per_minute),
        enrolments=RateLimit(centre.enrolments_per_minute),
    )
    app.state.central = state
    errors.install(app)
    for module in (visits, accounts, loans, operations, documents):
        app.include_router(module.router)
    app.include_router(pages.router)
    if centre.demo:
        app.include_router(demo.router)
    _add_health(app, state)
    app.add_middleware(Edge, metrics=state.metrics)
    return app


def _add_health(app: FastAPI, state: State) -> None:
    @app.get("/healthz", response_class=PlainTextResponse, tags=["health"])
    def healthz() -> str:
        """The process answers."""
        return "ok\n"

    @app.get("/readyz", response_class=PlainTextResponse, tags=["health"], responses=answers.unavailable())
    def readyz() -> str:
        """The database answers too."""
        try:
            with state.centre.database.read() as tx:
                tx.execute(text("SELECT 1"))
        except Exception as error:
            raise Refused(Problem.UNAVAILABLE, retry_after_s=5) from error
        return "ready\n"

    @app.get("/metrics", response_class=PlainTextResponse, tags=["health"])
    def metrics() -> str:
        """Counters in the text format of Prometheus."""
        return state.metrics.text()
