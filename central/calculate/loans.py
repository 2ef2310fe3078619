"""What a loan costs: schedule, repricing, early-repayment and payoff."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace

from central import command_line
from central.calculate import values
from central.calculate.show import Answer, rows_of, yuan
from central.policy import Policy
from central.rules import repricing, schedule
from central.rules.dated import in_force
from central.rules.early_repayment import Mode, PartInterest, Payoff, Quote, payoff, quote
from central.rules.rates import with_rounded_month
from central.rules.schedule import FirstPeriod, Method, Plan, Schedule, Terms
from kiosk.contract.money import Fen, format_yuan


def loan_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--principal", type=values.above_zero, required=True, metavar="YUAN")
    parser.add_argument(
        "--rate",
        type=values.percent,
        required=True,
        metavar="PERCENT",
        help="a year, such as 2.6; 0 is allowed",
    )
    parser.add_argument("--months", type=values.term, required=True, metavar="N", help="1 to 360")
    parser.add_argument("--method", choices=values.names(Method), required=True)


def date_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--first-due",
        type=command_line.day,
        metavar="DATE",
        help="rows carry a due date only when this is given",
    )
    parser.add_argument(
        "--due-day",
        type=command_line.count(1, 31),
        metavar="DAY",
        help="when not the first due date's own (31 after 30 April)",
    )
    parser.add_argument("--disbursed", type=command_line.day, metavar="DATE")
    parser.add_argument(
        "--first-period",
        choices=values.names(FirstPeriod),
        help="the first instalment's interest: a full month, or by the days since --disbursed",
    )


def after_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--after",
        type=command_line.count(0, schedule.MAX_MONTHS),
        required=True,
        metavar="K",
        help="instalments already paid",
    )


def days_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--days",
        type=command_line.count(0, values.MAX_DAYS),
        default=0,
        metavar="D",
        help="since the last due date (0)",
    )


def interest_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--interest",
        choices=values.names(PartInterest),
        help="which interest is paid at once; the default is the policy's",
    )


def terms_of(args: Namespace, policy: Policy) -> Terms:
    if args.due_day is not None and args.first_due is None:
        raise ValueError("--due-day needs --first-due")
    rules = in_force(policy.loan_schedule, args.disbursed or args.today)
    return Terms(
        args.principal,
        with_rounded_month(args.rate, rules.monthly_rate_places),
        args.months,
        Method(args.method),
        first_due=args.first_due,
        due_day=args.due_day,
        disbursed=args.disbursed,
        first_period=FirstPeriod(args.first_period) if args.first_period else rules.first_period,
    )


def plan_of(args: Namespace, policy: Policy) -> Plan:
    if args.after >= args.months:
        raise ValueError(f"--after {args.after} leaves nothing to repay: allowed is 0 to {args.months - 1}")
    rate = with_rounded_month(args.rate, in_force(policy.loan_schedule, args.today).monthly_rate_places)
    plan = schedule.plan_for(args.principal, rate, args.months, Method(args.method))
    plan = schedule.after(plan, args.after)
    if plan.balance == 0:
        raise ValueError(f"nothing is left to repay after instalment {args.after}")
    return plan


def basis_of(args: Namespace, policy: Policy) -> PartInterest:
    return (
        PartInterest(args.interest)
        if args.interest
        else in_force(policy.early_repayment, args.today).part_interest
    )


def _schedule_answer(built: Schedule) -> dict[str, object]:
    return {
        "instalment": format_yuan(built.instalment),
        "monthly_principal": yuan(built.plan.level) if built.plan.method is Method.EQUAL_PRINCIPAL else None,
        "last_payment": format_yuan(built.last_payment),
        "total_interest": format_yuan(built.total_interest),
        "total_payment": format_yuan(Fen(sum(row.payment for row in built.rows))),
    }


def show_schedule(args: Namespace, policy: Policy) -> Answer:
    built = schedule.build(terms_of(args, policy))
    return {**_schedule_answer(built), "rows": rows_of(built.rows)}


def repricing_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--change",
        type=values.rate_change,
        action="append",
        required=True,
        metavar="N:PERCENT",
        help="from instalment N on, this rate; may be repeated in rising order",
    )
    parser.add_argument(
        "--january",
        choices=values.names(repricing.January),
        help="which rate the first instalment after a change takes for its interest; the splits need --first-due",
    )


def show_repricing(args: Namespace, policy: Policy) -> Answer:
    """`instalment` is the one after the last change; `instalments` has them all."""
    terms = terms_of(args, policy)
    rules = in_force(policy.loan_schedule, args.disbursed or args.today)
    january = repricing.January(args.january) if args.january else rules.january
    changes = [
        replace(change, annual_percent=with_rounded_month(change.annual_percent, rules.monthly_rate_places))
        for change in args.change
    ]
    built = repricing.build(terms, changes, january)
    steps = [repricing.build(terms, changes[:upto], january) for upto in range(len(changes) + 1)]
    starts = [1, *(change.number for change in changes)]
    instalments = [
        {"from": start, "rate": str(step.plan.annual_percent), "instalment": format_yuan(step.instalment)}
        for start, step in zip(starts, steps, strict=True)
    ]
    return {**_schedule_answer(built), "instalments": instalments, "rows": rows_of(built.rows)}


def early_repayment_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--amount", type=values.above_zero, required=True, metavar="YUAN", help="principal to repay"
    )
    parser.add_argument("--mode", choices=values.names(Mode), required=True)
    parser.add_argument("--rows", action="store_true", help="list the instalments left")


def show_early_repayment(args: Namespace, policy: Policy) -> Answer:
    plan = plan_of(args, policy)
    if args.amount >= plan.balance:
        raise ValueError(
            f"--amount {format_yuan(args.amount)} is not below the balance of {format_yuan(plan.balance)}:"
            " allowed is less, or ask for the payoff"
        )
    basis = basis_of(args, policy)
    asked = quote(plan, args.amount, Mode(args.mode), days=args.days, basis=basis)
    next_number = args.after + (
        2 if basis is PartInterest.UNUSED_DAYS else 1
    )  # which pays the current one too
    return quote_answer(asked, rows_from=next_number if args.rows else None)


def quote_answer(asked: Quote, *, rows_from: int | None) -> dict[str, object]:
    return {
        "balance_before": format_yuan(asked.before.balance),
        "balance_after": format_yuan(asked.plan.balance),
        "principal_now": format_yuan(asked.principal),
        "interest_now": format_yuan(asked.interest),
        "total_now": format_yuan(asked.total),
        "instalment": format_yuan(asked.instalment),
        "monthly_principal": yuan(asked.plan.level) if asked.plan.method is Method.EQUAL_PRINCIPAL else None,
        "remaining_months": asked.plan.months,
        "last_payment": format_yuan(asked.last_payment),
        "interest_left": format_yuan(asked.interest_left),
        "interest_saved": format_yuan(asked.interest_saved),
        "rows": None if rows_from is None else rows_of(asked.rows, numbered_from=rows_from),
    }


def show_payoff(args: Namespace, policy: Policy) -> Answer:
    return payoff_answer(payoff(plan_of(args, policy), args.days, basis_of(args, policy)))


def payoff_answer(owed: Payoff) -> dict[str, object]:
    return {
        "balance": format_yuan(owed.principal),
        "interest": format_yuan(owed.interest),
        "payoff": format_yuan(owed.total),
    }
