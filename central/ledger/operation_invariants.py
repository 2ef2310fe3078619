"""The invariants of operations, receipts and payouts, as queries.

I5 an operation accepted has one posting of its amount, on its own person's account; I6 one that is refused has none
that stands; I9 receipts; I11 payouts. What the operations were told to say is in told.py.
"""

from sqlalchemy import and_, case, func, null, or_, select

from central.ledger.house import House
from central.ledger.invariant import Invariant
from central.store.tables import account, document, entry, operation, outbox, posting
from kiosk.contract.operations import MONEY_KINDS, OperationKind

MONEY = tuple(kind.value for kind in MONEY_KINDS)  # plain text, which every database takes
_taking = posting.c.phase.in_(("single", "pending"))
_settling = posting.alias("settling")
_settled = posting.alias("settled")

_unknown = select(operation.c.id, operation.c.kind, operation.c.state).where(
    or_(
        operation.c.kind.not_in([kind.value for kind in OperationKind]),
        operation.c.state.not_in(("pending", "confirmed", "refused")),
        and_(operation.c.kind != "closure", operation.c.state == "pending"),
    )
)
_accepted_wrong = (
    select(operation.c.id, func.count(posting.c.id).label("postings"))
    .outerjoin(posting, and_(posting.c.operation_id == operation.c.id, _taking))
    .where(
        operation.c.kind.in_(MONEY),
        operation.c.state != "refused",
        or_(operation.c.amount.is_(None), operation.c.amount > 0),
    )
    .group_by(operation.c.id)
    .having(func.count(posting.c.id) != 1)
)
_taken = (
    select(
        posting.c.id.label("posting_id"),
        (-func.sum(entry.c.amount)).label("amount"),
        func.min(account.c.person_id).label("person_id"),
    )
    .join(entry, entry.c.posting_id == posting.c.id)
    .join(account, account.c.id == entry.c.account_id)
    .where(_taking, entry.c.amount < 0, posting.c.operation_id.is_not(None))
    .group_by(posting.c.id)
    .subquery()
)
_booked_otherwise = (
    select(
        operation.c.id, operation.c.amount, _taken.c.amount.label("taken"), posting.c.id.label("posting_id")
    )
    .join(posting, and_(posting.c.operation_id == operation.c.id, _taking))
    .outerjoin(_taken, _taken.c.posting_id == posting.c.id)
    .where(
        or_(
            operation.c.amount.is_distinct_from(_taken.c.amount),
            operation.c.person_id.is_distinct_from(_taken.c.person_id),
            operation.c.kiosk_id.is_distinct_from(posting.c.kiosk_id),
            operation.c.kind != posting.c.kind,
        )
    )
)
_nobodys = (
    select(posting.c.id, posting.c.operation_id)
    .outerjoin(operation, operation.c.id == posting.c.operation_id)
    .where(posting.c.operation_id.is_not(None), operation.c.id.is_(None))
)
_phase_wanted = case(  # how an operation's pending posting is settled
    (operation.c.state == "confirmed", "post"), (operation.c.state == "refused", "void"), else_=null()
)
_settled_otherwise = (
    select(operation.c.id, operation.c.state, _settling.c.phase)
    .join(posting, and_(posting.c.operation_id == operation.c.id, posting.c.phase == "pending"))
    .outerjoin(_settling, _settling.c.settles == posting.c.id)
    .where(
        operation.c.state != "refused",
        _phase_wanted.is_distinct_from(_settling.c.phase),
    )
)
_refused_booked = (
    select(operation.c.id, posting.c.id.label("posting_id"))
    .join(posting, posting.c.operation_id == operation.c.id)
    .outerjoin(_settling, and_(_settling.c.settles == posting.c.id, _settling.c.phase == "void"))
    .where(operation.c.state == "refused", posting.c.phase != "void", _settling.c.id.is_(None))
)
_phaseless = (
    select(posting.c.id, posting.c.phase, posting.c.settles)
    .outerjoin(_settled, _settled.c.id == posting.c.settles)
    .where(
        or_(
            posting.c.phase.not_in(("single", "pending", "post", "void")),
            and_(posting.c.phase != "single", posting.c.operation_id.is_(None)),
            and_(posting.c.phase.in_(("single", "pending")), posting.c.settles.is_not(None)),
            and_(
                posting.c.phase.in_(("post", "void")),
                or_(
                    _settled.c.phase.is_distinct_from("pending"),
                    _settled.c.operation_id.is_distinct_from(posting.c.operation_id),
                ),
            ),
        )
    )
)
_twice_settled = (
    select(posting.c.settles, func.count().label("times"))
    .where(posting.c.settles.is_not(None))
    .group_by(posting.c.settles)
    .having(func.count() > 1)
)

# ------------------------------------------------------------------ receipts

