"""The messages of XFS4IoT (CEN CWA 17852): JSON objects with a header and a payload; pure functions.

Two habits of real services are met here: those of 2021 put the completion code into the payload, later ones into
the header; and unsolicited events come as type "unsolicited", or as type "event" without a request id.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hardware.device import Fault

MAX_MESSAGE_BYTES = 1 << 20
VERSION = "2.0"

Payload = Mapping[str, Any]


class BadMessage(ValueError):
    """A service sent what is no XFS4IoT message. The text names what is wrong, never what was sent."""


@dataclass(frozen=True)
class Acknowledge:
    """A command was taken, or not: `status` says why not."""

    request_id: int
    status: str | None


@dataclass(frozen=True)
class Event:
    """Something happened while a command runs."""

    request_id: int
    name: str
    payload: Payload = field(repr=False)


@dataclass(frozen=True)
class Unsolicited:
    """Something happened by itself."""

    name: str
    payload: Payload = field(repr=False)


@dataclass(frozen=True)
class Completion:
    """A command has ended. `code` is the completion code, `error_code` the command's own for commandErrorCode."""

    request_id: int
    code: str
    error_code: str | None
    payload: Payload = field(repr=False)


Message = Acknowledge | Event | Unsolicited | Completion

FAULTS: Mapping[str, Fault] = {
    # completion codes
    "deviceNotReady": Fault.DISCONNECTED,
    "hardwareError": Fault.HARDWARE,
    "internalError": Fault.HARDWARE,
    "timeOut": Fault.NO_ANSWER,
    "fraudAttempt": Fault.TAMPERED,
    "userError": Fault.HARDWARE,
    # error codes of card readers
    "mediaJam": Fault.JAM,
    "shutterFail": Fault.HARDWARE,
    "noMedia": Fault.CARD_REMOVED,
    "invalidMedia": Fault.CARD_WRONG_WAY,
    "cardTooShort": Fault.CARD_WRONG_KIND,
    "cardTooLong": Fault.CARD_WRONG_KIND,
    "securityFail": Fault.CARD_UNREADABLE,
    "cardCollision": Fault.CARD_COLLISION,
    "chipPowerFailed": Fault.CARD_WRONG_WAY,
    "chipPowerNotSupported": Fault.CARD_WRONG_KIND,
    "communicationError": Fault.CARD_UNREADABLE,
    "protocolNotSupported": Fault.CARD_WRONG_KIND,
    "atrNotObtained": Fault.CARD_WRONG_WAY,
    # error codes of printers
    "mediaJammed": Fault.JAM,
    "paperJammed": Fault.JAM,
    "paperOut": Fault.PAPER_OUT,
    "tonerOut": Fault.TONER_OUT,
    "inkOut": Fault.TONER_OUT,
    "blackMark": Fault.PAPER_OUT,
    # error codes of scanners
    "barcodeInvalid": Fault.CODE_NOT_TEXT,
}
"""What a code of a service means here; any other is an error in the protocol."""


def command(name: str, request_id: int, payload: Payload, timeout_ms: int) -> str:
    """A command as it goes on the wire; `timeout_ms` 0 waits for ever, so it is never 0 here."""
    header = {
        "name": name,
        "requestId": request_id,
        "type": "command",
        "version": VERSION,
        "timeout": max(1, timeout_ms),
    }
    return json.dumps({"header": header, "payload": payload}, ensure_ascii=False)


def parse(text: str | bytes) -> Message:
    """The message in `text`. Raises BadMessage."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise BadMessage("not JSON") from None
    header = _object(message, "message").get("header")
    header = _object(header, "header")
    payload = message.get("payload")
    payload = {} if payload is None else _object(payload, "payload")
    name, request_id = header.get("name"), header.get("requestId")
    if not isinstance(name, str):
        raise BadMessage("name")
    kind = header.get("type")
    if kind == "unsolicited" or (kind == "event" and request_id in (None, 0)):
        return Unsolicited(name, payload)
    if not isinstance(request_id, int) or isinstance(request_id, bool):
        raise BadMessage("requestId")
    match kind:
        case "event":
            return Event(request_id, name, payload)
        case "acknowledge":
            return Acknowledge(request_id, _text(header.get("status")))
        case "completion":
            code = _text(header.get("completionCode")) or _text(payload.get("completionCode"))
            if code is None:
                raise BadMessage("completionCode")
            return Completion(request_id, code, _text(payload.get("errorCode")), payload)
        case _:
            raise BadMessage("type")


def text_at(payload: Payload, *path: str) -> str | None:
    """The string at `path` in a payload, or None when it is not there or is none."""
    return _text(value_at(payload, *path))


def value_at(payload: Payload, *path: str) -> Any:
    """Whatever stands at `path` in a payload, or None."""
    value: Any = payload
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def _object(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadMessage(place)
    return value


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
