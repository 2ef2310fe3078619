"""What an early repayment (提前还款) would do, to the fen: the quote that a citizen agrees to."""

import json
import uuid
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from central import accounts, loans
from central.accounts import Fund
from central.batch.days import check_open
from central.centre import Centre
from central.clock import instant
from central.loans import Debt
from central.quotes import holds_until_ms
from central.refusals import Refused
from central.repayment_terms import available, check, days_since_due, part_bounds
from central.rules.dated import in_force
from central.rules.early_repayment import Mode, PartInterest, payoff
from central.rules.early_repayment import quote as quote_part
from central.rules.repayment_checks import RepaymentPolicy
from central.rules.schedule import rows_of
from central.store.tables import quote
from central.visits import Visitor
from kiosk.contract.loans import QuoteRequest, RepaymentMode, RepaymentQuote
from kiosk.contract.money import ZERO, Fen
from kiosk.contract.problems import Problem

_NEW_QUOTE = insert(quote)


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
