"""What goes with a loan: overdue, offset and loan-trial."""

from argparse import ArgumentParser, Namespace

from central import command_line
from central.calculate import values
from central.calculate.loans import payoff_answer, plan_of, quote_answer
from central.calculate.show import Answer, refusals_of, yuan
from central.policy import Policy
from central.rules import loan_trial, offset, overdue
from central.rules.dated import in_force
from central.rules.early_repayment import Mode, Payoff, Quote
from central.rules.loan_rates import Home, loan_rate
from central.rules.refusal import Refusal
from central.rules.schedule import Method, rows_of
from kiosk.contract.money import ZERO, Fen, format_yuan


def overdue_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--principal", type=values.amount, required=True, metavar="YUAN", help="overdue principal"
    )
    parser.add_argument(
        "--interest", type=values.amount, required=True, metavar="YUAN", help="overdue interest"
    )
    parser.add_argument(
        "--rate", type=values.percent, required=True, metavar="PERCENT", help="the loan's own rate"
    )
    parser.add_argument(
        "--days", type=command_line.count(0, 36500), required=True, metavar="D", help="overdue"
    )
    parser.add_argument("--payment", type=values.amount, metavar="YUAN", help="how a payment would be used")


def show_overdue(args: Namespace, policy: Policy) -> Answer:
    multiplier = in_force(policy.loan_schedule, args.today).penalty_multiplier
    owed = Fen(args.principal + args.interest)
    penalty = overdue.penalty(owed, args.rate, args.days, multiplier)
    answer: dict[str, object] = {
        "overdue": format_yuan(owed),
        "penalty": format_yuan(penalty),
        "total": format_yuan(Fen(owed + penalty)),
    }
    if args.payment is not None:
        used = overdue.allocate(args.payment, [overdue.Arrear(1, penalty, args.interest, args.principal)])
        part = used.paid[0] if used.paid else overdue.Arrear(1, ZERO, ZERO, ZERO)
        answer |= {
            "paid_penalty": format_yuan(part.penalty),
            "paid_interest": format_yuan(part.interest),
            "paid_principal": format_yuan(part.principal),
            "left_over": format_yuan(used.left_over),
        }
    return answer


def offset_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--kind", choices=["monthly", "yearly"], required=True)
    parser.add_argument(
        "--source",
        type=values.source,
        action="append",
        required=True,
        metavar="NAME:BALANCE",
        help="a fund account, in the order of the agreement; may be repeated",
    )
    parser.add_argument(
        "--deposit", type=values.amount, default=ZERO, metavar="YUAN", help="each account's monthly deposit"
    )
    parser.add_argument(
        "--no-bank-card", action="store_true", help="monthly: nobody pays what the accounts lack"
    )
    parser.add_argument(
        "--mode", choices=values.names(Mode), default=Mode.REDUCE, help="yearly: what changes (reduce)"
    )


def show_offset(args: Namespace, policy: Policy) -> Answer:
    rules = in_force(policy.offset, args.today)
    plan = plan_of(args, policy)
    free = [
        offset.Source(source.name, offset.available(source.available or ZERO, args.deposit, rules))
        for source in args.source
    ]
    if args.kind == "monthly":
        due = next(rows_of(plan))
        card = [] if args.no_bank_card else [offset.Source("bank-card", None)]
        collected = offset.monthly(due.interest, due.principal, [*free, *card])
        takes = [
            {
                "source": take.source,
                "amount": format_yuan(take.amount),
                "interest": format_yuan(take.interest),
                "principal": format_yuan(take.principal),
            }
            for take in collected.takes
        ]
        return {"due": format_yuan(due.payment), "short": format_yuan(collected.short), "takes": takes}
    amount = Fen(sum(source.available or ZERO for source in free))
    available = {"available": format_yuan(amount)}
    match offset.yearly(plan, amount, Mode(args.mode), rules):
        case Refusal() as refusal:
            return {**available, "refusals": refusals_of([refusal])}
        case Payoff() as owed:
            return {**available, **payoff_answer(owed)}
        case Quote() as asked:
            return {**available, **quote_answer(asked, rows_from=None)}


def trial_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--price", type=values.above_zero, required=True, metavar="YUAN", help="of the home")
    parser.add_argument(
        "--balance", type=values.amount, required=True, metavar="YUAN", help="fund balances, all applicants"
    )
    parser.add_argument("--months", type=values.term, required=True, metavar="N", help="asked for, 1 to 360")
    parser.add_argument("--home", choices=values.names(Home), default=Home.FIRST)
    parser.add_argument("--couple", action="store_true", help="two borrowers")
    parser.add_argument("--method", choices=values.names(Method), default=Method.EQUAL_INSTALMENT)
    parser.add_argument(
        "--income", type=values.amount, metavar="YUAN", help="a month; without it ability is no limit"
    )
    parser.add_argument(
        "--existing", type=values.amount, default=ZERO, metavar="YUAN", help="instalments paid elsewhere"
    )
    parser.add_argument(
        "--deposit-months", type=command_line.count(0, 1200), metavar="N", help="without a gap"
    )
    parser.add_argument(
        "--retires", type=values.month, metavar="YYYY-MM", help="the borrower's retirement month"
    )
    parser.add_argument("--house-age-months", type=command_line.count(0, 2400), metavar="N")
    parser.add_argument("--ground", action="append", default=[], metavar="NAME", help="that raises the cap")
    parser.add_argument("--rate", type=values.percent, metavar="PERCENT", help="the default is the policy's")
    parser.add_argument("--on", type=command_line.day, metavar="DATE", help="the day of the trial (today)")


def show_trial(args: Namespace, policy: Policy) -> Answer:
    day = args.on or args.today
    rules = in_force(policy.loan_limits, day)
    known = [extra.ground for extra in rules.extras]
    if unknown := [ground for ground in args.ground if ground not in known]:
        raise ValueError(f"--ground {unknown[0]!r} is unknown: allowed are {', '.join(known)}")
    home = Home(args.home)
    applicant = loan_trial.Applicant(
        home=home,
        couple=args.couple,
        balance=args.balance,
        price=args.price,
        months=args.months,
        method=Method(args.method),
        monthly_income=args.income,
        existing_instalments=args.existing,
        deposit_months=args.deposit_months,
        retires=args.retires,
        house_age_months=args.house_age_months,
        grounds=frozenset(args.ground),
    )
    rate = args.rate
    if rate is None:
        # The term decides the rate, and it may be cut below what was asked for.
        months = max(1, min(loan_trial.term_limits(applicant, day, rules).values()))
        rate = loan_rate(policy.loan_rates, day, months, home)
    found = loan_trial.trial(applicant, rate, day, rules)
    return {
        "amount": format_yuan(found.amount),
        "months": found.months,
        "rate": str(rate),
        "instalment": yuan(next(rows_of(found.plan)).payment if found.plan else None),
        "binding": [str(limit) for limit in found.binding],
        "limits": {str(limit): format_yuan(amount) for limit, amount in found.limits.items()},
        "binding_term": [str(limit) for limit in found.binding_term],
        "term_limits": {str(limit): months for limit, months in found.term_limits.items()},
        "refusals": refusals_of(found.refusals) or None,
    }
