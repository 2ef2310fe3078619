"""Reads the command line of `calculate`, asks the rule, and prints the answer or one line of refusal."""

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from central import policy
from central.calculate import accounts, lending, loans, people
from central.calculate.show import Answer, as_json, as_table
from central.clock import Clock, SystemClock, day_of
from central.command_line import Parser, add_policy


@dataclass(frozen=True, slots=True)
class Question:
    """One subcommand: what it asks for, and what answers it."""

    name: str
    summary: str
    arguments: Sequence[Callable[[ArgumentParser], None]]
    answer: Callable[[Namespace, policy.Policy], Answer]


QUESTIONS = (
    Question(
        "schedule",
        "all instalments of a loan",
        (loans.loan_arguments, loans.date_arguments),
        loans.show_schedule,
    ),
    Question(
        "repricing",
        "all instalments of a loan whose rate changes",
        (loans.loan_arguments, loans.date_arguments, loans.repricing_arguments),
        loans.show_repricing,
    ),
    Question(
        "early-repayment",
        "repay part of a loan early",
        (
            loans.loan_arguments,
            loans.after_argument,
            loans.days_argument,
            loans.interest_argument,
            loans.early_repayment_arguments,
        ),
        loans.show_early_repayment,
    ),
    Question(
        "payoff",
        "repay all of a loan early",
        (loans.loan_arguments, loans.after_argument, loans.days_argument, loans.interest_argument),
        loans.show_payoff,
    ),
    Question(
        "overdue", "penalty on an overdue instalment", (lending.overdue_arguments,), lending.show_overdue
    ),
    Question(
        "offset",
        "what fund accounts pay of a loan, monthly or once a year",
        (loans.loan_arguments, loans.after_argument, lending.offset_arguments),
        lending.show_offset,
    ),
    Question(
        "loan-trial", "how much a household could borrow", (lending.trial_arguments,), lending.show_trial
    ),
    Question("interest", "interest on an account", (accounts.interest_arguments,), accounts.show_interest),
    Question(
        "closure", "close an account on retirement", (accounts.closure_arguments,), accounts.show_closure
    ),
    Question(
        "withdrawal",
        "whether money may be withdrawn",
        (accounts.withdrawal_arguments,),
        accounts.show_withdrawal,
    ),
    Question(
        "retirement", "the statutory retirement age", (people.retirement_arguments,), people.show_retirement
    ),
    Question("id-number", "check an identity number", (people.id_number_arguments,), people.show_id_number),
)


def build_parser() -> Parser:
    parser = Parser(prog="python -m central calculate", description=__doc__)
    questions = parser.add_subparsers(dest="question", required=True, metavar="QUESTION")
    for question in QUESTIONS:
        summary, note = question.summary, question.answer.__doc__ or ""
        child = questions.add_parser(
            question.name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}. {note}".strip(),
            formatter_class=RawDescriptionHelpFormatter,
        )
        for add_arguments in question.arguments:
            add_arguments(child)
        child.add_argument("--format", choices=["table", "json"], default="table")
        add_policy(child)
        child.set_defaults(answer=question.answer, parser=child)
    return parser


def main(arguments: Sequence[str], clock: Clock | None = None) -> int:
    """Answer one question on standard output and return 0; bad input is one line on standard error and 2."""
    args = build_parser().parse_args(arguments)
    args.today = day_of((clock or SystemClock()).now_ms())
    try:
        answer = args.answer(args, policy.load(args.policy))
    except (ValueError, LookupError) as error:
        args.parser.error(str(error))
    sys.stdout.write((as_json if args.format == "json" else as_table)(answer) + "\n")
    return 0
