"""Closing an account on retirement (离退休销户): a checklist, a quote to the day, and a payout in two phases.

Accepted, the balance and its interest leave the member for payout clearing and the account is closing; the bank
is then told (see payouts). Only its definite answer closes the account or takes everything back.
"""

import json
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from central import accounts, loans, masks
from central.accounts import Fund
from central.batch.days import CLOSED_SINCE, check_open
from central.centre import Centre
from central.clock import instant
from central.ledger.house import House
from central.ledger.posting import Booking, Held, Line, book
from central.operations import Outcome
from central.quotes import check_agreed, holds_until_ms
from central.refusals import Refused
from central.rules.closure import ClosureState, Holder, Reason, refusals
from central.rules.dated import in_force
from central.rules.identity import Sex
from central.rules.months import YearMonth
from central.rules.refusal import Refusal
from central.rules.retirement import Category, retirement
from central.store.rows import AnyRow
from central.store.tables import account, card, outbox, person, quote
from central.visits import Visitor
from kiosk.contract.accounts import Check, ClosureQuote
from kiosk.contract.money import ZERO, Fen
from kiosk.contract.operation_id import business_number
from kiosk.contract.operations import Operation, OperationKind, OperationState
from kiosk.contract.problems import Problem

INTEREST, CLOSED = "09", "12"  # gjhtqywlx
CLOSED_BY_WITHDRAWAL = "05"  # grzhzt

CheckCode = Literal["age", "account-state", "not-frozen", "loan-settled", "nothing-in-flight", "payout-card"]

# In the order of the checklist: which reasons of the rules fail a line, and what that is called on the wire.
LINES: dict[CheckCode, dict[Reason, Problem]] = {
    "age": {
        Reason.NOT_RETIRED: Problem.NOT_ELIGIBLE,
        Reason.CATEGORY_UNKNOWN: Problem.NOT_ELIGIBLE,
        Reason.NO_RETIREMENT_RECORD: Problem.NOT_ELIGIBLE,
    },
    "account-state": {
        Reason.ALREADY_CLOSED: Problem.ACCOUNT_CLOSED,
        Reason.NOT_THE_HOLDER: Problem.NOT_ELIGIBLE,
    },
    "not-frozen": {Reason.FROZEN: Problem.ACCOUNT_FROZEN},
    "loan-settled": {
        Reason.LOAN_OUTSTANDING: Problem.NOT_ELIGIBLE,
        Reason.CO_BORROWER_LOAN: Problem.NOT_ELIGIBLE,
    },
    "nothing-in-flight": {Reason.IN_FLIGHT: Problem.OPERATION_IN_FLIGHT},
    "payout-card": {Reason.NOT_OWN_CARD: Problem.NO_PAYOUT_CARD},
}


@dataclass(frozen=True)
class Claim:
    """What the centre knows when somebody wants to close their account today."""

    fund: Fund
    owner: AnyRow
    unmet: list[Refusal[Reason]]
    interest: Fen

    @property
    def payout(self) -> Fen:
        return Fen(self.fund.balance + self.interest)


def examine(tx: Connection, centre: Centre, person_id: int, *, lock: bool = False) -> Claim:
    """Look at everything that decides a closure. Raises Refused NOT_FOUND or CLOSED_FOR_BATCH."""
    today = centre.today()
    fund = accounts.of_person(tx, person_id, lock=lock)
    owner = tx.execute(select(person).where(person.c.id == person_id)).one()
    debts = [(debt, role) for debt, role in loans.of_person(tx, person_id) if not debt.settled]
    own_card = (
        fund.row.payout_card is not None
        and tx.execute(
            select(card.c.person_id).where(card.c.number == fund.row.payout_card)
        ).scalar_one_or_none()
        == person_id
    )
    unmet = refusals(
        Holder(
            born=owner.born,
            sex=Sex.MALE if owner.category == Category.MAN else Sex.FEMALE,
            category=None if owner.category == "unknown" else Category(owner.category),
            retirement_record=owner.retired_on is not None and owner.retired_on <= today,
        ),
        ClosureState(
            holder_matches=True,
            closed=fund.closed,
            frozen=fund.frozen,
            in_flight=fund.pending_operation is not None,
            loan_outstanding=any(role == "borrower" for _, role in debts),
            co_borrower_loan_outstanding=any(role == "co_borrower" for _, role in debts),
            card_is_own=bool(own_card),
        ),
        today,
        in_force(centre.policy.closure, today),
    )
    parts = accounts.interest_to(tx, fund, today, centre.policy)
    if len(parts) > 1:
        raise Refused(
            Problem.CLOSED_FOR_BATCH, "the interest of 30 June is not booked yet", retry_after_s=600
        )
    return Claim(fund, owner, unmet, Fen(sum(part.interest for part in parts)))


def checklist(claim: Claim) -> tuple[Check, ...]:
    """The lines that the citizen sees, in a fixed order."""
    failed = {refusal.reason for refusal in claim.unmet}
    lines = []
    for code, problems in LINES.items():
        problem = next((problem for reason, problem in problems.items() if reason in failed), None)
        if code == "age":
            lines.append(_age(claim, problem))
        else:
            lines.append(
                Check(code=code, passed=problem is None, source="centre", problem=problem and problem.value)
            )
    return tuple(lines)


def _age(claim: Claim, problem: Problem | None) -> Check:
    owner = claim.owner
    category = Category.WOMAN_55 if owner.category == "unknown" else Category(owner.category)
    recorded = owner.retired_on is not None
    retires = (
        YearMonth.of(owner.retired_on) if recorded else retirement(YearMonth.of(owner.born), category).retires
    )
    return Check(
        code="age",
        passed=problem is None,
        source="social-insurance" if recorded or owner.category != Category.MAN else "id-card",
        retires=str(retires),
        category=owner.category,
        problem=problem and problem.value,
    )


