"""Signed requests: HTTP Message Signatures (RFC 9421) with Ed25519, and Content-Digest (RFC 9530).

A kiosk signs every request with the key that it enrolled; the centre takes nothing that is not signed. The
signature covers the method, the authority, the path, the query, the body's digest and, when they are there,
the headers that decide what happens to money. Scheme and port mapping are left to the TLS in front of it.

Signing is the library's. Checking is our own and stricter: a signature has one spelling, so that not a bit of what
was sent can be altered; tests hold it against the library's verifier.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.contract.problems import Problem

WINDOW_S = 300
"""How far a request's time of signing may be from the centre's clock, either way."""

NONCE_MAX_CHARS = 64
LABEL = "kiosk"
TAG = "fund-kiosk"
ALWAYS_COVERED = ("@method", "@authority", "@path", "@query")
COVERED_WHEN_PRESENT = ("content-digest", "idempotency-key", "if-match", "authorization")

_SIGNATURE = re.compile(rf"{LABEL}=:([A-Za-z0-9+/]{{86}}==):", re.ASCII)
_INPUT = re.compile(
    rf'{LABEL}=(\(("[a-z@-]+"(?: "[a-z@-]+")*)\)((?:;[a-z]+=(?:[0-9]{{1,15}}|"[!#-\[\]-~]*"))+))', re.ASCII
)
_PARAMETER = re.compile(r';([a-z]+)=(?:([0-9]+)|"([^"]*)")', re.ASCII)
_PARAMETERS = frozenset({"created", "keyid", "alg", "nonce", "tag"})
_NONCE = re.compile(rf"[A-Za-z0-9_-]{{8,{NONCE_MAX_CHARS}}}", re.ASCII)
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class SignatureRefused(Exception):
    """The request proves nothing. `problem` is one of SIGNATURE_INVALID, SIGNATURE_EXPIRED, KIOSK_UNKNOWN."""

    def __init__(self, problem: Problem, reason: str) -> None:
        super().__init__(reason)
        self.problem = problem


@dataclass(frozen=True)
class Signed:
    """What a verified signature says: whose key, when (seconds since 1970), and the number used once."""

    key_id: str
    created_s: int
    nonce: str


class _Headers(MutableMapping[str, str]):
    """Header fields by lower-case name, as the library wants them: iterable, assignable."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._fields = {name.lower(): value for name, value in headers.items()}

    def __getitem__(self, name: str) -> str:
        return self._fields[name.lower()]

    def __setitem__(self, name: str, value: str) -> None:
        self._fields[name.lower()] = value

    def __delitem__(self, name: str) -> None:
        del self._fields[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


@dataclass
class _Message:
    method: str
    url: str
    headers: _Headers = field(repr=False)


def sign(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    key: Ed25519PrivateKey,
    key_id: str,
    now_s: int,
    nonce: str,
) -> dict[str, str]:
    """The header fields to add: Content-Digest (when there is a body), Signature-Input and Signature.

    `headers` are those that the request will carry; `url` is absolute; `now_s` is seconds since 1970; `nonce`
    is 8 to 64 of A-Z a-z 0-9 _ - and never used twice.
    """
    message = _Message(method.upper(), url, _Headers(headers))
    for name in ("content-digest", "signature", "signature-input"):
        message.headers.pop(name, None)
    before = set(message.headers)
    from http_message_signatures import (  # the kiosk's start waits
        HTTPMessageSigner,
        MappingKeyResolver,
        algorithms,
    )

    keys = MappingKeyResolver(public_keys={}, private_keys={key_id: key})
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=keys)
    signer.sign(
        message,
        key_id=key_id,
        created=datetime.fromtimestamp(now_s, UTC),
        nonce=nonce,
        label=LABEL,
        tag=TAG,
        covered_component_ids=[*ALWAYS_COVERED, *(c for c in COVERED_WHEN_PRESENT if c in before)],
        body=body or None,
    )
    return {name.title(): message.headers[name] for name in message.headers if name not in before}


