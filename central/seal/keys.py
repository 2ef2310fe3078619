"""Keys in a folder: one private key that signs, and a public file with every key that ever did.

    public-keys.json    a JWK set (RFC 7517, 8037): give it to whoever wants to check papers without a network
    <key id>.pem        the private key that signs now, readable by its owner only

Rotating makes a new key, notes in the public file when the old one stopped, and deletes its private half: what
it has signed stays genuine, and nothing can be signed with it any more.
"""

import base64
import binascii
import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from central.seal.signer import Ed25519Public, Ed25519Signer, PublicKey, Signer, key_id_of

PUBLIC_FILE = "public-keys.json"
LOCK_FILE = "lock"
PRIVATE_MODE = 0o600


class BadKeys(Exception):
    """The keys cannot be used; the sentence says why."""


@dataclass(frozen=True)
class _Entry:
    """A key of the public file."""

    key: Ed25519PublicKey
    since_s: int
    retired_s: int | None

    def jwk(self) -> dict[str, Any]:
        made = {
            "kty": "OKP",
            "crv": "Ed25519",
            "use": "sig",
            "kid": key_id_of(self.key).hex(),
            "x": base64.urlsafe_b64encode(self.key.public_bytes_raw()).decode().rstrip("="),
            "nbf": self.since_s,
        }
        return made if self.retired_s is None else {**made, "exp": self.retired_s}


def read_public(text: str) -> dict[bytes, PublicKey]:
    """The keys of a public file or of GET /v1/keys. Raises BadKeys."""
    return {key_id_of(entry.key): Ed25519Public(entry.key, entry.retired_s) for entry in _entries(text)}


def _entries(text: str) -> list[_Entry]:
    try:
        return [
            _Entry(
                Ed25519PublicKey.from_public_bytes(
                    base64.urlsafe_b64decode(jwk["x"] + "=" * (-len(jwk["x"]) % 4))
                ),
                int(jwk.get("nbf", 0)),
                int(jwk["exp"]) if "exp" in jwk else None,
            )
            for jwk in json.loads(text)["keys"]
            if (jwk["kty"], jwk["crv"]) == ("OKP", "Ed25519")
        ]
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise BadKeys(f"this is no JWK set of Ed25519 keys: {error}") from None


def _public_text(entries: Iterable[_Entry]) -> str:
    return json.dumps({"keys": [entry.jwk() for entry in entries]}, indent=1) + "\n"


class MemoryKeys:
    """A key that ends with the process, for tests and tools; a server keeps its keys in a KeyFolder."""

    def __init__(self, key: Ed25519PrivateKey | None = None) -> None:
        self._key = key or Ed25519PrivateKey.generate()

    def signer(self) -> Signer:
        return Ed25519Signer(self._key)

    def public_keys(self) -> Mapping[bytes, PublicKey]:
        return read_public(self.public_text())

    def public_text(self) -> str:
        return _public_text([_Entry(self._key.public_key(), 0, None)])


class KeyFolder:
    """A key ring in a folder, which several processes may share. Its first key is made when it is first needed."""

    def __init__(self, folder: Path, now_s: int) -> None:
        """Open, or make. Raises BadKeys when there are public keys but none that can sign."""
        self._folder = folder
        self._seen: tuple[int, int] | None = None
        self._signer: Signer | None = None
        self._public: Mapping[bytes, PublicKey] = {}
        folder.mkdir(parents=True, exist_ok=True)
        with self._locked():
            if not self._public_file.exists():
                self._add_key([], now_s)
        self._refresh()

    @property
    def _public_file(self) -> Path:
        return self._folder / PUBLIC_FILE

    def signer(self) -> Signer:
        self._refresh()
        assert self._signer is not None
        return self._signer

    def public_keys(self) -> Mapping[bytes, PublicKey]:
        self._refresh()
        return self._public

    def public_text(self) -> str:
        """The public file."""
        return self._public_file.read_text(encoding="utf-8")

    def rotate(self, now_s: int) -> bytes:
        """Sign with a new key from now on; its id. The old one's private half is deleted."""
        with self._locked():
            before = _entries(self.public_text())
            retired = [
                _Entry(e.key, e.since_s, now_s if e.retired_s is None else e.retired_s) for e in before
            ]
            made = self._add_key(retired, now_s)
            for entry in before:
                self._private_file(key_id_of(entry.key)).unlink(missing_ok=True)
        self._refresh()
        return made

    def _refresh(self) -> None:
        """Read the folder anew when another process has rotated."""
        found = self._public_file.stat()
        if (found.st_mtime_ns, found.st_ino) == self._seen:
            return
        with self._locked():
            text = self.public_text()
            signing = [key_id_of(entry.key) for entry in _entries(text) if entry.retired_s is None]
            if len(signing) != 1:
                raise BadKeys(f"{self._public_file} names {len(signing)} keys that sign, not one")
            self._signer = self._private_key(signing[0])
            self._public = read_public(text)
            found = self._public_file.stat()
            self._seen = (found.st_mtime_ns, found.st_ino)

    def _private_file(self, key_id: bytes) -> Path:
        return self._folder / f"{key_id.hex()}.pem"

    def _private_key(self, key_id: bytes) -> Signer:
        path = self._private_file(key_id)
        try:
            key = load_pem_private_key(path.read_bytes(), None)
        except (OSError, ValueError) as error:
            raise BadKeys(f"the private key {path.name} cannot be read: {type(error).__name__}") from None
        if not isinstance(key, Ed25519PrivateKey) or key_id_of(key.public_key()) != key_id:
            raise BadKeys(f"{path.name} holds another key than its name says")
        return Ed25519Signer(key)

    def _add_key(self, others: list[_Entry], now_s: int) -> bytes:
        """A new private key, durable before the public file names it."""
        key = Ed25519PrivateKey.generate()
        key_id = key_id_of(key.public_key())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write(self._private_file(key_id), pem, PRIVATE_MODE)
        public = _public_text((*others, _Entry(key.public_key(), now_s, None)))
        _write(self._public_file, public.encode(), 0o644)
        return key_id

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self._folder / LOCK_FILE).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _write(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all, also after a power cut."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
