"""The fault table: for each device and cause, its number, who can mend it, and whether it clears by itself.

The texts are in the catalogues: `fault.<device>.<cause>` for the citizen, the same with `.staff` for staff.
docs/faults.md is made from this table. Numbers are stable: the help desk has them on paper.
"""

from dataclasses import dataclass
from typing import Literal

from hardware.device import Fault, Kind
from kiosk.messages import Message, msg

Mender = Literal["citizen", "operator", "engineer"]


TRY_AGAIN = frozenset(
    {
        Fault.CARD_REMOVED,
        Fault.CARD_UNREADABLE,
        Fault.CARD_WRONG_KIND,
        Fault.CARD_WRONG_WAY,
        Fault.CARD_COLLISION,
        Fault.CODE_TOO_LONG,
        Fault.CODE_NOT_TEXT,
        # these mend themselves while the citizen reads that they do
        Fault.CARD_SERVICE_DOWN,
        Fault.DECODER_CRASHED,
        Fault.DECODER_HUNG,
    }
)
"""Causes after which the citizen may simply try again; every other one ends the use of the device."""


@dataclass(frozen=True)
class Advice:
    """One row of the table."""

    number: str
    kind: Kind
    fault: Fault
    mender: Mender
    clears_itself: bool

    @property
    def citizen(self) -> Message:
        """What the citizen reads."""
        return msg(f"fault.{self.kind.value}.{self.fault.value}")

    @property
    def staff(self) -> Message:
        """What staff must do."""
        return msg(f"fault.{self.kind.value}.{self.fault.value}.staff")


WITHDRAWN = frozenset({"109", "509", "651", "654", "681", "682", "683", "684", "685"})
"""Numbers of causes that no driver can name: a card that is laid on has no wrong way round, an A4 printer no knife, a
loudspeaker no connection, a keypad no driver. None of them is ever given again."""


def _rows(first: int, kind: Kind, *causes: tuple[Fault, Mender, bool]) -> tuple[Advice, ...]:
    return tuple(
        Advice(f"{first + place:03d}", kind, fault, mender, clears)
        for place, (fault, mender, clears) in enumerate(causes)
        if f"{first + place:03d}" not in WITHDRAWN
    )


_COMMON: tuple[tuple[Fault, Mender, bool], ...] = (
    (Fault.DISCONNECTED, "engineer", True),
    (Fault.NO_ANSWER, "operator", True),
    (Fault.HUNG, "operator", True),
    (Fault.PROTOCOL, "engineer", False),
    (Fault.HARDWARE, "engineer", False),
)
_CARD: tuple[tuple[Fault, Mender, bool], ...] = (
    (Fault.CARD_REMOVED, "citizen", True),
    (Fault.CARD_UNREADABLE, "citizen", True),
    (Fault.CARD_WRONG_KIND, "citizen", True),
    (Fault.CARD_WRONG_WAY, "citizen", True),
    (Fault.CARD_COLLISION, "citizen", True),
)
_PAPER: tuple[tuple[Fault, Mender, bool], ...] = (
    (Fault.PAPER_LOW, "operator", False),
    (Fault.PAPER_OUT, "operator", False),
    (Fault.COVER_OPEN, "operator", False),
    (Fault.CUTTER, "operator", False),
    (Fault.JAM, "operator", False),
    (Fault.OVERHEATED, "operator", True),
    (Fault.JOB_CUT_SHORT, "operator", True),
)

TABLE: tuple[Advice, ...] = (
    *_rows(101, Kind.ID_CARD, *_COMMON, *_CARD, (Fault.SAM_REFUSED, "engineer", False)),
    *_rows(
        201,
        Kind.JOINT_CARD,
        *_COMMON,
        *_CARD,
        (Fault.CARD_SERVICE_DOWN, "operator", True),
        (Fault.JAM, "operator", False),
        (Fault.TAMPERED, "engineer", False),
    ),
    *_rows(
        301,
        Kind.SCANNER,
        *_COMMON,
        (Fault.CAMERA_DARK, "operator", True),
        (Fault.DECODER_CRASHED, "operator", True),
        (Fault.DECODER_HUNG, "operator", True),
        (Fault.CODE_TOO_LONG, "citizen", True),
        (Fault.CODE_NOT_TEXT, "citizen", True),
        (Fault.BABBLING, "engineer", False),
    ),
    *_rows(401, Kind.RECEIPT_PRINTER, *_COMMON, *_PAPER),
    *_rows(
        501,
        Kind.A4_PRINTER,
        *_COMMON,
        *_PAPER,
        (Fault.TONER_LOW, "operator", False),
        (Fault.TONER_OUT, "operator", False),
        (Fault.SPOOLER_DOWN, "engineer", True),
    ),
    *_rows(
        601,
        Kind.CABINET,
        *_COMMON,
        (Fault.DOOR_OPEN, "operator", False),
        (Fault.TAMPERED, "engineer", False),
    ),
    *_rows(651, Kind.SPEAKER, *_COMMON),
    *_rows(661, Kind.PRESENCE, *_COMMON),
    *_rows(671, Kind.LIGHTS, *_COMMON),
    *_rows(
        701,
        Kind.UPS,
        *_COMMON,
        (Fault.ON_BATTERY, "operator", True),
        (Fault.BATTERY_LOW, "operator", True),
    ),
)

_BY_CAUSE = {(advice.kind, advice.fault): advice for advice in TABLE}


def advice(kind: Kind, fault: Fault) -> Advice:
    """The row for a device and a cause; a cause that the device has no row for is a hardware error."""
    return _BY_CAUSE.get((kind, fault)) or _BY_CAUSE[(kind, Fault.HARDWARE)]
