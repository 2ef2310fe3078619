"""Visits: one citizen at one kiosk, known by a token that only this kiosk can use."""

import secrets
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, update

from central.centre import Centre
from central.kiosks import digest
from central.passwords import MAX_WRONG_TRIES, matches
from central.refusals import Refused
from central.rules import identity
from central.store.rows import AnyRow
from central.store.tables import card, person, phone_code, quote, visit
from kiosk.contract.problems import Problem
from kiosk.contract.visits import (
    Credential,
    IdCardCredential,
    JointCardCredential,
    PhoneCodeCredential,
    Verification,
)

UNVERIFIED_MS = 5 * 60 * 1000
VERIFIED_MS = 30 * 60 * 1000
"""A visit's longest life; the kiosk's own idle time is far shorter. Large text and speech need time."""

PHONE_CODE_MS = 5 * 60 * 1000


@dataclass(frozen=True)
class Caller:
    """Who sends a request: the kiosk that signed it, and the visit token that it shows, if any."""

    kiosk_id: str
    token: str | None = None


@dataclass(frozen=True)
class Visitor:
    """The citizen of a visit, and the kiosk where they stand."""

    person_id: int
    kiosk_id: str
    name: str
    id_number: str


@dataclass(frozen=True)
class Opened:
    """A visit just opened."""

    token: str
    verified: bool
    visitor: Visitor
    expires_ms: int
    tries_left: int


def open_visit(tx: Connection, kiosk_id: str, credential: Credential, now_ms: int, today: date) -> Opened:
    """Identify a citizen. Any visit still open at this kiosk ends: one citizen stands before it.

    Raises Refused: CREDENTIAL_UNKNOWN, CREDENTIAL_EXPIRED (a phone code used or older than 5 minutes),
    PASSWORD_LOCKED.
    """
    found = _find(tx, credential, now_ms, today)
    tries_left = MAX_WRONG_TRIES - found.wrong_tries
    if found.locked_ms is not None:
        raise Refused(Problem.PASSWORD_LOCKED, tries_left=0)
    verified = isinstance(credential, PhoneCodeCredential)
    expires_ms = now_ms + (VERIFIED_MS if verified else UNVERIFIED_MS)
    token = secrets.token_urlsafe(32)
    tx.execute(
        update(visit).where(visit.c.kiosk_id == kiosk_id, visit.c.ended_ms.is_(None)).values(ended_ms=now_ms)
    )
    tx.execute(
        insert(visit).values(
            token_hash=digest(token),
            kiosk_id=kiosk_id,
            person_id=found.id,
            credential=credential.kind,
            opened_ms=now_ms,
            expires_ms=expires_ms,
            verified_ms=now_ms if verified else None,
        )
    )
    visitor = Visitor(found.id, kiosk_id, found.name, found.id_number)
    return Opened(token, verified, visitor, expires_ms, tries_left)


def _find(tx: Connection, credential: Credential, now_ms: int, today: date) -> AnyRow:
    columns = (person.c.id, person.c.name, person.c.id_number, person.c.wrong_tries, person.c.locked_ms)
    row: AnyRow | None
    match credential:
        case IdCardCredential(id_number=text):
            number = identity.read(text, today)
            wanted = number.number if isinstance(number, identity.Identity) else None
            row = tx.execute(select(*columns).where(person.c.id_number == wanted)).one_or_none()
        case JointCardCredential(card_number=number_on_card):
            row = tx.execute(
                select(*columns)
                .join(card, card.c.person_id == person.c.id)
                .where(card.c.number == number_on_card)
            ).one_or_none()
        case PhoneCodeCredential(code=code):
            row = _redeem(tx, code, now_ms)
    if row is None:
        raise Refused(Problem.CREDENTIAL_UNKNOWN)
    return row


def _redeem(tx: Connection, code: str, now_ms: int) -> AnyRow | None:
    row = tx.execute(
        select(
            person.c.id,
            person.c.name,
            person.c.id_number,
            person.c.wrong_tries,
            person.c.locked_ms,
            phone_code.c.expires_ms,
            phone_code.c.used_ms,
        )
        .join(person, person.c.id == phone_code.c.person_id)
        .where(phone_code.c.code_hash == digest(code))
        .with_for_update(of=phone_code)
    ).one_or_none()
    if row is None:
        return None
    if row.used_ms is not None or row.expires_ms < now_ms:
        raise Refused(Problem.CREDENTIAL_EXPIRED)
    tx.execute(update(phone_code).where(phone_code.c.code_hash == digest(code)).values(used_ms=now_ms))
    return row


def new_phone_code(tx: Connection, id_number: str, now_ms: int, *, expired: bool = False) -> str:
    """A one-time code for a citizen's phone: 20 letters and digits, good for 5 minutes.

    `expired` makes one that is too old already, for demonstrations. Raises Refused CREDENTIAL_UNKNOWN.
    """
    person_id = tx.execute(select(person.c.id).where(person.c.id_number == id_number)).scalar_one_or_none()
    if person_id is None:
        raise Refused(Problem.CREDENTIAL_UNKNOWN)
    code = "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(20))
    lifetime_ms = -1 if expired else PHONE_CODE_MS
    tx.execute(
        insert(phone_code).values(
            code_hash=digest(code), person_id=person_id, expires_ms=now_ms + lifetime_ms
        )
    )
    return code


