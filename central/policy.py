"""Reads the dated policy in config/policy: what the rules are given to work with."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from central.rules.account_interest import DepositRate, InterestMethod, WithdrawalOrder
from central.rules.closure import ClosurePolicy
from central.rules.dated import Dated
from central.rules.loan_rates import LoanRate
from central.rules.loan_trial import LoanPolicy
from central.rules.offset import OffsetPolicy
from central.rules.repayment_checks import RepaymentPolicy
from central.rules.repricing import January
from central.rules.schedule import FirstPeriod
from central.rules.withdrawal import WithdrawalPolicy
from kiosk.contract.money import Fen, parse_yuan

POLICY_FOLDER = Path(__file__).resolve().parent.parent / "config" / "policy"
ROW_KEYS = frozenset({"since", "source"})  # of every row, besides what the rule needs

OPTIONAL = (Union, UnionType)  # how `X | None` shows itself, for a NewType and for a class

T = TypeVar("T")


class PolicyError(ValueError):
    """A policy file says something that no rule can use; the message names the file, the row and the key."""


@dataclass(frozen=True, slots=True)
class InterestPolicy:
    method: InterestMethod
    withdrawal_order: WithdrawalOrder


@dataclass(frozen=True, slots=True)
class SchedulePolicy:
    first_period: FirstPeriod
    january: January
    penalty_multiplier: Decimal
    monthly_rate_places: int | None  # None: the monthly rate is not rounded


@dataclass(frozen=True, slots=True)
class Policy:
    """Every table by date; read one with `in_force(policy.early_repayment, day)`."""

    deposit_rates: tuple[Dated[DepositRate], ...]
    loan_rates: tuple[Dated[LoanRate], ...]
    account_interest: tuple[Dated[InterestPolicy], ...]
    loan_schedule: tuple[Dated[SchedulePolicy], ...]
    early_repayment: tuple[Dated[RepaymentPolicy], ...]
    offset: tuple[Dated[OffsetPolicy], ...]
    closure: tuple[Dated[ClosurePolicy], ...]
    withdrawal: tuple[Dated[WithdrawalPolicy], ...]
    loan_limits: tuple[Dated[LoanPolicy], ...]


@cache
def load(folder: Path = POLICY_FOLDER) -> Policy:
    """All tables of a folder. Raises PolicyError when a file is missing, incomplete or says what it may not."""
    return Policy(
        deposit_rates=_table(folder, "deposit-rates", DepositRate),
        loan_rates=_table(folder, "loan-rates", LoanRate),
        account_interest=_table(folder, "account-interest", InterestPolicy),
        loan_schedule=_table(folder, "loan-schedule", SchedulePolicy),
        early_repayment=_table(folder, "early-repayment", RepaymentPolicy),
        offset=_table(folder, "offset", OffsetPolicy),
        closure=_table(folder, "closure", ClosurePolicy),
        withdrawal=_table(folder, "withdrawal", WithdrawalPolicy),
        loan_limits=_table(folder, "loan-limits", LoanPolicy),
    )


def _table(folder: Path, name: str, kind: type[T]) -> tuple[Dated[T], ...]:
    path = folder / f"{name}.toml"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise PolicyError(f"{path}: {error}") from error
    if set(content) != {"row"} or not isinstance(content["row"], list):
        raise PolicyError(f"{path}: a policy file holds [[row]] tables and nothing else")
    rows = [_row(entry, kind, f"{path}: row {place}") for place, entry in enumerate(content["row"], start=1)]
    days = [row.since for row in rows]
    if days != sorted(set(days)):
        raise PolicyError(f"{path}: rows must rise by date, one for each day")
    return tuple(rows)


def _row(entry: Mapping[str, Any], kind: type[T], where: str) -> Dated[T]:
    since = _value(date, entry.get("since"), f"{where}: since")
    _value(str, entry.get("source"), f"{where}: source")
    rest = {key: value for key, value in entry.items() if key not in ROW_KEYS}
    return Dated(since, _value(kind, rest, where))


def _value(kind: Any, value: Any, where: str) -> Any:
    """`value` as `kind`: what a field's type says, nothing looser (no text for a number, no number for a truth)."""
    if kind is Fen:
        return _amount(value, where)
    if is_dataclass(kind):
        return _record(kind, value, where)
    if get_origin(kind) in OPTIONAL:
        return _value(get_args(kind)[0], value, where)
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise PolicyError(f"{where}: must be a list")
        return tuple(_value(get_args(kind)[0], item, where) for item in value)
    if kind is Decimal and type(value) in (int, Decimal):
        return Decimal(value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        if value not in list(kind):
            raise PolicyError(f"{where}: {value!r} is none of {', '.join(kind)}")
        return kind(value)
    if type(value) is not kind:
        raise PolicyError(f"{where}: must be a {kind.__name__}, not {value!r}")
    return value


def _amount(value: Any, where: str) -> Fen:
    if not isinstance(value, str):
        raise PolicyError(f'{where}: amounts are written as text, such as "10000.00"')
    try:
        return parse_yuan(value)
    except ValueError as error:
        raise PolicyError(f"{where}: {error}") from error


def _record(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise PolicyError(f"{where}: must be a table")
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    if unknown := sorted(set(value) - set(names)):
        raise PolicyError(f"{where}: {unknown[0]} is not one of {', '.join(names)}")
    given = {name: _value(hints[name], value[name], f"{where}: {name}") for name in names if name in value}
    for name in names:
        if name not in given and get_origin(hints[name]) in OPTIONAL:
            given[name] = None  # an absent key sets no condition
    try:
        return kind(**given)
    except TypeError as error:
        missing = [name for name in names if name not in given]
        raise PolicyError(f"{where}: {', '.join(missing)} missing") from error
