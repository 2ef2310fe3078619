"""Who are you? ID card or joint card with the query password (查询密码), or a one-time code on a phone."""

import re
from uuid import UUID

from hardware.device import Kind
from kiosk import central
from kiosk.contract.papers import PendingPaper
from kiosk.contract.problems import Problem
from kiosk.contract.visits import Credential, IdCardCredential, JointCardCredential, PhoneCodeCredential
from kiosk.faults import advice
from kiosk.line import Refused
from kiosk.messages import Message, msg
from kiosk.prompts import Choose, EnterDigits, Note, Option, Present
from kiosk.values import Count
from kiosk.visit import Citizen, Visit

PASSWORD_DIGITS = 6
PHONE_CODE = re.compile(r"GJJ1:([A-Z0-9]{16,64})")
"""What the centre's app shows: a version mark and the one-time code."""


async def identify(visit: Visit) -> tuple[PendingPaper, ...]:
    """Open a visit at the centre and have it verified. Returns this citizen's unfinished business."""
    kind = await visit.ask(_ways(visit))
    credential = await _credential(visit, kind)
    opened = await visit.fetch(central.open_visit, credential)
    visit.line = visit.line.with_token(opened.token)
    visit.observe("identified", credential=credential.kind, verified=opened.verified)
    if not opened.verified:
        await ask_password(visit, msg("password.title"))
    visit.citizen = Citizen(opened.name_masked, opened.id_number_masked)
    return opened.open_operations


def _ways(visit: Visit) -> Choose:
    def way(kind: Kind, key: str, icon: str) -> Option:
        device = visit.devices.get(kind)
        reason: Message | None = None
        if device is None:
            reason = msg("need.not-installed")
        elif not device.status.usable:
            fault = device.status.fault
            reason = advice(kind, fault).citizen if fault else msg("need.starting")
        return Option(
            msg(f"identify.{key}"), kind, line=msg(f"identify.{key}.line"), icon=icon, reason=reason
        )

    return Choose(
        msg("identify.title"),
        (
            way(Kind.ID_CARD, "id-card", "id_card"),
            way(Kind.JOINT_CARD, "joint-card", "joint_card"),
            way(Kind.SCANNER, "phone", "phone"),
        ),
        explain=msg("identify.explain"),
    )


async def _credential(visit: Visit, kind: Kind) -> Credential:
    match kind:
        case Kind.ID_CARD:
            prompt = Present("id_card", msg("present.id-card"), msg("present.id-card.explain"))
            card = await visit.read_card(kind, prompt)
            return IdCardCredential(id_number=card.id_number)
        case Kind.JOINT_CARD:
            prompt = Present("joint_card", msg("present.joint-card"), msg("present.joint-card.explain"))
            card = await visit.read_card(kind, prompt)
            return JointCardCredential(card_number=card.card_number)
        case _:
            prompt = Present("phone_code", msg("present.phone"), msg("present.phone.explain"))
            code = await visit.scan(prompt, phone_code, msg("present.phone.wrong"))
            return PhoneCodeCredential(code=code)


def phone_code(text: str) -> str | None:
    """The one-time code in a scanned text, or None for any other code in the world."""
    match = PHONE_CODE.fullmatch(text)
    return match[1] if match else None


async def ask_password(visit: Visit, title: Message, authorises: UUID | None = None) -> None:
    """The query password, counted down at the centre. Raises Refused when it is locked."""
    note: Note | None = None
    while True:
        password = await visit.ask(EnterDigits(title, PASSWORD_DIGITS, masked=True, note=note))
        try:
            await visit.fetch(central.verify, password, authorises)
            return
        except Refused as refusal:
            if refusal.problem is not Problem.PASSWORD_WRONG:
                raise
            tries_left = refusal.detail.tries_left or 0
            visit.observe("wrong-password", tries_left=tries_left, locked=False)
            left = Count(tries_left)
            note = Note("refusal", msg("password.wrong", left=left))