def current(tx: Connection, caller: Caller, now_ms: int, *, verified: bool = True) -> Visitor:
    """The citizen of the caller's visit.

    Raises Refused: VISIT_INVALID when there is no token, or it is unknown, ended, too old or another kiosk's;
    VISIT_NOT_VERIFIED before the password, unless `verified` is False.
    """
    row = _row(tx, caller, now_ms)
    if verified and row.verified_ms is None:
        raise Refused(Problem.VISIT_NOT_VERIFIED)
    return Visitor(row.person_id, caller.kiosk_id, row.name, row.id_number)


_BY_TOKEN = (
    select(
        visit.c.person_id,
        visit.c.verified_ms,
        visit.c.expires_ms,
        visit.c.ended_ms,
        visit.c.kiosk_id,
        person.c.name,
        person.c.id_number,
    )
    .join(person, person.c.id == visit.c.person_id)
    .where(visit.c.token_hash == bindparam("token_hash"))
)


def _row(tx: Connection, caller: Caller, now_ms: int) -> AnyRow:
    if caller.token is None:
        raise Refused(Problem.VISIT_INVALID, "no visit token")
    row = tx.execute(_BY_TOKEN, {"token_hash": digest(caller.token)}).one_or_none()
    if row is None or row.kiosk_id != caller.kiosk_id or row.ended_ms is not None or row.expires_ms <= now_ms:
        raise Refused(Problem.VISIT_INVALID)
    return row


def end(tx: Connection, caller: Caller, now_ms: int) -> None:
    """End the caller's visit; ending it twice is no error."""
    if caller.token is not None:
        tx.execute(
            update(visit)
            .where(
                visit.c.token_hash == digest(caller.token),
                visit.c.kiosk_id == caller.kiosk_id,
                visit.c.ended_ms.is_(None),
            )
            .values(ended_ms=now_ms)
        )


def verify(centre: Centre, caller: Caller, request: Verification) -> int:
    """Check the query password; the visit's new end in ms.

    A try is spent before the password is looked at and given back when it is right, so that many guesses at
    once are still five. The slow hash runs outside any transaction. Raises Refused: VISIT_INVALID,
    PASSWORD_WRONG with tries_left, PASSWORD_LOCKED, and for `authorises` NOT_FOUND or QUOTE_EXPIRED.
    """
    now_ms = centre.now_ms()
    with centre.database.write() as tx:
        visitor = current(tx, caller, now_ms, verified=False)
        if request.authorises is not None:
            _check_quote(tx, visitor, request.authorises, now_ms)
        stored, tries_left = _spend_try(tx, visitor.person_id, now_ms)
    if stored is None:
        raise Refused(Problem.PASSWORD_LOCKED, tries_left=0)
    if not matches(request.password, stored):
        if tries_left == 0:
            raise Refused(Problem.PASSWORD_LOCKED, tries_left=0)
        raise Refused(Problem.PASSWORD_WRONG, tries_left=tries_left)
    expires_ms = now_ms + VERIFIED_MS
    with centre.database.write() as tx:
        tx.execute(
            update(person).where(person.c.id == visitor.person_id).values(wrong_tries=0, locked_ms=None)
        )
        tx.execute(
            update(visit)
            .where(visit.c.token_hash == digest(caller.token or ""))
            .values(verified_ms=now_ms, expires_ms=expires_ms)
        )
        if request.authorises is not None:
            tx.execute(update(quote).where(quote.c.id == request.authorises).values(authorised_ms=now_ms))
    return expires_ms


def _spend_try(tx: Connection, person_id: int, now_ms: int) -> tuple[str | None, int]:
    """(the stored hash, or None when locked; the tries left if this one is wrong)."""
    row = tx.execute(
        select(person.c.password_hash, person.c.wrong_tries, person.c.locked_ms)
        .where(person.c.id == person_id)
        .with_for_update()
    ).one()
    if row.locked_ms is not None:
        return None, 0
    spent = row.wrong_tries + 1
    tries_left = MAX_WRONG_TRIES - spent
    locked_ms = now_ms if tries_left <= 0 else None
    tx.execute(update(person).where(person.c.id == person_id).values(wrong_tries=spent, locked_ms=locked_ms))
    return row.password_hash, max(tries_left, 0)


def _check_quote(tx: Connection, visitor: Visitor, quote_id: UUID, now_ms: int) -> None:
    row = tx.execute(
        select(quote.c.valid_until_ms).where(
            quote.c.id == quote_id,
            quote.c.person_id == visitor.person_id,
            quote.c.kiosk_id == visitor.kiosk_id,
        )
    ).one_or_none()
    if row is None:
        raise Refused(Problem.NOT_FOUND, "no such quote")
    if row.valid_until_ms <= now_ms:
        raise Refused(Problem.QUOTE_EXPIRED)


def unlock(tx: Connection, id_number: str) -> bool:
    """Give a citizen their five tries back: the counter has seen them. False when nobody has this number."""
    changed = tx.execute(
        update(person).where(person.c.id_number == id_number).values(wrong_tries=0, locked_ms=None)
    )
    return changed.rowcount == 1
