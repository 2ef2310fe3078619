"""`python -m hardware probe` and `test`, over simulated far ends on real transports."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hardware.__main__ import main
from hardware.contacts import SimulatedContact
from hardware.device import Fault, Kind, State, Status
from hardware.last_faults import FILE, LastFaults
from hardware.receipt_printer.simulator_links import TcpPrinter
from hardware.speaker.simulator import SimulatedSoundCard
from hardware.ups.simulator import NAME, SimulatedUps


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


def test_probe_tells_what_was_last_wrong(
    settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.write_text(f'[kiosk]\ndata = "{tmp_path}"\n{settings.read_text()}')
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    LastFaults(tmp_path / FILE).note(Kind.RECEIPT_PRINTER, Status(State.OUT_OF_SERVICE, Fault.JAM), noon)
    status, rows = probe(settings, capsys)
    assert status == 0
    assert (rows["receipt_printer"]["fault"], rows["receipt_printer"]["last_fault"]) == (None, "jam")
    assert rows["id_card"]["last_fault"] is None
    assert main(["probe", "--settings", str(settings)]) == 0
    assert "last fault: jam 2026-11-22T12:00:00+00:00" in capsys.readouterr().out


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


MISSING = """
[devices.id_card]
driver = "sam_v"
port = "{folder}/no-port"
[devices.scanner]
driver = "camera"
source = "{folder}/no-camera"
[devices.receipt_printer]
driver = "escpos_serial"
path = "{folder}"
[devices.speaker]
driver = "espeak"
player = "no-such-player"
[devices.presence]
driver = "contact"
path = "{folder}/no-sensor"
[devices.cabinet]
driver = "contact"
door = "{folder}/no-door"
[devices.lights]
driver = "leds"
folder = "{folder}"
leds = {{ scanner = "no-light" }}
[devices.ups]
driver = "nut"
ups = "kiosk"
port = 1
"""
NOT_THERE = {
    "id_card": "No such file or directory",
    "scanner": "there is no ",
    "receipt_printer": "",
    "speaker": "hardware_error",
    "presence": "the sensor does not tell",
    "cabinet": "disconnected",
    "lights": "no light obeys",
    "ups": "Connection refused",
}


@pytest.mark.parametrize("kind", NOT_THERE)
def test_a_device_that_is_not_there_is_said_in_a_line(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(MISSING.format(folder=tmp_path))
    assert main(["test", kind, "--settings", str(file), "--wait", "1"]) == 1
    told = capsys.readouterr()
    assert NOT_THERE[kind] in told.out.splitlines()[-1]
    assert told.out.splitlines()[-1].startswith("FAILED: ")
    assert told.err == ""


def test_probe_says_why_each_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(MISSING.format(folder=tmp_path))
    status, rows = probe(file, capsys)
    assert status == 1
    assert set(rows) == set(NOT_THERE)
    assert all(row["fault"] for row in rows.values())
    assert rows["id_card"]["detail"]["why"] == "No such file or directory"  # type: ignore[index]


def test_the_surroundings_are_tested(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    led = tmp_path / "green"
    led.mkdir()
    for name in ("brightness", "max_brightness", "trigger"):
        (led / name).write_text("1")
    somebody, door = SimulatedContact(tmp_path / "somebody"), SimulatedContact(tmp_path / "door")
    with closing(SimulatedSoundCard()) as card, closing(SimulatedUps()) as ups:
        file = tmp_path / "kiosk.toml"
        file.write_text(
            f'[devices.speaker]\ndriver = "espeak"\nplayer = "{card.player}"\nheadset = "{card.headset}"\n'
            f'[devices.presence]\ndriver = "contact"\npath = "{somebody.contact.path}"\n'
            f'[devices.cabinet]\ndriver = "contact"\ndoor = "{door.contact.path}"\n'
            f'[devices.lights]\ndriver = "leds"\nfolder = "{tmp_path}"\nleds = {{ scanner = "green" }}\n'
            f'[devices.ups]\ndriver = "nut"\nups = "{NAME}"\nport = {ups.port}\n'
        )
        coming = threading.Timer(0.3, somebody.set, (True,))
        coming.start()
        assert main(["test", "presence", "--settings", str(file)]) == 0
        coming.join()
        for kind, words in {
            "speaker": "without a headset nothing personal is said",
            "cabinet": "door=closed",
            "lights": "lit one after another: scanner",
            "ups": "ups=kiosk",
        }.items():
            assert main(["test", kind, "--settings", str(file)]) == 0
            assert words in capsys.readouterr().out
        assert len(card.played) == 2
        assert (led / "brightness").read_text() == "0"
        ups.fail("battery_low")
        assert main(["test", "ups", "--settings", str(file)]) == 1
        assert "battery_low" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("devices = 3", "devices: not a table"),
        ("[devices]\nups = 3", "devices.ups: not a table"),
        ("[devices.ups]\nups = 3", "devices.ups.driver: a name in quotes"),
        ("[devices.ups", "not TOML"),
    ],
)
def test_tables_that_are_none_are_said_in_a_line(
    table: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(table)
    for command in (["probe"], ["test", "ups"]):
        assert main([*command, "--settings", str(file)]) in (1, 2)
        said = capsys.readouterr()
        assert told in said.out + said.err
        assert len((said.out + said.err).strip().splitlines()) == 1


def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["probe", "--settings", str(tmp_path / "nowhere.toml")]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
