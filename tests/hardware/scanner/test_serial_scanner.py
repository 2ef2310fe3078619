"""Serial scanners, over a pseudo terminal."""

import select
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.device import Command, CommandCancelled, Fault, State
from hardware.scanner.interface import Decoded, NothingSeen, ScanFault
from hardware.scanner.serial_scanner import IDLE_GAP_S, LONGEST_CODE_BYTES, CodeAssembler, SerialScanner
from hardware.simulated_line import SimulatedLine


@given(
    st.lists(
        st.binary(min_size=1, max_size=40).filter(lambda code: not set(code) & set(b"\r\n")), max_size=8
    ),
    st.data(),
)
def test_codes_are_cut_at_line_ends_however_they_arrive(codes: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(code + data.draw(st.sampled_from([b"\r", b"\n", b"\r\n"])) for code in codes)
    assembler, cut = CodeAssembler(), []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        cut += assembler.feed(stream[:size], 0.0)
        stream = stream[size:]
    assert cut == codes


def test_a_quiet_line_ends_a_code() -> None:
    assembler = CodeAssembler()
    assert assembler.feed(b"no end", 1.0) == []
    assert assembler.feed(b"", 1.0 + IDLE_GAP_S / 2) == []
    assert assembler.feed(b"", 1.0 + IDLE_GAP_S) == [b"no end"]


def test_an_overlong_code_is_dropped_and_the_next_one_read() -> None:
    assembler = CodeAssembler()
    assert assembler.feed(b"x" * (LONGEST_CODE_BYTES + 1) + b"\r\nnext\r\n", 0.0) == [
        Fault.CODE_TOO_LONG,
        b"next",
    ]


@pytest.fixture
def line() -> Iterator[SimulatedLine]:
    with closing(SimulatedLine("scanner")) as made:
        yield made


@pytest.fixture
def scanner(line: SimulatedLine) -> Iterator[SerialScanner]:
    made = SerialScanner(line.port)
    yield made
    made.close()


class Sending(Command):
    """A command whose first look at the clock lets the scanner speak: the driver is listening by then."""

    def __init__(self, line: SimulatedLine, data: bytes) -> None:
        super().__init__(timeout_s=5)
        self.line, self.data = line, data

    def remaining_s(self) -> float:
        if self.data:
            self.data = self.data[self.line.send(self.data[:1024]) :]
        return super().remaining_s()


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("https://example.org/码".encode() + b"\r\n", "https://example.org/码"),
        ("张三 赵䶮".encode("gb18030") + b"\r", "张三 赵䶮"),
        (b"no line end", "no line end"),
    ],
)
def test_a_code_is_read(line: SimulatedLine, scanner: SerialScanner, data: bytes, text: str) -> None:
    assert scanner.scan(Sending(line, data)) == Decoded(text)


def test_a_code_from_before_the_scan_is_thrown_away(line: SimulatedLine, scanner: SerialScanner) -> None:
    assert scanner.status(Command(1)).state is State.READY
    line.send(b"the last citizen's\r\n")
    with Path(line.port).open("rb", buffering=0) as port:
        assert select.select([port], [], [], 5)[0], "the terminal never delivered it"
    assert scanner.scan(Sending(line, b"mine\r\n")) == Decoded("mine")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"x" * 600 + b"\r\n", Fault.CODE_TOO_LONG),
        (b"x" * 5000 + b"\r\n", Fault.CODE_TOO_LONG),
        (b"a\x00b\r\n", Fault.CODE_NOT_TEXT),
        (b"y" * 20_000, Fault.BABBLING),
    ],
)
def test_what_is_no_code_is_a_fault(
    line: SimulatedLine, scanner: SerialScanner, data: bytes, fault: Fault
) -> None:
    assert scanner.scan(Sending(line, data)) == ScanFault(fault)


def test_no_code_in_time(scanner: SerialScanner) -> None:
    assert scanner.scan(Command(0.1)) == NothingSeen()


def test_a_cancel_ends_the_scan(scanner: SerialScanner) -> None:
    command = Command(5)
    command.cancel()
    with pytest.raises(CommandCancelled):
        scanner.scan(command)


def test_a_scanner_that_is_unplugged_and_plugged_back(line: SimulatedLine, scanner: SerialScanner) -> None:
    assert scanner.status(Command(1)).state is State.READY
    line.unplug()
    assert scanner.scan(Command(1)) == ScanFault(Fault.DISCONNECTED)
    status = scanner.status(Command(1))
    assert (status.state, status.detail["why"]) == (State.DISCONNECTED, "No such file or directory")
    line.plug_in()
    assert scanner.scan(Sending(line, b"back\r\n")) == Decoded("back")
