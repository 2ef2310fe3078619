"""What every device has in common: its status, its faults, and the worker that runs one command at a time.

A driver is plain blocking code. `Device` gives it a thread of its own, a deadline and a cancel for every
command, and a status that the kiosk can read at any moment without waiting. Words follow XFS4IoT: what the
hardware cannot know is `unknown` or `not_supported`, never a guess; a device that is not meant to be there
(`not_installed`) is not one that has been unplugged (`disconnected`).
"""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from hardware.worker import Worker

DISCONNECT_MISSES = 3
"""A device is shown as disconnected after this many misses in a row; a running job is told at once."""

STATUS_POLL_S = 2.0
COMMAND_GRACE_S = 2.0
"""How long past its own deadline a driver may take to come back before it counts as hung."""
STATUS_GRACE_S = 20.0
"""The same for a look at the status, in which a driver may have to start programs of its own on a busy machine."""
ENDING_S = 3.0
"""How long what is under way may go on when the program ends; then it is called off."""
CLOSE_S = 4.0
"""How long a driver may take after that to stop and to let go of everything. A service manager waits for 10 s."""
_LOOK_S = 0.1


class Kind(StrEnum):
    """The kinds of device a kiosk can have; also their names in config/kiosk.toml and on the device bench."""

    ID_CARD = "id_card"
    JOINT_CARD = "joint_card"
    SCANNER = "scanner"
    RECEIPT_PRINTER = "receipt_printer"
    A4_PRINTER = "a4_printer"
    SPEAKER = "speaker"
    PRESENCE = "presence"
    CABINET = "cabinet"
    LIGHTS = "lights"
    UPS = "ups"


class State(StrEnum):
    """How far a device can be used. Exactly one of them is true at any time."""

    READY = "ready"
    DEGRADED = "degraded"  # works, but staff should come (paper low, toner low)
    OUT_OF_SERVICE = "out_of_service"  # answers, but cannot do its work (paper out, cover open, jam)
    DISCONNECTED = "disconnected"  # meant to be there, does not answer
    NOT_INSTALLED = "not_installed"  # driver = "none": not meant to be there
    UNKNOWN = "unknown"  # not asked yet


class Fault(StrEnum):
    """Every cause that a driver can name. What the citizen reads and staff do for each is kiosk/faults.py."""

    DISCONNECTED = "disconnected"
    NO_ANSWER = "no_answer"
    HUNG = "hung"
    PROTOCOL = "protocol_error"
    HARDWARE = "hardware_error"
    # paper
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    CUTTER = "cutter_error"
    JAM = "jam"
    OVERHEATED = "overheated"
    JOB_CUT_SHORT = "job_cut_short"  # half-written job, or a power cycle in mid-print
    TONER_LOW = "toner_low"
    TONER_OUT = "toner_out"
    SPOOLER_DOWN = "spooler_down"
    # cards
    CARD_REMOVED = "card_removed"  # pulled in mid-read
    CARD_UNREADABLE = "card_unreadable"
    CARD_WRONG_KIND = "card_wrong_kind"
    CARD_WRONG_WAY = "card_wrong_way"
    CARD_COLLISION = "card_collision"  # two cards in the field
    SAM_REFUSED = "sam_refused"
    CARD_SERVICE_DOWN = "card_service_down"  # pcscd is gone
    # scanner
    CAMERA_DARK = "camera_dark"
    DECODER_CRASHED = "decoder_crashed"
    DECODER_HUNG = "decoder_hung"
    CODE_TOO_LONG = "code_too_long"
    CODE_NOT_TEXT = "code_not_text"
    BABBLING = "babbling"
    # cabinet and power
    DOOR_OPEN = "door_open"
    TAMPERED = "tampered"
    ON_BATTERY = "on_battery"
    BATTERY_LOW = "battery_low"


@dataclass(frozen=True)
class Status:
    """What is known of a device. `fault` is the first and most specific cause; `detail` is for staff
    (identity, firmware, sensor words such as paper="low", `why` it cannot be reached) and never holds anything
    about a citizen."""

    state: State
    fault: Fault | None = None
    detail: Mapping[str, str] = field(default_factory=dict)

    @property
    def usable(self) -> bool:
        """True when a job may be given to the device now."""
        return self.state in (State.READY, State.DEGRADED)


UNKNOWN = Status(State.UNKNOWN)
NOT_INSTALLED = Status(State.NOT_INSTALLED)


class DeviceFault(Exception):
    """Raised inside a driver when a command cannot be done; `Device` and the verbs turn it into a value.

    `fault` names the cause; `detail` may hold at most the head of a frame in hex, never personal data.
    """

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault.value}: {detail}" if detail else fault.value)
        self.fault = fault
        self.detail = detail


def reason(error: Exception) -> str:
    """Why something could not be opened or went away, in the system's words; for staff."""
    number = getattr(error, "errno", None)
    return os.strerror(number) if isinstance(number, int) else type(error).__name__


class CommandCancelled(Exception):
    """Raised inside a driver when its cancel event was set: the citizen left or touched Back."""


