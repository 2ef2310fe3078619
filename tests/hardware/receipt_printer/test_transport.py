"""Transports one by one, and printers by the settings that name them."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hardware.device import Command, CommandCancelled, DeviceFault, Fault, State
from hardware.receipt_printer.drivers import open_printer
from hardware.receipt_printer.emulator import Cut, read_all
from hardware.receipt_printer.interface import Printed, SentToPrinter
from hardware.receipt_printer.simulator_links import PtyPrinter, TcpPrinter
from hardware.receipt_printer.transport import FileTransport, TcpTransport, Transport
from tests.hardware.receipt_printer.support import JOB_S, do, numbered


@pytest.fixture
def deaf() -> Iterator[int]:
    """A port on which connections are accepted and nothing is ever read."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_write_that_gets_nowhere_ends(deaf: int) -> None:
    transport = TcpTransport("127.0.0.1", deaf, write_stall_s=0.3)
    transport.open(Command(JOB_S))
    started = time.monotonic()
    with closing(transport), pytest.raises(DeviceFault) as caught:
        transport.write(b"x" * 20_000_000, Command(JOB_S))
    assert caught.value.fault is Fault.HUNG
    assert time.monotonic() - started < 2.0


def test_a_write_keeps_the_deadline(deaf: int) -> None:
    transport = TcpTransport("127.0.0.1", deaf)
    transport.open(Command(JOB_S))
    with closing(transport), pytest.raises(DeviceFault) as caught:
        transport.write(b"x" * 20_000_000, Command(0.3))
    assert caught.value.fault is Fault.HUNG


def test_a_write_can_be_called_off(deaf: int) -> None:
    transport = TcpTransport("127.0.0.1", deaf)
    command = Command(JOB_S)
    transport.open(command)
    command.cancel()
    with closing(transport), pytest.raises(CommandCancelled):
        transport.write(b"x", command)


def test_a_read_waits_no_longer_than_it_was_told(deaf: int) -> None:
    transport = TcpTransport("127.0.0.1", deaf)
    transport.open(Command(JOB_S))
    started = time.monotonic()
    with closing(transport):
        assert transport.read(0.2) == b""
    assert 0.15 < time.monotonic() - started < 1.0


@pytest.mark.parametrize(
    "transport", [TcpTransport("127.0.0.1", 1), FileTransport("/dev/no-such-printer/lp0")]
)
def test_nothing_to_open(transport: Transport) -> None:
    with pytest.raises(DeviceFault) as caught:
        transport.open(Command(JOB_S))
    assert caught.value.fault is Fault.DISCONNECTED
    with pytest.raises(DeviceFault):
        transport.read(0)
    transport.close()


def test_a_file_collects_jobs(tmp_path: Path) -> None:
    path = tmp_path / "slips.bin"
    with closing(open_printer("file", path=str(path))) as printer:
        assert printer.status(Command(JOB_S)).usable
        assert do(printer, numbered("a", 2)) == SentToPrinter()
    # Questions and the request to clear are obeyed at once by a printer, and are no part of the job.
    job = re.sub(rb"\x10(\x04.|\x14\x08\x01\x03\x14\x01\x06\x02\x08)", b"", path.read_bytes())
    assert isinstance(read_all(job)[-1], Cut)
    assert path.stat().st_mode & 0o077 == 0  # a slip is nobody else's business


def test_a_device_file_answers() -> None:
    """A device file is opened for both directions, like the kernel's usblp."""
    with closing(PtyPrinter()) as simulated, closing(open_printer("file", path=simulated.path)) as printer:
        assert printer.status(Command(JOB_S)).state is State.READY
        assert do(printer, numbered("a")) == Printed()


def test_printers_by_name() -> None:
    with closing(TcpPrinter(width_mm=58)) as simulated:
        settings = {"host": simulated.host, "port": simulated.port, "width_mm": 58}
        with closing(open_printer("tcp", **settings)) as printer:
            assert do(printer, numbered("a")) == Printed()
    with (
        closing(PtyPrinter()) as simulated_line,
        closing(open_printer("serial", path=simulated_line.path)) as printer,
    ):
        assert do(printer, numbered("a")) == Printed()
    assert simulated.errors == simulated_line.errors == []


def test_a_usb_printer_that_is_not_there() -> None:
    with closing(open_printer("usb", vendor_id=0x04B8, product_id=0x0202)) as printer:
        assert printer.status(Command(JOB_S)).state is State.DISCONNECTED


def test_a_profile_knows_the_head() -> None:
    with closing(TcpPrinter(head_dots=512)) as simulated:
        settings = {"host": simulated.host, "port": simulated.port, "profile": "TM-T88III"}
        with closing(open_printer("tcp", **settings)) as printer:
            assert do(printer, numbered("a" * 60)) == Printed()
        assert simulated.errors == []  # a line wider than the head would be one


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(ValueError, match="no profile"):
        open_printer("tcp", profile="no such printer")
