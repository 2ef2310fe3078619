"""The past of a demonstration loan: paid out, re-priced every January, repaid month by month."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from central.demo.history import WITHDRAWN, Move
from central.demo.spec import LoanSpec
from central.ledger.bulk import Past
from central.ledger.house import House
from central.ledger.posting import Line
from central.policy import Policy
from central.rules.dated import in_force
from central.rules.early_repayment import Mode, payoff
from central.rules.early_repayment import quote as quote_part
from central.rules.loan_rates import Home, loan_rate, rate_changes
from central.rules.months import YearMonth, add_months, in_month
from central.rules.repricing import build
from central.rules.schedule import Method, Plan, Row, Terms
from kiosk.contract.money import ZERO, Fen

LENT, REPAID, REPAID_EARLY, SETTLED = "01", "02", "05", "06"  # dkywmxlx


@dataclass
class LoanHistory:
    """What a loan's past comes to; `plan` is what is still to be repaid by instalments to come."""

    disbursed: date
    due_day: int
    next_number: int
    last_due: date | None
    next_due: date | None
    plan: Plan | None
    rate: Decimal
    missed: list[Row] = field(default_factory=list)
    postings: list[Past] = field(default_factory=list)
    withdrawals: list[Move] = field(default_factory=list)
    early_on: date | None = None
    settled_on: date | None = None


def loan_history(loan_id: int, spec: LoanSpec, today: date, policy: Policy) -> LoanHistory:
    """Book a loan's past; what its borrower's account pays for it comes back as `withdrawals`."""
    next_due = today + timedelta(days=spec.due_in_days)
    due_day = next_due.day
    first_due = in_month(YearMonth.of(next_due).plus(-spec.due), due_day)
    disbursed = add_months(first_due, -1) - timedelta(days=2)
    home = Home.SECOND if spec.second_home else Home.FIRST
    terms = Terms(
        spec.principal,
        loan_rate(policy.loan_rates, disbursed, spec.months, home),
        spec.months,
        Method(spec.method),
        first_due=first_due,
        due_day=due_day,
        disbursed=disbursed,
    )
    changes = [
        change
        for change in rate_changes(
            policy.loan_rates,
            disbursed=disbursed,
            first_due=first_due,
            months=spec.months,
            home=home,
        )
        if in_month(YearMonth.of(first_due).plus(change.number - 1), due_day).year <= today.year
    ]
    schedule = build(terms, changes, in_force(policy.loan_schedule, today).january)
    rows = schedule.rows[: spec.due]
    balance = rows[-1].balance if rows else spec.principal
    plan = Plan(
        balance,
        schedule.plan.annual_percent,
        spec.months - spec.due,
        schedule.plan.method,
        schedule.plan.level,
    )
    history = LoanHistory(
        disbursed,
        due_day,
        spec.due + 1,
        rows[-1].due if rows else None,
        next_due,
        plan,
        plan.annual_percent,
        missed=list(rows[len(rows) - spec.missed :]) if spec.missed else [],
    )
    history.postings.append(
        Past(
            disbursed,
            "disbursement",
            [Line(loan_id, LENT, Fen(-spec.principal)), Line(House.BANK, "99", spec.principal)],
        )
    )
    for row in rows[: len(rows) - spec.missed]:
        assert row.due is not None
        history.postings.append(
            Past(
                row.due,
                "instalment",
                [
                    Line(loan_id, REPAID, row.principal),
                    Line(House.INTEREST_EARNED, "99", row.interest),
                    Line(House.BANK, "99", Fen(-row.payment)),
                ],
            )
        )
    if spec.settled_months_ago is not None:
        _pay_off(history, loan_id, today)
    elif spec.repaid_early is not None:
        _repay_part(history, loan_id, spec.repaid_early, today)
    return history


def _pay_off(history: LoanHistory, loan_id: int, today: date) -> None:
    """Pay the loan off, nine days after its last due date."""
    assert history.plan is not None and history.last_due is not None
    on = min(history.last_due + timedelta(days=9), today)
    cost = payoff(history.plan, (on - history.last_due).days)
    _withdraw(history, loan_id, SETTLED, cost.principal, cost.interest, on)
    history.plan, history.next_due, history.settled_on, history.early_on = None, None, on, on


def _repay_part(history: LoanHistory, loan_id: int, amount: Fen, today: date) -> None:
    assert history.plan is not None and history.last_due is not None
    offer = quote_part(history.plan, amount, Mode.REDUCE, days=(today - history.last_due).days)
    _withdraw(history, loan_id, REPAID_EARLY, offer.principal, offer.interest, today)
    history.plan, history.early_on = offer.plan, today


def _withdraw(history: LoanHistory, loan_id: int, code: str, principal: Fen, interest: Fen, on: date) -> None:
    """One posting: out of the account, onto the loan, the rest as interest earned."""
    against = [Line(loan_id, code, principal)]
    if interest != ZERO:
        against.append(Line(House.INTEREST_EARNED, "99", interest))
    history.withdrawals.append(Move(on, WITHDRAWN, Fen(-principal - interest), tuple(against)))
