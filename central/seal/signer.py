"""The port behind which papers are signed and checked, and Ed25519 behind it.

SM2 behind an HSM, or an electronic-seal (电子印章) service, takes its place by bringing a Signer, a PublicKey and
a key ring of its own; nothing else knows an algorithm.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

EDDSA = -8
"""COSE's number for EdDSA (RFC 9053 section 2.2)."""

KEY_ID_BYTES = 8


class Signer(Protocol):
    """Signs with one key that it alone holds."""

    @property
    def key_id(self) -> bytes:
        """Names the key on every paper; at most 16 bytes."""
        ...

    @property
    def algorithm(self) -> int:
        """The COSE number of the algorithm."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The signature over `message`."""
        ...


class PublicKey(Protocol):
    """Checks what one key has signed, also after the key has been retired."""

    @property
    def algorithm(self) -> int:
        """The COSE number of the algorithm."""
        ...

    @property
    def retired_s(self) -> int | None:
        """When it stopped signing, in seconds since 1970: nothing issued later is believed. None: it still signs."""
        ...

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether the key has signed exactly this."""
        ...


class KeyRing(Protocol):
    """The keys of one centre: the one that signs now, and the public half of every one that ever did."""

    def signer(self) -> Signer:
        """The key that signs from now on."""
        ...

    def public_keys(self) -> Mapping[bytes, PublicKey]:
        """Every key by its id."""
        ...

    def public_text(self) -> str:
        """The same as a JWK set (RFC 7517), for others."""
        ...


@dataclass(frozen=True)
class Ed25519Signer:
    """A private key in this process's memory."""

    key: Ed25519PrivateKey = field(repr=False)
    algorithm: int = EDDSA

    @property
    def key_id(self) -> bytes:
        return key_id_of(self.key.public_key())

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)


@dataclass(frozen=True)
class Ed25519Public:
    """The public half. OpenSSL refuses a signature whose second half is not reduced, so each has one form."""

    key: Ed25519PublicKey
    retired_s: int | None = None
    algorithm: int = EDDSA

    def verify(self, message: bytes, signature: bytes) -> bool:
        try:
            self.key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


def key_id_of(key: Ed25519PublicKey) -> bytes:
    """The first bytes of the SHA-256 of the public key."""
    return hashlib.sha256(key.public_bytes_raw()).digest()[:KEY_ID_BYTES]
