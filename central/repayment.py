"""Early repayment (提前还款) from the account: a quote that was agreed to (repayment_quotes.py) is booked, once."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, update

from central import accounts, masks
from central.batch.days import CLOSED_SINCE
from central.centre import Centre
from central.clock import instant
from central.ledger.house import House
from central.ledger.posting import Booking, Held, Line, book, carried_part
from central.operations import Outcome
from central.quotes import check_agreed
from central.refusals import Refused
from central.rules.dated import in_force
from central.store.rows import AnyRow
from central.store.tables import account, ledger_account, loan, loan_plan, person, quote
from kiosk.contract.loans import RepaymentQuote
from kiosk.contract.money import Fen
from kiosk.contract.operation_id import business_number
from kiosk.contract.operations import Operation, OperationKind, OperationState
from kiosk.contract.problems import Problem

WITHDRAWN, REPAID_EARLY, SETTLED = "11", "05", "06"  # gjhtqywlx 11, dkywmxlx 05 and 06


_owed = ledger_account.alias("owed")
_QUOTED = (
    select(
        quote,
        account.c.number.label("account_number"),
        account.c.state.label("account_state"),
        account.c.freeze,
        account.c.pending_operation,
        ledger_account.c.balance.label("fund_balance"),
        ledger_account.c.carried.label("fund_carried"),
        ledger_account.c.version.label("fund_version"),
        _owed.c.balance.label("owed_balance"),
        _owed.c.version.label("owed_version"),
        loan.c.contract,
        loan.c.state.label("loan_state"),
        loan.c.rate,
        loan.c.next_number,
        loan.c.last_due,
        person.c.name,
        CLOSED_SINCE.scalar_subquery().label("closed_since"),
    )
    .join(account, account.c.id == quote.c.account_id)
    .join(ledger_account, ledger_account.c.id == account.c.id)
    .join(loan, loan.c.id == quote.c.loan_id)
    .join(_owed, _owed.c.id == loan.c.id)
    .join(person, person.c.id == quote.c.person_id)
    .where(quote.c.id == bindparam("quote_id"))
    .with_for_update(of=[account, ledger_account, loan, _owed])
)
_REPAID_PART = (
    update(loan)
    .where(loan.c.id == bindparam("b_id"))
    .values(
        level=bindparam("b_level"),
        months_left=bindparam("b_months_left"),
        next_due=bindparam("b_next_due"),
        next_interest=bindparam("b_next_interest"),
        next_number=bindparam("b_next_number"),
        last_due=bindparam("b_last_due"),
        early_count=loan.c.early_count + 1,
        last_early_on=bindparam("b_today"),
    )
)
_REPAID_ALL = (
    update(loan)
    .where(loan.c.id == bindparam("b_id"))
    .values(
        state="settled",
        settled_on=bindparam("b_today"),
        months_left=0,
        next_due=None,
        next_interest=None,
        early_count=loan.c.early_count + 1,
        last_early_on=bindparam("b_today"),
    )
)
_NEW_PLAN = insert(loan_plan)


def carry_out(
    tx: Connection,
    centre: Centre,
    *,
    operation_id: UUID,
    kiosk_id: str,
    quote_id: UUID,
    if_match: str,
    contract: str,
) -> Outcome:
    """Book a quoted repayment, or raise Refused. The quote, once authorised, is the authority: no visit is needed.

    Refusals: QUOTE_STALE when it is unknown, another kiosk's, another loan's, or the books have changed since;
    QUOTE_EXPIRED; VISIT_NOT_VERIFIED when the password has not agreed to it; ACCOUNT_CLOSED, ACCOUNT_FROZEN,
    OPERATION_IN_FLIGHT, INSUFFICIENT_BALANCE.
    """
    now_ms = centre.now_ms()
    row = tx.execute(_QUOTED, {"quote_id": quote_id}).one_or_none()
    if row is None or row.kiosk_id != kiosk_id or row.contract != contract:
        raise Refused(Problem.QUOTE_STALE, "no such quote")
    try:
        _check_quote(row, if_match, now_ms)
    except Refused as refused:
        refused.person_id = row.person_id
        raise
    return _book(tx, centre, row, operation_id, kiosk_id, now_ms)


def _check_quote(row: AnyRow, if_match: str, now_ms: int) -> None:
    check_agreed(row, if_match, now_ms, books_closed=row.closed_since is not None)
    if row.account_state in accounts.CLOSED_STATES:
        raise Refused(Problem.ACCOUNT_CLOSED)
    if row.account_state == accounts.FROZEN_STATE or row.freeze != accounts.NOT_FROZEN:
        raise Refused(Problem.ACCOUNT_FROZEN)
    if row.pending_operation is not None:
        raise Refused(Problem.OPERATION_IN_FLIGHT)
    if row.fund_version != row.account_version or row.owed_version != row.loan_version:
        raise Refused(Problem.QUOTE_STALE, "the account or the loan has changed since")


def _book(
    tx: Connection,
    centre: Centre,
    row: AnyRow,
    operation_id: UUID,
    kiosk_id: str,
    now_ms: int,
) -> Outcome:
    offer = RepaymentQuote.model_validate_json(row.body)
    plan = json.loads(row.plan)
    today = centre.today()
    held = {
        row.account_id: Held(row.account_id, "member", Fen(row.fund_balance), Fen(row.fund_carried)),
        row.loan_id: Held(row.loan_id, "loan", Fen(row.owed_balance)),
    }
    if offer.total > row.fund_balance:
        refused = Refused(Problem.INSUFFICIENT_BALANCE)
        refused.person_id = row.person_id
        raise refused
    order = in_force(centre.policy.account_interest, today).withdrawal_order
    posting_id = book(
        tx,
        Booking("repayment", today, now_ms, operation_id=operation_id, kiosk_id=kiosk_id),
        [
            Line(
                row.account_id,
                WITHDRAWN,
                Fen(-offer.total),
                carried_part(row.fund_balance, row.fund_carried, offer.total, order),
            ),
            Line(row.loan_id, SETTLED if plan is None else REPAID_EARLY, offer.principal),
            *([Line(House.INTEREST_EARNED, "99", offer.interest)] if offer.interest else []),
        ],
        held,
    )
    _change_loan(tx, row, offer, plan, today, operation_id)
    receipt = f"{today:%Y%m%d}{posting_id:010d}"
    view = Operation(
        operation_id=operation_id,
        kind=OperationKind.REPAYMENT,
        state=OperationState.CONFIRMED,
        number=business_number(operation_id),
        receipt_number=receipt,
        amount=offer.total,
        interest=offer.interest,
        submitted_at=instant(now_ms),
        completed_at=instant(now_ms),
        contract=offer.contract,
        account_masked=masks.account(row.account_number),
        name_masked=masks.name(row.name),
        balance_after=offer.balance_after,
        account_after=Fen(held[row.account_id].balance),
        instalment_after=offer.instalment_after,
        months_after=offer.months_after,
        last_due_after=offer.last_due_after,
        interest_saved=offer.interest_saved,
    )
    return Outcome(201, view, row.person_id, row.id)


def _change_loan(
    tx: Connection,
    row: AnyRow,
    offer: RepaymentQuote,
    plan: dict[str, Any] | None,
    today: date,
    operation_id: UUID,
) -> None:
    if plan is None:
        tx.execute(_REPAID_ALL, {"b_id": row.loan_id, "b_today": today})
    else:
        pays_current = plan["pays_current"]
        tx.execute(
            _REPAID_PART,
            {
                "b_id": row.loan_id,
                "b_level": plan["level"],
                "b_months_left": plan["months"],
                "b_next_due": date.fromisoformat(plan["next_due"]),
                "b_next_interest": plan["next_interest"],
                "b_next_number": row.next_number + pays_current,
                "b_last_due": today if pays_current else row.last_due,
                "b_today": today,
            },
        )
    tx.execute(
        _NEW_PLAN,
        {
            "loan_id": row.loan_id,
            "version": row.loan_version + 1,
            "on": today,
            "reason": "payoff" if plan is None else f"early-{plan['mode']}",
            "balance": offer.balance_after,
            "rate": row.rate,
            "months": offer.months_after,
            "level": 0 if plan is None else plan["level"],
            "operation_id": operation_id,
        },
    )
