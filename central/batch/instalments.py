"""Instalments fallen due: from the fund accounts that an offset agreement names, the rest from the bank card."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, update

from central import accounts
from central.accounts import Fund
from central.bank import BankOutcome, BankSilent, Collection
from central.batch import days
from central.centre import Centre
from central.ledger.house import House
from central.ledger.posting import Booking, Held, Line, book, booking_day, carried_part
from central.loans import LOANS, Debt, debt
from central.rules.dated import in_force
from central.rules.months import YearMonth
from central.rules.offset import MonthlyOffset, Source, Take, available, monthly, suspended
from central.rules.schedule import Row
from central.store.rows import AnyRow
from central.store.tables import account, ledger_account, loan, missed, offset_agreement
from kiosk.contract.money import ZERO, Fen

KIND = "instalments"
CHUNK = 200
BANK_CARD = "bank-card"
WITHDRAWN, REPAID, REPAID_BY_FUND = "11", "02", "05"

REFERENCES = uuid.UUID("6f1c1f5e-6d0c-4f0e-9a55-7f0b5f6a2d11")
"""Namespace of the references under which instalments are collected: the same on every run."""


@dataclass(frozen=True)
class Payer:
    """A fund account that an agreement names."""

    fund: Fund
    source: Source


def run(centre: Centre, today: date, due_until: date | None = None) -> tuple[int, int]:
    """Collect at the end of `today` every instalment due up to then, or up to an earlier day: (paid in full, missed in
    whole or in part)."""
    last_day = due_until or today
    with centre.database.write() as tx:
        days.begin(tx, KIND, today, centre.now_ms())
    paid = short = position = 0
    while True:
        with centre.database.write() as tx:
            rows = tx.execute(
                LOANS.where(loan.c.id > position, loan.c.next_due <= last_day, loan.c.state != "settled")
                .order_by(loan.c.id)
                .limit(CHUNK)
                .with_for_update(of=[loan, ledger_account])
            ).all()
            if not rows:
                days.finish(tx, KIND, today, centre.now_ms())
                return paid, short
            for row in rows:
                in_full, in_part = _catch_up(tx, centre, row, today, last_day)
                paid, short = paid + in_full, short + in_part
            position = rows[-1].id
            days.advance(tx, KIND, today, position)


def _catch_up(tx: Connection, centre: Centre, row: AnyRow, today: date, last_day: date) -> tuple[int, int]:
    """Every instalment of one loan that is due; usually one."""
    paid = short = 0
    while row.next_due is not None and row.next_due <= last_day:
        found = debt(tx, row)
        try:
            offset = _collect(tx, centre, found, found.instalments()[0], today)
        except BankSilent:
            break  # asked again under the same reference at the next run
        paid, short = paid + (offset.short == 0), short + (offset.short > 0)
        row = tx.execute(LOANS.where(loan.c.id == row.id)).one()
    return paid, short


def payers(tx: Connection, centre: Centre, found: Debt, kind: str, today: date) -> list[Payer]:
    """The fund accounts that pay under an agreement, in their order; those suspended or frozen have nothing."""
    rules = in_force(centre.policy.offset, today)
    agreements = tx.execute(
        select(offset_agreement)
        .where(
            offset_agreement.c.loan_id == found.id,
            offset_agreement.c.kind == kind,
            offset_agreement.c.signed_on <= today,
            (offset_agreement.c.ended_on.is_(None)) | (offset_agreement.c.ended_on > today),
        )
        .order_by(offset_agreement.c.rank, offset_agreement.c.id)
    ).all()
    found_payers = []
    for agreement in agreements:
        fund = accounts.of_person(tx, agreement.person_id, lock=True)
        sealed = _months_sealed(fund, today) if fund.row.state == "02" else 0
        stopped = (
            fund.closed
            or fund.frozen
            or fund.pending_operation is not None
            or suspended(found.overdue, sealed, rules) is not None
        )
        retained = max(available(fund.balance, Fen(fund.row.monthly_deposit), rules), 0)
        most = ZERO if stopped else Fen(max(min(retained, fund.balance - agreement.retained), 0))
        found_payers.append(Payer(fund, Source(str(fund.id), most)))
    return found_payers


def _months_sealed(fund: Fund, today: date) -> int:
    year, month = map(int, fund.row.paid_up_to.split("-"))
    return YearMonth.of(today).ordinal - YearMonth(year, month).ordinal


def _collect(tx: Connection, centre: Centre, found: Debt, due: Row, today: date) -> MonthlyOffset:
    assert due.due is not None
    sources = payers(tx, centre, found, "monthly", due.due)
    card = tx.execute(
        select(account.c.payout_card).where(account.c.person_id == found.row.borrower_id)
    ).scalar_one_or_none()
    bank = [Source(BANK_CARD, None)] if card else []
    offset = monthly(due.interest, due.principal, [*(payer.source for payer in sources), *bank])
    by_bank = next((take for take in offset.takes if take.source == BANK_CARD), None)
    if by_bank is not None and card:
        reference = uuid.uuid5(REFERENCES, f"{found.row.contract}:{due.number}")
        answer = centre.bank.collect(Collection(reference, card, by_bank.amount))
        if answer.outcome is not BankOutcome.DONE:
            offset = MonthlyOffset(
                tuple(take for take in offset.takes if take is not by_bank),
                Fen(offset.short + by_bank.amount),
            )
    _book(tx, centre, found, due, offset.takes, sources, today)
    _advance(tx, found, due, offset)
    return offset


def _book(
    tx: Connection,
    centre: Centre,
    found: Debt,
    due: Row,
    takes: tuple[Take, ...],
    sources: list[Payer],
    today: date,
) -> None:
    if not takes:
        return
    held = {found.id: Held(found.id, "loan", Fen(-found.owed))}
    funds = {payer.source.name: payer.fund for payer in sources}
    order = in_force(centre.policy.account_interest, today).withdrawal_order
    lines = []
    for take in takes:
        if take.source == BANK_CARD:
            lines.append(Line(House.BANK, "99", Fen(-take.amount)))
        else:
            fund = funds[take.source]
            held[fund.id] = Held(fund.id, "member", fund.balance, fund.carried)
            carried = carried_part(fund.balance, fund.carried, take.amount, order)
            lines.append(Line(fund.id, WITHDRAWN, Fen(-take.amount), carried))
        if take.principal:
            code = REPAID if take.source == BANK_CARD else REPAID_BY_FUND
            lines.append(Line(found.id, code, take.principal))
    interest = Fen(sum(take.interest for take in takes))
    if interest:
        lines.append(Line(House.INTEREST_EARNED, "99", interest))
    key = f"instalment:{found.id}:{due.number}"
    on = booking_day(tx, today, held)
    book(tx, Booking("instalment", on, centre.now_ms(), batch_key=key), lines, held)


def _advance(tx: Connection, found: Debt, due: Row, offset: MonthlyOffset) -> None:
    """The next instalment is now the next; what was not paid of this one is an arrear."""
    paid_interest = sum(take.interest for take in offset.takes)
    paid_principal = sum(take.principal for take in offset.takes)
    left = found.row.months_left - 1
    state = found.row.state
    if offset.short:
        state = "arrears"
        tx.execute(
            insert(missed).values(
                loan_id=found.id,
                number=due.number,
                due=due.due,
                principal=due.principal - paid_principal,
                interest=due.interest - paid_interest,
            )
        )
    elif left == 0 and not found.missed:
        state = "settled"
    following = found.instalments()[1:2]
    values: dict[str, Any] = {
        "state": state,
        "months_left": left,
        "next_number": due.number + 1,
        "last_due": due.due,
        "next_due": following[0].due if following else None,
        "next_interest": None,
        "settled_on": due.due if state == "settled" else None,
    }
    tx.execute(update(loan).where(loan.c.id == found.id).values(values))
