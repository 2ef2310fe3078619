"""The lines to a simulated printer: a TCP port on loopback, and a serial line on a pseudo-terminal."""

import os
import select
import socket
import threading
import tty
from contextlib import suppress
from typing import Any

from hardware import loopback
from hardware.receipt_printer.simulator import SimulatedPrinter

_SLICE_S = 0.02
READ_BYTES = 1024


class _LinkedPrinter(SimulatedPrinter):
    """A simulated printer with a thread that reads from its line."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="printer-line", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End every thread and close the line."""
        self._ending.set()
        self._thread.join(5)
        self.plug(in_=False)
        super().close()

    def _serve(self) -> None:
        while not self._ending.is_set():
            self._serve_once()

    def _serve_once(self) -> None:
        raise AssertionError("given by the kind of line")

    def _pump(self, fd: int) -> bool:
        """Move what has come on `fd` into the printer, as fast as it takes it; False at the end of the
        line."""
        if self.hung or len(self._buffer) >= self.buffer_bytes:
            self._ending.wait(_SLICE_S)
            return not _lost(fd)
        if not select.select([fd], [], [], _SLICE_S)[0]:
            return True
        limit = (
            min(READ_BYTES, self.buffer_bytes)
            if self.bytes_s is None
            else max(1, int(self.bytes_s * _SLICE_S))
        )
        if self.drop_after is not None:
            limit = min(limit, self.drop_after)
        data = os.read(fd, limit)
        if self.bytes_s is not None:
            self._ending.wait(len(data) / self.bytes_s)
        self.receive(data)
        if self.drop_after is not None:
            self.drop_after -= len(data)
            if self.drop_after <= 0:
                self.drop_after = None
                return False
        return bool(data)


class TcpPrinter(_LinkedPrinter):
    """A printer on a free port of loopback; like most real ones it serves one connection at a time."""

    host = loopback.HOST

    def __init__(self, **settings: Any) -> None:
        self._listener = loopback.kept_port()
        self._listener.setblocking(False)  # whoever knocked may have gone before he is let in
        self.port: int = self._listener.getsockname()[1]
        self._connection: socket.socket | None = None
        self._plugged = False
        self.plug(in_=True)
        super().__init__(**settings)

    def close(self) -> None:
        """End every thread and give the port back."""
        super().close()
        self._let_go()
        self._listener.close()

    def plug(self, *, in_: bool) -> None:
        """Listen, on the same port as ever; or refuse every connection and hang up on the one there is.

        The thread that reads from the connection closes it: a number that it may still read from must not be free to
        become somebody else's.
        """
        if in_ and not self._plugged:
            self._listener.listen(4)
        elif not in_ and self._plugged:
            self._listener.shutdown(socket.SHUT_RDWR)
            if (connection := self._connection) is not None:
                with suppress(OSError):  # already gone
                    connection.shutdown(socket.SHUT_RDWR)
        self._plugged = in_

    def transmit(self, data: bytes) -> None:
        """Send to the host, if there is one."""
        connection = self._connection
        if connection is not None:
            try:
                connection.send(data, socket.MSG_DONTWAIT)
            except OSError:
                pass  # the host has gone; a printer talks on all the same

    def _serve_once(self) -> None:
        connection = self._connection
        try:
            if connection is not None:
                if not self._pump(connection.fileno()):
                    self._let_go()
            elif not self._plugged:
                self._ending.wait(_SLICE_S)
            elif select.select([self._listener], [], [], _SLICE_S)[0]:
                with self._changed:
                    if self._plugged:
                        self._connection = self._listener.accept()[0]
        except OSError:  # unplugged from another thread in the middle of it
            self._let_go()

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError):  # already gone
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()


class PtyPrinter(_LinkedPrinter):
    """A printer on a serial line; `path` is the host's end. Unplugged or switched off it is merely silent."""

    def __init__(self, **settings: Any) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        self._connected = True
        self.lost_bytes = 0
        super().__init__(**settings)

    def plug(self, *, in_: bool) -> None:
        """Connect the line or cut it; what is sent meanwhile is lost."""
        with self._changed:
            self._connected = in_

    def transmit(self, data: bytes) -> None:
        """Send to the host, if the line is connected."""
        if self._connected:
            os.write(self._master, data)

    def close(self) -> None:
        """End every thread and close both ends."""
        super().close()
        os.close(self._master)
        os.close(self._slave)

    def _serve_once(self) -> None:
        if self._connected:
            if not self._pump(self._master):
                self._connected = False
        elif select.select([self._master], [], [], _SLICE_S)[0]:
            with self._changed:
                if not self._connected:
                    self.lost_bytes += len(os.read(self._master, READ_BYTES))
                    self._changed.notify_all()


def _lost(fd: int) -> bool:
    """Whether the other end has gone, seen without reading."""
    poll = select.poll()
    poll.register(fd, 0)
    return any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0))
