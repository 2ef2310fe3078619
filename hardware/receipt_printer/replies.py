"""What a printer sends back, sorted: pure, and indifferent to how the bytes were cut up on their way.

One line carries four kinds of answer, and only their fixed bits tell them apart:
an answer to DLE EOT has bits 1 and 4 set and bits 0 and 7 clear; one to GS r has bits 4 and 7 clear; the full
status (DLE EOT 20) starts with 10 0F and has six bytes; a block starts with 37 or 5F and ends with 00. Flow control
(XON, XOFF) fits none of these and is dropped, as is noise.
"""

from dataclasses import dataclass

FULL_STATUS_BYTES = 6
MAX_BLOCK_BYTES = 80
"""The longest block that a printer sends (a name or a serial number); anything longer is noise."""


@dataclass(frozen=True)
class RealTime:
    """The answer to DLE EOT 1 to 4; which of them was asked is known to the asker only."""

    value: int


@dataclass(frozen=True)
class Sensor:
    """The answer to GS r 1, sent when everything before it has been worked off."""

    value: int


@dataclass(frozen=True)
class FullStatus:
    """The answer to DLE EOT 20: paper, user, recoverable and unrecoverable status."""

    value: bytes


@dataclass(frozen=True)
class BlockReply:
    """Header, data, NUL: the word that the buffers are clear (37 25 00), or a name (5F ... 00). `value` is what
    stands between header and NUL."""

    value: bytes


Reply = RealTime | Sensor | FullStatus | BlockReply


def split_replies(received: bytes) -> tuple[list[Reply], bytes]:
    """The whole answers in `received`, in order, and the beginning of one that is still incomplete."""
    replies: list[Reply] = []
    at = 0
    while at < len(received):
        byte = received[at]
        if byte == 0x10:
            if len(received) - at < FULL_STATUS_BYTES:
                return replies, received[at:]
            replies.append(FullStatus(received[at + 2 : at + FULL_STATUS_BYTES]))
            at += FULL_STATUS_BYTES
        elif byte in (0x37, 0x5F):
            end = received.find(0, at, at + MAX_BLOCK_BYTES)
            if end < 0 and len(received) - at < MAX_BLOCK_BYTES:
                return replies, received[at:]
            if end >= 0:
                replies.append(BlockReply(received[at + 1 : end]))
                at = end
            at += 1
        else:
            if byte & 0x93 == 0x12:
                replies.append(RealTime(byte))
            elif byte & 0x90 == 0:
                replies.append(Sensor(byte))
            at += 1
    return replies, b""
