"""The fault table: for each device and cause, its number, who can mend it, and whether it clears by itself.

The texts are in the catalogues: `fault.<device>.<cause>` for the citizen, the same with `.staff` for staff.
docs/faults.md is made from this table. Numbers are stable: the help desk has them on paper.
"""

from collections.abc import Mapping
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


Cause = tuple[Fault, Mender, bool]
"""Who can mend it, and whether it clears by itself."""

_COMMON: Mapping[int, Cause] = {
    1: (Fault.DISCONNECTED, "engineer", True),
    2: (Fault.NO_ANSWER, "operator", True),
    3: (Fault.HUNG, "operator", True),
    4: (Fault.PROTOCOL, "engineer", False),
    5: (Fault.HARDWARE, "engineer", False),
}
_CARD: Mapping[int, Cause] = {
    6: (Fault.CARD_REMOVED, "citizen", True),
    7: (Fault.CARD_UNREADABLE, "citizen", True),
    8: (Fault.CARD_WRONG_KIND, "citizen", True),
    9: (Fault.CARD_WRONG_WAY, "citizen", True),
    10: (Fault.CARD_COLLISION, "citizen", True),
}
_PAPER: Mapping[int, Cause] = {
    6: (Fault.PAPER_LOW, "operator", False),
    7: (Fault.PAPER_OUT, "operator", False),
    8: (Fault.COVER_OPEN, "operator", False),
    9: (Fault.CUTTER, "operator", False),
    10: (Fault.JAM, "operator", False),
    11: (Fault.OVERHEATED, "operator", True),
    12: (Fault.JOB_CUT_SHORT, "operator", True),
}
_JOINT_CARD: Mapping[int, Cause] = {
    11: (Fault.CARD_SERVICE_DOWN, "operator", True),
    12: (Fault.JAM, "operator", False),
    13: (Fault.TAMPERED, "engineer", False),
}
_SCANNER: Mapping[int, Cause] = {
    6: (Fault.CAMERA_DARK, "operator", True),
    7: (Fault.DECODER_CRASHED, "operator", True),
    8: (Fault.DECODER_HUNG, "operator", True),
    9: (Fault.CODE_TOO_LONG, "citizen", True),
    10: (Fault.CODE_NOT_TEXT, "citizen", True),
    11: (Fault.BABBLING, "engineer", False),
}
_A4_PRINTER: Mapping[int, Cause] = {
    13: (Fault.TONER_LOW, "operator", False),
    14: (Fault.TONER_OUT, "operator", False),
    15: (Fault.SPOOLER_DOWN, "engineer", True),
}


def _rows(first: int, kind: Kind, causes: Mapping[int, Cause]) -> tuple[Advice, ...]:
    return tuple(
        Advice(f"{first + number:03d}", kind, *cause)
        for number, cause in causes.items()
        if f"{first + number:03d}" not in WITHDRAWN
    )


TABLE: tuple[Advice, ...] = (
    *_rows(100, Kind.ID_CARD, {**_COMMON, **_CARD, 11: (Fault.SAM_REFUSED, "engineer", False)}),
    *_rows(200, Kind.JOINT_CARD, {**_COMMON, **_CARD, **_JOINT_CARD}),
    *_rows(300, Kind.SCANNER, {**_COMMON, **_SCANNER}),
    *_rows(400, Kind.RECEIPT_PRINTER, {**_COMMON, **_PAPER}),
    *_rows(500, Kind.A4_PRINTER, {**_COMMON, **_PAPER, **_A4_PRINTER}),
    *_rows(
        600,
        Kind.CABINET,
        {**_COMMON, 6: (Fault.DOOR_OPEN, "operator", False), 7: (Fault.TAMPERED, "engineer", False)},
    ),
    *_rows(650, Kind.SPEAKER, _COMMON),
    *_rows(660, Kind.PRESENCE, _COMMON),
    *_rows(670, Kind.LIGHTS, _COMMON),
    *_rows(
        700,
        Kind.UPS,
        {**_COMMON, 6: (Fault.ON_BATTERY, "operator", True), 7: (Fault.BATTERY_LOW, "operator", True)},
    ),
)
"""Each cause stands beside its number: one that is added, wherever, moves no other."""

_BY_CAUSE = {(advice.kind, advice.fault): advice for advice in TABLE}


def advice(kind: Kind, fault: Fault) -> Advice:
    """The row for a device and a cause; a cause that the device has no row for is a hardware error."""
    return _BY_CAUSE.get((kind, fault)) or _BY_CAUSE[(kind, Fault.HARDWARE)]
