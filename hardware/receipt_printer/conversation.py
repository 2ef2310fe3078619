"""Questions to an ESC/POS printer and its answers, over a transport that may lose either.

Only commands and their answers are known here; what follows from an answer is the driver's business.
"""

import time
from typing import TypeVar

from hardware.device import Command, DeviceFault, Fault
from hardware.receipt_printer.replies import BlockReply, FullStatus, RealTime, Sensor, split_replies
from hardware.receipt_printer.status import Answers
from hardware.receipt_printer.transport import Transport

CLEAR_S = 1.0
"""How long clearing may take, beyond the deadline of the job that failed."""

SLICE_S = 0.1
"""How often a wait looks whether it was called off."""

REAL_TIME_STATUS = b"\x10\x04"
FULL_STATUS = b"\x10\x04\x14"
CLEAR_BUFFERS = bytes.fromhex("10 14 08 01 03 14 01 06 02 08")
CLEARED = BlockReply(b"\x25")
RECOVER_AND_CLEAR = b"\x10\x05\x02"
REQUEST_SENSOR = b"\x1dr\x01"
REQUEST_NAME = b"\x1dIC"
"""GS I 67: the name of the model. A printer that does not know it may take the letters for text; the ESC @ that
starts every job drops them."""

R = TypeVar("R", RealTime, Sensor, FullStatus, BlockReply)


class Conversation:
    """One printer at the far end of one transport; opened when it is first needed.

    `proven` becomes true when every request that `request_proof` has put behind a job is answered: all of them,
    so that a late answer to an earlier job never speaks for a later one.
    """

    def __init__(self, transport: Transport, answer_s: float) -> None:
        self.transport = transport
        self.proven = False
        self._answer_s = answer_s
        self._owed = 0
        self._received = b""

    def open(self, command: Command) -> None:
        """Connect, unless connected. Raises DeviceFault(DISCONNECTED)."""
        if not self.transport.is_open:
            self.transport.open(command)
            self._received = b""

    def close(self) -> None:
        """Disconnect; may be called twice."""
        self.transport.close()
        self._received = b""

    def write(self, data: bytes, command: Command) -> None:
        """Send. Raises DeviceFault or CommandCancelled."""
        self.transport.write(data, command)

    def ask_status(self, command: Command, *, full: bool) -> Answers:
        """Ask DLE EOT 1 to 4, and 20 when `full`; stops at the first question that is not answered."""
        self.open(command)
        self._drain()
        found: list[int | None] = []
        for n in (1, 2, 3, 4):
            self.write(REAL_TIME_STATUS + bytes([n]), command)
            reply = self._await(RealTime, self._answer_s, command)
            if reply is None:
                break
            found.append(reply.value)
        whole = None
        if full and len(found) == 4:
            self.write(FULL_STATUS, command)
            whole = self._await(FullStatus, self._answer_s, command)
        printer, offline, error, paper = (*found, None, None, None, None)[:4]
        return Answers(printer, offline, error, paper, whole.value if whole else None)

    def ask_status_twice(self, command: Command, *, full: bool) -> Answers:
        """Ask, and ask again when nothing comes: a byte may get lost on the way, a printer drops idle
        connections, and one that lost its power leaves a connection standing that no longer leads anywhere."""
        kept = self.transport.is_open
        try:
            answers = self.ask_status(command, full=full)
        except DeviceFault as fault:
            if fault.fault is not Fault.DISCONNECTED or not kept:
                raise
            answers = Answers()
        if answers.silent:
            if kept and not self.transport.silence_may_be_off:
                self.close()
            answers = self.ask_status(command, full=full)
        return answers

    def ask_name(self, command: Command) -> str:
        """The name of the model; empty when the printer does not tell."""
        self.write(REQUEST_NAME, command)
        reply = self._await(BlockReply, self._answer_s, command)
        return "".join(filter(str.isprintable, reply.value.decode("ascii", "replace"))) if reply else ""

    def start_job(self, command: Command) -> None:
        """Settle what is still owed for earlier jobs, so that only this one's proof can come."""
        if self._owed and not self.wait_for_proof(self._answer_s, command) and not self.clear():
            self._owed = 0  # nothing is known to be left to wait for
        self.proven = False

    def request_proof(self, command: Command) -> None:
        """Ask for an answer that comes only when everything sent before has been printed."""
        self._owed += 1
        self.proven = False
        self.write(REQUEST_SENSOR, command)

    def wait_for_proof(self, timeout_s: float, command: Command) -> bool:
        """Wait at most `timeout_s`; whether the proof has come, now or before."""
        until = time.monotonic() + timeout_s
        while not self.proven and (left := until - time.monotonic()) > 0:
            if self._await(Sensor, left, command) is None:
                break
        return self.proven

    def clear(self) -> bool:
        """Throw away whatever has not been printed yet, in the printer and on the way to it; whether the printer
        said so. A proof that was on its way still counts. Takes CLEAR_S at most; raises DeviceFault."""
        command = Command(CLEAR_S)
        self.open(command)
        if self._confirm_clear(CLEAR_BUFFERS, command):
            return True
        self.transport.abort()
        self._received = b""
        self.open(command)
        return self._confirm_clear(RECOVER_AND_CLEAR + CLEAR_BUFFERS, command)

    def _confirm_clear(self, request: bytes, command: Command) -> bool:
        try:
            self.write(request, command)
        except DeviceFault as fault:
            if fault.fault is Fault.HUNG:
                return False
            raise
        if self._await(BlockReply, self._answer_s, command) != CLEARED:
            return False
        self._owed = 0
        return True

    def _await(self, kind: type[R], timeout_s: float, command: Command) -> R | None:
        """The next answer of `kind`, or None in time; proofs that come meanwhile are counted."""
        until = time.monotonic() + min(timeout_s, command.remaining_s())
        while True:
            for reply in self._take():
                if isinstance(reply, kind):
                    return reply
            left = until - time.monotonic()
            if left <= 0:
                return None
            self._received += self.transport.read(min(left, SLICE_S))
            command.remaining_s()  # called off?

    def _take(self) -> list[RealTime | Sensor | FullStatus | BlockReply]:
        replies, self._received = split_replies(self._received)
        for reply in replies:
            if isinstance(reply, Sensor) and self._owed:
                self._owed -= 1
                self.proven = self._owed == 0
        return replies

    def _drain(self) -> None:
        """Drop late answers to earlier questions, so that they are not taken for answers to the next ones."""
        while data := self.transport.read(0):
            self._received += data
        self._take()
        self._received = b""
