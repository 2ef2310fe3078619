"""Kiosks: enrolled with a one-time code, known by their public key, heard from by heartbeats."""

import hashlib
import json
import secrets
import threading

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ValidationError
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from central.ledger import audit
from central.refusals import Refused
from central.store.database import Database
from central.store.tables import enrolment_code, kiosk, nonce
from kiosk.contract.kiosks import Enrolment, Heartbeat
from kiosk.contract.problems import Problem
from kiosk.contract.signing import WINDOW_S, Signed, public_key_from_wire, public_key_to_wire

ENROLMENT_CODE_MS = 24 * 3600 * 1000
_CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that a technician could misread
_CODE_CHARS = 12


def digest(secret: str) -> str:
    """What is stored in place of a code or a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_enrolment_code(tx: Connection, now_ms: int) -> str:
    """A code that enrols one kiosk within 24 hours."""
    code = "".join(secrets.choice(_CODE_ALPHABET) for _ in range(_CODE_CHARS))
    tx.execute(insert(enrolment_code).values(code_hash=digest(code), expires_ms=now_ms + ENROLMENT_CODE_MS))
    return code


def enrol(tx: Connection, request: Enrolment, now_ms: int) -> str:
    """The id of the enrolled kiosk. The same key again, with its own code, is the same kiosk: an answer was lost.

    Raises Refused: MALFORMED for a key that is none, ENROLMENT_CODE_INVALID for a code unknown, used or too old.
    """
    try:
        key = public_key_to_wire(public_key_from_wire(request.public_key))
    except ValueError as error:
        raise Refused(Problem.MALFORMED, "public_key is not base64 of 32 bytes") from error
    code = tx.execute(
        select(enrolment_code)
        .where(enrolment_code.c.code_hash == digest(request.code.upper()))
        .with_for_update()
    ).one_or_none()
    if code is None:
        raise Refused(Problem.ENROLMENT_CODE_INVALID)
    if code.used_ms is not None:
        known = tx.execute(select(kiosk.c.id).where(kiosk.c.public_key == key)).scalar_one_or_none()
        if known is None or code.kiosk_id != known:
            raise Refused(Problem.ENROLMENT_CODE_INVALID)
        return str(known)
    if code.expires_ms < now_ms:
        raise Refused(Problem.ENROLMENT_CODE_INVALID)
    kiosk_id = f"K-{secrets.token_hex(6)}"
    try:
        tx.execute(insert(kiosk).values(id=kiosk_id, name=request.name, public_key=key, enrolled_ms=now_ms))
    except IntegrityError as error:
        raise Refused(Problem.ENROLMENT_CODE_INVALID, "this key is enrolled already") from error
    audit.append(tx, kiosk_id, "enrolled", now_ms, {})
    tx.execute(
        update(enrolment_code)
        .where(enrolment_code.c.code_hash == code.code_hash)
        .values(used_ms=now_ms, kiosk_id=kiosk_id)
    )
    return kiosk_id


def last_beat(health: str | None) -> Heartbeat | None:
    """What a kiosk last said of itself, by `health` of its row; None when that is nothing, or nothing that this version
    of the centre can read: one such kiosk must not keep the others from being looked at."""
    try:
        return Heartbeat.model_validate_json(health) if health else None
    except ValidationError:
        return None


def beat(tx: Connection, kiosk_id: str, heartbeat: Heartbeat, now_ms: int) -> None:
    """Remember what a kiosk says of its health.

    Its journal only grows. One that has become shorter, or has another head at the same length, was replaced or
    rolled back: that goes into the audit chain. A beat without a head is a check of the line, and tells nothing else.
    """
    if not heartbeat.journal_head:
        tx.execute(update(kiosk).where(kiosk.c.id == kiosk_id).values(seen_ms=now_ms))
        return
    health = json.dumps(heartbeat.model_dump(mode="json"), sort_keys=True)
    before = tx.execute(select(kiosk.c.health).where(kiosk.c.id == kiosk_id)).scalar_one_or_none()
    if known := last_beat(before):
        _compare_journals(tx, kiosk_id, known, heartbeat, now_ms)
    tx.execute(update(kiosk).where(kiosk.c.id == kiosk_id).values(seen_ms=now_ms, health=health))


def _compare_journals(tx: Connection, kiosk_id: str, before: Heartbeat, now: Heartbeat, now_ms: int) -> None:
    was = before.journal_sequence
    if now.journal_sequence < was or (
        now.journal_sequence == was and now.journal_head != before.journal_head
    ):
        detail = {"was": was, "is": now.journal_sequence}
        audit.append(tx, kiosk_id, "journal-went-back", now_ms, detail)


class Keys:
    """Public keys by kiosk id, read from the database when first asked for and again after `max_age_ms`."""

    def __init__(self, database: Database, max_age_ms: int = 10_000) -> None:
        self._database = database
        self._max_age_ms = max_age_ms
        self._known: dict[str, tuple[int, Ed25519PublicKey | None]] = {}

    def cached(self, kiosk_id: str, now_ms: int) -> tuple[bool, Ed25519PublicKey | None]:
        """(whether it is known without asking the database, the key or None)."""
        read_ms, key = self._known.get(kiosk_id, (None, None))
        if read_ms is None or abs(now_ms - read_ms) > self._max_age_ms:
            return False, None
        return True, key

    def load(self, kiosk_id: str, now_ms: int) -> Ed25519PublicKey | None:
        """Ask the database. Unknown ids are not kept, so that nobody can fill the memory with them."""
        with self._database.read() as tx:
            row = tx.execute(
                select(kiosk.c.public_key).where(kiosk.c.id == kiosk_id, kiosk.c.revoked_ms.is_(None))
            ).one_or_none()
        if row is None:
            self._known.pop(kiosk_id, None)
            return None
        key = public_key_from_wire(row.public_key)
        self._known[kiosk_id] = (now_ms, key)
        return key


class SeenNonces:
    """Signatures seen within the window, in memory: refuses a replay to the same process at no cost."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], int] = {}
        self._lock = threading.Lock()
        self._swept_s = 0

    def check(self, signed: Signed, now_s: int) -> None:
        """Raises Refused SIGNATURE_REPLAYED when this kiosk has used the nonce before."""
        name = (signed.key_id, signed.nonce)
        with self._lock:
            if now_s - self._swept_s > WINDOW_S:
                oldest = now_s - 2 * WINDOW_S
                self._seen = {name: at for name, at in self._seen.items() if at > oldest}
                self._swept_s = now_s
            if name in self._seen:
                raise Refused(Problem.SIGNATURE_REPLAYED)
            self._seen[name] = now_s


def remember_nonce(tx: Connection, signed: Signed, now_ms: int) -> None:
    """Refuse a replay even after a restart, for requests that change something and carry no Idempotency-Key.

    In the transaction of what they change. Raises Refused SIGNATURE_REPLAYED.
    """
    tx.execute(delete(nonce).where(nonce.c.expires_ms < now_ms))
    try:
        tx.execute(
            insert(nonce).values(
                kiosk_id=signed.key_id,
                nonce=signed.nonce,
                expires_ms=(signed.created_s + 2 * WINDOW_S) * 1000,
            )
        )
    except IntegrityError as error:
        raise Refused(Problem.SIGNATURE_REPLAYED) from error
