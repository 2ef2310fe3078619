"""The driver of an ESC/POS receipt printer: asks before, prints, asks after, and leaves nothing behind.

Three things are never left to chance. "Printed" is said only when the printer has answered a request that
stood behind the cut. A job that failed is cleared from the printer's buffer, so that a refill does not
print it for the next person. Paper that was begun is cut off and marked void before anything else is
printed on it.
"""

import time
from dataclasses import replace

from hardware.device import Command, CommandCancelled, DeviceFault, Fault, State, Status
from hardware.receipt_printer.conversation import CLEAR_BUFFERS, CLEAR_S, Conversation
from hardware.receipt_printer.encoder import Job, Model, encode
from hardware.receipt_printer.interface import NotPrinted, Printed, PrintOutcome, SentToPrinter, Unsure
from hardware.receipt_printer.receipt import Align, Emphasis, Receipt, Text
from hardware.receipt_printer.status import Answers, Presenter, decode, paper_waits
from hardware.receipt_printer.transport import Transport

ANSWER_S = 0.5
"""How long a printer may take to answer a real-time request; it answers within milliseconds or not at all."""

WATCH_S = 0.5
"""How often the printer is asked how it does while a job is being printed."""

MISSES_TO_SILENCE = 3
BLIND_MM_PER_S = 50.0
"""A slow printer's speed: how long a job is given to come out of a printer that cannot tell."""

VOID_S = 3.0
RETRACT_S = 5.0
POLL_S = 0.1

RETRACT = b"\x1de\x02"
"""GS e 2: KPM, VKP and Reliance; the PPU family has its own, so a paper-bit presenter is not retracted."""

VAGUE = frozenset({Fault.HUNG, Fault.NO_ANSWER})
SELF_HEALING = frozenset({Fault.OVERHEATED})
AT_THE_PRINTER = frozenset(
    {Fault.HARDWARE, Fault.COVER_OPEN, Fault.JAM, Fault.CUTTER, Fault.PAPER_OUT, Fault.OVERHEATED}
)
"""What the printer itself has named as the reason why it stopped."""