_receipts = (
    select(operation.c.receipt_number, func.count().label("times"))
    .where(operation.c.receipt_number.is_not(None))
    .group_by(operation.c.receipt_number)
    .having(func.count() > 1)
)
_no_receipt = select(operation.c.id, operation.c.receipt_number).where(
    (operation.c.state == "refused") == operation.c.receipt_number.is_not(None)
)
_other_paper = (
    select(operation.c.id, operation.c.receipt_number, document.c.number)
    .outerjoin(document, document.c.operation_id == operation.c.id)
    .where(
        operation.c.kind == "document",
        operation.c.state == "confirmed",
        document.c.number.is_distinct_from(operation.c.receipt_number),
    )
)

# ------------------------------------------------------------------ payouts

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
_outcome_wanted = case(
    (operation.c.state == "confirmed", "done"), (operation.c.state == "refused", "refused"), else_=null()
)
_outbox_off = (
    select(operation.c.id, outbox.c.outcome)
    .join(posting, and_(posting.c.operation_id == operation.c.id, posting.c.phase == "pending"))
    .outerjoin(outbox, and_(outbox.c.operation_id == operation.c.id, outbox.c.kind == "payout"))
    .where(
        or_(
            outbox.c.id.is_(None),
            _outcome_wanted.is_distinct_from(outbox.c.outcome),
            and_(outbox.c.outcome.is_not(None), or_(outbox.c.attempts < 1, outbox.c.done_ms.is_(None))),
            and_(
                outbox.c.outcome.is_(None), or_(outbox.c.next_try_ms.is_(None), outbox.c.done_ms.is_not(None))
            ),
        )
    )
)
_not_held = (
    select(operation.c.id)
    .outerjoin(
        account,
        and_(account.c.pending_operation == operation.c.id, account.c.person_id == operation.c.person_id),
    )
    .where(operation.c.kind == "closure", operation.c.state == "pending", account.c.id.is_(None))
)
_held_for_nothing = (
    select(account.c.id, account.c.pending_operation)
    .outerjoin(operation, operation.c.id == account.c.pending_operation)
    .where(account.c.pending_operation.is_not(None), operation.c.state.is_distinct_from("pending"))
)

INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "I5",
        "an operation is of a known kind and state",
        _unknown,
        lambda r: f"operation {r.id}: {r.kind} {r.state}",
    ),
    Invariant(
        "I5",
        "an operation accepted has one posting",
        _accepted_wrong,
        lambda r: f"operation {r.id}: {r.postings} postings",
    ),
    Invariant(
        "I5",
        "an operation's posting is of its kind, kiosk, person and amount",
        _booked_otherwise,
        lambda r: f"operation {r.id}: {r.amount}, posting {r.posting_id}: {r.taken}",
    ),
    Invariant(
        "I5",
        "a posting of an operation has its operation",
        _nobodys,
        lambda r: f"posting {r.id}: no operation {r.operation_id}",
    ),
    Invariant(
        "I5",
        "a pending posting is settled as its operation ended",
        _settled_otherwise,
        lambda r: f"operation {r.id}: {r.state}, settled by {r.phase}",
    ),
    Invariant(
        "I6",
        "an operation refused has no posting, or one taken back",
        _refused_booked,
        lambda r: f"operation {r.id}: posting {r.posting_id}",
    ),
    Invariant(
        "I9", "receipt numbers are unique", _receipts, lambda r: f"{r.receipt_number}: {r.times} times"
    ),
    Invariant(
        "I9",
        "what is accepted has a receipt, what is refused has none",
        _no_receipt,
        lambda r: f"operation {r.id}: {r.receipt_number}",
    ),
    Invariant(
        "I9",
        "a paper issued has the number of its operation",
        _other_paper,
        lambda r: f"operation {r.id}: {r.receipt_number}, paper {r.number}",
    ),
    Invariant(
        "I11",
        "payout clearing holds what waits for the bank",
        _clearing_off,
        lambda r: f"clearing {r.cleared}, waiting {r.waiting}",
    ),
    Invariant(
        "I11",
        "a payout is ordered, tried, and ended as its operation",
        _outbox_off,
        lambda r: f"operation {r.id}: bank said {r.outcome}",
    ),
    Invariant(
        "I11",
        "an account waits for the payout of its closure, and for no other",
        _not_held,
        lambda r: f"operation {r.id}: no account waits for it",
    ),
    Invariant(
        "I11",
        "an account waits only for what is pending",
        _held_for_nothing,
        lambda r: f"account {r.id}: operation {r.pending_operation}",
    ),
    Invariant(
        "I11",
        "what settles a posting settles a pending one of its operation",
        _phaseless,
        lambda r: f"posting {r.id}: {r.phase} of {r.settles}",
    ),
    Invariant(
        "I11",
        "a pending posting is settled once",
        _twice_settled,
        lambda r: f"posting {r.settles}: {r.times} times",
    ),
)
