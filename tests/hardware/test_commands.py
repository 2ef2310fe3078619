"""`python -m hardware probe` and `test`, over simulated far ends on real transports."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.__main__ import main
from hardware.receipt_printer.simulator_links import TcpPrinter


@pytest.fixture
def printer() -> Iterator[TcpPrinter]:
    simulated = TcpPrinter()
    yield simulated
    simulated.close()


@pytest.fixture
def settings(printer: TcpPrinter, tmp_path: Path) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text(
        '[devices.id_card]\ndriver = "none"\n'
        f'[devices.receipt_printer]\ndriver = "escpos_tcp"\nhost = "127.0.0.1"\nport = {printer.port}\n'
    )
    return file


def probe(settings: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, dict[str, object]]]:
    status = main(["probe", "--settings", str(settings), "--format", "json"])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return status, {row["device"]: row for row in rows}


def test_probe_tells_what_is_there(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, rows = probe(settings, capsys)
    assert status == 0
    assert rows["id_card"]["state"] == "not_installed"
    assert rows["receipt_printer"]["state"] == "ready"


def test_probe_names_the_fault(
    settings: Path, printer: TcpPrinter, capsys: pytest.CaptureFixture[str]
) -> None:
    printer.set(paper="out")
    status, rows = probe(settings, capsys)
    assert status == 1
    assert rows["receipt_printer"]["fault"] == "paper_out"


def test_a_test_slip_comes_out_with_its_rare_names(settings: Path, printer: TcpPrinter) -> None:
    assert main(["test", "receipt_printer", "--settings", str(settings)]) == 0
    assert "99,999,999,999.99" in printer.slips()[0].text


def test_a_test_that_fails_says_why(
    settings: Path, printer: TcpPrinter, capsys: pytest.CaptureFixture[str]
) -> None:
    printer.set(cover="open")
    assert main(["test", "receipt_printer", "--settings", str(settings)]) == 1
    assert "cover_open" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('[devices.receipt_printer]\ndriver = "laser"', "'laser' is not known; allowed: none, escpos_tcp"),
        ('[devices.receipt_printer]\ndriver = "escpos_tcp"\nport = "x"', "devices.receipt_printer.port"),
        ('[devices.receipt_printer]\ndriver = "escpos_tcp"\ncolour = 1', "devices.receipt_printer.colour"),
        ('[devices.toaster]\ndriver = "none"', "no such kind of device"),
    ],
)
def test_settings_that_cannot_be_are_said_in_a_row(
    table: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(table)
    assert main(["probe", "--settings", str(file)]) == 1
    assert told in capsys.readouterr().out


def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["probe", "--settings", str(tmp_path / "nowhere.toml")]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
