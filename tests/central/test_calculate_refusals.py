"""`python -m central calculate` told nonsense, asked for what the rules forbid, and read by people in a shell."""

import json
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from central.calculate import main
from tests.central.calculating import LOAN, refuse, unquoted

ROOT = Path(__file__).resolve().parents[2]


def schedule_with(option: str, value: str) -> list[str]:
    arguments = f"schedule {LOAN} --first-due 2024-07-15 --format json".split()
    arguments[arguments.index(option) + 1] = value
    return arguments


BAD = [
    # option, value: what the line has to say
    ("--principal", "", "is not an amount in yuan"),
    ("--principal", "NaN", "is not an amount in yuan"),
    ("--principal", "1e9", "is not an amount in yuan"),
    ("--principal", "1,000", "is not an amount in yuan"),
    ("--principal", "1.001", "at most two decimals"),
    ("--principal", "-1", "0.00 or more"),
    ("--principal", "0", "above 0.00"),
    ("--principal", "9999999999999999", "up to 1000000000000"),
    ("--principal", "99999999999999999999", "is not an amount in yuan"),
    ("--rate", "", "0 to 100 per cent"),
    ("--rate", "-1", "0 to 100 per cent"),
    ("--rate", "NaN", "0 to 100 per cent"),
    ("--rate", "1e2", "0 to 100 per cent"),
    ("--rate", "100.1", "0 to 100 per cent"),
    ("--rate", "２", "0 to 100 per cent"),
    ("--months", "0", "from 1 to 360"),
    ("--months", "361", "from 1 to 360"),
    ("--months", "-3", "from 1 to 360"),
    ("--months", "12.5", "from 1 to 360"),
    ("--months", "", "from 1 to 360"),
    ("--months", "99999999999999999999999", "from 1 to 360"),
    ("--method", "equal", "choose from 'equal-instalment', 'equal-principal'"),
    ("--first-due", "2025-02-30", "existing day as YYYY-MM-DD"),
    ("--first-due", "20250215", "existing day as YYYY-MM-DD"),
    ("--first-due", "2025-W07-1", "existing day as YYYY-MM-DD"),
    ("--first-due", "", "existing day as YYYY-MM-DD"),
    ("--first-due", "9999-12-31", "years 1850 to 2200"),
    ("--format", "junk", "choose from 'table', 'json'"),
    ("--format", "", "choose from 'table', 'json'"),
]


@pytest.mark.parametrize(("option", "value", "said"), BAD)
def test_bad_input_is_one_line(
    capsys: pytest.CaptureFixture[str], option: str, value: str, said: str
) -> None:
    assert unquoted(said) in unquoted(refuse(capsys, *schedule_with(option, value)))


