"""How bytes reach a printer and come back: TCP, serial line, device file. Every write and read is bounded.

A transport raises DeviceFault: DISCONNECTED when the other end is gone, HUNG when it takes no byte for
`WRITE_STALL_S` or until the command's deadline. A slow printer is not a hung one: any progress counts.
"""

import errno
import os
import select
import socket
import stat
import struct
import time
from pathlib import Path
from typing import Protocol

import serial

from hardware.device import Command, DeviceFault, Fault, reason

CONNECT_S = 3.0
WRITE_STALL_S = 5.0
READ_BYTES = 4096
_SLICE_S = 0.1
"""How often a blocked write looks whether it was called off."""


class Transport(Protocol):
    """One connection to one printer."""

    silence_may_be_off: bool
    """True where a printer that is switched off cannot be told from one that never answers."""

    @property
    def is_open(self) -> bool:
        """Whether `open` has succeeded and nothing has failed since."""
        ...

    def open(self, command: Command) -> None:
        """Connect. Raises DeviceFault(DISCONNECTED)."""
        ...

    def write(self, data: bytes, command: Command) -> None:
        """Hand over all of `data`. Raises DeviceFault, or CommandCancelled with any part of it written."""
        ...

    def read(self, timeout_s: float) -> bytes:
        """What has come, waiting at most `timeout_s` for the first byte; empty when nothing came."""
        ...

    def abort(self) -> None:
        """Disconnect, and throw away what was written but has not left yet."""
        ...

    def close(self) -> None:
        """Disconnect; may be called twice."""
        ...


class _Descriptor:
    """A transport over a non-blocking file descriptor; the subclasses differ in how they get theirs."""

    silence_may_be_off = False

    def __init__(self, write_stall_s: float) -> None:
        self._fd: int | None = None
        self._write_stall_s = write_stall_s

    @property
    def is_open(self) -> bool:
        return self._fd is not None

    def write(self, data: bytes, command: Command) -> None:
        fd = self._opened()
        view = memoryview(data)
        progress = time.monotonic()
        while view:
            if command.remaining_s() == 0 or time.monotonic() - progress > self._write_stall_s:
                raise DeviceFault(Fault.HUNG)
            if not select.select([], [fd], [], _SLICE_S)[1]:
                continue
            try:
                view = view[os.write(fd, view) :]
                progress = time.monotonic()
            except BlockingIOError:
                continue
            except OSError as error:
                raise self._gone(error) from error

    def read(self, timeout_s: float) -> bytes:
        fd = self._opened()
        if not select.select([fd], [], [], max(0.0, timeout_s))[0]:
            return b""
        try:
            data = os.read(fd, READ_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise self._gone(error) from error
        if not data:
            raise self._gone(ConnectionResetError(errno.ECONNRESET, "closed by the printer"))
        return data

    def abort(self) -> None:
        self.close()

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _opened(self) -> int:
        if self._fd is None:
            raise DeviceFault(Fault.DISCONNECTED, "not open")
        return self._fd

    def _gone(self, error: OSError) -> DeviceFault:
        self.close()
        return DeviceFault(Fault.DISCONNECTED, reason(error))


class TcpTransport(_Descriptor):
    """A printer on the network (usually port 9100)."""

    def __init__(self, host: str, port: int, *, write_stall_s: float = WRITE_STALL_S) -> None:
        super().__init__(write_stall_s)
        self._address = (host, port)

    def open(self, command: Command) -> None:
        self.close()
        try:
            connection = socket.create_connection(
                self._address, min(CONNECT_S, command.remaining_s() or 0.001)
            )
        except OSError as error:
            raise self._gone(error) from error
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Without this a printer that lost its power would be waited for by the kernel for a quarter of an
        # hour.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(self._write_stall_s * 1000))
        self._fd = connection.detach()

    def abort(self) -> None:
        if self._fd is not None:
            with socket.socket(fileno=self._fd) as connection:
                self._fd = None
                # Reset instead of an orderly end: what the printer has not read yet, it never will.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class SerialTransport(_Descriptor):
    """A printer on a serial line. pyserial sets the line up; the bytes then go through the descriptor,
    because its own blocking write has no deadline of ours."""

    silence_may_be_off = True

    def __init__(
        self, port: str, baud: int = 115200, *, rtscts: bool = False, write_stall_s: float = WRITE_STALL_S
    ) -> None:
        super().__init__(write_stall_s)
        self._port, self._baud, self._rtscts = port, baud, rtscts
        self._line: serial.Serial | None = None

    def open(self, command: Command) -> None:
        self.close()
        try:
            self._line = serial.Serial(self._port, self._baud, timeout=0, rtscts=self._rtscts, exclusive=True)
            self._fd = self._line.fileno()
        except (OSError, ValueError) as error:  # SerialException is an OSError
            self.close()
            raise DeviceFault(Fault.DISCONNECTED, reason(error)) from error

    def abort(self) -> None:
        if self._line is not None:
            self._line.reset_output_buffer()
        self.close()

    def close(self) -> None:
        self._fd = None
        if self._line is not None:
            self._line.close()
            self._line = None


class FileTransport(_Descriptor):
    """A printer behind a device file (/dev/usb/lp0), or a plain file that collects jobs for inspection.

    A plain file never answers.
    """

    def __init__(self, path: str, *, write_stall_s: float = WRITE_STALL_S) -> None:
        super().__init__(write_stall_s)
        self._path = Path(path)
        self._answers = False

    def open(self, command: Command) -> None:
        self.close()
        try:
            plain = not self._path.exists() or stat.S_ISREG(self._path.stat().st_mode)
            how = os.O_WRONLY | os.O_CREAT | os.O_APPEND if plain else os.O_RDWR | os.O_NONBLOCK
            self._fd = os.open(self._path, how | os.O_CLOEXEC | os.O_NOCTTY, 0o600)
            self._answers = not plain
        except OSError as error:
            raise self._gone(error) from error

    def read(self, timeout_s: float) -> bytes:
        self._opened()
        return super().read(timeout_s) if self._answers else b""
