"""The line to the centre at a far end that closes connections as real ones do."""

import json
import socket
import threading
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel

from kiosk.line import Cause, Identity, Line, Unreachable

SPARE = 4


class Answer(BaseModel):
    number: int


class ClosesWhenUsedAgain:
    """Answers the first request of each connection, and hangs up on the second without a word."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        for _ in range(SPARE):
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self._hear(connection)
                body = json.dumps({"number": len(self.requests)}).encode()
                head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                connection.sendall(head.encode() + body)
                self._hear(connection)

    def _hear(self, connection: socket.socket) -> None:
        heard = b""
        while b"\r\n\r\n" not in heard:
            data = connection.recv(65536)
            if not data:
                return
            heard += data
        self.requests.append(heard.split(b" ", 1)[0].decode())


@pytest.fixture
def far_end() -> Iterator[ClosesWhenUsedAgain]:
    server = ClosesWhenUsedAgain()
    yield server
    server.close()


@pytest.fixture
def line(far_end: ClosesWhenUsedAgain) -> Line:
    return Line(far_end.url, Identity("TEST-01", Ed25519PrivateKey.generate()))


def test_a_question_on_a_connection_that_just_closed_is_put_again(
    line: Line, far_end: ClosesWhenUsedAgain
) -> None:
    assert line.call("GET", "/v1/account", Answer).number == 1
    assert line.call("GET", "/v1/account", Answer).number == 3
    assert far_end.requests == ["GET"] * 3


def test_what_changes_something_is_not_sent_twice(line: Line, far_end: ClosesWhenUsedAgain) -> None:
    line.call("GET", "/v1/account", Answer)
    with pytest.raises(Unreachable) as lost:
        line.send("POST", "/v1/visits/current/verification")
    assert lost.value.cause is Cause.BROKEN
    assert far_end.requests == ["GET", "POST"]
