"""Signing in: a staff number, then the personal PIN. What was wrong is not told; every failure is journalled."""

import asyncio

from kiosk.flows.supervisor.console import Console, attention
from kiosk.messages import msg
from kiosk.prompts import EnterDigits, Note, OutcomeKind
from kiosk.staff import PIN_DIGITS, STAFF_DIGITS, BadStaff, LockedOut, Member, WrongPin
from kiosk.values import Moment


async def sign_in(console: Console) -> Member | None:
    """Who it is; None when they turned back or are locked out. Raises Cancelled, TimedOut."""
    note: Note | None = None
    while True:
        number = await console.ask(EnterDigits(msg("supervisor.number"), STAFF_DIGITS, note=note))
        if number is None:
            return None
        pin = await console.ask(EnterDigits(msg("supervisor.pin"), PIN_DIGITS, masked=True))
        if pin is None:
            continue
        console.working(msg("supervisor.checking"))
        try:
            answer = await asyncio.to_thread(console.shop.staff.sign_in, number, pin)
        except BadStaff:
            await console.tell(OutcomeKind.TROUBLE, msg("supervisor.staff-file"))
            return None
        match answer:
            case Member():
                return answer
            case WrongPin():
                console.shop.journal.event("security", matter="staff-sign-in-wrong")
                note = attention(msg("supervisor.wrong"))
            case LockedOut(until):
                console.shop.journal.event("security", matter="staff-locked-out")
                later = msg("supervisor.locked.until", until=Moment(until))
                await console.tell(OutcomeKind.REFUSED, msg("supervisor.locked"), later)
                return None
