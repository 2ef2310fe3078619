"""What each official paper says, as labelled values in the order in which they stand on it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, select

from central import accounts, loans
from central.accounts import Fund
from central.clock import CENTRE_ZONE
from central.loans import Debt, Role
from central.operations import view_of
from central.refusals import Refused
from central.store.tables import interest_settlement, operation
from central.visits import Visitor
from kiosk.contract.accounts import Entry
from kiosk.contract.loans import ScheduleRow
from kiosk.contract.money import Fen, format_yuan
from kiosk.contract.operations import OperationKind, OperationState
from kiosk.contract.papers import DocumentField
from kiosk.contract.problems import Problem

MAX_ENTRIES = 5000
"""The longest statement: more than a busy account has in forty years, and a paper that a kiosk still prints."""

Kind = Literal["text", "amount", "date", "month", "percent", "code", "count"]


@dataclass(frozen=True)
class Paper:
    """The content of a paper."""

    fields: tuple[DocumentField, ...]
    entries: tuple[Entry, ...] = ()
    opening: Fen | None = None
    closing: Fen | None = None
    rows: tuple[ScheduleRow, ...] = ()


def statement(tx: Connection, visitor: Visitor, since: date, until: date) -> Paper:
    """Every entry of a period (明细对账单). Unavailable when it would be longer than MAX_ENTRIES."""
    fund = accounts.of_person(tx, visitor.person_id)
    found = accounts.entries(tx, visitor.person_id, since, until, limit=MAX_ENTRIES)
    if found.next_cursor is not None:
        raise Refused(
            Problem.DOCUMENT_UNAVAILABLE, f"more than {MAX_ENTRIES} entries: ask for a shorter period"
        )
    return Paper(
        (
            _text("employer", fund.row.employer),
            _date("from", since),
            _date("to", until),
            _amount("total-in", found.total_in),
            _amount("total-out", found.total_out),
            _count("count", found.count),
        ),
        found.entries,
        found.opening,
        found.closing,
    )


def interest_statement(tx: Connection, visitor: Visitor) -> Paper:
    """The interest of every settled year (结息对账单), the last one first. Unavailable before the first 30 June."""
    fund = accounts.of_person(tx, visitor.person_id)
    years = tx.execute(
        select(interest_settlement)
        .where(interest_settlement.c.account_id == fund.id)
        .order_by(interest_settlement.c.until.desc())
    ).all()
    if not years:
        raise Refused(Problem.DOCUMENT_UNAVAILABLE, "no interest has been settled yet")
    fields = [
        _text("employer", fund.row.employer),
        _amount("interest-in-all", Fen(sum(year.interest for year in years))),
    ]
    for group, year in enumerate(years, start=1):
        fields += _grouped(
            group,
            _date("interest-since", year.since),
            _date("interest-until", year.until),
            _amount("interest", Fen(year.interest)),
            _amount("balance", Fen(year.closing)),
        )
    return Paper(tuple(fields))


def deposit_certificate(tx: Connection, visitor: Visitor) -> Paper:
    """That and how much is deposited (缴存证明). Unavailable once the account is closed."""
    fund = accounts.of_person(tx, visitor.person_id)
    if fund.closed:
        raise Refused(Problem.DOCUMENT_UNAVAILABLE, "the account is closed")
    return Paper(_deposit_fields(fund))


def loan_use_certificate(tx: Connection, visitor: Visitor) -> Paper:
    """What is deposited and how often the fund has lent to this person (异地贷款缴存使用证明), for a centre elsewhere.
    Unavailable once the account is closed."""
    fund = accounts.of_person(tx, visitor.person_id)
    if fund.closed:
        raise Refused(Problem.DOCUMENT_UNAVAILABLE, "the account is closed")
    debts = loans.of_person(tx, visitor.person_id)
    fields = [
        *_deposit_fields(fund),
        _count("loans-in-all", len(debts)),
        _count("loans-open", sum(not debt.settled for debt, _ in debts)),
    ]
    for group, (debt, role) in enumerate(debts, start=1):
        fields += _grouped(
            group,
            _text("contract", debt.row.contract),
            _code("loan-role", role, "loan-role"),
            _amount("principal", Fen(debt.row.principal)),
            _amount("loan-balance", debt.owed),
            _code("loan-state", debt.row.state, "loan-state"),
        )
    return Paper(tuple(fields))


def _deposit_fields(fund: Fund) -> tuple[DocumentField, ...]:
    row = fund.row
    return (
        _text("employer", row.employer),
        _code("account-state", row.state, "grzhzt"),
        _date("opened-on", row.opened_on),
        _amount("deposit-base", Fen(row.deposit_base)),
        DocumentField(key="employer-rate", kind="percent", value=row.employer_rate),
        DocumentField(key="person-rate", kind="percent", value=row.person_rate),
        _amount("monthly-deposit", Fen(row.monthly_deposit)),
        DocumentField(key="paid-up-to", kind="month", value=row.paid_up_to),
        _amount("balance", fund.balance),
    )


def repayment_schedule(tx: Connection, visitor: Visitor, contract: str | None) -> Paper:
    """The instalments to come (还款计划)."""
    debt, _ = _loan(tx, visitor, contract)
    rows = tuple(loans.wire_row(row) for row in debt.instalments())
    if not rows:
        raise Refused(Problem.DOCUMENT_UNAVAILABLE, "nothing is left to repay")
    return Paper(
        (
            *_loan_fields(debt),
            _amount("loan-balance", debt.owed),
            _count("months-left", len(rows)),
            _amount("interest-left", Fen(sum(row.interest for row in rows))),
            _amount("payments-left", Fen(sum(row.payment for row in rows))),
        ),
        rows=rows,
    )


def settled_certificate(tx: Connection, visitor: Visitor, contract: str | None) -> Paper:
    """That a loan is repaid (结清证明)."""
    debt, role = _loan(tx, visitor, contract)
    if not debt.settled:
        raise Refused(Problem.DOCUMENT_UNAVAILABLE, "the loan is not settled")
    facts = (_code("loan-role", role, "loan-role"), _date("settled-on", debt.row.settled_on))
    return Paper((*_loan_fields(debt), *facts))


def receipt(tx: Connection, visitor: Visitor, operation_id: UUID | None, kind: OperationKind) -> Paper:
    """What an operation did (回单). Unavailable while it is pending, or when it was refused."""
    row = tx.execute(
        select(operation).where(
            operation.c.id == operation_id,
            operation.c.person_id == visitor.person_id,
            operation.c.kind == kind.value,
        )
    ).one_or_none()
    if row is None:
        raise Refused(Problem.NOT_FOUND, "no such operation")
    view = view_of(row)
    if view.state is not OperationState.CONFIRMED or view.receipt_number is None:
        raise Refused(Problem.DOCUMENT_UNAVAILABLE, f"the operation is {view.state}")
    assert view.amount is not None
    without_interest = Fen(view.amount - (view.interest or 0))
    fields = [_text("receipt-number", view.receipt_number), _text("business-number", view.number)]
    if view.completed_at is not None:
        fields.append(_date("completed-on", view.completed_at.astimezone(CENTRE_ZONE).date()))
    for key, value in (("contract", view.contract), ("payout-card", view.payout_card_masked)):
        if value is not None:
            fields.append(_text(key, value))
    for key, amount in (
        ("principal-repaid" if kind is OperationKind.REPAYMENT else "balance-before", without_interest),
        ("interest", view.interest),
        ("amount", view.amount),
        ("loan-balance", view.balance_after),
        ("account-after", view.account_after),
        ("instalment", view.instalment_after),
        ("interest-saved", view.interest_saved),
    ):
        if amount is not None:
            fields.append(_amount(key, amount))
    if view.months_after:
        fields.append(_count("months-left", view.months_after))
    if view.last_due_after is not None:
        fields.append(_date("last-due", view.last_due_after))
    return Paper(tuple(fields))


def _loan(tx: Connection, visitor: Visitor, contract: str | None) -> tuple[Debt, Role]:
    if contract is None:
        raise Refused(Problem.MALFORMED, "this paper needs a contract")
    return loans.one(tx, visitor.person_id, contract)


def _loan_fields(debt: Debt) -> tuple[DocumentField, ...]:
    row = debt.row
    return (
        _text("contract", row.contract),
        _amount("principal", Fen(row.principal)),
        _date("disbursed-on", row.disbursed_on),
        _count("months", row.months),
        DocumentField(key="rate", kind="percent", value=row.rate),
        _code("method", row.method, "dkhkfs"),
    )


def _grouped(group: int, *fields: DocumentField) -> list[DocumentField]:
    return [field.model_copy(update={"group": group}) for field in fields]


def _text(key: str, value: str) -> DocumentField:
    return DocumentField(key=key, kind="text", value=value)


def _amount(key: str, value: Fen) -> DocumentField:
    return DocumentField(key=key, kind="amount", value=format_yuan(value))


def _date(key: str, value: date) -> DocumentField:
    return DocumentField(key=key, kind="date", value=value.isoformat())


def _count(key: str, value: int) -> DocumentField:
    return DocumentField(key=key, kind="count", value=str(value))


def _code(key: str, value: str, code_set: str) -> DocumentField:
    return DocumentField(key=key, kind="code", value=value, code_set=code_set)
