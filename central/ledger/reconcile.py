"""Proof of the books: every invariant over any number of entries, what was said of operations, the audit chains."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from central.ledger import audit, book_invariants, operation_invariants, told
from central.ledger.findings import Finding, finding
from central.store import tables
from central.store.tables import audit_head


def reconcile(tx: Connection) -> list[Finding]:
    """Check everything that the centre's own database can prove; empty when the books are sound."""
    found = [
        finding(check.name, check.rule, (check.show(row) for row in tx.execute(check.query)))
        for check in (*book_invariants.INVARIANTS, *operation_invariants.INVARIANTS)
    ]
    found += told.differences(tx)
    found.append(finding("I10", "the audit chains are unbroken", _chains(tx)))
    return [one for one in found if one is not None]


def _chains(tx: Connection) -> Iterator[str]:
    """Walk every audit chain from its first row and compare with its head."""
    heads = {row.chain: row for row in tx.execute(select(audit_head))}
    last: dict[str, tuple[int, str]] = {}
    rows = tx.execute(
        select(tables.audit)
        .order_by(tables.audit.c.chain, tables.audit.c.sequence)
        .execution_options(yield_per=10_000)
    )
    for row in rows:
        sequence, previous = last.get(row.chain, (0, audit.GENESIS))
        expected = audit.hash_of(
            row.chain, row.sequence, row.at_ms, row.event, row.operation_id, row.detail, previous
        )
        if row.sequence != sequence + 1 or row.previous != previous or row.hash != expected:
            yield f"chain {row.chain} breaks at {row.sequence}"
        last[row.chain] = (row.sequence, row.hash)
    for chain, head in heads.items():
        if last.get(chain, (0, audit.GENESIS)) != (head.sequence, head.hash):
            yield f"chain {chain} does not end at its head {head.sequence}"
    for chain in last.keys() - heads.keys():
        yield f"chain {chain} has no head"