class Command:
    """The deadline and the cancel of one command; a driver checks it at each step of its work."""

    def __init__(self, timeout_s: float) -> None:
        self._deadline = time.monotonic() + timeout_s
        self._cancelled = threading.Event()

    @property
    def deadline(self) -> float:
        """When time is up, by the monotonic clock."""
        return self._deadline

    def remaining_s(self) -> float:
        """Seconds left, never below zero. Raises CommandCancelled when the command was called off."""
        if self._cancelled.is_set():
            raise CommandCancelled
        return max(0.0, self._deadline - time.monotonic())

    @property
    def expired(self) -> bool:
        """True once the deadline has passed."""
        return time.monotonic() >= self._deadline

    def wait(self, seconds: float) -> None:
        """Sleep for `seconds`, cut short by the deadline; raises CommandCancelled at once when called off."""
        if self._cancelled.wait(min(seconds, max(0.0, self._deadline - time.monotonic()))):
            raise CommandCancelled

    def cancel(self) -> None:
        """Call the command off from another thread."""
        self._cancelled.set()


class Driver(Protocol):
    """What every driver offers, whatever it drives. Called from the device's own thread only."""

    def status(self, command: Command) -> Status:
        """Ask the hardware; connects if needed. Never raises for a device that is gone: it says so."""
        ...

    def close(self) -> None:
        """Let go of ports, sockets and processes. May be called twice."""
        ...


D = TypeVar("D", bound=Driver)
T = TypeVar("T")


class Device(Generic[D]):
    """A driver with its one worker thread.

    Commands run one after another; each has a deadline and is cancelled with its awaiting task. Between
    commands the status is polled every `poll_s`; `on_change` is called (from a thread of the device) with the old
    and the new status whenever it differs, so that it is journalled once. A driver that does not come back is
    hung: nothing more is asked of it until it does.
    """

    def __init__(
        self,
        kind: Kind,
        driver: D,
        *,
        poll_s: float = STATUS_POLL_S,
        on_change: Callable[[Kind, Status, Status], None] = lambda kind, old, new: None,
    ) -> None:
        self.kind = kind
        self.driver = driver
        self.on_change = on_change
        self._poll_s = poll_s
        self._worker = Worker(kind.value)
        self._back_by = float("inf")
        """When the driver must have come back from what it does now, by the monotonic clock."""
        self._status = UNKNOWN
        self._running: Command | None = None
        self._misses = 0
        self._closing = threading.Event()
        self._poller: threading.Thread | None = None

    @property
    def status(self) -> Status:
        """The last known status; never blocks."""
        return self._status

    @property
    def hung(self) -> bool:
        """Whether the driver has not come back from a command that is long over."""
        return time.monotonic() > self._back_by

    def start(self) -> None:
        """Begin to watch the device."""
        self._poller = threading.Thread(target=self._watch, name=f"{self.kind.value}-watch", daemon=True)
        self._poller.start()

    def close(self) -> None:
        """Stop watching, let what is under way end or call it off, and close the driver. One that does not come back
        is left behind."""
        self._closing.set()
        closed = self._worker.submit(
            lambda: self._do(lambda command: self.driver.close(), Command(CLOSE_S), 0.0)
        )
        self._worker.end()
        if not self._done_within(ENDING_S, closed):
            if running := self._running:
                running.cancel()
            self._done_within(CLOSE_S, closed)
        if self._poller:
            self._poller.join(self._poll_s)

    def _done_within(self, seconds: float, closed: "Future[None]") -> bool:
        until = time.monotonic() + seconds
        while not (closed.done() or self.hung) and time.monotonic() < until:
            wait([closed], _LOOK_S)
        return closed.done() or self.hung

    async def run(self, verb: Callable[[Command], T], timeout_s: float) -> T:
        """Run `verb` on the device's thread. Raises DeviceFault (HUNG when the driver does not come back in
        time) and is cancelled with the awaiting task; the verb then ends at its next look at the command."""
        if self.hung:
            raise DeviceFault(Fault.HUNG)
        command = Command(timeout_s)
        future = self._worker.submit(lambda: self._do(verb, command, COMMAND_GRACE_S))
        try:
            async with asyncio.timeout(timeout_s + COMMAND_GRACE_S):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            raise DeviceFault(Fault.HUNG) from None
        finally:
            command.cancel()

    def refresh(self) -> Future[Status]:
        """Ask for a fresh status, after whatever is running; the answer also lands in `status`."""
        return self._worker.submit(self._ask)

    def _do(self, verb: Callable[[Command], T], command: Command, grace_s: float) -> T:
        self._back_by, self._running = command.deadline + grace_s, command
        try:
            return verb(command)
        finally:
            self._back_by, self._running = float("inf"), None

    def _ask(self) -> Status:
        try:
            self._note(self._do(self.driver.status, Command(self._poll_s), STATUS_GRACE_S))
        except Exception as error:  # a mistake in a driver costs its device, not the watch over it
            self._note(Status(State.OUT_OF_SERVICE, Fault.PROTOCOL, {"error": type(error).__name__}))
        return self._status

    def _watch(self) -> None:
        while not self._closing.is_set():
            asked = self.refresh()
            while wait([asked], self._poll_s).not_done and not self._closing.is_set():
                if self.hung:
                    self._note(Status(State.DISCONNECTED, Fault.HUNG, self._status.detail))
            self._closing.wait(self._poll_s)

    def _note(self, new: Status) -> None:
        """Keep `new`, unless it is a disconnect that has not lasted for DISCONNECT_MISSES looks yet."""
        if new.state is State.DISCONNECTED:
            self._misses += 1
            known = self._status.state not in (State.UNKNOWN, State.DISCONNECTED)
            if known and self._misses < DISCONNECT_MISSES:
                return
        else:
            self._misses = 0
        old, self._status = self._status, new
        if old != new:
            self.on_change(self.kind, old, new)
