"""The invariants of postings, entries, accounts and loans, as queries.

I1 postings balance, I2 everything balances, I3 stored balances are sums and interest goes on from its settlements,
I4 nobody below zero at any entry, I8 what is closed is empty and still. Comparisons are safe against what is missing:
nothing is as wrong as another figure.
"""

from sqlalchemy import and_, case, exists, func, literal, not_, or_, select

from central.ledger.house import House
from central.ledger.invariant import Invariant
from central.store.tables import account, entry, interest_settlement, ledger_account, loan, posting

OPEN_STATES = ("01", "02", "06", "99")  # grzhzt
CLOSED_STATES = ("03", "04", "05")
LOAN_STATES = ("normal", "arrears", "settled")
INTEREST, CLOSING = "09", "12"  # gjhtqywlx
_OWNED = ledger_account.c.id > max(House)

_unbalanced = (
    select(entry.c.posting_id, func.sum(entry.c.amount).label("off"))
    .group_by(entry.c.posting_id)
    .having(func.sum(entry.c.amount) != 0)
)
_empty = select(posting.c.id).where(not_(exists().where(entry.c.posting_id == posting.c.id)))
_strays = (
    select(entry.c.id, entry.c.account_id, entry.c.posting_id)
    .outerjoin(posting, posting.c.id == entry.c.posting_id)
    .outerjoin(ledger_account, ledger_account.c.id == entry.c.account_id)
    .where(
        or_(
            posting.c.id.is_(None),
            ledger_account.c.id.is_(None),
            posting.c.on != entry.c.on,
            entry.c.correction != or_(posting.c.corrects.is_not(None), posting.c.phase == "void"),
            and_(
                _OWNED,
                entry.c.earns != and_(entry.c.code != INTEREST, posting.c.phase.not_in(("pending", "void"))),
            ),
        )
    )
)
_all = select(func.coalesce(func.sum(entry.c.amount), 0).label("off"))
_sums = (
    select(
        entry.c.account_id,
        func.sum(entry.c.amount).label("amount"),
        func.sum(entry.c.carried).label("carried"),
    )
    .where(entry.c.account_id > max(House))
    .group_by(entry.c.account_id)
    .subquery()
)
_drifted = (
    select(ledger_account.c.id, ledger_account.c.balance, _sums.c.amount)
    .outerjoin(_sums, _sums.c.account_id == ledger_account.c.id)
    .where(
        _OWNED,
        or_(
            ledger_account.c.balance.is_distinct_from(func.coalesce(_sums.c.amount, 0)),
            ledger_account.c.carried.is_distinct_from(func.coalesce(_sums.c.carried, 0)),
        ),
    )
)
_right_kind = case(
    (account.c.id.is_not(None), "member"),
    (loan.c.id.is_not(None), "loan"),
    (ledger_account.c.id <= max(House), "house"),
    else_="nobody's",
)
_misnamed = (
    select(ledger_account.c.id, ledger_account.c.kind, _right_kind.label("right"))
    .outerjoin(account, account.c.id == ledger_account.c.id)
    .outerjoin(loan, loan.c.id == ledger_account.c.id)
    .where(ledger_account.c.kind != _right_kind)
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
_broken_prefix = select(_running).where(_running.c.balance.is_distinct_from(_running.c.running))

# ------------------------------------------------------------------ interest

_later = entry.alias("later")
_booked_since = (
    select(func.coalesce(func.sum(_later.c.amount), 0))
    .where(
        _later.c.account_id == interest_settlement.c.account_id,
        _later.c.on >= interest_settlement.c.until,
        _later.c.id < entry.c.id,
    )
    .correlate(interest_settlement, entry)
    .scalar_subquery()
)
_interest_off = (
    select(interest_settlement.c.account_id, interest_settlement.c.until, entry.c.amount)
    .outerjoin(
        entry,
        and_(
            entry.c.posting_id == interest_settlement.c.posting_id,
            entry.c.account_id == interest_settlement.c.account_id,
        ),
    )
    .where(
        or_(
            and_(interest_settlement.c.posting_id.is_(None), interest_settlement.c.interest != 0),
            and_(
                interest_settlement.c.posting_id.is_not(None),
                or_(
                    entry.c.amount.is_distinct_from(interest_settlement.c.interest),
                    # The batch may run when the next interest year has begun, and movements with it.
                    entry.c.balance - _booked_since != interest_settlement.c.closing,
                ),
            ),
        )
    )
)
_unsettled = (
    select(posting.c.id)
    .outerjoin(interest_settlement, interest_settlement.c.posting_id == posting.c.id)
    .where(posting.c.kind == "interest", interest_settlement.c.posting_id.is_(None))
)
_last_until = (
    select(interest_settlement.c.account_id, func.max(interest_settlement.c.until).label("until"))
    .group_by(interest_settlement.c.account_id)
    .subquery()
)
_restarted = (
    select(account.c.id, account.c.interest_from, interest_settlement.c.until, interest_settlement.c.closing)
    .join(_last_until, _last_until.c.account_id == account.c.id)
    .join(
        interest_settlement,
        and_(
            interest_settlement.c.account_id == account.c.id,
            interest_settlement.c.until == _last_until.c.until,
        ),
    )
    .where(
        or_(
            account.c.interest_from != interest_settlement.c.until,
            account.c.interest_opening != interest_settlement.c.closing,
        )
    )
)

# ------------------------------------------------------------------ what is closed

_closing = (
    select(entry.c.account_id, func.max(entry.c.id).label("entry_id"))
    .where(entry.c.code == CLOSING, entry.c.amount < 0)
    .group_by(entry.c.account_id)
    .subquery()
)
_moved_since = exists().where(
    entry.c.account_id == account.c.id,
    or_(entry.c.on > account.c.closed_on, entry.c.id > _closing.c.entry_id),
)
_closed_moving = (
    select(account.c.id, ledger_account.c.balance)
    .join(ledger_account, ledger_account.c.id == account.c.id)
    .outerjoin(_closing, _closing.c.account_id == account.c.id)
    .where(
        account.c.state.in_(CLOSED_STATES),
        or_(
            ledger_account.c.balance.is_distinct_from(0),
            account.c.closed_on.is_(None),
            _moved_since,
        ),
    )
)
_closed_unsaid = (
    select(account.c.id, account.c.state)
    .outerjoin(_closing, _closing.c.account_id == account.c.id)
    .where(
        or_(
            account.c.state.not_in((*OPEN_STATES, *CLOSED_STATES)),
            and_(
                account.c.state.in_(OPEN_STATES),
                or_(
                    account.c.closed_on.is_not(None),
                    and_(
                        account.c.pending_operation.is_(None),
                        _closing.c.entry_id.is_not(None),
                        not_(
                            exists().where(
                                entry.c.account_id == account.c.id, entry.c.id > _closing.c.entry_id
                            )
                        ),
                    ),
                ),
            ),
        )
    )
)
_settled_owing = (
    select(loan.c.id, loan.c.state, ledger_account.c.balance)
    .join(ledger_account, ledger_account.c.id == loan.c.id)
    .where(
        or_(
            loan.c.state.not_in(LOAN_STATES),
            and_(
                loan.c.state == "settled",
                or_(ledger_account.c.balance.is_distinct_from(0), loan.c.settled_on.is_(None)),
            ),
            and_(loan.c.state != "settled", ledger_account.c.balance == literal(0)),
        )
    )
)


INVARIANTS: tuple[Invariant, ...] = (
    Invariant("I1", "every posting sums to zero", _unbalanced, lambda r: f"posting {r.posting_id}: {r.off}"),
    Invariant("I1", "every posting has entries", _empty, lambda r: f"posting {r.id}"),
    Invariant(
        "I1",
        "every entry is of a posting of its day and kind, and on an account",
        _strays,
        lambda r: f"entry {r.id}: posting {r.posting_id}, account {r.account_id}",
    ),
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
        "I3",
        "every balance is a member's, a loan's or the house's",
        _misnamed,
        lambda r: f"account {r.id}: {r.kind}, but is {r.right}",
    ),
    Invariant(
        "I3",
        "interest credited is interest settled",
        _interest_off,
        lambda r: f"account {r.account_id} until {r.until}: {r.amount}",
    ),
    Invariant("I3", "interest credited has its settlement", _unsettled, lambda r: f"posting {r.id}"),
    Invariant(
        "I3",
        "interest goes on from where it was settled",
        _restarted,
        lambda r: f"account {r.id}: from {r.interest_from}, settled until {r.until} at {r.closing}",
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
        "I8",
        "a closed account holds nothing and moves no more",
        _closed_moving,
        lambda r: f"account {r.id}: {r.balance}",
    ),
    Invariant(
        "I8",
        "an account paid out is closed, and no other",
        _closed_unsaid,
        lambda r: f"account {r.id}: state {r.state}",
    ),
    Invariant(
        "I8",
        "a loan is settled exactly when nothing is owed",
        _settled_owing,
        lambda r: f"loan {r.id}: {r.state}, {r.balance}",
    ),
)
