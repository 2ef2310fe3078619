"""The journal as one signed file: every event in its chain, and the kiosk's signature over all of it."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.journal.chain import ChainBroken, Head, Row, verify
from kiosk.private_file import write_private


def export(
    rows: Sequence[Row], start: Head, kiosk_id: str, key: Ed25519PrivateKey, folder: Path, now: datetime
) -> Path:
    """Write `rows`, which follow from `start`, and sign them. Returns the file. Raises ChainBroken, OSError."""
    head = verify(rows, start)
    first = {
        "kiosk": kiosk_id,
        "at": now.isoformat(timespec="seconds"),
        "start": _told(start),
        "head": _told(head),
    }
    lines = [json.dumps(first)]
    lines += [json.dumps([*row[:4], row[4].hex()], ensure_ascii=False) for row in rows]
    body = "".join(f"{line}\n" for line in lines).encode()
    path = folder / f"journal-{now:%Y%m%dT%H%M%SZ}.jsonl"
    write_private(path, body + json.dumps({"signature": key.sign(body).hex()}).encode() + b"\n")
    return path


def verify_export(path: Path, key: Ed25519PublicKey) -> tuple[int, Head]:
    """How many events an export has, and its head. Raises ChainBroken when anything in it was changed, OSError."""
    content = path.read_bytes()
    body, _, last = content.removesuffix(b"\n").rpartition(b"\n")
    body += b"\n"
    try:
        key.verify(bytes.fromhex(json.loads(last)["signature"]), body)
        first, *rest = (json.loads(line) for line in body.splitlines())
        rows = [(number, at, kind, fields, bytes.fromhex(hash_)) for number, at, kind, fields, hash_ in rest]
        start = Head(first["start"][0], bytes.fromhex(first["start"][1]))
        head = verify(rows, start)
    except (InvalidSignature, ValueError, KeyError, IndexError, TypeError) as problem:
        raise ChainBroken(0, f"the export is not as it was signed ({type(problem).__name__})") from None
    if _told(head) != first["head"]:
        raise ChainBroken(head.sequence, "the export does not end where it says")
    return len(rows), head


def _told(head: Head) -> list[object]:
    return [head.sequence, head.hex]
