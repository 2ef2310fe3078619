"""How a command may end: everything that the interfaces of the devices name, and nothing else."""

import asyncio

from hardware.a4_printer import interface as sheets
from hardware.cards import CardFault, NoCard
from hardware.device import CommandCancelled, DeviceFault, Fault, Status
from hardware.id_card.interface import IdCard
from hardware.joint_card.interface import JointCard
from hardware.receipt_printer import interface as slips
from hardware.scanner.interface import Decoded, NothingSeen, ScanFault
from hardware.speaker.interface import NotSpoken, Spoken, Withheld

NAMED = (
    *(Status, IdCard, JointCard, NoCard, CardFault, Decoded, NothingSeen, ScanFault),
    *(slips.Printed, slips.SentToPrinter, slips.NotPrinted, slips.Unsure),
    *(sheets.Printed, sheets.SentToPrinter, sheets.NotPrinted, sheets.Unsure),
    *(Spoken, Withheld, NotSpoken),
    *(CommandCancelled, asyncio.CancelledError),
)


def is_named(outcome: object) -> bool:
    """Whether the kiosk knows what to say of it. A sensor's word is yes, no, or None; a driver that does not come
    back is none of these."""
    if isinstance(outcome, DeviceFault):
        return outcome.fault is not Fault.HUNG
    return outcome is None or isinstance(outcome, (bool, *NAMED))
