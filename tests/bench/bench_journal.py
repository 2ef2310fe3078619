"""What the journal costs: `python -m tests.bench.bench_journal [FOLDER]` prints a JSON line for each figure.

FOLDER is on the disk to be measured (default: the system's temporary folder). Aims: append p99 at most 5 ms,
recovery with 100,000 events at most 1 s, verification of 100,000 events at most 1 s. An append waits for the disk
once; what a bare write costs that waits for it is measured in turn with it: a busy disk is no slow journal.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from kiosk.contract.money import Fen
from kiosk.contract.operation_id import new_operation_id
from kiosk.contract.operations import OperationKind
from kiosk.journal import Journal
from kiosk.journal.chain import verify
from kiosk.journal.database import connect
from kiosk.journal.store import Store
from kiosk.operation_states import Close, Confirm, Draft, Intend, Send, Submission

EVENTS = 100_000
APPENDS = 3_000
OPERATIONS = 300
PAGE = bytes(4096)
DRAFT = Draft(OperationKind.REPAYMENT, "/v1/loans/L/repayments", {"quote_id": "0" * 36}, '"e"', Fen(100))


def figure(name: str, value: float, unit: str) -> None:
    """One line of the bench's output."""
    print(json.dumps({"name": name, "value": round(value, 3), "unit": unit}), flush=True)


def percentile(values: list[float], percent: float) -> float:
    """The value below which so many percent lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * percent / 100))]


def measure_appends(path: Path) -> None:
    """Durable appends as the kiosk makes them: through the writer thread, one after another."""
    journal = Journal(path)
    bare = os.open(path.with_suffix(".bare"), os.O_WRONLY | os.O_CREAT)
    taken, disk, worked = [], [], 0.0
    for number in range(APPENDS):
        began, cpu = time.perf_counter(), time.process_time()
        journal.event("prompt-shown", session=number, prompt="Menu").result()
        taken.append((time.perf_counter() - began) * 1000)
        worked += (time.process_time() - cpu) * 1000
        began = time.perf_counter()
        os.write(bare, PAGE)
        os.fdatasync(bare)
        disk.append((time.perf_counter() - began) * 1000)
    os.close(bare)
    journal.close()
    for name, values in (("journal_append", taken), ("bare_disk_write", disk)):
        figure(f"{name}_p50", percentile(values, 50), "ms")
        figure(f"{name}_p99", percentile(values, 99), "ms")
    figure("journal_append_cpu", worked / APPENDS, "ms")


async def measure_operations(path: Path) -> None:
    """The steps of an operation, each durable before the next."""
    journal = Journal(path)
    taken = []
    for _ in range(OPERATIONS):
        operation_id = new_operation_id(0)
        for step in (Intend(Submission.of(operation_id, DRAFT)), Send(), Confirm(), Close()):
            began = time.perf_counter()
            await journal.advance(operation_id, step)
            taken.append((time.perf_counter() - began) * 1000)
    journal.close()
    figure("journal_operation_step_p50", percentile(taken, 50), "ms")
    figure("journal_operation_step_p99", percentile(taken, 99), "ms")


def fill(path: Path) -> None:
    """A journal of EVENTS events; written without waiting for the disk, which is not what is measured."""
    store = Store(connect(path))
    store._connection.pragma("synchronous", "OFF")
    for number in range(EVENTS):
        store.append("prompt-shown", {"session": number, "prompt": "Menu"})
    store.close()


def measure_recovery(path: Path) -> None:
    """All that a start does: whole-file check, the chain from the first event to the last, what was left open."""
    began = time.perf_counter()
    store = Store(connect(path))
    opened = time.perf_counter()
    head = verify(store.events())
    verified = time.perf_counter()
    store.interrupt()
    store.unfinished()
    figure("journal_verify_100k", verified - opened, "s")
    figure("journal_recovery_100k", time.perf_counter() - began, "s")
    assert head.sequence == EVENTS
    store.close()
    figure("journal_size_100k", path.stat().st_size / 1e6, "MB")


def main(folder: Path | None) -> None:
    """All figures."""
    with tempfile.TemporaryDirectory(dir=folder) as made:
        measure_appends(Path(made) / "appends.db")
        asyncio.run(measure_operations(Path(made) / "operations.db"))
        fill(Path(made) / "large.db")
        measure_recovery(Path(made) / "large.db")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
