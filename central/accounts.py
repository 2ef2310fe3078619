"""The personal account (个人账户) as its owner sees it: state, balance, interest to the day, entries."""

import base64
import binascii
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, case, func, or_, select

from central import masks
from central.policy import Policy
from central.refusals import Refused
from central.rules.account_interest import Movement, Parts, Settlement, settle
from central.rules.dated import in_force
from central.store.rows import AnyRow
from central.store.tables import account, entry, ledger_account
from kiosk.contract.accounts import Account, Entries, Entry
from kiosk.contract.money import Fen
from kiosk.contract.problems import Problem

CLOSED_STATES = frozenset({"03", "04", "05"})
FROZEN_STATE = "06"
NOT_FROZEN = "0"  # djbz; anything else keeps money from leaving
MAX_PAGE = 100
DEFAULT_PAGE = 50
DEFAULT_PERIOD_DAYS = 365


@dataclass(frozen=True)
class Fund:
    """An account with its stored balance."""

    row: AnyRow
    balance: Fen
    carried: Fen

    @property
    def id(self) -> int:
        return int(self.row.id)

    @property
    def version(self) -> int:
        return int(self.row.version)

    @property
    def closed(self) -> bool:
        return self.row.state in CLOSED_STATES

    @property
    def frozen(self) -> bool:
        return bool(self.row.state == FROZEN_STATE or self.row.freeze != NOT_FROZEN)

    @property
    def pending_operation(self) -> UUID | None:
        pending: UUID | None = self.row.pending_operation
        return pending


_FUND = (
    select(account, ledger_account.c.balance, ledger_account.c.carried, ledger_account.c.version)
    .join(ledger_account, ledger_account.c.id == account.c.id)
    .where(account.c.person_id == bindparam("person_id"))
)
_FUND_LOCKED = _FUND.with_for_update(of=[account, ledger_account])
_EARNING = (
    select(entry.c.on, entry.c.amount)
    .where(entry.c.account_id == bindparam("account_id"), entry.c.on >= bindparam("since"), entry.c.earns)
    .order_by(entry.c.on, entry.c.id)
)


def of_person(tx: Connection, person_id: int, *, lock: bool = False) -> Fund:
    """A citizen's account, locked with its balance when it is about to change. Raises Refused NOT_FOUND."""
    row = tx.execute(_FUND_LOCKED if lock else _FUND, {"person_id": person_id}).one_or_none()
    if row is None:
        raise Refused(Problem.NOT_FOUND, "no account")
    return Fund(row, Fen(row.balance), Fen(row.carried))


def interest_to(tx: Connection, fund: Fund, until: date, policy: Policy) -> list[Settlement]:
    """Interest not yet credited, up to but not including `until`; none on a closed account."""
    since: date = fund.row.interest_from
    if fund.closed or until <= since:
        return []
    moves = tx.execute(_EARNING, {"account_id": fund.id, "since": since})
    interest = in_force(policy.account_interest, until)
    return settle(
        Parts(Fen(fund.row.interest_opening)),
        since,
        until,
        [Movement(row.on, Fen(row.amount)) for row in moves if row.on <= until],
        policy.deposit_rates,
        interest.method,
        interest.withdrawal_order,
    )


def view(tx: Connection, person_id: int, today: date, policy: Policy) -> Account:
    """GET /v1/account."""
    fund = of_person(tx, person_id)
    row = fund.row
    closing = fund.pending_operation is not None  # its interest is in the payout already
    interest = 0 if closing else sum(part.interest for part in interest_to(tx, fund, today, policy))
    rate: Decimal = in_force(policy.deposit_rates, today).carried
    return Account(
        number_masked=masks.account(row.number),
        state=row.state,
        frozen=fund.frozen,
        employer=row.employer,
        opened_on=row.opened_on,
        deposit_base=Fen(row.deposit_base),
        employer_rate=row.employer_rate,
        person_rate=row.person_rate,
        monthly_deposit=Fen(row.monthly_deposit),
        balance=fund.balance,
        carried_over=fund.carried,
        current_year=Fen(fund.balance - fund.carried),
        accrued_interest=Fen(interest),
        interest_rate=f"{rate.normalize():f}",
        paid_up_to=row.paid_up_to,
        payout_card_masked=masks.card(row.payout_card),
        closed_on=row.closed_on,
        as_of=today,
    )


def entries(
    tx: Connection,
    person_id: int,
    since: date,
    until: date,
    *,
    cursor: str | None = None,
    limit: int = DEFAULT_PAGE,
) -> Entries:
    """GET /v1/account/entries: both days belong to the period. Raises Refused MALFORMED for a bad cursor."""
    if since > until:
        raise Refused(Problem.MALFORMED, "from is after to")
    fund = of_person(tx, person_id)
    opening = balance_before(tx, fund.id, since)
    within = and_(entry.c.account_id == fund.id, entry.c.on >= since, entry.c.on <= until)
    total_in, total_out, count = tx.execute(
        select(
            func.coalesce(func.sum(case((entry.c.amount > 0, entry.c.amount), else_=0)), 0),
            func.coalesce(func.sum(case((entry.c.amount < 0, entry.c.amount), else_=0)), 0),
            func.count(),
        ).where(within)
    ).one()
    page = select(entry).where(within).order_by(entry.c.on, entry.c.id).limit(limit + 1)
    if cursor is not None:
        on, entry_id = _read_cursor(cursor)
        page = page.where(or_(entry.c.on > on, and_(entry.c.on == on, entry.c.id > entry_id)))
    rows = tx.execute(page).all()
    shown = rows[:limit]
    return Entries(
        **{"from": since},
        to=until,
        opening=opening,
        closing=Fen(opening + int(total_in) + int(total_out)),
        total_in=Fen(int(total_in)),
        total_out=Fen(-int(total_out)),
        count=count,
        entries=tuple(
            Entry(
                id=row.id,
                on=row.on,
                kind=row.code,
                amount=Fen(row.amount),
                balance=Fen(row.balance),
                correction=row.correction,
            )
            for row in shown
        ),
        next_cursor=_cursor(shown[-1].on, shown[-1].id) if len(rows) > limit else None,
    )


def period(since: date | None, until: date | None, today: date) -> tuple[date, date]:
    """The period asked for; what is left open is today, and a year before the end."""
    end = until or today
    return since or end - timedelta(days=min(DEFAULT_PERIOD_DAYS, (end - date.min).days)), end


def balance_before(tx: Connection, account_id: int, day: date) -> Fen:
    """The balance with which a day begins, from the entries."""
    last = tx.execute(
        select(entry.c.balance)
        .where(entry.c.account_id == account_id, entry.c.on < day)
        .order_by(entry.c.on.desc(), entry.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return Fen(last or 0)


def _cursor(on: date, entry_id: int) -> str:
    return base64.urlsafe_b64encode(f"{on.isoformat()}.{entry_id}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[date, int]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        on, _, entry_id = text.partition(".")
        if not (entry_id.isascii() and entry_id.isdigit() and len(entry_id) < 18):
            raise ValueError
        return date.fromisoformat(on), int(entry_id)
    except (ValueError, binascii.Error) as error:
        raise Refused(Problem.MALFORMED, "this cursor is not one of ours") from error
