"""One IPP request and its answer, over HTTP with a deadline: libcups codes the request, the connection is ours.

libcups' own connections wait as long as they please; a kiosk may not.
"""

import http.client
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any
from urllib.parse import urlsplit

import cups

from hardware.a4_printer.answer import NotIpp, Value, decode

PORT = 631
MAX_ANSWER_BYTES = 1 << 20


class Operation(IntEnum):
    """What can be asked; numbers of RFC 8011."""

    PRINT_JOB = 0x0002
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B
    CANCEL_MY_JOBS = 0x0039


class Unreachable(Exception):
    """Nobody answered, or not in time, or not in IPP."""


class Refused(Exception):
    """The answer was an error; its IPP status code."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status


@dataclass(frozen=True)
class Target:
    """A printer's or a queue's URI, and the path of the UNIX socket to reach it by, when it has one."""

    uri: str
    socket: str = ""


def ask(
    target: Target,
    operation: Operation,
    attributes: Sequence[tuple[int, str, Any]] = (),
    *,
    timeout_s: float,
    wanted: Sequence[str] = (),
    document: bytes = b"",
    job_attributes: Sequence[tuple[int, str, Any]] = (),
) -> Mapping[str, list[Value]]:
    """The attributes of the answer, by name. Each attribute to send is (value tag, name, value).

    `timeout_s` bounds every wait for the network; `wanted` names what is asked for. Raises Unreachable, Refused.
    """
    request = cups.IPPRequest(operation)
    group = cups.IPP_TAG_OPERATION
    operation_attributes = [
        (cups.IPP_TAG_CHARSET, "attributes-charset", "utf-8"),
        (cups.IPP_TAG_LANGUAGE, "attributes-natural-language", "en"),
        (cups.IPP_TAG_URI, "printer-uri", target.uri),
        *attributes,
    ]
    if wanted:
        operation_attributes.append((cups.IPP_TAG_KEYWORD, "requested-attributes", list(wanted)))
    for tag, name, value in operation_attributes:
        request.add(cups.IPPAttribute(group, tag, name, value))
    for tag, name, value in job_attributes:
        request.add(cups.IPPAttribute(cups.IPP_TAG_JOB, tag, name, value))
    sent = bytearray()

    def write(data: bytes) -> int:
        sent.extend(data)
        return len(data)

    request.writeIO(write)
    try:
        status, answer = decode(_post(target, bytes(sent) + document, timeout_s))
    except NotIpp as error:
        raise Unreachable("not IPP") from error
    if status >= 0x0400:
        raise Refused(status)
    return answer


def _post(target: Target, body: bytes, timeout_s: float) -> bytes:
    url = urlsplit(target.uri)
    try:
        if target.socket:
            connection: http.client.HTTPConnection = _UnixConnection(target.socket, timeout_s)
        else:
            connection = http.client.HTTPConnection(url.hostname or "", url.port or PORT, timeout=timeout_s)
        try:
            connection.request("POST", url.path or "/", body, {"Content-Type": "application/ipp"})
            response = connection.getresponse()
            answer = response.read(MAX_ANSWER_BYTES)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(type(error).__name__) from error
    if response.status != http.client.OK:
        raise Unreachable(f"HTTP {response.status}")
    return answer


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a UNIX socket, as cupsd offers it."""

    def __init__(self, path: str, timeout_s: float) -> None:
        super().__init__("localhost", timeout=timeout_s)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)
