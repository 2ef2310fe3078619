"""One service of a kiosk maker, over its WebSocket: commands one after another, with a deadline and a cancel.

The connection is made when it is needed and made anew after it broke; a command that was under way then is
never sent again by itself.
"""

import ssl
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

from hardware.device import Command, CommandCancelled, DeviceFault, Fault, State, Status, reason
from hardware.xfs4iot import messages
from hardware.xfs4iot.messages import Acknowledge, BadMessage, Completion, Payload, Unsolicited

CONNECT_TIMEOUT_S = 2.0
CANCEL_TIMEOUT_S = 1.0
"""How long a service may take to end a command that was called off, before the connection is dropped."""
CLOSE_TIMEOUT_S = 0.3
"""How long it may take to say goodbye."""
STATUS_TIMEOUT_S = 2.0
LOOK_EVERY_S = 0.1
DEADLINE_GRACE_S = 0.5
"""A service is told to give up this much before the command's own deadline, so that its own word is heard."""
MAX_UNSOLICITED = 100

DEVICE_STATES: Mapping[str, tuple[State, Fault | None]] = {
    "online": (State.READY, None),
    "deviceBusy": (State.READY, None),
    "starting": (State.DISCONNECTED, Fault.NO_ANSWER),
    "offline": (State.DISCONNECTED, Fault.DISCONNECTED),
    "powerOff": (State.DISCONNECTED, Fault.DISCONNECTED),
    "noDevice": (State.NOT_INSTALLED, None),
    "hardwareError": (State.OUT_OF_SERVICE, Fault.HARDWARE),
    "userError": (State.OUT_OF_SERVICE, Fault.HARDWARE),
    "fraudAttempt": (State.OUT_OF_SERVICE, Fault.TAMPERED),
    "potentialFraud": (State.OUT_OF_SERVICE, Fault.TAMPERED),
}
"""What Common.Status says of a device."""


class NotDone(DeviceFault):
    """The service ended a command otherwise than in success."""

    def __init__(self, completion: Completion) -> None:
        code = completion.error_code or completion.code
        super().__init__(messages.FAULTS.get(code, Fault.PROTOCOL), code)
        self.code = code


