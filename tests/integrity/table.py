"""`python -m tests.integrity.table [--all]`: the last run of the tests of integrity, as a table for the README.

One row for each test of the programme: how much was done, which controls were caught, the seed, the wall time and the
load of the machine (processes that wanted to run, on average). `--all` lists every test with everything it counted.
"""

import json
import os
import platform
import sys
from collections import defaultdict
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

FIGURES = Path(__file__).parent.parent.parent / "build" / "integrity.jsonl"

PROGRAMME = {
    "test_simulation_centre": "T1, the real centre",
    "test_simulation": "T1",
    "test_power_cuts": "T2",
    "test_kill": "T3",
    "test_centre_killed": "T4",
    "test_broken_line": "T5",
    "test_disk_errors": "T6",
    "test_history": "T7",
    "test_one_key": "T8",
    "test_print_faults": "T9",
    "test_restore": "T12",
}

Run = dict[str, Any]


def place(run: Run) -> str:
    """Which test of the programme a run belongs to."""
    return next(name for start, name in PROGRAMME.items() if f"/{start}" in run["test"])


def is_control(run: Run) -> bool:
    """Whether it shows that something broken on purpose is caught."""
    return "test_control" in run["test"]


def done(runs: Iterable[Run]) -> str:
    """How much was done: the first count of each test, added up over what only differs in its parameters."""
    amounts: dict[str, list[int]] = defaultdict(list)
    for run in runs:
        for what, amount in islice(run["counted"].items(), 1):  # nothing, if it failed before it could count
            amounts[what].append(amount)
    return ", ".join(
        f"{' + '.join(f'{one:,}' for one in each) if len(each) < 4 else f'{sum(each):,}'} {what}"
        for what, each in amounts.items()
    )


def rows(runs: list[Run]) -> list[str]:
    """One row of Markdown for each test of the programme and size."""
    table = [
        "| Test | Done | Broken promises | Controls caught | Seed | Wall time | Load |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in sorted(set(PROGRAMME.values()), key=lambda name: (int(name.split(",")[0][1:]), name)):
        mine = [run for run in runs if place(run) == name]
        controls = [run for run in mine if is_control(run)]
        caught = f"{sum(run['passed'] for run in controls)} of {len(controls)}" if controls else ""
        for soak in (False, True):
            sized = [run for run in mine if run["soak"] is soak and not is_control(run)]
            if sized:
                table.append(_row(name + (" (`make soak`)" if soak else ""), sized, "" if soak else caught))
    return table


def _row(name: str, runs: list[Run], caught: str) -> str:
    failed = sum(not run["passed"] for run in runs)
    seeds = ", ".join(sorted({str(run["seed"]) for run in runs}))
    seconds, load = sum(run["seconds"] for run in runs), max(run["load"] for run in runs)
    broken = f"{failed} TESTS FAILED" if failed else "0"
    return f"| {name} | {done(runs)} | {broken} | {caught} | {seeds} | {seconds:,.0f} s | {load} |"


def all_rows(runs: list[Run]) -> list[str]:
    """One row of Markdown for each test."""
    table = ["| Test | Passed | Counted | Wall time |", "|---|---|---|---|"]
    for run in sorted(runs, key=lambda run: str(run["test"])):
        counted = ", ".join(f"{key} {value:,}" for key, value in run["counted"].items())
        passed = "yes" if run["passed"] else "NO"
        table.append(f"| `{run['test'].rpartition('/')[2]}` | {passed} | {counted} | {run['seconds']} s |")
    return table


def main(arguments: list[str]) -> None:
    """Print the table."""
    if not FIGURES.exists():
        sys.exit("run the tests of tests/integrity first")
    last = {run["test"]: run for run in map(json.loads, FIGURES.read_text("utf-8").splitlines())}
    print("\n".join((all_rows if "--all" in arguments else rows)(list(last.values()))))
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    print(f"\n{os.cpu_count()} cores, {system}, Python {platform.python_version()}")


if __name__ == "__main__":
    main(sys.argv[1:])
