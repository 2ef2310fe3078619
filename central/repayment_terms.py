"""What a citizen may repay early today, in the problem types of the contract, and within which bounds."""

from datetime import date, timedelta

from central.accounts import Fund
from central.loans import Debt, Role, repaid_early_this_month
from central.policy import Policy
from central.refusals import Extras, Refused
from central.rules.dated import in_force
from central.rules.early_repayment import Mode, PartInterest, payoff
from central.rules.rates import day_interest
from central.rules.refusal import Refusal
from central.rules.repayment_checks import (
    LoanState,
    Reason,
    RepaymentPolicy,
    Request,
    minimum_part,
    refusals,
)
from kiosk.contract.loans import RepaymentTerms
from kiosk.contract.money import ZERO, Fen
from kiosk.contract.problems import Problem

ONE_FEN = Fen(1)

PROBLEMS: dict[Reason, Problem] = {
    Reason.LOAN_NOT_NORMAL: Problem.LOAN_SETTLED,
    Reason.IN_ARREARS: Problem.LOAN_IN_ARREARS,
    Reason.IN_FLIGHT: Problem.OPERATION_IN_FLIGHT,
    Reason.PAYOFF_ONLY: Problem.PAYOFF_ONLY,
    Reason.DAY_OF_DISBURSEMENT: Problem.TOO_EARLY,
    Reason.TOO_FEW_PAID: Problem.TOO_EARLY,
    Reason.NEAR_DUE_DATE: Problem.TOO_CLOSE_TO_DUE_DATE,
    Reason.DAY_EXCLUDED: Problem.DAY_EXCLUDED,
    Reason.NOT_A_WORKING_DAY: Problem.DAY_EXCLUDED,
    Reason.AFTER_DUE_DATE: Problem.TOO_CLOSE_TO_DUE_DATE,
    Reason.MONTHLY_LIMIT: Problem.ONCE_A_MONTH,
    Reason.LIFETIME_LIMIT: Problem.TOO_MANY_REPAYMENTS,
    Reason.LAST_INSTALMENT: Problem.PAYOFF_ONLY,
    Reason.AMOUNT_COVERS_LOAN: Problem.PAYOFF_ONLY,
    Reason.BELOW_MINIMUM: Problem.AMOUNT_TOO_SMALL,
    Reason.NOT_A_MULTIPLE: Problem.AMOUNT_NOT_A_STEP,
    Reason.TERM_CHANGE_TOO_SOON: Problem.TERM_CHANGE_TOO_SOON,
    Reason.TERM_STEP: Problem.AMOUNT_NOT_A_STEP,
    Reason.FUND_BALANCE: Problem.INSUFFICIENT_BALANCE,
}


def loan_state(debt: Debt, fund: Fund, today: date) -> LoanState:
    """What the rules need to know of an open loan."""
    assert debt.row.next_due is not None
    return LoanState(
        plan=debt.plan,
        normal=True,
        arrears=debt.overdue,
        disbursed=debt.row.disbursed_on,
        last_due=debt.last_due,
        next_due=debt.row.next_due,
        instalments_paid=debt.row.next_number - 1 - len(debt.missed),
        repaid_this_month=repaid_early_this_month(debt, today),
        repaid_in_all=debt.row.early_count,
        in_flight=fund.pending_operation is not None,
        payoff_only=False,
    )


def days_since_due(debt: Debt, today: date) -> int:
    """Days of interest that an early repayment today pays for."""
    return max((today - debt.last_due).days, 0)


def available(fund: Fund, rules: RepaymentPolicy) -> Fen:
    """What the account can give: the balance less what has to stay."""
    return Fen(max(fund.balance - rules.retain, 0))


