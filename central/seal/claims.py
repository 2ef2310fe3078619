"""What of a paper its code says, and the digest that ties the code to every letter of the paper."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from central.seal.code import DIGEST_BYTES, Claims
from kiosk.contract.money import Fen, format_yuan, parse_yuan
from kiosk.contract.papers import Document

TAIL_DIGITS = 4

SEALED_AMOUNTS: Mapping[str, tuple[str, ...]] = {
    "statement": ("opening", "total-in", "total-out", "closing"),
    "interest-statement": ("interest", "balance"),
    "deposit-certificate": ("monthly-deposit", "balance"),
    "loan-use-certificate": ("monthly-deposit", "balance"),
    "repayment-schedule": ("loan-balance", "interest-left"),
    "repayment-receipt": ("amount", "loan-balance"),
    "settled-certificate": ("principal",),
    "closure-receipt": ("amount",),
}
"""The amounts that a code carries, by kind, in this order; a paper that lacks one has 0 in its place."""


def digest(document: Document) -> bytes:
    """Over the document's JSON with sorted keys and no spaces; the code itself is no part of it.

    The document's operation id, which stands on no paper, keeps a name from being guessed from the digest.
    """
    body = document.model_dump(mode="json", by_alias=True, exclude={"verify_url"})
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).digest()[:DIGEST_BYTES]


def claims_of(document: Document, issuer: str) -> Claims:
    """What the paper's code says. `issuer` is the host of the verify page."""
    found = amounts_of(document)
    return Claims(
        issuer=issuer.lower(),
        kind=document.kind,
        number=document.number,
        issued_s=int(document.issued_at.timestamp()),
        account_tail=document.account_masked[-TAIL_DIGITS:],
        amounts=tuple(found.get(key, Fen(0)) for key in SEALED_AMOUNTS[document.kind]),
        digest=digest(document),
    )


def amounts_of(document: Document) -> dict[str, Fen]:
    """The amounts of a paper by their keys, of a repeated one the first: the latest year, the first loan."""
    ends = {"opening": document.opening, "closing": document.closing}
    found = {key: amount for key, amount in ends.items() if amount is not None}
    for field in document.fields:
        if field.kind == "amount":
            found.setdefault(field.key, parse_yuan(field.value, signed=True))
    return found


def labelled_amounts(claims: Claims) -> dict[str, Fen]:
    """A code's amounts by the keys of what they are."""
    keys = SEALED_AMOUNTS[claims.kind]
    return dict(zip(keys, claims.amounts, strict=False))


def as_json(claims: Claims) -> dict[str, Any]:
    """The claims for a machine to read."""
    return {
        "issuer": claims.issuer,
        "kind": claims.kind,
        "number": claims.number,
        "issued_s": claims.issued_s,
        "account_tail": claims.account_tail,
        "amounts": {key: format_yuan(amount) for key, amount in labelled_amounts(claims).items()},
        "digest": claims.digest.hex(),
    }
