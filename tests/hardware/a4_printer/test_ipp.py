import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hardware.a4_printer.ipp import Operation, Refused, Target, Unreachable, ask

SOUND = (
    bytes.fromhex("0200 0000 00000001 01")
    + b"\x47\x00\x12attributes-charset\x00\x05utf-8"
    + b"\x48\x00\x1battributes-natural-language\x00\x02en"
    + b"\x04\x23\x00\x0dprinter-state\x00\x04\x00\x00\x00\x03"
    + b"\x44\x00\x15printer-state-reasons\x00\x04none"
    + b"\x03"
)


@contextmanager
def server_that_says(reply: bytes | None) -> Iterator[Target]:
    """One that takes a request and sends `reply`, or nothing at all when it is None."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        done = threading.Event()

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                if reply is not None:
                    connection.sendall(reply)
                    return
                done.wait(10)

        thread = threading.Thread(target=serve)
        thread.start()
        yield Target(f"ipp://127.0.0.1:{listener.getsockname()[1]}/ipp/print")
        done.set()
        thread.join()


def http(body: bytes, status: str = "200 OK") -> bytes:
    return (
        f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nContent-Type: application/ipp\r\n\r\n".encode()
        + body
    )


def test_an_answer_is_read() -> None:
    with server_that_says(http(SOUND)) as target:
        answer = ask(target, Operation.GET_PRINTER_ATTRIBUTES, wanted=["printer-state"], timeout_s=2)
    assert answer["printer-state"] == [3]
    assert answer["printer-state-reasons"] == ["none"]


def test_an_error_is_told() -> None:
    with (
        server_that_says(http(bytes.fromhex("0200 0406") + SOUND[4:])) as target,
        pytest.raises(Refused) as refused,
    ):
        ask(target, Operation.GET_PRINTER_ATTRIBUTES, timeout_s=2)
    assert refused.value.status == 0x0406


@pytest.mark.parametrize(
    "reply",
    [None, b"", b"nonsense", http(b""), http(b"x" * 100), http(SOUND[:-20]), http(SOUND, "404 Not Found")],
)
def test_what_does_not_answer_in_ipp_is_unreachable(reply: bytes | None) -> None:
    with server_that_says(reply) as target, pytest.raises(Unreachable):
        ask(target, Operation.GET_PRINTER_ATTRIBUTES, timeout_s=0.3)


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable):
        ask(Target(f"ipp://127.0.0.1:{port}/ipp/print"), Operation.GET_PRINTER_ATTRIBUTES, timeout_s=1)
    with pytest.raises(Unreachable):
        ask(
            Target("ipp://localhost/printers/a4", "/no/such/socket"),
            Operation.GET_PRINTER_ATTRIBUTES,
            timeout_s=1,
        )
