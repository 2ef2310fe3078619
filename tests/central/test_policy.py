"""Policy files: what is shipped, and how a wrong one is told."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from central.policy import POLICY_FOLDER, PolicyError, load
from central.rules.account_interest import InterestMethod, WithdrawalOrder
from central.rules.dated import in_force
from central.rules.early_repayment import PartInterest
from central.rules.repricing import January
from central.rules.schedule import FirstPeriod

TODAY = date(2026, 11, 22)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped policy, to be spoilt."""
    return Path(shutil.copytree(POLICY_FOLDER, tmp_path / "policy"))


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_defaults() -> None:
    policy = load()
    interest = in_force(policy.account_interest, TODAY)
    assert (interest.method, interest.withdrawal_order) == (
        InterestMethod.PRODUCT_SUM_360,
        WithdrawalOrder.CARRIED_FIRST,
    )
    schedule = in_force(policy.loan_schedule, TODAY)
    assert (schedule.first_period, schedule.january) == (FirstPeriod.FULL, January.WHOLE_NEW)
    assert (schedule.penalty_multiplier, schedule.monthly_rate_places) == (Decimal("1.5"), None)
    repayment = in_force(policy.early_repayment, TODAY)
    assert (repayment.part_interest, repayment.retain, repayment.multiple) == (
        PartInterest.ON_AMOUNT,
        1,
        None,
    )
    assert in_force(policy.offset, TODAY).retain == 1
    assert in_force(policy.closure, TODAY).age_suffices
    assert in_force(policy.withdrawal, TODAY).interval_months == 12


def test_an_alternative_is_a_line_in_a_file(folder: Path) -> None:
    spoil(
        folder,
        "loan-schedule.toml",
        "penalty_multiplier = 1.5",
        "penalty_multiplier = 1.3\nmonthly_rate_places = 8",
    )
    spoil(folder, "early-repayment.toml", 'retain = "0.01"', 'retain = "10000.00"\nmultiple = "10000.00"')
    policy = load(folder)
    schedule = in_force(policy.loan_schedule, TODAY)
    assert (schedule.penalty_multiplier, schedule.monthly_rate_places) == (Decimal("1.3"), 8)
    assert in_force(policy.early_repayment, TODAY).multiple == 1_000_000


SPOILT = [
    (
        "offset.toml",
        'retain = "0.01"',
        "retain = 0.01",
        'row 1: retain: amounts are written as text, such as "10000.00"',
    ),
    ("offset.toml", 'retain = "0.01"', 'retain = "0.001"', "row 1: retain: '0.001' is not an amount in yuan"),
    ("offset.toml", 'retain = "0.01"', 'retian = "0.01"', "row 1: retian is not one of retain,"),
    ("offset.toml", 'retain = "0.01"', "", "row 1: retain missing"),
    ("offset.toml", "_months = 6", "_months = 6.5", "row 1: suspend_after_sealed_months: must be a int"),
    ("offset.toml", "_months = 6", "_months = true", "row 1: suspend_after_sealed_months: must be a int"),
    ("offset.toml", "since = 1999-04-03", "", "row 1: since: must be a date"),
    ("offset.toml", "since = 1999-04-03", "since = 1999-04-03T00:00:00", "row 1: since: must be a date"),
    ("offset.toml", "source = ", "# source = ", "row 1: source: must be a str"),
    ("offset.toml", "[[row]]", "[row]", "a policy file holds [[row]] tables and nothing else"),
    ("offset.toml", "[[row]]", "x = 1\n[[row]]", "a policy file holds [[row]] tables and nothing else"),
    ("offset.toml", "[[row]]", "[[row", "offset.toml: "),
    ("closure.toml", "age_suffices = true", "age_suffices = 1", "row 1: age_suffices: must be a bool"),
    (
        "loan-rates.toml",
        "first_short = 2.10",
        'first_short = "2.10"',
        "row 8: first_short: must be a Decimal",
    ),
    (
        "loan-rates.toml",
        "since = 2025-05-08",
        "since = 2024-05-18",
        "rows must rise by date, one for each day",
    ),
    ("loan-schedule.toml", '"whole-new"', '"new"', "row 1: january: 'new' is none of whole-new, 30-360"),
    ("loan-limits.toml", "[row.caps]", "[row.cap]", "row 1: cap is not one of caps, extras"),
    (
        "loan-limits.toml",
        "per_cent = 20",
        'per_cent = 20\nnote = ""',
        "row 1: extras: note is not one of ground",
    ),
    ("early-repayment.toml", "holidays = []", "holidays = 1", "row 1: holidays: must be a list"),
    ("early-repayment.toml", "holidays = []", "holidays = [1]", "row 1: holidays: must be a date, not 1"),
    ("loan-limits.toml", "[row.caps]", "[[row.caps]]", "row 1: caps: must be a table"),
    (
        "withdrawal.toml",
        'extent = "either"',
        'extent = "all"',
        "row 1: reasons: extent: 'all' is none of part",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "said"), SPOILT)
def test_a_wrong_file_is_told_by_its_place(folder: Path, name: str, old: str, new: str, said: str) -> None:
    spoil(folder, name, old, new)
    with pytest.raises(PolicyError) as error:
        load(folder)
    assert said in str(error.value)
    assert name in str(error.value)


def test_a_missing_file(folder: Path) -> None:
    (folder / "closure.toml").unlink()
    with pytest.raises(PolicyError, match=r"closure\.toml"):
        load(folder)
