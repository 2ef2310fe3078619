"""The driver of an ESC/POS receipt printer: asks before, prints, asks after, and leaves nothing behind.

Three things are never left to chance. "Printed" is said only when the printer has answered a request that
stood behind the cut. A job that failed is cleared from the printer's buffer, so that a refill does not
print it for the next person. Paper that was begun is cut off and marked void before anything else is
printed on it.
"""

import time
from typing import TypeVar

from hardware.device import Command, CommandCancelled, DeviceFault, Fault, State, Status
from hardware.receipt_printer.encoder import Job, Model, encode
from hardware.receipt_printer.interface import NotPrinted, Printed, PrintOutcome, SentToPrinter, Unsure
from hardware.receipt_printer.receipt import Align, Emphasis, Receipt, Text
from hardware.receipt_printer.replies import BlockReply, FullStatus, RealTime, Sensor, split_replies
from hardware.receipt_printer.status import Answers, Presenter, decode, paper_waits
from hardware.receipt_printer.transport import Transport

ANSWER_S = 0.5
"""How long a printer may take to answer a real-time request; it answers within milliseconds or not at all."""

WATCH_S = 0.5
"""How often the printer is asked how it does while a job is being printed."""

MISSES_TO_SILENCE = 3
CLEAR_S = 1.0
BLIND_MM_PER_S = 50.0
"""A slow printer's speed: how long a job is given to come out of a printer that cannot tell."""

VOID_S = 3.0
RETRACT_S = 5.0
POLL_S = 0.1

REAL_TIME_STATUS = b"\x10\x04"
FULL_STATUS = b"\x10\x04\x14"
CLEAR_BUFFERS = bytes.fromhex("10 14 08 01 03 14 01 06 02 08")
CLEARED = BlockReply(b"\x25")
RECOVER_AND_CLEAR = b"\x10\x05\x02"
REQUEST_SENSOR = b"\x1dr\x01"
RETRACT = b"\x1de\x02"
"""GS e 2: KPM, VKP and Reliance; the PPU family has its own, so a paper-bit presenter is not retracted."""

VAGUE = frozenset({Fault.HUNG, Fault.NO_ANSWER})
SELF_HEALING = frozenset({Fault.OVERHEATED})
AT_THE_PRINTER = frozenset(
    {Fault.HARDWARE, Fault.COVER_OPEN, Fault.JAM, Fault.CUTTER, Fault.PAPER_OUT, Fault.OVERHEATED}
)
"""What the printer itself has named as the reason why it stopped."""


R = TypeVar("R", RealTime, Sensor, FullStatus, BlockReply)


