"""The bench as a web page and as JSON, on loopback: what people and tours use to play the lobby."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import FileResponse, JSONResponse

from bench.cable import Cable
from bench.hands import BadAction, Hands
from hardware.device import Kind, Status
from kiosk.voice import Said

PAGE = Path(__file__).parent / "page.html"
MAX_DELAY_S = 120.0

Controls = Callable[[], Awaitable[dict[str, Any]]]
Statuses = Callable[[], Mapping[Kind, Status]]
PhoneCode = Callable[[Mapping[str, Any]], dict[str, Any]]


def make_app(
    hands: Hands,
    cable: Cable,
    citizens: list[dict[str, Any]],
    controls: Controls,
    statuses: Statuses,
    phone_code: PhoneCode,
    heard: Iterable[Said],
) -> FastAPI:
    """The bench of one demo kiosk."""
    app = FastAPI(openapi_url=None)

    @app.exception_handler(BadAction)
    async def bad_action(request: Request, problem: BadAction) -> JSONResponse:
        return JSONResponse({"error": str(problem)}, status_code=400)

    @app.get("/")
    def page() -> FileResponse:
        return FileResponse(PAGE, media_type="text/html")

    @app.get("/citizens")
    def who_lives_here() -> list[dict[str, Any]]:
        return citizens

    @app.get("/controls")
    async def what_can_be_touched() -> dict[str, Any]:
        return await controls()

    @app.get("/devices")
    def devices() -> dict[str, Any]:
        holds, actions, scenarios = hands.holds(), hands.actions(), hands.scenarios()
        return {
            kind.value: {
                "state": status.state.value,
                "fault": status.fault.value if status.fault else None,
                "detail": dict(status.detail),
                "holds": holds.get(kind, {}),
                "actions": actions.get(kind.value, []),
                "scenarios": scenarios.get(kind, []),
            }
            for kind, status in statuses().items()
        }

    @app.post("/devices/{kind}/{action}")
    async def act(kind: str, action: str, request: Request) -> dict[str, bool]:
        body = await _body(request)
        await asyncio.to_thread(hands.act, kind, action, body)
        return {"done": True}

    @app.post("/centre/{action}")
    async def line(action: str, request: Request) -> dict[str, bool]:
        body = await _body(request)
        match action:
            case "cut" if "after" in body:
                cable.cut_after = str(body["after"]).encode()  # when this part of a path has gone through
            case "cut":
                await cable.set_cut(True)
            case "restore":
                cable.delay_s = 0.0
                cable.lose_reply_to = cable.cut_after = None
                await cable.set_cut(False)
            case "delay":
                cable.delay_s = _seconds(body)
            case "drop_reply_once":
                cable.lose_reply_to = str(
                    body.get("to", "")
                ).encode()  # part of a path; any request when it is missing
            case _:
                raise BadAction(f"centre has no action {action}")
        return {"done": True}

    @app.get("/speech")
    def speech() -> list[dict[str, Any]]:
        return [asdict(said) for said in list(heard)]

    @app.post("/phone-codes")
    async def make_phone_code(request: Request) -> dict[str, Any]:
        body = await _body(request)
        return await asyncio.to_thread(phone_code, body)

    @app.get("/slips")
    def slips() -> list[dict[str, Any]]:
        return [
            {
                "number": slip.number,
                "taken": slip.taken,
                "retracted": slip.retracted,
                "lines": len(slip.text.split("\n")),
            }
            for slip in hands.printer.slips()
        ]

    @app.get("/slips/{number}.txt")
    def slip_text(number: int) -> Response:
        return Response(_slip(number).text, media_type="text/plain; charset=utf-8")

    @app.get("/slips/{number}.png")
    def slip_picture(number: int) -> Response:
        return Response(_slip(number).png(), media_type="image/png")

    @app.get("/sheets")
    def sheets() -> dict[str, int]:
        return {"count": len(hands.sheets())}

    @app.get("/sheets/{number}.pdf")
    def sheet(number: int) -> Response:
        printed = hands.sheets()
        if not 1 <= number <= len(printed):
            raise HTTPException(404, "there is no such sheet")
        return Response(printed[number - 1], media_type="application/pdf")

    def _slip(number: int) -> Any:
        for slip in hands.printer.slips():
            if slip.number == number:
                return slip
        raise HTTPException(404, "there is no such slip, or it came out too long ago")

    return app


async def _body(request: Request) -> dict[str, Any]:
    if not await request.body():
        return {}
    try:
        body = await request.json()
    except ValueError:
        raise BadAction("the body is not JSON") from None
    if not isinstance(body, dict):
        raise BadAction("the body is a JSON object")
    return body


def _seconds(body: Mapping[str, Any]) -> float:
    seconds = body.get("seconds")
    if not isinstance(seconds, int | float) or not 0 <= seconds <= MAX_DELAY_S:
        raise BadAction(f"seconds is a number from 0 to {MAX_DELAY_S:.0f}")
    return float(seconds)
