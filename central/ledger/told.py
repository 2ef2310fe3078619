"""What was said of each operation, held against the operation: the answer given for ever, its receipt, the order to the
bank, its rows in the audit chains, the copies of its paper. The rules are pure; `differences` reads for them."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, exists, select

from central import masks
from central.ledger.findings import Finding, finding
from central.ledger.operation_invariants import MONEY
from central.store.rows import AnyRow
from central.store.tables import audit, operation, outbox, posting
from kiosk.contract.money import Fen, format_yuan

READ_AT_ONCE = 10_000
SUCCESS = {"pending": 202, "confirmed": 201}
PAPER = "paper"  # the audit event of a copy handed out


def differences(tx: Connection) -> Iterator[Finding | None]:
    """Each check of what was said, with the operations against it; None where it holds."""
    copies = _copies(tx)
    answers: list[str] = []
    receipts: list[str] = []
    orders: list[str] = []
    chains: list[str] = []
    papers: list[str] = []
    for row in _operations(tx):
        name = f"operation {row.id}"
        answers += [f"{name}: {said}" for said in wrong_answers(row)]
        if row.posting_id is not None and row.state != "refused" and row.receipt_number != receipt_of(row):
            receipts.append(f"{name}: {row.receipt_number}, not {receipt_of(row)}")
        if row.payload is not None and (order := wrong_order(row)):
            orders.append(f"{name}: {order}")
        if not row.in_chain or not _says(row.told, "amount", row.amount):
            chains.append(f"{name}: {row.kind} {row.state}, {row.amount}")
        if row.copies != (handed := copies.pop(row.id, 0)):
            papers.append(f"{name}: {row.copies} copies, {handed} in the chain")
    papers += [f"no operation {operation_id}" for operation_id in copies]
    yield finding("I5", "an operation is answered as it stands", answers)
    yield finding("I9", "a receipt has the day and number of its posting", receipts)
    yield finding("I11", "the bank is told to pay what was booked", orders)
    yield finding("I10", "an operation stands in the audit chain as it stands in the books", chains)
    yield finding("I9", "copies are numbered as they were handed out", papers)
    yield finding("I10", "what the audit chain tells of is there", _told_of_nothing(tx))


def wrong_answers(row: AnyRow) -> Iterator[str]:
    """What the stored view and the stored answer say otherwise than the operation's own columns."""
    amount = None if row.amount is None else format_yuan(Fen(row.amount))
    columns = {
        "kind": row.kind,
        "state": row.state,
        "number": row.number,
        "receipt_number": row.receipt_number,
        "problem": row.problem,
    }
    view = _read(row.view)
    refused_later = row.state == "refused" and row.kind == "closure"  # of which the view keeps the amount
    for name, value in columns.items():
        if view.get(name) != value:
            yield f"view says {name} {view.get(name)}, not {value}"
    if view.get("amount") != amount and not (refused_later and amount is None):
        yield f"view says amount {view.get('amount')}, not {amount}"
    answer = _read(row.response)
    answered = (answer.get("amount"), answer.get("receipt_number"))
    if row.kind in MONEY and row.state != "refused" and answered != (amount, row.receipt_number):
        yield f"answer says {answered[0]} on {answered[1]}"
    if row.status != (answer.get("status") if row.state == "refused" else SUCCESS.get(row.state)):
        yield f"answered with status {row.status}"


def receipt_of(row: AnyRow) -> str:
    """The receipt number of an operation that was booked: the day and the number of its posting."""
    return f"{row.on:%Y%m%d}{row.posting_id:010d}"


def wrong_order(row: AnyRow) -> str | None:
    """What the bank is told to pay, where that is not what was booked."""
    order = _read(row.payload)
    if order.get("amount") != row.amount or order.get("posting") != row.posting_id:
        return (
            f"the bank is told {order.get('amount')} of posting {order.get('posting')}, booked {row.amount}"
        )
    if masks.card(str(order.get("card"))) != _read(row.view).get("payout_card_masked"):
        return "the bank is told another card than the citizen was"
    return None


def _says(text: str | None, name: str, value: Any) -> bool:
    return text is not None and _read(text).get(name) == value


def _read(text: str) -> dict[str, Any]:
    """A stored JSON object; empty when it is none any more, so that whatever it should say is missed."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _operations(tx: Connection) -> Iterator[AnyRow]:
    told = audit.alias("told")
    in_chain = exists().where(audit.c.operation_id == operation.c.id, audit.c.chain == operation.c.kiosk_id)
    query = (
        select(
            operation.c.id,
            operation.c.kind,
            operation.c.state,
            operation.c.amount,
            operation.c.number,
            operation.c.receipt_number,
            operation.c.problem,
            operation.c.copies,
            operation.c.view,
            operation.c.status,
            operation.c.response,
            posting.c.id.label("posting_id"),
            posting.c.on,
            outbox.c.payload,
            told.c.detail.label("told"),
            in_chain.label("in_chain"),
        )
        .outerjoin(
            posting,
            and_(posting.c.operation_id == operation.c.id, posting.c.phase.in_(("single", "pending"))),
        )
        .outerjoin(outbox, and_(outbox.c.operation_id == operation.c.id, outbox.c.kind == "payout"))
        .outerjoin(
            told,
            and_(
                told.c.operation_id == operation.c.id,
                told.c.event == operation.c.kind + "-" + operation.c.state,
            ),
        )
    )
    yield from tx.execute(query.execution_options(yield_per=READ_AT_ONCE))


def _copies(tx: Connection) -> dict[UUID, int]:
    """The highest copy of each operation's paper that a kiosk has told of."""
    highest: dict[UUID, int] = {}
    for row in tx.execute(select(audit.c.operation_id, audit.c.detail).where(audit.c.event == PAPER)):
        copy = _read(row.detail).get("copy", 0)
        highest[row.operation_id] = max(highest.get(row.operation_id, 0), copy)
    return highest


def _told_of_nothing(tx: Connection) -> Iterator[str]:
    rows = tx.execute(
        select(audit.c.chain, audit.c.sequence, audit.c.operation_id)
        .outerjoin(operation, operation.c.id == audit.c.operation_id)
        .where(audit.c.operation_id.is_not(None), operation.c.id.is_(None))
    )
    for row in rows:
        yield f"chain {row.chain}, row {row.sequence}: no operation {row.operation_id}"
