"""The account questions: interest, closure and withdrawal."""

from argparse import ArgumentParser, Namespace

from central import command_line
from central.calculate import values
from central.calculate.show import Answer, refusals_of, yuan
from central.policy import Policy
from central.rules import closure, withdrawal
from central.rules.account_interest import (
    DepositRate,
    InterestMethod,
    Parts,
    Settlement,
    WithdrawalOrder,
    settle,
)
from central.rules.dated import Dated, NoPolicyError, in_force
from central.rules.identity import Sex
from central.rules.retirement import Category
from kiosk.contract.money import Fen, format_yuan


def interest_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--opening", type=values.amount, required=True, metavar="YUAN", help="carried over from earlier years"
    )
    parser.add_argument("--from", dest="since", type=command_line.day, required=True, metavar="DATE")
    parser.add_argument(
        "--to",
        dest="until",
        type=command_line.day,
        required=True,
        metavar="DATE",
        help="this day earns nothing any more",
    )
    parser.add_argument(
        "--entry",
        type=values.movement,
        action="append",
        default=[],
        metavar="DATE:YUAN",
        help="a deposit, or with a minus a withdrawal, such as 2025-09-05:-60000; may be repeated",
    )
    parser.add_argument(
        "--rate", type=values.percent, metavar="PERCENT", help="the default is the policy's, by date"
    )
    parser.add_argument("--method", choices=values.names(InterestMethod), help="the default is the policy's")
    parser.add_argument(
        "--withdrawal-order", choices=values.names(WithdrawalOrder), help="the default is the policy's"
    )


def show_interest(args: Namespace, policy: Policy) -> Answer:
    """A period that crosses 1 July is settled there: interest is rounded, credited and earns interest itself."""
    settled = _settled(args, policy)
    balance = Fen(args.opening + sum(entry.amount for entry in args.entry))
    interest = Fen(sum(settlement.interest for settlement in settled))
    return {
        "product_sum": format_yuan(Fen(sum(settlement.product_sum for settlement in settled))),
        "interest": format_yuan(interest),
        "balance": format_yuan(balance),
        "closing": format_yuan(Fen(balance + interest)),
        "settlements": [_settlement_row(settlement) for settlement in settled] if len(settled) > 1 else None,
    }


def _settlement_row(settlement: Settlement) -> dict[str, str]:
    return {
        "from": settlement.since.isoformat(),
        "to": settlement.until.isoformat(),
        "product_sum": format_yuan(Fen(settlement.product_sum)),
        "interest": format_yuan(settlement.interest),
        "closing": format_yuan(settlement.closing),
    }


def _settled(args: Namespace, policy: Policy) -> list[Settlement]:
    rules = in_force(policy.account_interest, args.until)
    method = InterestMethod(args.method) if args.method else rules.method
    order = WithdrawalOrder(args.withdrawal_order) if args.withdrawal_order else rules.withdrawal_order
    rates = policy.deposit_rates
    if args.rate is not None:
        rates = (Dated(args.since, DepositRate(carried=args.rate, current=args.rate)),)
    try:
        return settle(Parts(args.opening), args.since, args.until, args.entry, rates, method, order)
    except NoPolicyError as error:
        raise ValueError(f"{error}; give --rate") from error


def closure_arguments(parser: ArgumentParser) -> None:
    interest_arguments(parser)
    parser.add_argument("--born", type=command_line.day, required=True, metavar="DATE")
    parser.add_argument("--sex", choices=values.names(Sex), required=True)
    parser.add_argument(
        "--category",
        choices=values.names(Category),
        help="a woman's, when her employer or social insurance has confirmed it",
    )
    parser.add_argument("--retirement-record", action="store_true", help="social insurance says: retired")
    parser.add_argument("--loan", action="store_true", help="a fund loan is outstanding")
    parser.add_argument(
        "--co-borrower-loan", action="store_true", help="a loan as co-borrower is outstanding"
    )
    parser.add_argument("--frozen", action="store_true")


def show_closure(args: Namespace, policy: Policy) -> Answer:
    """`payout` is there only when nothing stands in the way."""
    if (args.sex == Sex.MALE) != (args.category == Category.MAN) and args.category is not None:
        raise ValueError(f"--category {args.category} does not go with --sex {args.sex}")
    holder = closure.Holder(
        born=args.born,
        sex=Sex(args.sex),
        category=Category(args.category) if args.category else None,
        retirement_record=args.retirement_record,
    )
    state = closure.ClosureState(
        holder_matches=True,
        closed=False,
        frozen=args.frozen,
        in_flight=False,
        loan_outstanding=args.loan,
        co_borrower_loan_outstanding=args.co_borrower_loan,
        card_is_own=True,
    )
    refused = closure.refusals(holder, state, args.until, in_force(policy.closure, args.until))
    answer = show_interest(args, policy)
    return {
        "allowed": not refused,
        **answer,
        "payout": None if refused else answer["closing"],
        "refusals": refusals_of(refused) or None,
    }


def withdrawal_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--reason", required=True, metavar="CODE", help="of the policy's code table, such as 07"
    )
    parser.add_argument("--balance", type=values.amount, required=True, metavar="YUAN")
    extent = parser.add_mutually_exclusive_group(required=True)
    extent.add_argument("--amount", type=values.above_zero, metavar="YUAN", help="a withdrawal in part")
    extent.add_argument("--close", action="store_true", help="all of it, closing the account")
    parser.add_argument("--last", type=command_line.day, metavar="DATE", help="of the last withdrawal")
    parser.add_argument("--on", type=command_line.day, metavar="DATE", help="the day of the request (today)")
    parser.add_argument(
        "--payoff", type=values.amount, metavar="YUAN", help="of an own fund loan outstanding"
    )
    parser.add_argument("--frozen", action="store_true")
    parser.add_argument(
        "--sealed-with-gap", action="store_true", help="sealed, and not paid up to that month"
    )


def show_withdrawal(args: Namespace, policy: Policy) -> Answer:
    """`most` and `next` say how much, and from when, might be withdrawn in part."""
    day = args.on or args.today
    rules = in_force(policy.withdrawal, day)
    account = withdrawal.AccountState(
        holder_matches=True,
        closed=False,
        frozen=args.frozen,
        withdrawal_in_flight=False,
        change_in_flight=False,
        sealed=args.sealed_with_gap,
        paid_to_seal_month=not args.sealed_with_gap,
        last_withdrawal=args.last,
        balance=args.balance,
        loan_outstanding=args.payoff is not None,
        own_loan_payoff=args.payoff,
    )
    request = withdrawal.Withdrawal(args.reason, None if args.close else args.amount, card_is_own=True)
    faults = withdrawal.faults(request, account, day, rules)
    reason = rules.reason(args.reason)
    opens = withdrawal.next_withdrawal(args.last, rules)
    return {
        "allowed": not faults,
        "reason": reason.name if reason else None,
        "most": yuan(withdrawal.most(account, reason, rules)) if reason and not args.close else None,
        "next": opens.isoformat() if opens else None,
        "refusals": refusals_of(faults) or None,
    }
