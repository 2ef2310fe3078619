"""Interest of 30 June: settled for every account by the rules, credited and carried over, a chunk at a time."""

from collections import defaultdict
from datetime import date, timedelta

from sqlalchemy import Connection, bindparam, func, insert, select, update

from central.accounts import CLOSED_STATES
from central.batch import days
from central.centre import Centre
from central.ledger.house import House
from central.ledger.posting import Booking, Held, Line, book_many
from central.rules.account_interest import (
    SETTLEMENT_DAY,
    SETTLEMENT_MONTH,
    Movement,
    Parts,
    Settlement,
    settle,
)
from central.rules.dated import in_force
from central.store.rows import AnyRow
from central.store.tables import account, entry, interest_settlement, ledger_account
from kiosk.contract.money import Fen

INTEREST = "09"  # gjhtqywlx 年终结息
KIND = "interest"
CHUNK = 1000
"""Accounts in one transaction: long enough to be quick, short enough that a crash repeats little."""


def interest_lines(account_id: int, interest: Fen, carried: Fen) -> list[Line]:
    """Interest credited; `carried` is what joins the carried-over part with it."""
    lines = [Line(account_id, INTEREST, interest, carried, earns=False)]
    if interest:
        lines.append(Line(House.INTEREST_PAID, "99", Fen(-interest)))
    return lines


def settlement_key(account_id: int, until: date) -> str:
    """What makes sure that an account's interest up to a day is booked once."""
    return f"interest:{account_id}:{until}"


def last_settlement_day(today: date) -> date:
    """The latest 1 July that is not after the day following `today`: 30 June settles up to it."""
    july = date(today.year, SETTLEMENT_MONTH, SETTLEMENT_DAY)
    return july if july <= today + timedelta(days=1) else july.replace(year=today.year - 1)


def run(centre: Centre, today: date) -> int:
    """Settle every account that is not settled up to the last 1 July, also what an earlier run left; how many."""
    until = last_settlement_day(today)
    with centre.database.write() as tx:
        position, _ = days.begin(tx, KIND, until, centre.now_ms())
    done = 0
    position = 0  # what is settled is passed over by its own date, so a later run catches accounts left out
    while True:
        with centre.database.write() as tx:
            rows = _due(tx, until, position)
            if not rows:
                days.finish(tx, KIND, until, centre.now_ms())
                return done
            _settle(tx, centre, rows, until)
            position = rows[-1].id
            days.advance(tx, KIND, until, position)
            done += len(rows)


def _due(tx: Connection, until: date, position: int) -> list[AnyRow]:
    """The next accounts to settle, locked; those being closed wait for their bank."""
    return list(
        tx.execute(
            select(
                account.c.id,
                account.c.interest_from,
                account.c.interest_opening,
                ledger_account.c.balance,
                ledger_account.c.carried,
            )
            .join(ledger_account, ledger_account.c.id == account.c.id)
            .where(
                account.c.id > position,
                account.c.interest_from < until,
                account.c.state.not_in(CLOSED_STATES),
                account.c.pending_operation.is_(None),
            )
            .order_by(account.c.id)
            .limit(CHUNK)
            .with_for_update(of=[account, ledger_account])
        )
    )


_UPDATE = (
    update(account)
    .where(account.c.id == bindparam("b_id"))
    .values(interest_from=bindparam("b_from"), interest_opening=bindparam("b_opening"))
)


def _settle(tx: Connection, centre: Centre, rows: list[AnyRow], until: date) -> None:
    moves, last_on = _movements(tx, rows, until)
    policy = in_force(centre.policy.account_interest, until)
    held = {row.id: Held(row.id, "member", Fen(row.balance), Fen(row.carried)) for row in rows}
    settled: list[tuple[int, Settlement]] = []
    bookings = []
    for row in rows:
        for settlement in settle(
            Parts(Fen(row.interest_opening)),
            row.interest_from,
            until,
            moves[row.id],
            centre.policy.deposit_rates,
            policy.method,
            policy.withdrawal_order,
        ):
            settled.append((row.id, settlement))
            carried = Fen(settlement.parts.current + settlement.interest)
            if carried:
                on = max(settlement.until - timedelta(days=1), last_on.get(row.id, date.min))
                booking = Booking(
                    "interest", on, centre.now_ms(), batch_key=settlement_key(row.id, settlement.until)
                )
                bookings.append((booking, interest_lines(row.id, settlement.interest, carried)))
    ids = book_many(tx, bookings, held) if bookings else []
    posted = {booking.batch_key: posting_id for posting_id, (booking, _) in zip(ids, bookings, strict=True)}
    tx.execute(
        insert(interest_settlement),
        [
            {
                "account_id": account_id,
                "until": settlement.until,
                "since": settlement.since,
                "product_sum": settlement.product_sum,
                "interest": settlement.interest,
                "closing": settlement.closing,
                "posting_id": posted.get(settlement_key(account_id, settlement.until)),
            }
            for account_id, settlement in settled
        ],
    )
    latest = dict(settled)  # the last one of each account
    tx.execute(
        _UPDATE,
        [
            {"b_id": account_id, "b_from": one.until, "b_opening": one.closing}
            for account_id, one in latest.items()
        ],
    )


def _movements(
    tx: Connection, rows: list[AnyRow], until: date
) -> tuple[dict[int, list[Movement]], dict[int, date]]:
    """What moved each account since its last settlement, and the day of its last entry of any kind."""
    ids = [row.id for row in rows]
    moves: dict[int, list[Movement]] = defaultdict(list)
    since = {row.id: row.interest_from for row in rows}
    for row in tx.execute(
        select(entry.c.account_id, entry.c.on, entry.c.amount)
        .where(
            entry.c.account_id.in_(ids),
            entry.c.on >= min(since.values()),
            entry.c.on < until,
            entry.c.earns,
        )
        .order_by(entry.c.account_id, entry.c.on, entry.c.id)
    ):
        if row.on >= since[row.account_id]:
            moves[row.account_id].append(Movement(row.on, Fen(row.amount)))
    last = tx.execute(
        select(entry.c.account_id, func.max(entry.c.on).label("on"))
        .where(entry.c.account_id.in_(ids))
        .group_by(entry.c.account_id)
    )
    return moves, {row.account_id: row.on for row in last}
