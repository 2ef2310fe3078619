"""A kiosk maker's services, simulated: a publisher and one service for each device class, on loopback.

It keeps the protocol of the real ones, in either of two styles: `legacy` puts the completion code into the payload
and marks unsolicited events as the early services do.
"""

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from hardware import loopback
from hardware.joint_card.virtual_card import VirtualCard
from hardware.xfs4iot import messages
from hardware.xfs4iot.messages import Payload
from hardware.xfs4iot.simulated_devices import Devices, Fails, Scenario

INTERFACES = ("CardReader", "Printer", "BarcodeReader", "Lights", "Auxiliaries")
ROOT = "/xfs4iot/v1.0/"


class SimulatedProvider:
    """All services on one free port of loopback; `uri` is the publisher's and stays after a death."""

    def __init__(self, legacy: bool = False) -> None:
        self._legacy = legacy
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="xfs4iot-simulator", daemon=True)
        self._thread.start()
        self._connections: set[ServerConnection] = set()
        self.devices: Devices = self._on_loop(self._make_devices)
        self._kept = loopback.kept_port()
        self._port: int = self._kept.getsockname()[1]
        self._server = self._on_loop(self._start)

    @property
    def uri(self) -> str:
        """Where the publisher answers."""
        return f"ws://{loopback.HOST}:{self._port}{ROOT}"

    def insert(self, card: VirtualCard) -> None:
        """Put a card in."""
        self._change(lambda: setattr(self.devices, "card", card))

    def remove(self) -> None:
        """Take the card; the reader says so by itself."""
        self._change(lambda: setattr(self.devices, "card", None))
        self.announce("CardReader.MediaRemovedEvent", {})

    def show(self, text: str) -> None:
        """Hold a code before the scanner."""
        self._change(lambda: setattr(self.devices, "code", text))

    def hide(self) -> None:
        """Take the code away."""
        self._change(lambda: setattr(self.devices, "code", None))

    def announce(self, name: str, payload: Payload) -> None:
        """Send an unsolicited event to everybody."""

        async def send() -> None:
            kind = {"type": "event", "requestId": None} if self._legacy else {"type": "unsolicited"}
            for connection in list(self._connections):
                await _send(connection, {"name": name, "version": messages.VERSION, **kind}, payload)

        self._on_loop(send)

    def fail(self, scenario: str) -> None:
        """Let something go wrong from now on. Raises ValueError for a name that is not in Scenario."""
        chosen = Scenario(scenario)
        self.recover()
        self._change(lambda: setattr(self.devices, "scenario", chosen))
        if chosen is Scenario.PROVIDER_DEAD:
            self._on_loop(self._stop)

    def recover(self) -> None:
        """Let everything work again."""
        was = self.devices.scenario
        self._change(lambda: setattr(self.devices, "scenario", None))
        if was is Scenario.PAPER_OUT:
            self.devices.paper = "full"
        if was is Scenario.PROVIDER_DEAD:
            self._server = self._on_loop(self._start)

    def close(self) -> None:
        """Switch everything off for good."""
        self._on_loop(self._stop)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._kept.close()

    def _on_loop(self, work: Callable[[], Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work(), self._loop).result()

    def _change(self, change: Callable[[], None]) -> None:
        async def tell() -> None:
            async with self.devices.changed:
                change()
                self.devices.changed.notify_all()

        self._on_loop(tell)

    async def _make_devices(self) -> Devices:
        return Devices(asyncio.Condition())

    async def _start(self) -> Server:
        return await serve(self._serve, loopback.HOST, self._port, max_size=messages.MAX_MESSAGE_BYTES)

    async def _stop(self) -> None:
        for listener in self._server.sockets:  # a child that is just being started may hold a copy
            listener.shutdown(socket.SHUT_RDWR)
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, connection: ServerConnection) -> None:
        self._connections.add(connection)
        service = connection.request.path.removeprefix(ROOT) if connection.request else ""
        running: dict[int, asyncio.Task[None]] = {}
        try:
            async for text in connection:
                message = json.loads(text)
                header, payload = message["header"], message.get("payload") or {}
                request = header["requestId"]
                await self._answer(connection, header, "acknowledge", {})
                if header["name"] == "Common.Cancel":
                    for number in payload.get("requestIds") or list(running):
                        if task := running.pop(number, None):
                            task.cancel()
                task = asyncio.create_task(self._run(connection, service, header, payload))
                running[request] = task
                task.add_done_callback(lambda _, request=request: running.pop(request, None))  # type: ignore[misc]
        except ConnectionClosed:
            pass
        finally:
            self._connections.discard(connection)
            for task in running.values():
                task.cancel()

    async def _run(
        self, connection: ServerConnection, service: str, header: Mapping[str, Any], payload: Payload
    ) -> None:
        code, error, answer = "success", None, {}
        try:
            async with asyncio.timeout(header["timeout"] / 1000 if header["timeout"] else None):
                answer = dict(await self._obey(connection, service, header, payload))
        except Fails as fails:
            code, error = fails.code, fails.error_code
        except TimeoutError:
            code = "timeOut"
        except asyncio.CancelledError:
            code = "canceled"
        if error is not None:
            answer["errorCode"] = error
        header = {**header} if self._legacy else {**header, "completionCode": code}
        if self._legacy:
            answer["completionCode"] = code
        with suppress(ConnectionClosed):  # nobody waits for it any more
            await self._answer(connection, header, "completion", answer)

    async def _answer(
        self, connection: ServerConnection, header: Mapping[str, Any], kind: str, payload: Payload
    ) -> None:
        if self.devices.scenario is Scenario.BABBLING:
            await connection.send("\x00 not a message")
            return
        kept = {key: header[key] for key in ("name", "requestId", "completionCode") if key in header}
        await _send(connection, {**kept, "type": kind, "version": messages.VERSION}, payload)

    async def _obey(
        self, connection: ServerConnection, service: str, header: Mapping[str, Any], payload: Payload
    ) -> Payload:
        """Do a command; its answer. Raises Fails."""
        match self.devices.scenario:
            case Scenario.SILENT:
                await asyncio.Event().wait()
            case Scenario.NOT_READY:
                raise Fails("deviceNotReady")
        match header["name"]:
            case "ServicePublisher.GetServices" if not service:
                base = self.uri
                return {
                    "vendorName": "Simulated",
                    "services": [{"serviceURI": base + name} for name in INTERFACES],
                }
            case "Common.Capabilities":
                return {"interfaces": [{"name": "Common"}, {"name": service}]}
            case "Common.Status":
                return self.devices.status(service)
            case "Common.Cancel":
                return {}
            case str(name) if name.startswith(service + "."):
                return await self.devices.obey(
                    name,
                    payload,
                    lambda event: self._answer(connection, {**header, "name": event}, "event", {}),
                )
        raise Fails("unsupportedCommand")


async def _send(connection: ServerConnection, header: Payload, payload: Payload) -> None:
    try:
        await connection.send(json.dumps({"header": header, "payload": payload}))
    except ConnectionClosed:
        pass  # whoever asked has gone
