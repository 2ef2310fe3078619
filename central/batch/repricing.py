"""1 January: loans paid out before a change of rates take the new one, without an application."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, exists, insert, select, update

from central.batch import days
from central.centre import Centre
from central.loans import LOANS, Debt, debt
from central.rules.dated import in_force
from central.rules.loan_rates import Home, loan_rate
from central.rules.repricing import January, january_interest, reprice
from central.store.tables import ledger_account, loan, loan_plan
from kiosk.contract.money import Fen

KIND = "repricing"
CHUNK = 500


def turn_of(today: date) -> date:
    """The 1 January that the end of `today` has to have seen to."""
    return date((today + timedelta(days=1)).year, 1, 1)


def is_open(centre: Centre, turn: date) -> bool:
    """Whether there are loans still to be re-priced."""
    with centre.database.write() as tx:
        return not days.begin(tx, KIND, turn, centre.now_ms())[1]


def run(centre: Centre, turn: date) -> int:
    """Re-price every open loan paid out before `turn` whose rate has changed; how many took a new rate.

    A loan of which an instalment of the old year could not be collected yet (the bank was silent) keeps the old rate
    for it, and is taken up at the next run.
    """
    with centre.database.write() as tx:
        position, finished = days.begin(tx, KIND, turn, centre.now_ms())
    changed = 0
    while not finished:
        with centre.database.write() as tx:
            rows = tx.execute(
                LOANS.where(*_open_before(turn), loan.c.id > position, loan.c.next_due >= turn)
                .order_by(loan.c.id)
                .limit(CHUNK)
                .with_for_update(of=[loan, ledger_account])
            ).all()
            changed += sum(_reprice(tx, centre, debt(tx, row), turn) for row in rows)
            if rows:
                position = rows[-1].id
                days.advance(tx, KIND, turn, position)
                continue
            waiting = exists().where(*_open_before(turn), loan.c.next_due < turn)
            if tx.execute(select(waiting)).scalar_one():
                # from the first again: a loan that has the new rate is passed over
                days.advance(tx, KIND, turn, 0)
            else:
                days.finish(tx, KIND, turn, centre.now_ms())
            finished = True
    return changed


def _open_before(turn: date) -> tuple[ColumnElement[bool], ...]:
    return (loan.c.disbursed_on < turn, loan.c.state != "settled", loan.c.months_left > 0)


def _reprice(tx: Connection, centre: Centre, found: Debt, turn: date) -> bool:
    row = found.row
    home = Home.SECOND if row.second_home else Home.FIRST
    new = loan_rate(centre.policy.loan_rates, turn, row.months, home)
    if new == found.rate:
        return False
    january = in_force(centre.policy.loan_schedule, turn).january
    plan = reprice(found.plan, new)
    next_interest: Fen | None = row.next_interest  # what was agreed for it already stands
    if next_interest is None and january is not January.WHOLE_NEW:
        next_interest = january_interest(
            found.plan.balance, found.rate, new, january, last_due=found.last_due, due=row.next_due
        )
    text = f"{new.normalize():f}"
    tx.execute(
        update(loan)
        .where(loan.c.id == row.id)
        .values(rate=text, level=plan.level, next_interest=next_interest)
    )
    tx.execute(
        update(ledger_account)
        .where(ledger_account.c.id == row.id)
        .values(version=ledger_account.c.version + 1)
    )
    tx.execute(
        insert(loan_plan).values(
            loan_id=row.id,
            version=found.version + 1,
            on=turn,
            reason="repricing",
            balance=plan.balance,
            rate=text,
            months=plan.months,
            level=plan.level,
        )
    )
    return True