class EscPosPrinter:
    """A receipt printer on any transport.

    `reports` is false for a printer that can receive only. `confirms` is false for one that answers DLE EOT
    but not GS r. `when_silent_send` decides what happens when a printer that should answer does not: None
    follows the transport (a serial line cannot tell silence from a printer that is off, so nothing is sent
    there). `void_mark` is printed on what a failed job has left on the paper.
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
        self._talk = Conversation(transport, answer_s)
        self._model = model or Model()
        self._presenter = Presenter(presenter)
        self._reports, self._confirms = reports, confirms
        self._send_blind = not transport.silence_may_be_off if when_silent_send is None else when_silent_send
        self._watch_s = watch_s
        self._void = Receipt((Text(void_mark, Align.CENTRE, Emphasis.LARGE),))
        # A job of an earlier run of this program may still be in the buffer.
        self._may_hold_job = True
        # Paper that an earlier job has begun and no cut has ended.
        self._begun_paper = False
        self._can_clear: bool | None = None
        self._name: str | None = None

    def status(self, command: Command) -> Status:
        """Ask the printer; tidies up after a failed job as soon as the printer can."""
        try:
            if not self._reports:
                self._talk.open(command)
                return Status(State.READY, None, decode(Answers(), self._presenter).detail)
            answers = self._talk.ask_status_twice(command, full=self._asks_full)
            status = decode(answers, self._presenter)
            if not answers.silent:
                return self._tidy(status, command)
            return Status(State.DEGRADED, Fault.NO_ANSWER, status.detail) if self._send_blind else status
        except DeviceFault as fault:
            self.close()
            gone = fault.fault is Fault.DISCONNECTED
            status = decode(None if gone else Answers(), self._presenter)
            return replace(status, detail={**status.detail, "why": fault.detail}) if fault.detail else status

    def print(self, receipt: Receipt, command: Command) -> PrintOutcome:
        """See PrinterDriver.print."""
        job = encode(receipt, self._model)
        before = self.status(command)
        if not before.usable:
            return NotPrinted(before.fault or Fault.DISCONNECTED)
        heard = before.fault is not Fault.NO_ANSWER and self._reports
        try:
            if heard:
                self._talk.start_job(command)
            for piece in job.pieces:
                self._talk.write(piece, command)
            return self._watch(job, command) if heard else self._let_print(job, command)
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
            waits = paper_waits(self._talk.ask_status(command, full=self._asks_full), self._presenter)
        except DeviceFault:
            self.close()
            return None
        return None if waits is None else not waits

    def retract(self, command: Command) -> bool:
        """See PrinterDriver.retract."""
        if self._presenter is not Presenter.FULL_STATUS:
            return False
        try:
            self._talk.open(command)
            self._talk.write(RETRACT, command)
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
        self._talk.close()
        self._name = None  # another printer may be plugged in next

    @property
    def _asks_full(self) -> bool:
        return self._presenter is Presenter.FULL_STATUS

    def _watch(self, job: Job, command: Command) -> PrintOutcome:
        """Wait for the proof behind the cut, and look at the printer meanwhile."""
        if self._confirms:
            self._talk.request_proof(command)
        until_out = time.monotonic() + job.length_mm / BLIND_MM_PER_S
        misses = 0
        waiting_for = Fault.HUNG
        while True:
            if self._talk.wait_for_proof(self._watch_s, command):
                return self._done()
            if command.remaining_s() == 0:
                return self._give_up(waiting_for)
            answers = self._talk.ask_status(command, full=self._asks_full)
            status = decode(answers, self._presenter)
            if self._talk.proven:
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
                if not self._confirms and time.monotonic() > until_out:
                    return SentToPrinter()
            else:
                return self._give_up(status.fault or Fault.HARDWARE)

    def _done(self) -> Printed:
        self._may_hold_job = False
        return Printed()

    def _let_print(self, job: Job, command: Command) -> SentToPrinter:
        """Give the paper time to come out, then clear what may be left: it could have been out of paper."""
        command.wait(job.length_mm / BLIND_MM_PER_S)
        self._talk.write(CLEAR_BUFFERS, Command(CLEAR_S))
        return SentToPrinter()

    def _give_up(self, fault: Fault) -> PrintOutcome:
        """End a job of which something was sent."""
        self._may_hold_job = self._begun_paper = True
        try:
            cleared = self._clear()
            if cleared and fault in VAGUE:  # now that it listens again, it may tell why it stopped
                answers = self._talk.ask_status(Command(CLEAR_S), full=self._asks_full)
                told = decode(answers, self._presenter).fault
                fault = told if told in AT_THE_PRINTER else fault
        except DeviceFault:
            self.close()
            cleared = False
        if self._talk.proven:  # it finished after all, just before it was cleared
            self._begun_paper = False
            return Printed()
        if fault is Fault.DISCONNECTED:
            return Unsure(Fault.JOB_CUT_SHORT)
        return NotPrinted(fault, begun=True) if cleared and fault in AT_THE_PRINTER else Unsure(fault)

    def _clear(self) -> bool:
        cleared = self._talk.clear()
        if cleared:
            self._may_hold_job, self._can_clear = False, True
        return cleared

    def _tidy(self, status: Status, command: Command) -> Status:
        """Clear what an earlier job left in the printer, cut off what it left on the paper, learn its name."""
        if self._may_hold_job and self._can_clear is not False and not self._clear():
            self._can_clear = False  # this model cannot; asking again at every look would only cost time
        if self._begun_paper and status.usable:
            self._cut_off_begun_paper(command)
        if self._name is None and status.usable:
            self._name = self._talk.ask_name(command)
        words = {None: "unknown", True: "yes", False: "no"}
        more = {"model": self._name or "unknown", "clears_buffer": words[self._can_clear]}
        return Status(status.state, status.fault, {**status.detail, **more})

    def _cut_off_begun_paper(self, command: Command) -> None:
        self._talk.start_job(command)
        for piece in encode(self._void, self._model).pieces:
            self._talk.write(piece, command)
        if self._confirms:
            self._talk.request_proof(command)
        self._begun_paper = self._confirms and not self._talk.wait_for_proof(VOID_S, command)
        if self._presenter is Presenter.FULL_STATUS:
            self._talk.write(RETRACT, command)