def verify(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    keys: Callable[[str], Ed25519PublicKey | None],
    now_s: int,
) -> Signed:
    """Who signed this request, and when; SignatureRefused when it is not exactly what its signer sent.

    `keys` gives the public key of a key id, or None. The caller knows which nonces were seen before.
    """
    fields: dict[str, str] = {}
    for name, value in headers.items():
        name, value = name.lower(), value.strip(" \t")
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    said = _INPUT.fullmatch(fields.get("signature-input", ""))
    signature = _signature_bytes(fields.get("signature", ""))
    if said is None or signature is None:
        raise _invalid("there is no signature in its canonical form")
    signed = _signed(said[3], now_s)
    _check_digest(fields, body)
    base = _signature_base(method, url, fields, said[2].split(" "), said[1])
    key = keys(signed.key_id)
    if key is None:
        raise SignatureRefused(Problem.KIOSK_UNKNOWN, "no kiosk has this key id")
    try:
        key.verify(signature, base)
    except InvalidSignature:
        raise _invalid("the request is not what was signed") from None
    return signed


def _invalid(reason: str) -> SignatureRefused:
    return SignatureRefused(Problem.SIGNATURE_INVALID, reason)


def _signature_bytes(text: str) -> bytes | None:
    """The 64 bytes, unless their base64 is spelt in a way that no encoder does."""
    match = _SIGNATURE.fullmatch(text)
    raw = base64.b64decode(match[1]) if match else None
    return raw if match and raw and base64.b64encode(raw).decode() == match[1] else None


def _signed(text: str, now_s: int) -> Signed:
    """The signature's parameters: each of ours once, no others, and a time within the window."""
    found = [(name, number or quoted) for name, number, quoted in _PARAMETER.findall(text)]
    values = dict(found)
    if len(values) != len(found) or values.keys() != _PARAMETERS:
        raise _invalid("the signature's parameters are created, keyid, alg, nonce and tag")
    if values["alg"] != "ed25519" or values["tag"] != TAG or not values["created"].isdecimal():
        raise _invalid("the signature is of another kind")
    if not _NONCE.fullmatch(values["nonce"]):
        raise _invalid("the signature has no usable nonce")
    created_s = int(values["created"])
    if abs(now_s - created_s) > WINDOW_S:
        raise SignatureRefused(
            Problem.SIGNATURE_EXPIRED, f"signed {now_s - created_s} s before the centre's now"
        )
    return Signed(values["keyid"], created_s, values["nonce"])


def _check_digest(fields: Mapping[str, str], body: bytes) -> None:
    digest = fields.get("content-digest")
    if digest is None and not body:
        return
    if digest != f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:":
        raise _invalid("the body is not what its digest says")


def _signature_base(
    method: str, url: str, fields: Mapping[str, str], covered: list[str], parameters: str
) -> bytes:
    """RFC 9421, section 2.5: a line for each covered component, then the parameters."""
    present = [name for name in COVERED_WHEN_PRESENT if name in fields]
    wanted = {f'"{name}"' for name in (*ALWAYS_COVERED, *present)}
    if len(set(covered)) != len(covered) or not wanted <= set(covered):
        raise _invalid("the signature does not cover what it has to")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise _invalid("the request's address is none") from None
    components = {
        '"@method"': method,
        '"@authority"': parts.netloc.lower().removesuffix(_DEFAULT_PORTS.get(parts.scheme, "")),
        '"@path"': parts.path or "/",
        '"@query"': f"?{parts.query}",
    }
    try:
        lines = [
            f"{name}: {components[name] if name in components else fields[name[1:-1]]}" for name in covered
        ]
        return "\n".join([*lines, f'"@signature-params": {parameters}']).encode("ascii")
    except (KeyError, UnicodeEncodeError):
        raise _invalid("the signature covers what is not there") from None


def public_key_from_wire(text: str) -> Ed25519PublicKey:
    """The key of an enrolment: base64 (either alphabet, padded or not) of 32 bytes; else ValueError."""
    raw = base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)
    return Ed25519PublicKey.from_public_bytes(raw)


def public_key_to_wire(key: Ed25519PublicKey) -> str:
    """44 characters of standard base64."""
    return base64.b64encode(key.public_bytes_raw()).decode()
