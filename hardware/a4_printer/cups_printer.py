"""The driver of an A4 printer behind CUPS.

CUPS takes the job and sends it; how it goes is asked of CUPS and of the printer itself. For CUPS is of little help
when a printer is switched off (a job goes on "processing"), sends a job anew that a printer has given up, so that a
jam on page 2 brings a second page 1, and at times calls a job completed that the printer threw away at once. So the
first sign of trouble ends the job here, and "printed" is said when the printer's own list of jobs says so.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import cups

from hardware.a4_printer import reasons
from hardware.a4_printer.answer import Value
from hardware.a4_printer.interface import NotPrinted, Printed, PrintOutcome, SentToPrinter, Unsure
from hardware.a4_printer.ipp import Operation, Refused, Target, Unreachable, ask
from hardware.a4_printer.spool import kept
from hardware.device import Command, CommandCancelled, Fault, State, Status

SPOOLER_TIMEOUT_S = 2.0
PROBE_TIMEOUT_S = 2.0
LOOK_EVERY_S = 0.25
MISSES_TO_SILENCE = 3
"""A printer may miss a question while it warms up; a queue may, while it starts a filter."""
LOOKS_TO_BELIEVE = 2
"""A reason may linger from the job before for one look."""
CANCEL_S = 5.0

USER = "kiosk"


class JobState(IntEnum):
    """Values of job-state that end a job."""

    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


@dataclass(frozen=True)
class _Look:
    """What was seen in one look at a running job; None for what did not answer."""

    job_state: int | None
    impressions: int | None
    fault: Fault | None
    printer_answers: bool


class CupsPrinter:
    """A queue of CUPS. `server` is the path of cupsd's socket, or host:port; `sides` and `media` are IPP's words;
    `spool` is the folder where CUPS keeps documents, which ought to be in memory: the detail of the status says.

    A printer that speaks IPP without TLS is itself asked beside CUPS; of any other a job is known to be sent only.
    """

    def __init__(
        self,
        queue: str,
        server: str = "/run/cups/cups.sock",
        media: str = "iso_a4_210x297mm",
        sides: str = "one-sided",
        spool: str = "/var/spool/cups",
    ) -> None:
        path = f"/printers/{queue}"
        if server.startswith("/"):
            self._queue = Target(f"ipp://localhost{path}", server)
        else:
            self._queue = Target(f"ipp://{server}{path}")
        self._name = queue
        self._media, self._sides = media, sides
        self._spool = Path(spool)
        self._printer: Target | None = None
        self._may_hold_jobs = True  # of an earlier run

    def status(self, command: Command) -> Status:
        """CUPS' word on the queue, and the printer's own on itself."""
        detail = {"queue": self._name, "spool": kept(self._spool)}
        try:
            queue = self._ask_queue()
            if self._may_hold_jobs:
                self._empty_queue()
        except (Unreachable, Refused) as error:
            return Status(State.DISCONNECTED, Fault.SPOOLER_DOWN, {**detail, "cups": str(error)})
        device_uri = next(iter(_words(queue, "device-uri")), "")
        self._printer = Target(device_uri.partition("?")[0]) if device_uri.startswith("ipp://") else None
        if self._printer is None:
            # The reasons that CUPS keeps are stale until the next job, except those why a queue is stopped.
            state = _number(queue, "printer-state")
            said = _words(queue, "printer-state-reasons") if state == reasons.STOPPED else []
        else:
            detail["printer"] = self._printer.uri
            try:
                own = self._ask_printer()
            except (Unreachable, Refused):
                return Status(State.DISCONNECTED, Fault.NO_ANSWER, detail)
            state, said = _number(own, "printer-state"), _words(own, "printer-state-reasons")
            if _number(queue, "printer-state") == reasons.STOPPED:
                said = [*said, "paused"]
        judged, fault = reasons.judge(state or 0, said)
        words = sorted({reasons.stem(word) for word in said} - {"none"})
        return Status(judged, fault, {**detail, **({"reasons": " ".join(words)} if words else {})})

    def print(self, pdf: bytes, command: Command) -> PrintOutcome:
        """Print a PDF and watch it to its end."""
        before = self.status(command)
        if not before.usable:
            return NotPrinted(before.fault or Fault.DISCONNECTED)
        self._may_hold_jobs = True
        # What the job is called where others can see it: nothing about anybody, and no two alike.
        name = f"document-{secrets.token_hex(4)}"
        try:
            job = self._submit(pdf, name)
        except Refused as refused:
            return NotPrinted(Fault.SPOOLER_DOWN if refused.status >= 0x0500 else Fault.PROTOCOL)
        except Unreachable:
            return Unsure(Fault.SPOOLER_DOWN)
        try:
            return self._watch(job, name, command)
        except CommandCancelled:
            self._call_off(job)
            raise

    def close(self) -> None:
        """Nothing is held between requests."""

    def _ask_queue(self) -> Mapping[str, list[Value]]:
        return ask(
            self._queue,
            Operation.GET_PRINTER_ATTRIBUTES,
            [_who()],
            wanted=["printer-state", "printer-state-reasons", "device-uri"],
            timeout_s=SPOOLER_TIMEOUT_S,
        )

    def _ask_printer(self) -> Mapping[str, list[Value]]:
        assert self._printer is not None
        return ask(
            self._printer,
            Operation.GET_PRINTER_ATTRIBUTES,
            [_who()],
            wanted=["printer-state", "printer-state-reasons"],
            timeout_s=PROBE_TIMEOUT_S,
        )

    def _submit(self, pdf: bytes, name: str) -> int:
        answer = ask(
            self._queue,
            Operation.PRINT_JOB,
            [
                _who(),
                (cups.IPP_TAG_NAME, "job-name", name),
                (cups.IPP_TAG_MIMETYPE, "document-format", "application/pdf"),
            ],
            timeout_s=SPOOLER_TIMEOUT_S,
            document=pdf,
            job_attributes=[
                (cups.IPP_TAG_KEYWORD, "media", self._media),
                (cups.IPP_TAG_KEYWORD, "sides", self._sides),
            ],
        )
        job = _number(answer, "job-id")
        if job is None:
            raise Unreachable("no job-id")
        return job

    def _watch(self, job: int, name: str, command: Command) -> PrintOutcome:
        spooler_misses = printer_misses = fault_looks = 0
        fault: Fault | None = None
        begun, sheets = False, 0
        while command.remaining_s() > 0:
            look = self._look(job)
            begun, sheets = begun or bool(look.impressions), max(sheets, look.impressions or 0)
            fault_looks = fault_looks + 1 if look.fault else 0
            fault = fault or (look.fault if fault_looks >= LOOKS_TO_BELIEVE else None)
            spooler_misses = spooler_misses + 1 if look.job_state is None else 0
            printer_misses = 0 if look.printer_answers else printer_misses + 1
            match look.job_state:
                case JobState.COMPLETED:
                    self._may_hold_jobs = False
                    return self._confirmed(name, command)
                case JobState.CANCELED | JobState.ABORTED:
                    return NotPrinted(
                        fault or look.fault or Fault.JOB_CUT_SHORT, begun or look.impressions is None, sheets
                    )
            if fault is not None:
                # Only a job that CUPS has ended will not come out after a refill.
                return NotPrinted(fault, begun, sheets) if self._call_off(job) else Unsure(fault)
            if spooler_misses >= MISSES_TO_SILENCE:
                return Unsure(Fault.SPOOLER_DOWN)
            if printer_misses >= MISSES_TO_SILENCE:
                self._call_off(job)
                return Unsure(Fault.NO_ANSWER)
            command.wait(LOOK_EVERY_S)
        self._call_off(job)
        return Unsure(fault or Fault.HUNG)

    def _confirmed(self, name: str, command: Command) -> PrintOutcome:
        """How a job ended that CUPS has done with, by the printer's own list of jobs."""
        if self._printer is None:
            return SentToPrinter()
        for _ in range(MISSES_TO_SILENCE):
            try:
                ended = ask(
                    self._printer,
                    Operation.GET_JOBS,
                    [_who(), (cups.IPP_TAG_KEYWORD, "which-jobs", "completed")],
                    wanted=["job-name", "job-state"],
                    timeout_s=PROBE_TIMEOUT_S,
                )
            except (Unreachable, Refused):
                ended = {}
            states = dict(zip(_words(ended, "job-name"), ended.get("job-state", []), strict=False))
            if name in states:
                whole = states[name] == JobState.COMPLETED
                return Printed() if whole else NotPrinted(Fault.JOB_CUT_SHORT, begun=True)
            command.wait(LOOK_EVERY_S)
        return SentToPrinter()

    def _look(self, job: int) -> _Look:
        job_state = impressions = None
        said: list[str] = []
        try:
            found = ask(
                self._queue,
                Operation.GET_JOB_ATTRIBUTES,
                [(cups.IPP_TAG_INTEGER, "job-id", job), _who()],
                wanted=["job-state", "job-impressions-completed"],
                timeout_s=SPOOLER_TIMEOUT_S,
            )
            job_state = _number(found, "job-state")
            impressions = _number(found, "job-impressions-completed")
            if self._printer is None:
                said = _words(self._ask_queue(), "printer-state-reasons")
        except (Unreachable, Refused):
            pass
        answers = True
        if self._printer is not None:
            try:
                said = _words(self._ask_printer(), "printer-state-reasons")
            except (Unreachable, Refused):
                answers = False
        return _Look(job_state, impressions, reasons.stopping(said), answers)

    def _call_off(self, job: int) -> bool:
        """End the job, in CUPS and by it in the printer; whether CUPS says that it has ended."""
        limit = Command(CANCEL_S)
        try:
            self._empty_queue()
            while not limit.expired:
                if self._look(job).job_state in tuple(JobState):
                    return True
                limit.wait(LOOK_EVERY_S)
        except (Unreachable, Refused):
            pass
        return False

    def _empty_queue(self) -> None:
        """Cancel every job of ours, and have CUPS forget their documents."""
        try:
            ask(self._queue, Operation.CANCEL_MY_JOBS, [_who()], timeout_s=SPOOLER_TIMEOUT_S)
        except Refused as refused:
            if refused.status != cups.IPP_NOT_POSSIBLE:  # there was none
                raise
        self._may_hold_jobs = False


def _who() -> tuple[int, str, str]:
    return (cups.IPP_TAG_NAME, "requesting-user-name", USER)


def _number(attributes: Mapping[str, list[Value]], name: str) -> int | None:
    value = next(iter(attributes.get(name, [])), None)
    return value if isinstance(value, int) else None


def _words(attributes: Mapping[str, list[Value]], name: str) -> list[str]:
    return [value for value in attributes.get(name, []) if isinstance(value, str)]
