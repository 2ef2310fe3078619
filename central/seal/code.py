"""The code on a paper: a few claims, signed as COSE_Sign1 (RFC 9052), in letters that a QR code packs well.

The code is the end of an upper-case URL, so that any phone opens the verify page, while a verifier with the
public keys needs no network at all. It holds no name and no identity number. Every code has exactly one spelling
(but for upper and lower case): whatever does not encode back to the same bytes is refused.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_args
from urllib.parse import urlsplit

import cbor2

from central.seal.signer import PublicKey, Signer
from kiosk.contract.money import Fen
from kiosk.contract.papers import PaperKind

KINDS: tuple[PaperKind, ...] = get_args(PaperKind)
"""What a paper is travels as its place in this list."""

PATH = "/V/"
MAX_CHARS = 600
DIGEST_BYTES = 16

ISSUER, ISSUED_AT = 1, 6  # CWT's own claims (RFC 8392)
PAPER = -65537  # the first number that CWT leaves to private use
ALGORITHM, KEY_ID = 1, 4  # COSE header parameters
COSE_SIGN1 = 18  # CBOR tag


class Reason(StrEnum):
    """Why a code is not genuine."""

    MALFORMED = "malformed"  # not one of our codes at all, or damaged
    OTHER_HOST = "other-host"  # the address around it is not that of the centre which issued it
    UNKNOWN_KEY = "unknown-key"
    KEY_RETIRED = "key-retired"  # issued, it says, after its key had been retired
    WRONG_SIGNATURE = "wrong-signature"


class NotGenuine(Exception):
    """Nothing that this code says may be believed."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Claims:
    """What a code says. `amounts` stand in the order of SEALED_AMOUNTS in central.seal.claims."""

    issuer: str  # host (and port) of the verify page, in lower case
    kind: str
    number: str  # digits, the first not 0
    issued_s: int  # seconds since 1970
    account_tail: str  # the last four digits of the account number
    amounts: tuple[Fen, ...]
    digest: bytes  # the first 16 bytes of the SHA-256 over the canonical document


def seal(claims: Claims, signer: Signer) -> str:
    """The code: base32 without padding, A-Z and 2-7."""
    protected = cbor2.dumps({ALGORITHM: signer.algorithm, KEY_ID: signer.key_id})
    payload = _encode(claims)
    signature = signer.sign(_to_be_signed(protected, payload))
    return _letters(_envelope(protected, payload, signature))


def url(claims: Claims, code: str, scheme: str) -> str:
    """What the QR code holds, in letters of its alphanumeric mode only."""
    return f"{scheme}://{claims.issuer}{PATH}{code}".upper()


def unseal(text: str, keys: Mapping[bytes, PublicKey]) -> Claims:
    """What a code, or the whole URL around it, says. Raises NotGenuine."""
    host, code = _apart(text)
    raw = _bytes(code)
    protected, payload, signature = _opened(raw)
    algorithm, key_id = _header(protected)
    key = keys.get(key_id)
    if key is None:
        raise NotGenuine(Reason.UNKNOWN_KEY)
    if key.algorithm != algorithm or not key.verify(_to_be_signed(protected, payload), signature):
        raise NotGenuine(Reason.WRONG_SIGNATURE)
    claims = _decode(payload)
    if host is not None and host != claims.issuer:
        raise NotGenuine(Reason.OTHER_HOST)
    if key.retired_s is not None and claims.issued_s > key.retired_s:
        raise NotGenuine(Reason.KEY_RETIRED)
    return claims


# ------------------------------------------------------------------ letters


def _apart(text: str) -> tuple[str | None, str]:
    """The host of a URL, if it is one, and the code."""
    text = text.strip()
    if len(text) > MAX_CHARS or not text.isascii():
        raise NotGenuine(Reason.MALFORMED)
    if "/" not in text:
        return None, text.upper()
    try:
        parts = urlsplit(text)
    except ValueError:
        raise NotGenuine(Reason.MALFORMED) from None
    path = parts.path.upper()
    known = parts.scheme in ("http", "https") and path.startswith(PATH)
    if not known or parts.query or parts.fragment or "?" in text or "#" in text:
        raise NotGenuine(Reason.MALFORMED)
    return parts.netloc.lower(), path.removeprefix(PATH)


def _letters(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=")


def _bytes(code: str) -> bytes:
    try:
        raw = base64.b32decode(code + "=" * (-len(code) % 8))
    except (binascii.Error, ValueError):
        raise NotGenuine(Reason.MALFORMED) from None
    if _letters(raw) != code:
        raise NotGenuine(Reason.MALFORMED)
    return raw


# ------------------------------------------------------------------ COSE


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """Sig_structure of RFC 9052 section 4.4."""
    return cbor2.dumps(["Signature1", protected, b"", payload])


def _envelope(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    return cbor2.dumps(cbor2.CBORTag(COSE_SIGN1, [protected, {}, payload, signature]))


def _opened(raw: bytes) -> tuple[bytes, bytes, bytes]:
    match _loads(raw):
        case cbor2.CBORTag(
            tag=18, value=[bytes() as protected, {}, bytes() as payload, bytes() as signature]
        ):
            if _envelope(protected, payload, signature) == raw:
                return protected, payload, signature
    raise NotGenuine(Reason.MALFORMED)


def _header(protected: bytes) -> tuple[int, bytes]:
    match _loads(protected):
        case {1: int() as algorithm, 4: bytes() as key_id} as header if len(header) == 2:
            if cbor2.dumps({ALGORITHM: algorithm, KEY_ID: key_id}) == protected:
                return algorithm, key_id
    raise NotGenuine(Reason.MALFORMED)


def _loads(raw: bytes) -> Any:
    """CBOR from a stranger."""
    try:
        return cbor2.loads(raw)
    except Exception:  # a decoder of tags raises whatever the types behind them raise
        raise NotGenuine(Reason.MALFORMED) from None


# ------------------------------------------------------------------ claims


def _encode(claims: Claims) -> bytes:
    paper = [
        KINDS.index(claims.kind),
        int(claims.number),
        claims.account_tail,
        list(claims.amounts),
        claims.digest,
    ]
    return cbor2.dumps({ISSUER: claims.issuer, ISSUED_AT: claims.issued_s, PAPER: paper})


def _decode(payload: bytes) -> Claims:
    """Signed by a key of ours, and looked at as closely as if it were not."""
    match _loads(payload):
        case {
            1: str() as issuer,
            6: int() as issued_s,
            -65537: [
                int() as kind,
                int() as number,
                str() as account_tail,
                list() as amounts,
                bytes() as digest,
            ],
        } if 0 <= kind < len(KINDS) and all(type(amount) is int for amount in amounts):
            claims = Claims(
                issuer,
                KINDS[kind],
                str(number),
                issued_s,
                account_tail,
                tuple(Fen(amount) for amount in amounts),
                digest,
            )
            if _encode(claims) == payload and len(digest) == DIGEST_BYTES:
                return claims
    raise NotGenuine(Reason.MALFORMED)
