"""Messages of a smart card reader (USB CCID 1.1) in the frames of a serial one: pure functions.

    03 06 | message | check          the check is the XOR of all bytes before it
    message = type, length (4 bytes, little endian), slot, sequence, 3 bytes by type, data

The reader echoes each frame of the host before it answers. This is what libccid's serial driver speaks.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from functools import reduce
from operator import xor

HEAD = b"\x03\x06"
HEADER_BYTES = 10
MAX_DATA_BYTES = 261


class Ask(IntEnum):
    """What the host asks."""

    SET_PARAMETERS = 0x61
    POWER_ON = 0x62
    POWER_OFF = 0x63
    SLOT_STATUS = 0x65
    ESCAPE = 0x6B
    GET_PARAMETERS = 0x6C
    RESET_PARAMETERS = 0x6D
    TRANSFER = 0x6F


class Tell(IntEnum):
    """What the reader answers."""

    DATA = 0x80
    SLOT_STATUS = 0x81
    PARAMETERS = 0x82
    ESCAPE = 0x83


ANSWER_TO = {
    Ask.SET_PARAMETERS: Tell.PARAMETERS,
    Ask.GET_PARAMETERS: Tell.PARAMETERS,
    Ask.RESET_PARAMETERS: Tell.PARAMETERS,
    Ask.POWER_ON: Tell.DATA,
    Ask.TRANSFER: Tell.DATA,
    Ask.POWER_OFF: Tell.SLOT_STATUS,
    Ask.SLOT_STATUS: Tell.SLOT_STATUS,
    Ask.ESCAPE: Tell.ESCAPE,
}


class Icc(IntEnum):
    """The card in the slot, in the low bits of an answer's status."""

    ACTIVE = 0
    INACTIVE = 1
    ABSENT = 2


FAILED = 0x40
CARD_MUTE = 0xFE


@dataclass(frozen=True)
class Message:
    """One message from the host."""

    kind: int
    sequence: int
    data: bytes = field(repr=False)


def framed(message: bytes) -> bytes:
    """A message in its frame."""
    frame = HEAD + message
    return frame + bytes([reduce(xor, frame)])


def answer(to: Message, icc: Icc, data: bytes = b"", error: int | None = None) -> bytes:
    """The framed answer to a message. `error` is the CCID error code of a command that failed."""
    tell = ANSWER_TO[Ask(to.kind)]
    status = icc | (FAILED if error is not None else 0)
    header = bytes([tell]) + len(data).to_bytes(4, "little") + bytes([0, to.sequence, status, error or 0, 0])
    return framed(header + data)


def take(buffer: bytearray) -> tuple[bytes, Message] | None:
    """Take the next whole frame of the host off the buffer: the frame itself (to echo) and its message."""
    start = buffer.find(HEAD)
    del buffer[: start if start >= 0 else max(0, len(buffer) - 1)]
    if len(buffer) < len(HEAD) + 5:
        return None
    size = len(HEAD) + HEADER_BYTES + min(int.from_bytes(buffer[3:7], "little"), MAX_DATA_BYTES) + 1
    if len(buffer) < size:
        return None
    frame = bytes(buffer[:size])
    del buffer[:size]
    message = frame[len(HEAD) : -1]
    return frame, Message(message[0], message[6], message[HEADER_BYTES:])
