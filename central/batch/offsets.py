"""Yearly offset agreements (按年冲还贷): what a fund account can spare goes towards the principal, once a year."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, extract, insert, or_, select, update

from central.batch import days
from central.batch.instalments import WITHDRAWN, payers
from central.centre import Centre
from central.ledger.house import House
from central.ledger.posting import Booking, Held, Line, book, booking_day, carried_part
from central.loans import LOANS, Debt, debt
from central.rules.dated import in_force
from central.rules.early_repayment import Mode, Payoff
from central.rules.offset import yearly
from central.rules.refusal import Refusal
from central.rules.schedule import Plan
from central.store.rows import AnyRow
from central.store.tables import ledger_account, loan, loan_plan, offset_agreement
from kiosk.contract.money import ZERO, Fen

KIND = "yearly-offset"
REPAID_BY_FUND, SETTLED = "05", "06"


def run(centre: Centre, today: date) -> int:
    """Carry out the yearly agreements whose loan has been due in their month; how many repaid something.

    That is on the due date itself, or at the next day-end when that day's was missed.
    """
    with centre.database.write() as tx:
        days.begin(tx, KIND, today, centre.now_ms())
        due = list(
            tx.execute(
                select(offset_agreement.c.id)
                .join(loan, loan.c.id == offset_agreement.c.loan_id)
                .where(
                    offset_agreement.c.kind == "yearly",
                    loan.c.last_due <= today,
                    offset_agreement.c.month == extract("month", loan.c.last_due),
                    offset_agreement.c.signed_on <= loan.c.last_due,
                    extract("year", loan.c.last_due) == today.year,
                    loan.c.state == "normal",
                    or_(
                        offset_agreement.c.last_run_on.is_(None),
                        extract("year", offset_agreement.c.last_run_on) < today.year,
                    ),
                )
                .order_by(offset_agreement.c.id)
            ).scalars()
        )
    repaid = 0
    for agreement_id in due:
        with centre.database.write() as tx:
            agreement = tx.execute(
                select(offset_agreement).where(offset_agreement.c.id == agreement_id).with_for_update()
            ).one()
            repaid += _carry_out(tx, centre, agreement, today)
    with centre.database.write() as tx:
        days.finish(tx, KIND, today, centre.now_ms())
    return repaid


def _carry_out(tx: Connection, centre: Centre, agreement: AnyRow, today: date) -> bool:
    """One agreement in one transaction with the note that it has run this year."""
    if agreement.last_run_on is not None and agreement.last_run_on.year == today.year:
        return False
    tx.execute(
        update(offset_agreement).where(offset_agreement.c.id == agreement.id).values(last_run_on=today)
    )
    row = tx.execute(
        LOANS.where(loan.c.id == agreement.loan_id).with_for_update(of=[loan, ledger_account])
    ).one()
    found = debt(tx, row)
    mine = [
        payer
        for payer in payers(tx, centre, found, "yearly", today)
        if payer.fund.row.person_id == agreement.person_id
    ]
    amount = mine[0].source.available if mine else ZERO
    if found.settled or not amount:
        return False
    result = yearly(found.plan, amount, Mode(agreement.mode), in_force(centre.policy.offset, today))
    if isinstance(result, Refusal):
        return False
    principal, plan = (
        (result.principal, None) if isinstance(result, Payoff) else (result.principal, result.plan)
    )
    fund = mine[0].fund
    held = {
        fund.id: Held(fund.id, "member", fund.balance, fund.carried),
        found.id: Held(found.id, "loan", Fen(-found.owed)),
    }
    total = Fen(principal + result.interest)
    order = in_force(centre.policy.account_interest, today).withdrawal_order
    lines = [
        Line(fund.id, WITHDRAWN, Fen(-total), carried_part(fund.balance, fund.carried, total, order)),
        Line(found.id, REPAID_BY_FUND if plan else SETTLED, principal),
        *([Line(House.INTEREST_EARNED, "99", result.interest)] if result.interest else []),
    ]
    key = f"offset:{agreement.id}:{today.year}"
    on = booking_day(tx, today, held)
    book(tx, Booking("offset", on, centre.now_ms(), batch_key=key), lines, held)
    _change_loan(tx, found, plan, today)
    return True


def _change_loan(tx: Connection, found: Debt, plan: Plan | None, today: date) -> None:
    values: dict[str, Any] = (
        {"level": plan.level, "months_left": plan.months}
        if plan
        else {"state": "settled", "settled_on": today, "months_left": 0, "next_due": None}
    )
    tx.execute(update(loan).where(loan.c.id == found.id).values(values))
    tx.execute(
        insert(loan_plan).values(
            loan_id=found.id,
            version=found.version + 1,
            on=today,
            reason="offset-yearly",
            balance=plan.balance if plan else ZERO,
            rate=found.row.rate,
            months=plan.months if plan else 0,
            level=plan.level if plan else ZERO,
        )
    )
