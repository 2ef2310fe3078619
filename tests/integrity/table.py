"""`python -m tests.integrity.table`: the last run of each test of integrity, as a table for the README."""

import json
import sys
from pathlib import Path

FIGURES = Path(__file__).parent.parent.parent / "build" / "integrity.jsonl"
ALWAYS = ("test", "seed", "seconds")


def rows(lines: list[str]) -> list[str]:
    """One row of Markdown for each test, by the last line that it wrote."""
    last = {run["test"]: run for run in map(json.loads, lines)}
    table = ["| Test | What happened | Seed | Wall time |", "|---|---|---|---|"]
    for test, run in sorted(last.items()):
        name = test.rpartition("/")[2].replace(".py::test_", ": ").removeprefix("test_").replace("_", " ")
        counted = ", ".join(f"{key} {value:,}" for key, value in run.items() if key not in ALWAYS)
        table.append(f"| {name} | {counted} | {run['seed']} | {run['seconds']} s |")
    return table


if __name__ == "__main__":
    if not FIGURES.exists():
        sys.exit("run the tests of tests/integrity first")
    print("\n".join(rows(FIGURES.read_text("utf-8").splitlines())))
