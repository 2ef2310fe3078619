"""Signed requests: HTTP Message Signatures (RFC 9421) with Ed25519, and Content-Digest (RFC 9530).

A kiosk signs every request with the key that it enrolled; the centre takes nothing that is not signed. The
signature covers the method, the authority, the path, the query, the body's digest and, when they are there,
the headers that decide what happens to money. Scheme and port mapping are left to the TLS in front of it.
"""

import base64
import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from kiosk.contract.problems import Problem

WINDOW_S = 300
"""How far a request's time of signing may be from the centre's clock, either way."""

NONCE_MAX_CHARS = 64
LABEL = "kiosk"
TAG = "fund-kiosk"
ALWAYS_COVERED = ("@method", "@authority", "@path", "@query")
COVERED_WHEN_PRESENT = ("content-digest", "idempotency-key", "if-match", "authorization")

_SIGNATURE = re.compile(rf"{LABEL}=:([A-Za-z0-9+/]{{86}}==):", re.ASCII)
_NONCE = re.compile(rf"[A-Za-z0-9_-]{{8,{NONCE_MAX_CHARS}}}", re.ASCII)


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


class _Keys(HTTPSignatureKeyResolver):
    def __init__(
        self,
        *,
        public: Callable[[str], Ed25519PublicKey | None] | None = None,
        private: Ed25519PrivateKey | None = None,
    ) -> None:
        self._public = public
        self._private = private
        self.unknown = False

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        key = self._public(key_id) if self._public else None
        self.unknown = key is None
        return key

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey | None:
        return self._private


class _Verifier(HTTPMessageVerifier):
    """The library's verifier with the caller's clock: the window is the same into the past and the future."""

    def __init__(self, keys: _Keys, now_s: int) -> None:
        super().__init__(signature_algorithm=algorithms.ED25519, key_resolver=keys)
        self._now_s = now_s

    def validate_created_and_expires(self, sig_input: Any, max_age: object = None) -> None:
        created = sig_input.params.get("created")
        if type(created) is not int:
            raise SignatureRefused(Problem.SIGNATURE_INVALID, "the signature has no time of signing")
        if abs(self._now_s - created) > WINDOW_S:
            raise SignatureRefused(
                Problem.SIGNATURE_EXPIRED, f"signed {self._now_s - created} s before the centre's now"
            )


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
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_Keys(private=key))
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
    message = _Message(method.upper(), url, _Headers(headers))
    resolver = _Keys(public=keys)
    needed = [*ALWAYS_COVERED, *(c for c in COVERED_WHEN_PRESENT if c in message.headers)]
    try:
        (result,) = _Verifier(resolver, now_s).verify(
            message, max_age=None, expect_tag=TAG, require_components=needed, body=body
        )
    except HTTPMessageSignaturesException as refused:
        problem = Problem.KIOSK_UNKNOWN if resolver.unknown else Problem.SIGNATURE_INVALID
        raise SignatureRefused(problem, str(refused)) from refused
    except (ValueError, TypeError, KeyError) as malformed:
        raise SignatureRefused(Problem.SIGNATURE_INVALID, str(malformed)) from malformed
    _check_spelling(message.headers, result.covered_components['"@signature-params"'])
    nonce = result.nonce
    if not isinstance(nonce, str) or not _NONCE.fullmatch(nonce):
        raise SignatureRefused(Problem.SIGNATURE_INVALID, "the signature has no usable nonce")
    return Signed(
        key_id=str(result.parameters["keyid"]), created_s=int(result.parameters["created"]), nonce=nonce
    )


def _check_spelling(headers: Mapping[str, str], params: str) -> None:
    """Refuse other spellings of the same signature: it has one form, so nothing can be altered."""
    match = _SIGNATURE.fullmatch(headers["signature"])
    if headers["signature-input"] != f"{LABEL}={params}" or match is None:
        raise SignatureRefused(Problem.SIGNATURE_INVALID, "the signature is not in its canonical form")
    encoded = match[1]
    if base64.b64encode(base64.b64decode(encoded)).decode() != encoded:
        raise SignatureRefused(Problem.SIGNATURE_INVALID, "the signature is not in its canonical form")


def public_key_from_wire(text: str) -> Ed25519PublicKey:
    """The key of an enrolment: base64 (either alphabet, padded or not) of 32 bytes; else ValueError."""
    raw = base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)
    return Ed25519PublicKey.from_public_bytes(raw)


def public_key_to_wire(key: Ed25519PublicKey) -> str:
    """44 characters of standard base64."""
    return base64.b64encode(key.public_bytes_raw()).decode()