class Service:
    """One service at `uri`, or the first of the publisher at `uri` that has `interface`.

    `uri` ends in /xfs4iot/v1.0/ for a publisher, in a service's name for a service. `ca` is a file with the
    certificate that signed the service's, for wss.
    """

    def __init__(self, uri: str, interface: str, ca: str = "") -> None:
        self._uri = uri
        self._interface = interface
        if ca and not Path(ca).is_file():
            raise ValueError(f"ca: no such file: {ca}")
        self._tls = ssl.create_default_context(cafile=ca) if ca else None
        self._service_uri = "" if uri.endswith("/") else uri
        self._connection: ClientConnection | None = None
        self._last_request = 0
        self.happened: deque[Unsolicited] = deque(maxlen=MAX_UNSOLICITED)
        """Unsolicited events that nobody has looked at yet."""

    def status(self, command: Command) -> tuple[Status, Payload]:
        """The service's word on its device, and the whole of its Common.Status."""
        detail = {"service": self._service_uri or self._uri}
        try:
            payload = self.ask("Common.Status", {}, command, timeout_s=STATUS_TIMEOUT_S)
        except DeviceFault as fault:
            why = {"why": fault.detail} if fault.detail else {}
            return Status(State.DISCONNECTED, fault.fault, {**detail, **why}), {}
        word = messages.text_at(payload, "common", "device") or "unknown"
        state, problem = DEVICE_STATES.get(word, (State.UNKNOWN, None))
        return Status(state, problem, {"service": self._service_uri, "device": word}), payload

    def ask(
        self,
        name: str,
        payload: Payload,
        command: Command,
        *,
        timeout_s: float | None = None,
    ) -> Payload:
        """Run one command to its end; the payload of its completion. Events on the way are passed over.

        Raises NotDone when the service says no, DeviceFault when it does not answer or is gone, CommandCancelled
        when the command was called off (the service then was told to cancel).
        """
        with _transport_errors(self.close):
            connection = self._open(command)
            return self._run(connection, name, payload, command, timeout_s)

    @property
    def connected(self) -> bool:
        """Whether there is a connection, and nothing was seen to be wrong with it."""
        return self._connection is not None

    def close(self) -> None:
        """Drop the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _run(
        self,
        connection: ClientConnection,
        name: str,
        payload: Payload,
        command: Command,
        timeout_s: float | None,
    ) -> Payload:
        limit = Command(
            min(command.remaining_s(), timeout_s if timeout_s is not None else command.remaining_s())
        )
        request = self._send(connection, name, payload, max(0.0, limit.remaining_s() - DEADLINE_GRACE_S))
        try:
            while not limit.expired:
                command.remaining_s()  # raises when called off
                match self._receive(connection, min(LOOK_EVERY_S, limit.remaining_s())):
                    case Completion(request_id=number) as completion if number == request:
                        if completion.code != "success":
                            raise NotDone(completion)
                        return completion.payload
                    case Acknowledge(request_id=number, status=str(problem)) if number == request:
                        raise DeviceFault(Fault.PROTOCOL, problem)
        except CommandCancelled:
            self._call_off(connection, request)
            raise
        self._call_off(connection, request)
        raise DeviceFault(Fault.NO_ANSWER, name)

    def _call_off(self, connection: ClientConnection, request: int) -> None:
        """Have the service end a command; drop a connection on which it does not."""
        cancel = self._send(connection, "Common.Cancel", {"requestIds": [request]}, CANCEL_TIMEOUT_S)
        limit = Command(CANCEL_TIMEOUT_S)
        open_requests = {request, cancel}
        while open_requests and not limit.expired:
            match self._receive(connection, limit.remaining_s()):
                case Completion(request_id=number):
                    open_requests.discard(number)
        if open_requests:
            self.close()

    def _send(self, connection: ClientConnection, name: str, payload: Payload, timeout_s: float) -> int:
        self._last_request += 1
        connection.send(messages.command(name, self._last_request, payload, int(timeout_s * 1000)))
        return self._last_request

    def _receive(self, connection: ClientConnection, timeout_s: float) -> messages.Message | None:
        try:
            message = messages.parse(connection.recv(timeout=timeout_s))
        except TimeoutError:
            return None
        if isinstance(message, Unsolicited):
            self.happened.append(message)
        return message

    def _open(self, command: Command) -> ClientConnection:
        if self._connection is not None:
            return self._connection
        if not self._service_uri:
            self._service_uri = self._discover(command)
        connection = self._connection = self._connect(self._service_uri, command)
        return connection

    def _connect(self, uri: str, command: Command) -> ClientConnection:
        """A new connection, made within the command's time. Raises what websockets raises, or DeviceFault."""
        left_s = command.remaining_s()
        if not left_s:
            raise DeviceFault(Fault.NO_ANSWER, "no time left to connect")
        connection: ClientConnection = connect(
            uri,
            ssl=self._tls,
            open_timeout=min(CONNECT_TIMEOUT_S, left_s),
            close_timeout=CLOSE_TIMEOUT_S,
            max_size=messages.MAX_MESSAGE_BYTES,
            proxy=None,
            legacy=True,  # a connection that lives longer than one block
        )
        return connection

    def _discover(self, command: Command) -> str:
        """The first service of the publisher that has the interface. Raises DeviceFault."""
        offered: Any = self._ask_once(self._uri, "ServicePublisher.GetServices", command).get("services")
        for entry in offered if isinstance(offered, list) else []:
            uri = messages.text_at(entry, "serviceURI")
            if uri is None:
                continue
            interfaces = self._ask_once(uri, "Common.Capabilities", command).get("interfaces")
            names = (
                [messages.text_at(item, "name") for item in interfaces]
                if isinstance(interfaces, list)
                else []
            )
            if self._interface in names:
                return uri
        raise DeviceFault(Fault.DISCONNECTED, f"no service with {self._interface}")

    def _ask_once(self, uri: str, name: str, command: Command) -> Payload:
        with self._connect(uri, command) as connection:
            return self._run(connection, name, {}, command, STATUS_TIMEOUT_S)


@contextmanager
def _transport_errors(drop: Callable[[], None]) -> Iterator[None]:
    """Turn what a connection raises into faults; the connection is dropped then."""
    try:
        yield
    except BadMessage as bad:
        drop()
        raise DeviceFault(Fault.PROTOCOL, str(bad)) from None
    except ConnectionClosed as closed:
        drop()
        raise DeviceFault(Fault.DISCONNECTED, "connection lost") from closed
    except (OSError, WebSocketException, ValueError) as error:
        drop()
        raise DeviceFault(Fault.DISCONNECTED, reason(error)) from error
