"""Enrolment and heartbeats: how a kiosk becomes known to its centre, and stays so."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from kiosk.contract.money import Fen
from kiosk.contract.operations import DAY_TOTALS_TOLD
from kiosk.contract.wire import Amount, Language, Reply, Wire


class Enrolment(Wire):
    """POST /v1/kiosks: a one-time code from the centre's staff and the kiosk's own Ed25519 public key."""

    code: Annotated[str, StringConstraints(min_length=8, max_length=32)]
    public_key: Annotated[str, StringConstraints(min_length=43, max_length=44)]  # base64 of 32 bytes
    name: Annotated[str, StringConstraints(min_length=1, max_length=64)]


class Enrolled(Reply):
    """The kiosk's id, which is also the key id of its signatures."""

    kiosk_id: str
    centre_name: dict[Language, str]
    time: datetime


class DayTotal(Wire):
    """What was confirmed at one kiosk on one business day."""

    day: date
    operations: Annotated[int, Field(ge=0)]
    amount: Amount

    @classmethod
    def nothing_on(cls, day: date) -> Self:
        """A day on which nothing was confirmed."""
        return cls(day=day, operations=0, amount=Fen(0))


class Heartbeat(Wire):
    """POST /v1/kiosks/current/heartbeat: health words only; nothing about citizens."""

    version: Annotated[str, StringConstraints(max_length=32)]
    journal_head: Annotated[str, StringConstraints(max_length=64)]
    journal_sequence: Annotated[int, Field(ge=0)]
    unknown_operations: Annotated[int, Field(ge=0)]
    devices: dict[
        Annotated[str, StringConstraints(max_length=32)], Annotated[str, StringConstraints(max_length=64)]
    ]
    oldest_unknown_s: Annotated[int, Field(ge=0)] | None = None
    """How long the oldest of the unknown operations has been unknown."""
    journal_used_percent: Annotated[int, Field(ge=0)] | None = None
    """Of the room that is set aside for the journal's archives."""
    day_totals: Annotated[tuple[DayTotal, ...], Field(max_length=DAY_TOTALS_TOLD)] | None = None
    """By its journal, the last business days on which there was something; None from a kiosk that tells none."""


class HeartbeatReply(Reply):
    time: datetime
