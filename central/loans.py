"""Loans as their borrowers see them: state, schedule, arrears, and the plan that the rules work on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from sqlalchemy import Connection, bindparam, func, select, union

from central import masks
from central.refusals import Refused
from central.rules.months import YearMonth
from central.rules.overdue import penalty
from central.rules.schedule import Method, Plan, rows_of
from central.rules.schedule import Row as Instalment
from central.store.rows import AnyRow
from central.store.tables import co_borrower, ledger_account, loan, missed
from kiosk.contract.loans import Schedule, ScheduleRow
from kiosk.contract.money import Fen
from kiosk.contract.problems import Problem

Role = Literal["borrower", "co_borrower"]

METHODS = {"01": Method.EQUAL_INSTALMENT, "02": Method.EQUAL_PRINCIPAL}  # dkhkfs
METHOD_CODES = {method: code for code, method in METHODS.items()}


@dataclass(frozen=True)
class Debt:
    """A loan with what is owed on it and the instalments it has missed."""

    row: AnyRow
    owed: Fen
    missed: Sequence[AnyRow] = ()

    @property
    def id(self) -> int:
        return int(self.row.id)

    @property
    def version(self) -> int:
        return int(self.row.version)

    @property
    def settled(self) -> bool:
        return bool(self.row.state == "settled")

    @property
    def rate(self) -> Decimal:
        return Decimal(self.row.rate)

    @property
    def method(self) -> Method:
        return METHODS[self.row.method]

    @property
    def last_due(self) -> date:
        """The day from which interest runs: the last due date, or the disbursement before the first."""
        since: date = self.row.last_due or self.row.disbursed_on
        return since

    @property
    def overdue(self) -> Fen:
        return Fen(sum(row.principal + row.interest for row in self.missed))

    @property
    def plan(self) -> Plan:
        """What is still to be repaid by instalments to come. Not for a settled loan."""
        behind = sum(row.principal for row in self.missed)
        return Plan(
            Fen(self.owed - behind), self.rate, self.row.months_left, self.method, Fen(self.row.level)
        )

    def instalments(self) -> list[Instalment]:
        """The instalments to come; none of a settled loan."""
        if self.settled or self.row.months_left == 0:
            return []
        return list(
            rows_of(
                self.plan,
                first_number=self.row.next_number,
                first_due=self.row.next_due,
                due_day=self.row.due_day,
                first_interest=self.row.next_interest,
            )
        )

    def penalty(self, today: date, multiplier: Decimal) -> Fen:
        """Penalty interest to today on what was missed."""
        return Fen(
            sum(
                penalty(Fen(row.principal + row.interest), self.rate, (today - row.due).days, multiplier)
                for row in self.missed
            )
        )


LOANS = select(loan, ledger_account.c.balance, ledger_account.c.version).join(
    ledger_account, ledger_account.c.id == loan.c.id
)

_BY_CONTRACT = LOANS.where(loan.c.contract == bindparam("contract"))


def debt(tx: Connection, row: AnyRow) -> Debt:
    """A loan's row (with balance and version) together with its missed instalments."""
    behind = (
        tx.execute(select(missed).where(missed.c.loan_id == row.id).order_by(missed.c.number)).all()
        if row.state == "arrears"
        else ()
    )
    return Debt(row, Fen(-row.balance), behind)


def of_person(tx: Connection, person_id: int) -> list[tuple[Debt, Role]]:
    """Everything a citizen borrowed or co-borrowed, each with the role; open loans first, then by contract."""
    mine = union(
        select(loan.c.id.label("id")).where(loan.c.borrower_id == person_id),
        select(co_borrower.c.loan_id.label("id")).where(co_borrower.c.person_id == person_id),
    ).subquery()
    rows = tx.execute(LOANS.where(loan.c.id.in_(select(mine.c.id))).order_by(loan.c.contract)).all()
    debts = [(debt(tx, row), role_of(row, person_id)) for row in rows]
    return sorted(debts, key=lambda item: item[0].settled)


def one(tx: Connection, person_id: int, contract: str) -> tuple[Debt, Role]:
    """One loan of a citizen with the role; Refused NOT_FOUND also when it is somebody else's."""
    row = tx.execute(_BY_CONTRACT, {"contract": contract}).one_or_none()
    if row is None:
        raise Refused(Problem.NOT_FOUND, "no such loan")
    if row.borrower_id != person_id:
        shared = tx.execute(
            select(func.count())
            .select_from(co_borrower)
            .where(co_borrower.c.loan_id == row.id, co_borrower.c.person_id == person_id)
        ).scalar_one()
        if not shared:
            raise Refused(Problem.NOT_FOUND, "no such loan")
    return debt(tx, row), role_of(row, person_id)


def role_of(row: AnyRow, person_id: int) -> Role:
    return "borrower" if row.borrower_id == person_id else "co_borrower"


def schedule(found: Debt) -> Schedule:
    """GET /v1/loans/{contract}/schedule."""
    rows = tuple(wire_row(row) for row in found.instalments())
    return Schedule(
        contract=found.row.contract, rows=rows, total_interest=Fen(sum(row.interest for row in rows))
    )


def wire_row(row: Instalment) -> ScheduleRow:
    """An instalment with its due date, as it travels."""
    assert row.due is not None
    return ScheduleRow(
        number=row.number,
        due=row.due,
        principal=row.principal,
        interest=row.interest,
        payment=row.payment,
        balance=row.balance,
    )


def repaid_early_this_month(found: Debt, today: date) -> int:
    """Early repayments in today's month: the books keep the last day, and the policy allows a few at most."""
    last: date | None = found.row.last_early_on
    return int(last is not None and YearMonth.of(last) == YearMonth.of(today))


def property_masked(found: Debt) -> str:
    return masks.address(found.row.property)
