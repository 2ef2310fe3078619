"""The questions about a person: retirement and id-number."""

from argparse import ArgumentParser, Namespace

from central import command_line
from central.calculate import values
from central.calculate.show import Answer
from central.policy import Policy
from central.rules import identity
from central.rules.months import YearMonth
from central.rules.retirement import Category, retirement, retirement_day


def retirement_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--born",
        type=values.month_or_day,
        required=True,
        metavar="YYYY-MM[-DD]",
        help="with the day, the day is told too",
    )
    parser.add_argument(
        "--category",
        choices=values.names(Category),
        required=True,
        help="a woman's follows from her post (55 or 50)",
    )


def show_retirement(args: Namespace, policy: Policy) -> Answer:
    category = Category(args.category)
    born = args.born if isinstance(args.born, YearMonth) else YearMonth.of(args.born)
    when = retirement(born, category)
    day = None if isinstance(args.born, YearMonth) else retirement_day(args.born, category).isoformat()
    return {
        "age_years": when.age_years,
        "age_months": when.age_months,
        "delay_months": when.delay_months,
        "retires": str(when.retires),
        "retires_on": day,
        "earliest": str(when.earliest),
        "latest": str(when.latest),
        "contribution_months": when.contribution_months,
    }


def id_number_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("number", help="15 or 18 characters; full-width ones and a small x are understood")
    parser.add_argument("--on", type=command_line.day, metavar="DATE", help="nobody is born after it (today)")


def show_id_number(args: Namespace, policy: Policy) -> Answer:
    """An invalid number is an answer (`valid` false and `problem`), not a failure of the command."""
    match identity.read(args.number, args.on or args.today):
        case identity.Invalid(identity.Fault.EMPTY, _):
            raise ValueError("the number is empty: give 15 or 18 characters")
        case identity.Invalid(_, detail):
            return {"valid": False, "problem": detail}
        case identity.Identity(number, kind, born, sex):
            return {
                "valid": True,
                "number": number,
                "kind": str(kind),
                "born": born.isoformat(),
                "sex": None if sex is None else str(sex),
            }
