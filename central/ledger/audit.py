"""The audit chain: what was done, each row bound to the one before by its hash, a chain for each kiosk.

A chain for each kiosk, because kiosks work at the same time and would otherwise wait for one another at the head
of a single chain. The centre's own batches have theirs.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, update

from central.store.tables import audit, audit_head

CENTRE_CHAIN = "centre"
GENESIS = "0" * 64

_HEAD = (
    select(audit_head.c.sequence, audit_head.c.hash)
    .where(audit_head.c.chain == bindparam("b_chain"))
    .with_for_update()
)
_MOVE_HEAD = (
    update(audit_head)
    .where(audit_head.c.chain == bindparam("b_chain"))
    .values(sequence=bindparam("b_sequence"), hash=bindparam("b_hash"))
)
_NEW_HEAD = insert(audit_head)
_APPEND = insert(audit)


def append(
    tx: Connection,
    chain: str,
    event: str,
    at_ms: int,
    detail: Mapping[str, Any],
    operation_id: UUID | None = None,
) -> None:
    """Add a row to a chain, in the transaction of what it tells. `detail` holds no personal data."""
    head = tx.execute(_HEAD, {"b_chain": chain}).one_or_none()
    sequence, previous = (head.sequence + 1, head.hash) if head else (1, GENESIS)
    text = json.dumps(detail, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    row_hash = hash_of(chain, sequence, at_ms, event, operation_id, text, previous)
    tx.execute(
        _APPEND,
        {
            "chain": chain,
            "sequence": sequence,
            "at_ms": at_ms,
            "event": event,
            "operation_id": operation_id,
            "detail": text,
            "previous": previous,
            "hash": row_hash,
        },
    )
    if head:
        tx.execute(_MOVE_HEAD, {"b_chain": chain, "b_sequence": sequence, "b_hash": row_hash})
    else:
        tx.execute(_NEW_HEAD, {"chain": chain, "sequence": sequence, "hash": row_hash})


def hash_of(
    chain: str, sequence: int, at_ms: int, event: str, operation_id: UUID | None, detail: str, previous: str
) -> str:
    """SHA-256 over the row's fields, a line each; `detail` is one line of JSON and comes last."""
    fields = (previous, chain, str(sequence), str(at_ms), event, str(operation_id or ""), detail)
    return hashlib.sha256("\n".join(fields).encode()).hexdigest()
