"""What the command line accepts: strict readers that say in one sentence what is wrong and what is allowed."""

import re
from argparse import ArgumentTypeError
from datetime import date
from decimal import Decimal
from enum import StrEnum

from central.command_line import EARLIEST_YEAR, LATEST_YEAR, count, day
from central.rules.account_interest import Movement
from central.rules.months import YearMonth
from central.rules.offset import Source
from central.rules.repricing import RateChange
from central.rules.schedule import MAX_MONTHS
from kiosk.contract.money import Fen, parse_yuan

MAX_PERCENT = 100
MAX_DAYS = 366
LARGEST = Fen(10**14)  # a million million yuan: more than all funds together hold

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")


def names(kind: type[StrEnum]) -> list[str]:
    """An enumeration's words, as choices."""
    return [str(word) for word in kind]


def amount(text: str) -> Fen:
    """An amount of 0.00 yuan or more."""
    return _amount(text, signed=False)


def above_zero(text: str) -> Fen:
    value = amount(text)
    if value == 0:
        raise ArgumentTypeError(f"{text!r} is nothing: allowed is an amount above 0.00")
    return value


def _amount(text: str, *, signed: bool) -> Fen:
    try:
        value = parse_yuan(text, signed=signed)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error
    if abs(value) > LARGEST:
        raise ArgumentTypeError(f"{text!r} is too large: allowed is up to {LARGEST // 100}")
    return value


def percent(text: str) -> Decimal:
    """An annual rate in per cent."""
    if not _PERCENT.fullmatch(text) or Decimal(text) > MAX_PERCENT:
        raise ArgumentTypeError(
            f"{text!r} is not a rate: allowed is 0 to {MAX_PERCENT} per cent a year, such as 2.6"
        )
    return Decimal(text)


term = count(1, MAX_MONTHS)


def month(text: str) -> YearMonth:
    match = _MONTH.fullmatch(text)
    if match is None or not 1 <= int(match[2]) <= 12 or not EARLIEST_YEAR <= int(match[1]) <= LATEST_YEAR:
        raise ArgumentTypeError(
            f"{text!r} is no month: write YYYY-MM, years {EARLIEST_YEAR} to {LATEST_YEAR} are allowed"
        )
    return YearMonth(int(match[1]), int(match[2]))


def month_or_day(text: str) -> YearMonth | date:
    """A birth month, or a birth date."""
    return day(text) if _DATE.fullmatch(text) else month(text)


def movement(text: str) -> Movement:
    """A deposit or withdrawal as DATE:AMOUNT."""
    on, separator, value = text.partition(":")
    if not separator:
        raise ArgumentTypeError(
            f"{text!r} is no entry: write DATE:AMOUNT, such as 2025-07-15:3000 or ...:-500"
        )
    return Movement(day(on), _amount(value, signed=True))


def rate_change(text: str) -> RateChange:
    """A re-pricing as NUMBER:RATE."""
    number, separator, rate = text.partition(":")
    if not separator:
        raise ArgumentTypeError(f"{text!r} is no change: write INSTALMENT:RATE, such as 19:2.6")
    return RateChange(term(number), percent(rate))


def source(text: str) -> Source:
    """An account that pays, as NAME:BALANCE."""
    name, separator, balance = text.partition(":")
    if not separator or not name:
        raise ArgumentTypeError(f"{text!r} is no source: write NAME:BALANCE, such as borrower:1850.35")
    return Source(name, amount(balance))