def give_quote(tx: Connection, centre: Centre, visitor: Visitor) -> ClosureQuote:
    """The checklist and the amount to the day, also when the answer is no."""
    now_ms, today = centre.now_ms(), centre.today()
    check_open(tx)
    claim = examine(tx, centre, visitor.person_id)
    quote_id = uuid.uuid4()
    etag = f'"{quote_id.hex[:8]}-{claim.fund.version}"'
    valid_until_ms = holds_until_ms(now_ms, today)
    answer = ClosureQuote(
        quote_id=quote_id,
        etag=etag,
        eligible=not claim.unmet,
        checks=checklist(claim),
        balance=claim.fund.balance,
        interest=claim.interest,
        payout=claim.payout,
        payout_card_masked=masks.card(claim.fund.row.payout_card),
        valid_until=instant(valid_until_ms),
    )
    tx.execute(
        insert(quote).values(
            id=quote_id,
            kind="closure",
            kiosk_id=visitor.kiosk_id,
            person_id=visitor.person_id,
            account_id=claim.fund.id,
            account_version=claim.fund.version,
            etag=etag,
            body=answer.model_dump_json(),
            created_ms=now_ms,
            valid_until_ms=valid_until_ms,
        )
    )
    return answer


def carry_out(
    tx: Connection, centre: Centre, *, operation_id: UUID, kiosk_id: str, quote_id: UUID, if_match: str
) -> Outcome:
    """Accept a quoted closure, or raise Refused; see repayment.carry_out for the refusals, and NOT_ELIGIBLE."""
    now_ms = centre.now_ms()
    row = tx.execute(select(quote).where(quote.c.id == quote_id, quote.c.kind == "closure")).one_or_none()
    if row is None or row.kiosk_id != kiosk_id:
        raise Refused(Problem.QUOTE_STALE, "no such quote")
    try:
        claim = _agreed_claim(tx, centre, row, if_match, now_ms)
    except Refused as refused:
        refused.person_id = row.person_id
        raise
    return _accept(tx, centre, row, claim, operation_id, kiosk_id, now_ms)


def _agreed_claim(tx: Connection, centre: Centre, row: AnyRow, if_match: str, now_ms: int) -> Claim:
    closed_since = tx.execute(CLOSED_SINCE).scalar_one_or_none()
    check_agreed(row, if_match, now_ms, books_closed=closed_since is not None)
    claim = examine(tx, centre, row.person_id, lock=True)
    failed = next((check for check in checklist(claim) if not check.passed), None)
    if failed is not None:
        raise Refused(Problem(failed.problem or Problem.NOT_ELIGIBLE), f"check {failed.code} fails")
    offer = ClosureQuote.model_validate_json(row.body)
    if claim.fund.version != row.account_version or claim.payout != offer.payout:
        raise Refused(Problem.QUOTE_STALE, "the account has changed since")
    return claim


def _accept(
    tx: Connection,
    centre: Centre,
    row: AnyRow,
    claim: Claim,
    operation_id: UUID,
    kiosk_id: str,
    now_ms: int,
) -> Outcome:
    today, fund = centre.today(), claim.fund
    number = business_number(operation_id)
    receipt = f"{today:%Y%m%d}{number}"
    nothing_to_pay = claim.payout == 0
    if not nothing_to_pay:
        posting_id = _book_pending(tx, claim, today, now_ms, operation_id, kiosk_id)
        receipt = f"{today:%Y%m%d}{posting_id:010d}"
        payload = {
            "card": fund.row.payout_card,
            "name": claim.owner.name,
            "amount": claim.payout,
            "posting": posting_id,
        }
        tx.execute(
            insert(outbox).values(
                operation_id=operation_id,
                kind="payout",
                payload=json.dumps(payload, ensure_ascii=False),
                created_ms=now_ms,
                attempts=0,
                next_try_ms=now_ms,
            )
        )
    tx.execute(
        update(account)
        .where(account.c.id == fund.id)
        .values(
            {"state": CLOSED_BY_WITHDRAWAL, "closed_on": today}
            if nothing_to_pay
            else {"pending_operation": operation_id}
        )
    )
    view = Operation(
        operation_id=operation_id,
        kind=OperationKind.CLOSURE,
        state=OperationState.CONFIRMED if nothing_to_pay else OperationState.PENDING,
        number=number,
        receipt_number=receipt,
        amount=claim.payout,
        interest=claim.interest,
        submitted_at=instant(now_ms),
        completed_at=instant(now_ms) if nothing_to_pay else None,
        account_masked=masks.account(fund.row.number),
        name_masked=masks.name(claim.owner.name),
        payout_card_masked=masks.card(fund.row.payout_card),
        account_after=ZERO,
    )
    return Outcome(201 if nothing_to_pay else 202, view, row.person_id, row.id)


def _book_pending(
    tx: Connection, claim: Claim, today: date, now_ms: int, operation_id: UUID, kiosk_id: str
) -> int:
    fund = claim.fund
    held = {fund.id: Held(fund.id, "member", fund.balance, fund.carried)}
    interest = (
        [Line(fund.id, INTEREST, claim.interest), Line(House.INTEREST_PAID, "99", Fen(-claim.interest))]
        if claim.interest
        else []
    )
    return book(
        tx,
        Booking("closure", today, now_ms, operation_id=operation_id, kiosk_id=kiosk_id, phase="pending"),
        [
            *interest,
            Line(fund.id, CLOSED, Fen(-claim.payout), Fen(-fund.carried)),
            Line(House.PAYOUT_CLEARING, "99", claim.payout),
        ],
        held,
    )