class EscPosPrinter:
    """A receipt printer on any transport.

    `reports` is false for a printer that can receive only. `confirms` is false for one that answers DLE EOT
    but not GS r. `when_silent_send` decides what happens when a printer that should answer does not: None
    follows the transport (a serial line cannot tell silence from a printer that is off, so nothing is sent
    there).
    """

    def __init__(
        self,
        transport: Transport,
        model: Model | None = None,
        *,
        presenter: Presenter | str = Presenter.NONE,
        reports: bool = True,
        confirms: bool = True,
        when_silent_send: bool | None = None,
        answer_s: float = ANSWER_S,
        watch_s: float = WATCH_S,
        void_mark: str = "作废 VOID",
    ) -> None:
        self._transport = transport
        self._model = model or Model()
        self._presenter = Presenter(presenter)
        self._reports, self._confirms = reports, confirms
        self._send_blind = not transport.silence_may_be_off if when_silent_send is None else when_silent_send
        self._answer_s, self._watch_s = answer_s, watch_s
        self._void = Receipt((Text(void_mark, Align.CENTRE, Emphasis.LARGE),))
        self._received = b""
        self._proofs = 0
        # A job of an earlier run of this program may still be in the buffer.
        self._may_hold_job = True
        # Paper that an earlier job has begun and no cut has ended.
        self._begun_paper = False
        self._can_clear: bool | None = None

    # --- the driver's verbs -----------------------------------------------------------------------

    def status(self, command: Command) -> Status:
        """Ask the printer; tidies up after a failed job as soon as the printer can."""
        try:
            answers = self._ask_twice(command)
            status = self._judge(answers)
            return status if answers.silent else self._tidy(status, command)
        except DeviceFault as fault:
            self.close()
            gone = fault.fault is Fault.DISCONNECTED
            return decode(None if gone else Answers(), self._presenter)

    def print(self, receipt: Receipt, command: Command) -> PrintOutcome:
        """See PrinterDriver.print."""
        job = encode(receipt, self._model)
        before = self.status(command)
        if not before.usable:
            return NotPrinted(before.fault or Fault.DISCONNECTED)
        heard = before.fault is not Fault.NO_ANSWER and self._reports
        try:
            self._proofs = 0
            for piece in job.pieces:
                self._transport.write(piece, command)
            if not heard:
                return self._sent_blind(job, command)
            return self._watch(job, command)
        except DeviceFault as fault:
            return self._give_up(fault.fault)
        except CommandCancelled:
            self._give_up(Fault.JOB_CUT_SHORT)
            raise

    def paper_taken(self, command: Command) -> bool | None:
        """See PrinterDriver.paper_taken."""
        if self._presenter is Presenter.NONE:
            return None
        try:
            waits = paper_waits(self._answers(command), self._presenter)
        except DeviceFault:
            self.close()
            return None
        return None if waits is None else not waits

    def retract(self, command: Command) -> bool:
        """See PrinterDriver.retract."""
        if self._presenter is not Presenter.FULL_STATUS:
            return False
        try:
            if not self._transport.is_open:
                self._transport.open(command)
            self._transport.write(RETRACT, command)
            until = time.monotonic() + min(RETRACT_S, command.remaining_s())
            while time.monotonic() < until:
                if self.paper_taken(command):
                    return True
                command.wait(POLL_S)
        except DeviceFault:
            self.close()
        return False

    def close(self) -> None:
        """Let go of the line; may be called twice."""
        self._transport.close()
        self._received = b""

    # --- asking -----------------------------------------------------------------------------------

    def _answers(self, command: Command) -> Answers:
        """Ask everything there is to ask; stops at the first question that is not answered."""
        if not self._transport.is_open:
            self._transport.open(command)
            self._received = b""
        if not self._reports:
            return Answers()
        self._drain()
        found: list[int] = []
        for n in (1, 2, 3, 4):
            self._transport.write(REAL_TIME_STATUS + bytes([n]), command)
            reply = self._await(RealTime, self._answer_s, command)
            if reply is None:
                break
            found.append(reply.value)
        full = None
        if self._presenter is Presenter.FULL_STATUS and len(found) == 4:
            self._transport.write(FULL_STATUS, command)
            reply_full = self._await(FullStatus, self._answer_s, command)
            full = reply_full.value if reply_full else None
        padded = [*found, None, None, None, None]
        return Answers(padded[0], padded[1], padded[2], padded[3], full)

    def _judge(self, answers: Answers) -> Status:
        status = decode(answers, self._presenter)
        if not answers.silent:
            return status
        if not self._reports:
            return Status(State.READY, None, status.detail)
        return Status(State.DEGRADED, Fault.NO_ANSWER, status.detail) if self._send_blind else status

    def _ask_twice(self, command: Command) -> Answers:
        """Ask, and ask again when nothing comes: a byte may get lost on the way, a printer drops idle
        connections, and one that lost its power leaves a connection standing that no longer leads anywhere."""
        kept = self._transport.is_open
        try:
            answers = self._answers(command)
        except DeviceFault as fault:
            if fault.fault is not Fault.DISCONNECTED or not kept:
                raise
            answers = Answers()
        if answers.silent and self._reports:
            if kept and not self._transport.silence_may_be_off:
                self.close()
            answers = self._answers(command)
        return answers

    def _await(self, kind: type[R], timeout_s: float, command: Command) -> R | None:
        """The next answer of `kind`, or None in time; a proof of printing that comes meanwhile is counted."""
        until = time.monotonic() + min(timeout_s, command.remaining_s())
        while True:
            replies, self._received = split_replies(self._received)
            self._proofs += sum(isinstance(reply, Sensor) for reply in replies)
            for reply in replies:
                if isinstance(reply, kind):
                    return reply
            left = until - time.monotonic()
            if left <= 0:
                return None
            self._received += self._transport.read(min(left, POLL_S))
            command.remaining_s()  # called off?

    def _drain(self) -> None:
        """Drop late answers to earlier questions, so that they are not taken for answers to the next ones."""
        while data := self._transport.read(0):
            self._received += data
        replies, _ = split_replies(self._received)
        self._proofs += sum(isinstance(reply, Sensor) for reply in replies)
        self._received = b""

    # --- printing ---------------------------------------------------------------------------------

    def _watch(self, job: Job, command: Command) -> PrintOutcome:
        """Wait for the proof behind the cut, and look at the printer meanwhile."""
        self._transport.write(REQUEST_SENSOR if self._confirms else b"", command)
        sent = time.monotonic()
        misses = 0
        waiting_for = Fault.HUNG
        while True:
            self._await(Sensor, self._watch_s, command)
            if self._proofs:
                return self._done()
            if command.remaining_s() == 0:
                return self._give_up(waiting_for)
            answers = self._answers(command)
            status = decode(answers, self._presenter)
            if self._proofs:
                return self._done()
            if answers.silent:
                misses += 1
                if misses >= MISSES_TO_SILENCE:
                    return self._give_up(Fault.NO_ANSWER)
            elif misses:
                # It was gone and is back without having finished: it was switched off and on.
                return self._give_up(Fault.JOB_CUT_SHORT)
            elif status.usable or status.fault in SELF_HEALING:
                waiting_for = status.fault if status.fault in SELF_HEALING else Fault.HUNG
                if not self._confirms and time.monotonic() - sent > job.length_mm / BLIND_MM_PER_S:
                    return SentToPrinter()
            else:
                return self._give_up(status.fault or Fault.HARDWARE)

    def _done(self) -> Printed:
        self._may_hold_job = False
        return Printed()

    def _sent_blind(self, job: Job, command: Command) -> SentToPrinter:
        """Give the paper time to come out, then clear what may be left: it could have been out of paper."""
        command.wait(job.length_mm / BLIND_MM_PER_S)
        self._transport.write(CLEAR_BUFFERS, Command(CLEAR_S))
        return SentToPrinter()

    def _give_up(self, fault: Fault) -> PrintOutcome:
        """End a job of which something was sent."""
        self._may_hold_job = self._begun_paper = True
        try:
            cleared = self._clear()
            if cleared and fault in VAGUE:  # now that it listens again, it may tell why it stopped
                status = decode(self._answers(Command(CLEAR_S)), self._presenter)
                fault = status.fault if status.fault in AT_THE_PRINTER else fault
        except DeviceFault:
            self.close()
            cleared = False
        if self._proofs:  # it finished after all, just before it was cleared
            self._begun_paper = False
            return Printed()
        if fault is Fault.DISCONNECTED:
            return Unsure(Fault.JOB_CUT_SHORT)
        return NotPrinted(fault, begun=True) if cleared and fault in AT_THE_PRINTER else Unsure(fault)

    def _clear(self) -> bool:
        """Throw away whatever has not been printed yet, in the printer and on the way to it; whether the printer
        said so. Takes CLEAR_S at most, beyond the deadline of the job."""
        command = Command(CLEAR_S)
        for attempt in (CLEAR_BUFFERS, RECOVER_AND_CLEAR + CLEAR_BUFFERS):
            if not self._transport.is_open:
                self._transport.open(command)
            try:
                self._transport.write(attempt, command)
                if self._await(BlockReply, self._answer_s, command) == CLEARED:
                    self._may_hold_job, self._can_clear = False, True
                    return True
            except DeviceFault as fault:
                if fault.fault is not Fault.HUNG:
                    raise
            self._transport.abort()
            self._received = b""
        return False

    def _tidy(self, status: Status, command: Command) -> Status:
        """Clear what an earlier job left in the printer, and cut off what it left on the paper."""
        if self._may_hold_job and self._can_clear is not False and not self._clear():
            self._can_clear = False  # this model cannot; asking again at every look would only cost time
        if self._begun_paper and status.usable:
            self._proofs = 0
            for piece in encode(self._void, self._model).pieces:
                self._transport.write(piece, command)
            self._transport.write(REQUEST_SENSOR if self._confirms else b"", command)
            self._begun_paper = self._confirms and self._await(Sensor, VOID_S, command) is None
            if self._presenter is Presenter.FULL_STATUS:
                self._transport.write(RETRACT, command)
        words = {None: "unknown", True: "yes", False: "no"}
        return Status(status.state, status.fault, {**status.detail, "clears_buffer": words[self._can_clear]})
