"""`python -m hardware test a4_printer`, and where the spooler keeps what it prints."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hardware.__main__ import main
from hardware.a4_printer import spool
from hardware.a4_printer import test_sheet as sheet
from hardware.a4_printer.cups_printer import CupsPrinter
from hardware.a4_printer.daemons import until
from hardware.a4_printer.simulator import QUEUE, Scenario, SimulatedA4Printer
from hardware.device import Command


@pytest.fixture(scope="module")
def simulated() -> Iterator[SimulatedA4Printer]:
    simulated = SimulatedA4Printer(later=True)
    yield simulated
    simulated.close()


@pytest.fixture
def settings(simulated: SimulatedA4Printer, tmp_path: Path) -> Iterator[Path]:
    simulated.recover()
    file = tmp_path / "kiosk.toml"
    table = {"driver": "cups", "queue": QUEUE, "server": simulated.server, "spool": simulated.spool}
    lines = [f'{key} = "{value}"' for key, value in table.items()]
    file.write_text("\n".join(["[devices.a4_printer]", *lines]))
    yield file
    simulated.recover()


def test_a_test_sheet_comes_out_and_leaves_nothing_behind(
    settings: Path, simulated: SimulatedA4Printer
) -> None:
    assert main(["test", "a4_printer", "--settings", str(settings)]) == 0
    (pdf,) = simulated.printed
    text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert "99,999,999,999.99" in text
    assert "䶮 㛃 𬭚 𠮷" in text
    assert simulated.spooled == []


def test_a_test_sheet_that_does_not_come_out_says_why(
    settings: Path, simulated: SimulatedA4Printer, capsys: pytest.CaptureFixture[str]
) -> None:
    simulated.fail(Scenario.PAPER_OUT)
    assert main(["test", "a4_printer", "--settings", str(settings)]) == 1
    assert "paper_out" in capsys.readouterr().out


def test_the_test_sheet_is_one_page_that_fills_the_paper() -> None:
    pdf = sheet.test_sheet(datetime(2026, 1, 1, tzinfo=UTC))
    told = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert re.search(r"Pages:\s+1\n", told)
    assert "(A4)" in told


def test_the_status_says_where_documents_wait(simulated: SimulatedA4Printer, settings: Path) -> None:
    printer = CupsPrinter(QUEUE, simulated.server, spool=simulated.spool)
    assert printer.status(Command(5)).detail["spool"] == "memory"


def test_the_nearest_mount_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mounts"
    (inner := tmp_path / "spool" / "inner").mkdir(parents=True)
    monkeypatch.setattr(spool, "MOUNTS", mounts)
    mounts.write_text(f"d / ext4 rw 0 0\nt {tmp_path}/spool tmpfs rw 0 0\n")
    assert spool.kept(inner) == "memory"
    assert spool.kept(tmp_path) == "disk"
    assert spool.kept(tmp_path / "not-there") == "unknown"
    mounts.write_text(f"t {tmp_path}/spool tmpfs rw 0 0\nd {tmp_path}/spool ext4 rw 0 0\n")
    assert spool.kept(inner) == "disk", "what was mounted last lies on top"
    mounts.unlink()
    assert spool.kept(inner) == "unknown"


CHILD = (
    "from hardware.a4_printer.simulator import SimulatedA4Printer as S; s = S();"
    "print(*(p.pid for p in s._daemons._running.values()), flush=True); input()"
)


def test_no_daemon_outlives_a_demo_that_is_killed() -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    daemons = [Path(f"/proc/{number}/stat") for number in child.stdout.readline().split()]
    assert len(daemons) >= 2
    child.kill()
    child.communicate()
    until(lambda: not any(map(runs, daemons)), "the end of the daemons")


def runs(stat: Path) -> bool:
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