def check(
    debt: Debt,
    role: Role,
    fund: Fund,
    today: date,
    rules: RepaymentPolicy,
    *,
    part: Fen | None = None,
    mode: Mode = Mode.REDUCE,
    from_fund: Fen = ZERO,
) -> list[Refused]:
    """Every reason to refuse, the most telling first; `part` None asks for all of the loan or for none yet."""
    if role != "borrower":
        return [Refused(Problem.NOT_THE_BORROWER)]
    if debt.settled:
        return [Refused(Problem.LOAN_SETTLED)]
    if debt.missed:
        return [Refused(Problem.LOAN_IN_ARREARS)]
    unmet = []
    if fund.closed:
        unmet.append(Refused(Problem.ACCOUNT_CLOSED))
    if fund.frozen:
        unmet.append(Refused(Problem.ACCOUNT_FROZEN))
    request = Request(part=part, mode=mode, from_fund=from_fund, fund_balance=fund.balance)
    state = loan_state(debt, fund, today)
    unmet += [_as_problem(refusal, state, today, rules) for refusal in refusals(request, state, today, rules)]
    return unmet


def _as_problem(refusal: Refusal[Reason], state: LoanState, today: date, rules: RepaymentPolicy) -> Refused:
    bounds: Extras = {}
    match refusal.reason:
        case Reason.DAY_OF_DISBURSEMENT | Reason.TOO_FEW_PAID:
            bounds["allowed_from"] = state.next_due + timedelta(days=1)
        case Reason.NEAR_DUE_DATE if refusal.day is not None:
            bounds["allowed_from"] = refusal.day + timedelta(days=(rules.days_around_due or 0) + 1)
        case Reason.MONTHLY_LIMIT:
            bounds["allowed_from"] = _first_of_next_month(today)
        case Reason.BELOW_MINIMUM if refusal.amount is not None:
            bounds["minimum"] = refusal.amount
        case Reason.NOT_A_MULTIPLE if refusal.amount is not None:
            bounds["step"] = refusal.amount
        case Reason.FUND_BALANCE | Reason.AMOUNT_COVERS_LOAN if refusal.amount is not None:
            bounds["maximum"] = refusal.amount
        case _:
            pass
    return Refused(PROBLEMS[refusal.reason], refusal.reason.value, **bounds)


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def terms(debt: Debt, role: Role, fund: Fund, today: date, policy: Policy) -> RepaymentTerms:
    """What may be repaid early today, stated before anything is typed."""
    rules = in_force(policy.early_repayment, today)
    have = available(fund, rules)
    unmet = check(debt, role, fund, today, rules)
    if unmet:
        dates = [refused.extras["allowed_from"] for refused in unmet if "allowed_from" in refused.extras]
        return RepaymentTerms(
            allowed=False,
            refusals=tuple(refused.problem.value for refused in unmet),
            allowed_from=max(dates, default=None),
            available=have,
        )
    days = days_since_due(debt, today)
    all_of_it = payoff(debt.plan, days, rules.part_interest)
    least, most = part_bounds(debt, have, days, rules)
    return RepaymentTerms(
        allowed=True,
        part_allowed=debt.plan.months > 1 and least <= most,
        part_minimum=least,
        part_maximum=most,
        part_step=rules.multiple or ONE_FEN,
        payoff=all_of_it.total,
        payoff_affordable=all_of_it.total <= have,
        available=have,
    )


def part_bounds(debt: Debt, have: Fen, days: int, rules: RepaymentPolicy) -> tuple[Fen, Fen]:
    """The least and the most principal that may be repaid in part from `have`, both on a step."""
    plan, step = debt.plan, rules.multiple or ONE_FEN
    least = Fen(-(-minimum_part(plan, rules) // step) * step)

    def cost(part: Fen) -> Fen:
        match rules.part_interest:
            case PartInterest.ON_AMOUNT:
                return Fen(part + day_interest(part, plan.annual_percent, days))
            case PartInterest.ON_BALANCE:
                return Fen(part + day_interest(plan.balance, plan.annual_percent, days))
            case PartInterest.UNUSED_DAYS:
                return part

    low, high = 0, (plan.balance - 1) // step
    while low < high:  # the most steps that `have` pays for; the cost rises with the part
        middle = (low + high + 1) // 2
        low, high = (middle, high) if cost(Fen(middle * step)) <= have else (low, middle - 1)
    return least, Fen(low * step)
