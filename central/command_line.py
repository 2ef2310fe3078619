"""What every command of the centre has in common: options read strictly, and one sentence when they are wrong."""

import os
import re
import sys
from argparse import Action, ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from central.policy import POLICY_FOLDER

EXIT_BAD_INPUT = 2
DEFAULT_DATABASE = "sqlite:///var/centre.db"
EARLIEST_YEAR, LATEST_YEAR = 1850, 2200

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COUNT = re.compile(r"[0-9]{1,6}")


class _Once(Action):
    """An option with one value: given twice, one of the two would be ignored without a word."""

    def __call__(
        self, parser: ArgumentParser, namespace: Namespace, values: Any, option_string: str | None = None
    ) -> None:
        _refuse_nothing(parser, values, option_string)
        given = vars(namespace).setdefault("_given", set())
        if self.dest in given:
            parser.error(f"argument {option_string}: is given twice: allowed is once")
        given.add(self.dest)
        setattr(namespace, self.dest, values)


class _Each(Action):
    """An option that may be given again, each time with one value more."""

    def __call__(
        self, parser: ArgumentParser, namespace: Namespace, values: Any, option_string: str | None = None
    ) -> None:
        _refuse_nothing(parser, values, option_string)
        setattr(namespace, self.dest, [*(getattr(namespace, self.dest) or []), values])


def _refuse_nothing(parser: ArgumentParser, values: Any, option_string: str | None) -> None:
    if values == []:  # what argparse makes of --option=--
        parser.error(f"argument {option_string}: expected one argument")


class Parser(ArgumentParser):
    """Says what is wrong in one line; the usage is for --help. Options are written out, and given once."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, allow_abbrev=False)
        self.register("action", None, _Once)
        self.register("action", "append", _Each)

    def error(self, message: str) -> NoReturn:
        self.exit(complain(self.prog, message))


def complain(command: str, sentence: str) -> int:
    """One line on standard error; the exit status of bad input."""
    sys.stderr.write(f"{command}: {' '.join(sentence.split())}\n")
    return EXIT_BAD_INPUT


def add_database(parser: ArgumentParser) -> None:
    """The option that every command on the books has."""
    parser.add_argument(
        "--database",
        default=os.environ.get("CENTRAL_DATABASE", DEFAULT_DATABASE),
        help="sqlite:///path or postgresql://... (default: %(default)s, or CENTRAL_DATABASE)",
    )


def add_policy(parser: ArgumentParser) -> None:
    """The option of every command that works by the centre's policy."""
    parser.add_argument(
        "--policy",
        type=Path,
        metavar="FOLDER",
        default=os.environ.get("CENTRAL_POLICY", POLICY_FOLDER),
        help="the centre's policy (default: config/policy, or CENTRAL_POLICY)",
    )


def day(text: str) -> date:
    """A day as YYYY-MM-DD; nothing else that Python would take for one."""
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        value = date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no date: write an existing day as YYYY-MM-DD") from None
    if not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
        raise ArgumentTypeError(
            f"{text!r} is out of range: years {EARLIEST_YEAR} to {LATEST_YEAR} are allowed"
        )
    return value


def count(least: int, most: int) -> Callable[[str], int]:
    """A whole number between two bounds."""

    def read(text: str) -> int:
        if not _COUNT.fullmatch(text) or not least <= int(text) <= most:
            raise ArgumentTypeError(f"{text!r} is not allowed: give a whole number from {least} to {most}")
        return int(text)

    return read
