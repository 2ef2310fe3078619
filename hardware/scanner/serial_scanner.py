"""Scanners on a serial line (RS-232 or USB-CDC): what is held up arrives as bytes, maybe with a line end."""

import termios
import time
from collections.abc import Mapping

import serial

from hardware.device import Command, Fault, State, Status, reason
from hardware.options import Baud
from hardware.scanner.interface import PAYLOAD_LIMIT_BYTES, NothingSeen, Scan, ScanFault, admit
from hardware.scanner.payload import text_of

IDLE_GAP_S = 0.08
"""Without a line end, a code is over when the line was quiet for this long."""
LONGEST_CODE_BYTES = 4 * PAYLOAD_LIMIT_BYTES
"""More than this without an end is dropped to the next end: a code too long for us, or noise."""
BABBLE_BYTES = 8 * 1024
"""A scanner that sends this much without an end, or unasked between two looks, is babbling."""
_LOOK_S = 0.02
_PORT_ERRORS = (OSError, termios.error)  # pyserial's own error is an OSError; a lost port gives either


class CodeAssembler:
    """Cuts a stream of bytes into codes: at CR, LF or a quiet line. Reads no clock of its own."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._last_s = 0.0
        self._overlong = False

    def feed(self, part: bytes, now_s: float) -> list[bytes | Fault]:
        """Take in what came at `now_s`, even nothing; the codes that it completes, or CODE_TOO_LONG for one."""
        codes: list[bytes | Fault] = []
        if not part:
            if now_s - self._last_s >= IDLE_GAP_S:
                codes.extend(self._end())
            return codes
        self._last_s = now_s
        for byte in part:
            if byte in b"\r\n":
                codes.extend(self._end())
            elif len(self._bytes) < LONGEST_CODE_BYTES:
                self._bytes.append(byte)
            else:
                self._overlong = True
        return codes

    def _end(self) -> list[bytes | Fault]:
        code, overlong = bytes(self._bytes), self._overlong
        self._bytes.clear()
        self._overlong = False
        if overlong:
            return [Fault.CODE_TOO_LONG]
        return [code] if code else []


class SerialScanner:
    """A scanner on `port`; take a stable name such as one under /dev/serial/by-id."""

    def __init__(self, port: str, baud: Baud = 115200) -> None:
        self._name = port
        self._baud = baud
        self._port: serial.Serial | None = None

    def status(self, command: Command) -> Status:
        """Whether the port is there and the line quiet. What was scanned unasked is thrown away."""
        try:
            babbling = self._discard()
        except _PORT_ERRORS as error:
            self.close()
            return Status(State.DISCONNECTED, Fault.DISCONNECTED, {**self._detail(), "why": reason(error)})
        if babbling:
            return Status(State.OUT_OF_SERVICE, Fault.BABBLING, self._detail())
        return Status(State.READY, None, self._detail())

    def scan(self, command: Command) -> Scan:
        """The next code that comes; one that came before is the last citizen's and is thrown away."""
        try:
            self._discard()
            return self._listen(command)
        except _PORT_ERRORS:
            self.close()
            return ScanFault(Fault.DISCONNECTED)

    def close(self) -> None:
        """Close the port."""
        if self._port:
            self._port.close()
        self._port = None

    def _listen(self, command: Command) -> Scan:
        assembler, received = CodeAssembler(), 0
        while command.remaining_s() > 0.0:
            part = self._open().read(max(1, min(self._open().in_waiting, BABBLE_BYTES)))
            received += len(part)
            for code in assembler.feed(part, time.monotonic()):
                return ScanFault(code) if isinstance(code, Fault) else admit(text_of(code))
            if received > BABBLE_BYTES:
                return ScanFault(Fault.BABBLING)
        return NothingSeen()

    def _open(self) -> serial.Serial:
        if self._port is None:
            self._port = serial.Serial(self._name, self._baud, timeout=_LOOK_S, exclusive=True)
        return self._port

    def _discard(self) -> bool:
        """Throw away what is waiting, up to the end of a code that is coming in; whether it was far too much."""
        port = self._open()
        thrown, quiet_since = 0, float("-inf")
        while port.in_waiting or time.monotonic() - quiet_since < IDLE_GAP_S:
            part = port.read(max(1, min(port.in_waiting, BABBLE_BYTES)))
            if part:
                thrown, quiet_since = thrown + len(part), time.monotonic()
            if thrown > BABBLE_BYTES:
                return True
        return False

    def _detail(self) -> Mapping[str, str]:
        return {"driver": "serial", "port": self._name}
