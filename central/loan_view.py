"""A loan as it travels: what is owed, what comes next, and what may be repaid early today."""

from datetime import date

from central.accounts import Fund
from central.loans import Debt, Role, property_masked
from central.policy import Policy
from central.repayment_terms import terms
from central.rules.dated import in_force
from kiosk.contract.loans import Loan
from kiosk.contract.money import ZERO, Fen


def view(debt: Debt, role: Role, fund: Fund, today: date, policy: Policy) -> Loan:
    """GET /v1/loans and GET /v1/loans/{contract}."""
    row = debt.row
    rows = debt.instalments()
    multiplier = in_force(policy.loan_schedule, today).penalty_multiplier
    return Loan(
        contract=row.contract,
        role=role,
        state=row.state,
        principal=Fen(row.principal),
        balance=debt.owed,
        rate=row.rate,
        months=row.months,
        months_left=row.months_left,
        method=row.method,
        instalment=rows[0].payment if rows else ZERO,
        next_due=row.next_due,
        last_due=rows[-1].due if rows else None,
        disbursed_on=row.disbursed_on,
        due_day=row.due_day,
        overdue=debt.overdue,
        overdue_periods=len(debt.missed),
        penalty=debt.penalty(today, multiplier),
        property_masked=property_masked(debt),
        terms=terms(debt, role, fund, today, policy),
        version=str(debt.version),
    )
