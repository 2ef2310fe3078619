"""The invariants of the books as queries: each finds the rows that break it, and none when it holds.

I1 postings balance, I2 everything balances, I3 stored balances are sums, I4 nobody below zero at any entry, I5 and I6
operations and postings agree, I8 what is closed is empty and still, I9 receipts, I11 payouts. I7 (nothing waits too
long) and the device's side of I5 are the kiosk's to prove, I10 (the audit chains) is in reconcile, and I12 (kiosks and
bank) in day_balance.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, func, not_, or_, select

from central.ledger.house import House
from central.store.rows import AnyRow
from central.store.tables import (
    account,
    entry,
    interest_settlement,
    ledger_account,
    loan,
    operation,
    outbox,
    posting,
)


@dataclass(frozen=True)
class Invariant:
    """`query` finds what is wrong; `show` tells one of its rows in a line."""

    name: str
    rule: str
    query: Select[*tuple[Any, ...]]
    show: Callable[[AnyRow], str]


_unbalanced = (
    select(entry.c.posting_id, func.sum(entry.c.amount).label("off"))
    .group_by(entry.c.posting_id)
    .having(func.sum(entry.c.amount) != 0)
)
_empty = select(posting.c.id).where(not_(exists().where(entry.c.posting_id == posting.c.id)))
_all = select(func.coalesce(func.sum(entry.c.amount), 0).label("off"))
_sums = (
    select(
        entry.c.account_id,
        func.sum(entry.c.amount).label("amount"),
        func.sum(entry.c.carried).label("carried"),
    )
    .group_by(entry.c.account_id)
    .subquery()
)
_drifted = (
    select(ledger_account.c.id, ledger_account.c.balance, _sums.c.amount)
    .outerjoin(_sums, _sums.c.account_id == ledger_account.c.id)
    .where(
        ledger_account.c.kind != "house",
        or_(
            ledger_account.c.balance != func.coalesce(_sums.c.amount, 0),
            ledger_account.c.carried != func.coalesce(_sums.c.carried, 0),
        ),
    )
)
_overdrawn = (
    select(entry.c.id, entry.c.account_id, entry.c.balance)
    .join(ledger_account, ledger_account.c.id == entry.c.account_id)
    .where(
        or_(
            and_(ledger_account.c.kind == "member", entry.c.balance < 0),
            and_(ledger_account.c.kind == "loan", entry.c.balance > 0),
        )
    )
)
_running = (
    select(
        entry.c.id,
        entry.c.account_id,
        entry.c.balance,
        func.sum(entry.c.amount)
        .over(partition_by=entry.c.account_id, order_by=(entry.c.on, entry.c.id))
        .label("running"),
    )
    .where(entry.c.account_id > max(House))
    .subquery()
)
_broken_prefix = select(_running).where(_running.c.balance != _running.c.running)
_money_kinds = ("repayment", "closure")
_confirmed_wrong = (
    select(operation.c.id, func.count(posting.c.id).label("postings"))
    .outerjoin(
        posting, and_(posting.c.operation_id == operation.c.id, posting.c.phase.in_(("single", "pending")))
    )
    .where(operation.c.kind.in_(_money_kinds), operation.c.state != "refused", operation.c.amount > 0)
    .group_by(operation.c.id)
    .having(func.count(posting.c.id) != 1)
)
_paid = (
    select(
        posting.c.operation_id,
        (-func.sum(entry.c.amount)).label("taken"),
    )
    .join(entry, entry.c.posting_id == posting.c.id)
    .join(ledger_account, ledger_account.c.id == entry.c.account_id)
    .where(
        posting.c.phase.in_(("single", "pending")),
        ledger_account.c.kind == "member",
        entry.c.amount < 0,
        posting.c.operation_id.is_not(None),
    )
    .group_by(posting.c.operation_id)
    .subquery()
)
_wrong_amount = (
    select(operation.c.id, operation.c.amount, _paid.c.taken)
    .join(_paid, _paid.c.operation_id == operation.c.id)
    .where(operation.c.amount != _paid.c.taken)
)
_nobodys = (
    select(posting.c.id, posting.c.operation_id)
    .outerjoin(operation, operation.c.id == posting.c.operation_id)
    .where(posting.c.operation_id.is_not(None), operation.c.id.is_(None))
)
_settling = posting.alias("settling")
_refused_booked = (
    select(operation.c.id, posting.c.id.label("posting_id"))
    .join(posting, posting.c.operation_id == operation.c.id)
    .where(
        operation.c.state == "refused",
        posting.c.phase != "void",
        not_(
            exists().where(
                _settling.c.settles == posting.c.id,
            )
        ),
    )
)
_closed_moving = (
    select(account.c.id, ledger_account.c.balance)
    .join(ledger_account, ledger_account.c.id == account.c.id)
    .where(
        account.c.state.in_(("03", "04", "05")),
        or_(
            ledger_account.c.balance != 0,
            exists().where(and_(entry.c.account_id == account.c.id, entry.c.on > account.c.closed_on)),
        ),
    )
)
_settled_owing = (
    select(loan.c.id, ledger_account.c.balance)
    .join(ledger_account, ledger_account.c.id == loan.c.id)
    .where(
        or_(
            and_(loan.c.state == "settled", ledger_account.c.balance != 0),
            and_(loan.c.state != "settled", ledger_account.c.balance == 0),
        )
    )
)
_receipts = (
    select(operation.c.receipt_number, func.count().label("times"))
    .where(operation.c.receipt_number.is_not(None))
    .group_by(operation.c.receipt_number)
    .having(func.count() > 1)
)
_no_receipt = select(operation.c.id).where(
    operation.c.state == "confirmed", operation.c.receipt_number.is_(None)
)
_clearing = (
    select(func.coalesce(func.sum(entry.c.amount), 0))
    .where(entry.c.account_id == House.PAYOUT_CLEARING)
    .scalar_subquery()
)
_waiting = (
    select(func.coalesce(func.sum(operation.c.amount), 0))
    .where(operation.c.kind == "closure", operation.c.state == "pending")
    .scalar_subquery()
)
_clearing_off = select(_clearing.label("cleared"), _waiting.label("waiting")).where(_clearing != _waiting)
_outbox_off = (
    select(operation.c.id, outbox.c.outcome)
    .join(outbox, outbox.c.operation_id == operation.c.id)
    .where(
        outbox.c.kind == "payout",
        or_(
            and_(operation.c.state == "pending", outbox.c.outcome.is_not(None)),
            and_(operation.c.state == "confirmed", outbox.c.outcome != "done"),
            and_(operation.c.state == "confirmed", outbox.c.outcome.is_(None)),
            and_(operation.c.state == "refused", func.coalesce(outbox.c.outcome, "") != "refused"),
        ),
    )
)
_twice_settled = (
    select(posting.c.settles, func.count().label("times"))
    .where(posting.c.settles.is_not(None))
    .group_by(posting.c.settles)
    .having(func.count() > 1)
)
_interest_off = (
    select(interest_settlement.c.account_id, interest_settlement.c.until, entry.c.amount)
    .join(posting, posting.c.id == interest_settlement.c.posting_id)
    .join(
        entry,
        and_(entry.c.posting_id == posting.c.id, entry.c.account_id == interest_settlement.c.account_id),
    )
    .where(
        or_(
            entry.c.amount != interest_settlement.c.interest, entry.c.balance != interest_settlement.c.closing
        )
    )
)


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("I1", "every posting sums to zero", _unbalanced, lambda r: f"posting {r.posting_id}: {r.off}"),
    Invariant("I1", "every posting has entries", _empty, lambda r: f"posting {r.id}"),
    Invariant(
        "I2",
        "all entries sum to zero",
        _all.having(func.sum(entry.c.amount) != 0),
        lambda r: f"{r.off}",
    ),
    Invariant(
        "I3",
        "a stored balance is the sum of its entries",
        _drifted,
        lambda r: f"account {r.id}: stored {r.balance}, entries {r.amount}",
    ),
    Invariant(
        "I4",
        "no member below zero, no loan above it, at any entry",
        _overdrawn,
        lambda r: f"entry {r.id}: account {r.account_id} at {r.balance}",
    ),
    Invariant(
        "I4",
        "the balance after each entry is the sum up to it",
        _broken_prefix,
        lambda r: f"entry {r.id}: {r.balance}, not {r.running}",
    ),
    Invariant(
        "I5",
        "an operation accepted has one posting",
        _confirmed_wrong,
        lambda r: f"operation {r.id}: {r.postings} postings",
    ),
    Invariant(
        "I5",
        "an operation's amount is what its posting took",
        _wrong_amount,
        lambda r: f"operation {r.id}: {r.amount}, booked {r.taken}",
    ),
    Invariant(
        "I5",
        "a posting of an operation has its operation",
        _nobodys,
        lambda r: f"posting {r.id}: no operation {r.operation_id}",
    ),
    Invariant(
        "I6",
        "an operation refused has no posting, or one taken back",
        _refused_booked,
        lambda r: f"operation {r.id}: posting {r.posting_id}",
    ),
    Invariant(
        "I8",
        "a closed account holds nothing and moves no more",
        _closed_moving,
        lambda r: f"account {r.id}: {r.balance}",
    ),
    Invariant(
        "I8",
        "a loan is settled exactly when nothing is owed",
        _settled_owing,
        lambda r: f"loan {r.id}: {r.balance}",
    ),
    Invariant(
        "I9", "receipt numbers are unique", _receipts, lambda r: f"{r.receipt_number}: {r.times} times"
    ),
    Invariant("I9", "what is confirmed has a receipt", _no_receipt, lambda r: f"operation {r.id}"),
    Invariant(
        "I11",
        "payout clearing holds what waits for the bank",
        _clearing_off,
        lambda r: f"clearing {r.cleared}, waiting {r.waiting}",
    ),
    Invariant(
        "I11",
        "a payout's outcome is its operation's",
        _outbox_off,
        lambda r: f"operation {r.id}: bank said {r.outcome}",
    ),
    Invariant(
        "I11",
        "a pending posting is settled once",
        _twice_settled,
        lambda r: f"posting {r.settles}: {r.times} times",
    ),
    Invariant(
        "I3",
        "interest credited is interest settled",
        _interest_off,
        lambda r: f"account {r.account_id} until {r.until}: {r.amount}",
    ),
)
