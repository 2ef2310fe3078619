"""Frames of the SAM_V module (居民身份证验证安全控制模块, GA/T 467): pure functions, no port.

    to the module    AA AA AA 96 69 | length, 2 bytes | command, parameter, data | check
    from the module  AA AA AA 96 69 | length, 2 bytes | SW1 SW2 SW3, data        | check

The length counts everything after itself; the check is the XOR of the length and all that follows it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import reduce
from operator import xor

from hardware.device import Fault

PREAMBLE = bytes.fromhex("AAAAAA9669")
MIN_LENGTH = 3
"""A command, its parameter, the check."""
MAX_LENGTH = 3 + 6 + 256 + 1024 + 1024 + 1
"""The longest answer there is: text, photo and two fingerprints."""

STATUS = bytes.fromhex("11FF")
SAM_ID = bytes.fromhex("12FF")
FIND_CARD = bytes.fromhex("2001")
SELECT_CARD = bytes.fromhex("2002")
READ_TEXT_AND_PHOTO = bytes.fromhex("3001")
READ_NEWEST_ADDRESS = bytes.fromhex("3003")


class Result(IntEnum):
    """SW3, the third status byte: what became of a command."""

    OK = 0x90
    NOT_ON_CARD = 0x91
    CARD_FOUND = 0x9F
    BAD_CHECKSUM = 0x10
    BAD_LENGTH = 0x11
    BAD_COMMAND = 0x21
    NOT_PERMITTED = 0x23
    NOT_RECOGNISED = 0x24
    CARD_REJECTS_SAM = 0x31
    SAM_REJECTS_CARD = 0x32
    VERIFICATION_FAILED = 0x33
    FINGERPRINT_FAILED = 0x37
    CARD_LENGTH = 0x3F
    UNKNOWN_CARD = 0x40
    READ_FAILED = 0x41
    RANDOM_FAILED = 0x47
    SELF_TEST_FAILED = 0x60
    NOT_AUTHORISED = 0x66
    NO_CARD = 0x80
    SELECT_FAILED = 0x81


FAULTS: dict[int, Fault] = {
    Result.CARD_REJECTS_SAM: Fault.SAM_REFUSED,
    Result.SAM_REJECTS_CARD: Fault.CARD_UNREADABLE,
    Result.VERIFICATION_FAILED: Fault.CARD_UNREADABLE,
    Result.FINGERPRINT_FAILED: Fault.CARD_UNREADABLE,
    Result.CARD_LENGTH: Fault.CARD_UNREADABLE,
    Result.UNKNOWN_CARD: Fault.CARD_WRONG_KIND,
    Result.READ_FAILED: Fault.CARD_UNREADABLE,
    Result.RANDOM_FAILED: Fault.CARD_UNREADABLE,
    Result.SELF_TEST_FAILED: Fault.HARDWARE,
    Result.NOT_AUTHORISED: Fault.SAM_REFUSED,
    Result.NO_CARD: Fault.CARD_REMOVED,
    Result.SELECT_FAILED: Fault.CARD_COLLISION,
}
"""What a refusal means to the citizen and to staff; any other refusal is an error in the protocol."""


@dataclass(frozen=True)
class Answer:
    """One sound answer. The data may be a person's: `repr` shows the result only."""

    result: int
    data: bytes

    def __repr__(self) -> str:
        return f"Answer({self.result:02X}, {len(self.data)} bytes)"


class BadFrame(ValueError):
    """An answer came damaged."""


def check(body: bytes) -> int:
    """The XOR of all bytes."""
    return reduce(xor, body, 0)


def encode(body: bytes) -> bytes:
    """A whole frame around a command (or, for a simulated module, around SW1 SW2 SW3 and data)."""
    counted = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE + counted + bytes([check(counted)])


def fault_of(result: int) -> Fault:
    """The fault that a refusal stands for."""
    return FAULTS.get(result, Fault.PROTOCOL)


class Decoder:
    """Finds frames in a stream that may begin with noise, stop half-way, or be damaged."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.damaged = False
        """Whether a frame with a wrong check or length has gone by."""

    @property
    def begun(self) -> bool:
        """Whether a frame was begun that is not complete."""
        return PREAMBLE in self._buffer

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The bodies (after the length, before the check) of all sound frames that `data` completes."""
        self._buffer += data
        while (body := self._next()) is not None:
            yield body

    def resync(self) -> Iterator[bytes]:
        """Look past a frame that was begun and has not gone on; call it when the line has fallen silent.

        Nothing is dropped unless a whole sound frame lies behind, for the module may only be slow.
        """
        at = self._buffer.find(PREAMBLE, 1)
        if at > 0:
            behind = Decoder()
            if bodies := list(behind.feed(bytes(self._buffer[at:]))):
                self._buffer, self.damaged = behind._buffer, True
                yield from bodies

    def _next(self) -> bytes | None:
        while True:
            start = self._buffer.find(PREAMBLE)
            if start < 0:
                # The tail may be the beginning of a preamble.
                del self._buffer[: -(len(PREAMBLE) - 1)]
                return None
            del self._buffer[:start]
            head = len(PREAMBLE) + 2
            if len(self._buffer) < head:
                return None
            length = int.from_bytes(self._buffer[len(PREAMBLE) : head], "big")
            if MIN_LENGTH <= length <= MAX_LENGTH:
                if len(self._buffer) < head + length:
                    return None
                counted = bytes(self._buffer[len(PREAMBLE) : head + length])
                if check(counted) == 0:
                    del self._buffer[: head + length]
                    return counted[2:-1]
            # Not a frame after all: look for the next preamble inside what seemed to be one.
            self.damaged = True
            del self._buffer[:1]


def answer_of(body: bytes) -> Answer:
    """The answer in a body from the module. Raises BadFrame when it has no status bytes."""
    if len(body) < 3:
        raise BadFrame("no status bytes")
    return Answer(body[2], body[3:])


def card_of(data: bytes) -> tuple[bytes, bytes]:
    """The text and the photo in the data of a READ_TEXT_AND_PHOTO answer. Raises BadFrame."""
    if len(data) < 4:
        raise BadFrame("no lengths")
    text_end = 4 + int.from_bytes(data[0:2], "big")
    photo_end = text_end + int.from_bytes(data[2:4], "big")
    if photo_end != len(data):
        raise BadFrame("lengths")
    return data[4:text_end], data[text_end:photo_end]


def sam_id_of(data: bytes) -> str:
    """The module's number as it is printed on it. Raises BadFrame.

    How the 16 bytes split is from public code, not from a device; a wrong split shows as a wrong number only.
    """
    if len(data) != 16:
        raise BadFrame("SAM number")

    def number(start: int, end: int) -> int:
        return int.from_bytes(data[start:end], "little")

    return (
        f"{number(0, 2):02d}.{number(2, 4):02d}-{number(4, 8):08d}-{number(8, 12):010d}-{number(12, 16):010d}"
    )
