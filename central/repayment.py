"""Early repayment (提前还款) from the account: quoted to the fen, then booked once."""

import json
import uuid
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, update

from central import accounts, loans, masks
from central.accounts import Fund
from central.batch.days import CLOSED_SINCE, check_open
from central.centre import Centre
from central.clock import instant
from central.ledger.house import House
from central.ledger.posting import Booking, Held, Line, book, carried_part
from central.loans import Debt
from central.operations import Outcome
from central.quotes import check_agreed, holds_until_ms
from central.refusals import Refused
from central.repayment_terms import available, check, days_since_due, part_bounds
from central.rules.dated import in_force
from central.rules.early_repayment import Mode, PartInterest, payoff
from central.rules.early_repayment import quote as quote_part
from central.rules.repayment_checks import RepaymentPolicy
from central.rules.schedule import rows_of
from central.store.rows import AnyRow
from central.store.tables import account, ledger_account, loan, loan_plan, person, quote
from central.visits import Visitor
from kiosk.contract.loans import QuoteRequest, RepaymentMode, RepaymentQuote
from kiosk.contract.money import ZERO, Fen
from kiosk.contract.operation_id import business_number
from kiosk.contract.operations import Operation, OperationKind, OperationState
from kiosk.contract.problems import Problem

WITHDRAWN, REPAID_EARLY, SETTLED = "11", "05", "06"  # gjhtqywlx 11, dkywmxlx 05 and 06


def give_quote(
    tx: Connection, centre: Centre, visitor: Visitor, contract: str, request: QuoteRequest
) -> RepaymentQuote:
    """What an early repayment today would do. Raises Refused with the bound that it breaks, or NOT_FOUND."""
    today, now_ms = centre.today(), centre.now_ms()
    check_open(tx)
    debt, role = loans.one(tx, visitor.person_id, contract)
    fund = accounts.of_person(tx, visitor.person_id)
    rules = in_force(centre.policy.early_repayment, today)
    if refused := check(debt, role, fund, today, rules):
        raise refused[0]
    if request.extent == "full":
        effect = _payoff(debt, fund, today, rules)
    elif request.amount is None or request.mode is None:
        raise Refused(Problem.MALFORMED, "a part needs an amount and a mode")
    else:
        effect = _part(debt, fund, today, rules, request.amount, request.mode)
    quote_id = uuid.uuid4()
    etag = f'"{quote_id.hex[:8]}-{fund.version}-{debt.version}"'
    valid_until_ms = holds_until_ms(now_ms, today)
    plan = effect.pop("plan")
    answer = RepaymentQuote(
        quote_id=quote_id,
        etag=etag,
        contract=contract,
        extent=request.extent,
        mode=request.mode if request.extent == "part" else None,
        valid_until=instant(valid_until_ms),
        **effect,
    )
    tx.execute(
        _NEW_QUOTE,
        {
            "id": quote_id,
            "kind": "repayment",
            "kiosk_id": visitor.kiosk_id,
            "person_id": visitor.person_id,
            "account_id": fund.id,
            "loan_id": debt.id,
            "account_version": fund.version,
            "loan_version": debt.version,
            "etag": etag,
            "body": answer.model_dump_json(),
            "plan": json.dumps(plan),
            "created_ms": now_ms,
            "valid_until_ms": valid_until_ms,
        },
    )
    return answer


def _payoff(debt: Debt, fund: Fund, today: date, rules: RepaymentPolicy) -> dict[str, Any]:
    cost = payoff(debt.plan, days_since_due(debt, today), rules.part_interest)
    have = available(fund, rules)
    if cost.total > have:
        raise Refused(Problem.INSUFFICIENT_BALANCE, maximum=have)
    rows = debt.instalments()
    return {
        "principal": cost.principal,
        "interest": cost.interest,
        "total": cost.total,
        "account_after": Fen(fund.balance - cost.total),
        "balance_before": debt.owed,
        "balance_after": ZERO,
        "instalment_before": rows[0].payment,
        "instalment_after": None,
        "months_before": len(rows),
        "months_after": 0,
        "last_due_before": rows[-1].due,
        "last_due_after": None,
        "interest_saved": Fen(sum(row.interest for row in rows) - cost.interest),
        "plan": None,
    }


def _part(
    debt: Debt, fund: Fund, today: date, rules: RepaymentPolicy, amount: Fen, wire_mode: RepaymentMode
) -> dict[str, Any]:
    mode, days = Mode(wire_mode.value), days_since_due(debt, today)
    least, most = part_bounds(debt, available(fund, rules), days, rules)
    bad = check(debt, "borrower", fund, today, rules, part=amount, mode=mode)
    if bad:
        first = bad[0]
        first.extras = {"minimum": least, "maximum": most, **first.extras}
        raise first
    if amount > most:
        raise Refused(Problem.AMOUNT_TOO_LARGE, minimum=least, maximum=most)
    if debt.row.next_interest is not None:
        # The next instalment already carries an unusual interest; a second change before it needs a clerk.
        raise Refused(Problem.ONCE_A_MONTH, allowed_from=debt.row.next_due + timedelta(days=1))
    try:
        offer = quote_part(debt.plan, amount, mode, days=days, basis=rules.part_interest)
    except ValueError as error:
        raise Refused(Problem.PAYOFF_ONLY, str(error)) from error
    pays_current = rules.part_interest is PartInterest.UNUSED_DAYS
    before = debt.instalments()
    first_due = before[1].due if pays_current else debt.row.next_due
    after = list(
        rows_of(
            offer.plan,
            first_number=debt.row.next_number + pays_current,
            first_due=first_due,
            due_day=debt.row.due_day,
        )
    )
    unusual = offer.rows[0].interest if offer.rows[0].interest != after[0].interest else None
    return {
        "principal": offer.principal,
        "interest": offer.interest,
        "total": offer.total,
        "account_after": Fen(fund.balance - offer.total),
        "balance_before": debt.owed,
        "balance_after": offer.plan.balance,
        "instalment_before": before[0].payment,
        "instalment_after": offer.rows[0].payment,
        "months_before": len(before),
        "months_after": offer.plan.months,
        "last_due_before": before[-1].due,
        "last_due_after": after[-1].due,
        "interest_saved": offer.interest_saved,
        "plan": {
            "level": offer.plan.level,
            "months": offer.plan.months,
            "pays_current": pays_current,
            "next_due": first_due.isoformat() if first_due else None,
            "next_interest": unusual,
            "mode": mode.value,
        },
    }


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
_NEW_QUOTE = insert(quote)


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
