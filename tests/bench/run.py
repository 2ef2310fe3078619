"""Every figure that the README claims: runs all bench_*.py of this folder and gathers what they print.

`python -m tests.bench.run [--only kiosk cards] [-- --long]` writes build/bench.jsonl, and the same as a table for the
README in build/bench.md. What stands after `--` is handed to the benchmarks. Both files say on which machine it was and
how busy that was when it began: figures of a busy machine are not worth keeping.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
RESULT = ROOT / "build" / "bench.jsonl"


def benchmarks() -> dict[str, str]:
    """Name -> module. The databases come last: the disk is still writing when they have ended."""
    found = sorted(
        Path(__file__).parent.glob("bench_*.py"), key=lambda path: ("central" in path.stem, path.stem)
    )
    return {path.stem.removeprefix("bench_"): f"tests.bench.{path.stem}" for path in found}


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    cpuinfo = Path("/proc/cpuinfo").read_text()
    model = next(
        (line.partition(":")[2].strip() for line in cpuinfo.splitlines() if "model name" in line), ""
    )
    memory_kb = int(Path("/proc/meminfo").read_text().split()[1])
    return {
        "machine": model or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory_kb / 1024**2),
        "system": f"{platform.freedesktop_os_release().get('PRETTY_NAME', '')}, Python {platform.python_version()}",
        "load": round(os.getloadavg()[0], 1),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def run(module: str, arguments: list[str]) -> Iterator[dict[str, Any]]:
    """The figures that a benchmark prints, as they come. Raises CalledProcessError when it fails."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("{"):
                yield json.loads(line)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


def main(arguments: list[str]) -> int:
    """Run; the exit status is 1 when a benchmark failed."""
    names = benchmarks()
    parser = argparse.ArgumentParser(prog="python -m tests.bench.run", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=names, default=list(names))
    parser.add_argument("--out", type=Path, default=RESULT)
    split = arguments.index("--") if "--" in arguments else len(arguments)
    theirs = arguments[split + 1 :]
    options = parser.parse_args(arguments[:split])
    options.out.parent.mkdir(parents=True, exist_ok=True)
    failed = []
    where = machine()
    title = "{machine}, {cores} cores, {memory_gib} GiB; {system}; load {load}".format_map(where)
    print(f"{title}\n")
    rows = [f"Measured on: {title}.", "", "| Figure | Value | Unit |", "|---|---:|---|"]
    with options.out.open("w") as out:
        out.write(json.dumps(where) + "\n")
        for name in options.only:
            try:
                for figure in run(names[name], theirs):
                    out.write(json.dumps({"benchmark": name, **figure}, ensure_ascii=False) + "\n")
                    out.flush()
                    rows.append(
                        f"| {name}: {figure['name'].replace('_', ' ')} | {figure['value']} | {figure['unit']} |"
                    )
                    print(f"{name:<10}{figure['name']:<64}{figure['value']:>14} {figure['unit']}", flush=True)
            except subprocess.CalledProcessError as problem:
                failed.append(name)
                print(f"{name:<10}failed with status {problem.returncode}", file=sys.stderr)
    options.out.with_suffix(".md").write_text("\n".join(rows) + "\n")
    print(f"\n{options.out}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
