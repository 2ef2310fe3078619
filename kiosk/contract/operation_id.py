"""Operation ids: made by the kiosk, durable before anything is sent, the same on every retry."""

import os
import uuid

BUSINESS_NUMBER_DIGITS = 12
"""业务号: the short form that a citizen can read out; the centre finds the operation by it."""


def new_operation_id(now_ms: int, random: bytes | None = None) -> uuid.UUID:
    """A UUID version 7 (RFC 9562): `now_ms` milliseconds since 1970 and 74 random bits.

    `random` (10 bytes) is given by simulations only, so that a seed replays.
    """
    tail = bytearray(random if random is not None else os.urandom(10))
    tail[0] = 0x70 | (tail[0] & 0x0F)
    tail[2] = 0x80 | (tail[2] & 0x3F)
    return uuid.UUID(bytes=now_ms.to_bytes(6, "big") + bytes(tail))


def business_number(operation_id: uuid.UUID) -> str:
    """Twelve digits of the id's random part, as printed and shown (`1234 5678 9012` when grouped)."""
    number = (operation_id.int & ((1 << 62) - 1)) % 10**BUSINESS_NUMBER_DIGITS
    return f"{number:0{BUSINESS_NUMBER_DIGITS}d}"


def grouped(number: str) -> str:
    """A business number in groups of four, easier to read out and to copy."""
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))