REFUSED = [
    (f"early-repayment {LOAN} --after 300 --amount 1 --mode reduce", "allowed is 0 to 299"),
    (f"early-repayment {LOAN} --after 299 --amount 1 --mode reduce", "can only be paid off"),
    (f"early-repayment {LOAN} --after 24 --amount 565007.47 --mode reduce", "ask for the payoff"),
    (f"early-repayment {LOAN} --after 24 --amount 0 --mode reduce", "above 0.00"),
    (f"early-repayment {LOAN} --after 24 --amount 1 --mode both", "choose from 'reduce'"),
    (f"payoff {LOAN} --after 300", "allowed is 0 to 299"),
    (f"payoff {LOAN} --after 24 --days -1", "from 0 to 366"),
    (
        "payoff --principal 2 --rate 0 --months 360 --method equal-principal --after 300",
        "nothing is left to repay after instalment 300",
    ),
    (f"schedule {LOAN} --due-day 31", "--due-day needs --first-due"),
    (f"schedule {LOAN} --first-period act-360", "needs the date of disbursement"),
    (f"repricing {LOAN}", "--change"),
    (f"repricing {LOAN} --change 19", "write INSTALMENT:RATE"),
    (f"repricing {LOAN} --change 301:2.6", "between 1 and 300"),
    (f"repricing {LOAN} --change 19:2.6 --january 30-360", "needs the due dates"),
    ("interest --opening 1 --from 2025-09-10 --to 2025-07-01", "before it begins"),
    (
        "interest --opening 1 --from 2025-07-01 --to 2025-07-02 --entry 2025-07-03:1",
        "between 2025-07-01 and 2025-07-02",
    ),
    (
        "interest --opening 1 --from 2025-07-01 --to 2025-07-02 --entry 2025-07-01:-2",
        "too little to withdraw 2.00",
    ),
    ("interest --opening 1 --from 2025-07-01 --to 2025-07-02 --entry 1", "DATE:AMOUNT"),
    ("interest --opening 1 --from 2005-07-01 --to 2005-07-02", "give --rate"),
    ("interest --opening 1 --from 1990-07-01 --to 1990-07-02", "nothing is on record"),
    ("retirement --born 1966-13 --category man", "write YYYY-MM"),
    ("retirement --born 1966-02-30 --category man", "existing day"),
    ("retirement --born 1966-01 --category woman", "choose from 'man', 'woman-55', 'woman-50'"),
    ('id-number ""', "the number is empty"),
    (f"offset {LOAN} --after 1 --kind monthly --source :5", "write NAME:BALANCE"),
    ("loan-trial --price 1 --balance 1 --months 1 --ground luck", "allowed are more-than"),
    (
        (
            "closure --opening 1 --from 2025-07-01 --to 2025-07-02 --born 1960-01-01 --sex female"
            " --category man"
        ),
        "does not go with --sex female",
    ),
    ("withdrawal --reason 07 --balance 1", "one of the arguments --amount --close is required"),
    (f"schedule {LOAN} --policy /nowhere", "deposit-rates.toml"),
    (f"schedule {LOAN} --rate 3", "--rate: is given twice"),
    (f"schedule {LOAN} --due-day=--", "--due-day: expected one argument"),
    ("interest --opening 1 --from 2025-07-01 --to 2025-07-02 --entry=--", "--entry: expected one argument"),
    (f"schedule {LOAN} --princ 5", "unrecognized arguments: --princ 5"),
    ("junk", "invalid choice: 'junk'"),
    ("", "required"),
]


@pytest.mark.parametrize(("command", "said"), REFUSED)
def test_refusals_are_one_line(capsys: pytest.CaptureFixture[str], command: str, said: str) -> None:
    assert unquoted(said) in unquoted(refuse(capsys, *shlex.split(command)))


def test_a_line_break_in_the_input_stays_in_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    refuse(capsys, *f"schedule {LOAN}".split(), "two\nlines")


def test_a_table_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    main(["schedule", "--principal", "100", "--rate", "0", "--months", "2", "--method", "equal-principal"])
    assert capsys.readouterr().out == (
        "instalment         50.00\n"
        "monthly_principal  50.00\n"
        "last_payment       50.00\n"
        "total_interest     0.00\n"
        "total_payment      100.00\n"
        "\n"
        "rows\n"
        "number  principal  interest  payment  balance\n"
        "     1      50.00      0.00    50.00    50.00\n"
        "     2      50.00      0.00    50.00     0.00\n"
    )


def test_a_table_of_yes_and_no_and_lists(capsys: pytest.CaptureFixture[str]) -> None:
    main(["id-number", "511324199612163557"])
    assert capsys.readouterr().out == "valid    no\nproblem  the last character should be 6\n"
    main(["loan-trial", "--price", "900000", "--balance", "38000", "--months", "120", "--on", "2026-01-01"])
    lines = capsys.readouterr().out.splitlines()
    assert "binding       balance" in lines
    assert "limits        cap 600000.00, balance 570000.00, price 720000.00" in lines


def run(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "central", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_from_the_shell() -> None:
    done = run(["calculate", "retirement", "--born", "1966-01", "--category", "man", "--format", "json"])
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["retires"] == "2026-05"


@pytest.mark.parametrize(
    "arguments", [["junk"], [], ["calculate", "junk"], ["calculate", "schedule", "--rate", "x"]]
)
def test_a_wrong_command_from_the_shell(arguments: list[str]) -> None:
    done = run(arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


def test_help_names_the_commands() -> None:
    done = run(["--help"])
    assert done.returncode == 0
    assert "calculate" in done.stdout
