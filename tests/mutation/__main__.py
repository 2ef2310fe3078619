"""Runs mutmut over central/rules in a copy under build/, so that nothing in the tree is touched.

`python -m tests.mutation` prints the score and the surviving mutants; arguments go to `mutmut run`.
"""

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPY = ROOT / "build" / "mutation"
NEEDED = (
    "central/__init__.py",
    "central/policy.py",
    "central/rules",
    "config/policy",
    "kiosk/__init__.py",
    "kiosk/contract/__init__.py",
    "kiosk/contract/money.py",
    "tests/__init__.py",
    "tests/central/__init__.py",
    "tests/central/rules",
)
SETTINGS = """
[mutmut]
source_paths = central/rules
also_copy =
    central/__init__.py
    central/policy.py
    config
    kiosk
pytest_add_cli_args =
    -p
    no:randomly
    -p
    no:cacheprovider
pytest_add_cli_args_test_selection = tests/central/rules
"""


def prepare() -> None:
    """A fresh copy; mutmut's own results are kept, so that an unchanged rule is not tried again."""
    for name in NEEDED:
        source, target = ROOT / name, COPY / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)
    (COPY / "setup.cfg").write_text(SETTINGS, encoding="utf-8")


def mutmut(*arguments: str) -> str:
    command = [sys.executable, "-m", "mutmut", *arguments]
    return subprocess.run(command, cwd=COPY, capture_output=True, text=True, check=True).stdout


def main() -> int:
    prepare()
    subprocess.run([sys.executable, "-m", "mutmut", "run", *sys.argv[1:]], cwd=COPY, check=True)
    verdicts = dict(
        line.strip().rsplit(": ", 1)
        for line in mutmut("results", "--all", "true").splitlines()
        if ": " in line
    )
    counts = Counter(verdicts.values())
    caught = sum(count for verdict, count in counts.items() if verdict in ("killed", "timeout", "segfault"))
    for name, verdict in verdicts.items():
        if verdict not in ("killed", "timeout", "segfault"):
            print(f"\n{verdict}: {name}\n{mutmut('show', name)}")
    print(f"{caught} of {len(verdicts)} mutants caught: {100 * caught / len(verdicts):.1f} %  {dict(counts)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
