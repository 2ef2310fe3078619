"""A receipt printer that behaves, and misbehaves, like a real one; `simulator_links` puts it on a TCP port
or a serial line.

It answers real-time requests at once, out of order and even while it is offline, and works everything else
off in order. Paper that runs out in mid-print leaves the rest of the job in its buffer: refill it and the
rest comes out, whoever stands there then, unless the buffer was cleared. That is the danger the driver must
deal with.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from hardware.receipt_printer.emulator import (
    Cut,
    Eject,
    Event,
    Feed,
    NameRequest,
    Picture,
    QrSymbol,
    Reader,
    SensorRequest,
    StrictError,
    TextLine,
)
from hardware.receipt_printer.slip import Slip

BUFFER_BYTES = 65536
"""A good printer's buffer; small ones have 4 kB."""

MODEL_NAME = b"SIMULATED"
CLEAR = bytes.fromhex("10 14 08 01 03 14 01 06 02 08")
CLEARED = bytes.fromhex("37 25 00")

Paper = Literal["full", "low", "out"]

SCENARIOS = (
    "paper_low", "paper_out", "cover_open", "jam", "cutter", "overheated", "hardware", "silent", "hang",
    "refuse", "drop", "power_cycle", "slow",
)  # fmt: skip
"""Each is at once; with `_in_print` behind it, it strikes after `IN_PRINT_LINES` lines of the next job."""

IN_PRINT_LINES = 3
SLIPS_KEPT = 100
"""The last slips that were cut stay to be looked at; a lobby's day must not fill the memory."""

SLOW_BYTES_S = 400.0


class SimulatedPrinter:
    """The printer itself, without a line to it.

    `presenter` holds every slip in the mouth until `take_paper`, and tells so by DLE EOT 20 (`full_status`)
    or by a bit of DLE EOT 4 (`paper_bit`): which one a real printer uses depends on its maker. When `buffer_bytes` wait
    to be printed it reads no more. `line_s` is
    the time a line takes.
    """

    def __init__(
        self,
        *,
        width_mm: Literal[58, 80] = 80,
        presenter: Literal["none", "full_status", "paper_bit"] = "none",
        head_dots: int = 0,
        chinese_font: bool = True,
        clears_buffer: bool = True,
        buffer_bytes: int = BUFFER_BYTES,
        line_s: float = 0.0,
    ) -> None:
        self.width_dots = head_dots or {58: 384, 80: 576}[width_mm]
        self.presenter = presenter
        self.clears_buffer = clears_buffer
        self.buffer_bytes = buffer_bytes
        self.line_s = line_s
        self.errors: list[str] = []
        self._reader = Reader(self.width_dots, chinese_font=chinese_font)
        self._changed = threading.Condition(threading.RLock())
        self._buffer = bytearray()
        self._recent = b""
        self._slips = deque[Slip](maxlen=SLIPS_KEPT)
        self._cut = 0
        self._hanging = Slip((), self.width_dots)
        self._strike: tuple[int, str] | None = None
        self._closing = False
        self.last_byte_at = 0.0
        self._make_well()
        self._engine = threading.Thread(target=self._work, name="simulated-printer", daemon=True)
        self._engine.start()

    def _make_well(self) -> None:
        self.paper: Paper = "full"
        self.cover_open = self.jam = self.cutter = self.overheated = self.hardware = False
        self.silent = self.hung = False
        self.bytes_s: float | None = None
        self.drop_after: int | None = None

    # --- what the bench does ----------------------------------------------------------------------

    def set(
        self,
        *,
        paper: Paper | None = None,
        cover: Literal["closed", "open"] | None = None,
        jam: bool | None = None,
        silent: bool | None = None,
    ) -> None:
        """Change what is given; the rest stays. Paper "full" is a new roll."""
        with self._changed:
            self.paper = paper or self.paper
            self.cover_open = self.cover_open if cover is None else cover == "open"
            self.jam = self.jam if jam is None else jam
            self.silent = self.silent if silent is None else silent
            self._changed.notify_all()

    def take_paper(self) -> None:
        """The citizen takes every slip that waits."""
        with self._changed:
            self._clear_mouth()
            self._changed.notify_all()

    def fail(self, scenario: str, after_lines: int | None = None) -> None:
        """Make a named scenario happen, at once or after so many further lines. Raises KeyError for a name
        that is not in SCENARIOS."""
        name = scenario.removesuffix("_in_print")
        if name not in SCENARIOS:
            raise KeyError(scenario)
        if name != scenario and after_lines is None:
            after_lines = IN_PRINT_LINES
        with self._changed:
            if after_lines is None:
                self._happen(name)
            else:
                self._strike = (after_lines, name)
            self._changed.notify_all()

    def recover(self) -> None:
        """Undo every scenario: plugged in, switched on, a new roll, nothing jammed. What was in the buffer is
        still there, and now comes out."""
        with self._changed:
            self._make_well()
            self._strike = None
            self.plug(in_=True)
            self._changed.notify_all()

    def slips(self) -> list[Slip]:
        """The last `SLIPS_KEPT` pieces of paper that were cut, oldest first."""
        with self._changed:
            return list(self._slips)

    def forget_slips(self) -> None:
        """Clear the table of what has come out; what still hangs stays."""
        with self._changed:
            self._slips.clear()

    @property
    def hanging(self) -> Slip:
        """What is on the paper that has not been cut yet."""
        with self._changed:
            return self._hanging

    def holds(self) -> dict[str, str | int | bool]:
        """What the bench page shows of it."""
        with self._changed:
            return {
                "paper": self.paper,
                "cover": "open" if self.cover_open else "closed",
                "jam": self.jam,
                "silent": self.silent,
                "slips": self._cut,
                "paper_waiting": self.paper_waiting,
                "buffered_bytes": len(self._buffer),
            }

    @property
    def paper_waiting(self) -> bool:
        """Whether a slip is in the mouth."""
        with self._changed:
            return any(slip.waits for slip in self._slips)

    def wait_until(self, holds: Callable[[], bool], timeout_s: float = 10.0) -> bool:
        """Wait for something to become true of the printer; whether it did in time."""
        with self._changed:
            return self._changed.wait_for(holds, timeout_s)

    def power_off(self) -> None:
        """Whatever was in the buffer is lost, and the line with it."""
        with self._changed:
            self.plug(in_=False)
            self._buffer.clear()
            self._recent = b""
            self._reader = Reader(self.width_dots, chinese_font=self._reader.chinese_font)
            self.silent = self.hung = False
            self._changed.notify_all()

    def power_on(self) -> None:
        """Connected again, with an empty buffer."""
        with self._changed:
            self.plug(in_=True)

    def power_cycle(self) -> None:
        """Off and on again."""
        with self._changed:
            self.power_off()
            self.power_on()

    def close(self) -> None:
        """End the printer's thread."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._engine.join(5)

    # --- what a line to it does -------------------------------------------------------------------

    def transmit(self, data: bytes) -> None:
        """Send to the host; given by the line."""

    def plug(self, *, in_: bool) -> None:
        """Connect to or cut from the host; given by the line."""

    def receive(self, data: bytes) -> None:
        """Take bytes from the host. Real-time commands are obeyed at once and taken out of the stream."""
        with self._changed:
            self.last_byte_at = time.perf_counter()
            for byte in data:
                self._buffer.append(byte)
                self._recent = self._recent[-9:] + bytes([byte])
                self._obey_real_time()
            self._changed.notify_all()

    def _obey_real_time(self) -> None:
        if self._recent[-3:-1] in (b"\x10\x04", b"\x10\x05"):
            request, n = self._recent[-2], self._recent[-1]
            del self._buffer[-3:]
            self._recent = b""
            if request == 4:
                self._answer(self._real_time_status(n))
        elif self._recent == CLEAR and self.clears_buffer:
            self._buffer.clear()
            self._reader.forget_line()
            self._recent = b""
            self._answer(CLEARED)
        elif self._recent == CLEAR:
            del self._buffer[-10:]
            self._recent = b""

    def _answer(self, data: bytes) -> None:
        if not (self.silent or self.hung):
            self.transmit(data)

    def _real_time_status(self, n: int) -> bytes:
        out, low = self.paper == "out", self.paper != "full"
        waiting = self.presenter == "paper_bit" and not self.paper_waiting
        match n:
            case 1:
                return bytes([0x12 | 0x08 * self._offline])
            case 2:
                broken = self.jam or self.cutter or self.overheated or self.hardware
                return bytes([0x12 | 0x04 * self.cover_open | 0x20 * out | 0x40 * broken])
            case 3:
                failed = 0x04 * self.jam | 0x08 * self.cutter | 0x20 * self.hardware | 0x40 * self.overheated
                return bytes([0x12 | failed])
            case 4 if self.presenter == "paper_bit":
                return bytes([0x12 | 0x0C * low | 0x20 * out | 0x40 * waiting])
            case 4:
                return bytes([0x12 | 0x0C * low | 0x60 * out])
            case 20 if self.presenter == "full_status":
                paper = 0x01 * out | 0x04 * low | 0x20 * self.paper_waiting
                recoverable = 0x01 * self.overheated | 0x40 * self.jam
                return bytes([0x10, 0x0F, paper, 0x02 * self.cover_open, recoverable, 0x01 * self.cutter])
        return b""

    @property
    def _offline(self) -> bool:
        faults = (self.cover_open, self.jam, self.cutter, self.overheated, self.hardware)
        return self.paper == "out" or any(faults)

    # --- working off the buffer -------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing or self._can_work())
                if self._closing:
                    return
                printed = self._step()
            if printed and self.line_s:
                threading.Event().wait(self.line_s)

    def _can_work(self) -> bool:
        return bool(self._buffer) and not self._offline and not self.hung

    def _step(self) -> bool:
        """One command; whether it moved the paper."""
        size = len(self._buffer)
        try:
            events = self._reader.step(self._buffer)
        except StrictError as error:
            self.errors.append(str(error))
            events = []
        if events is None:
            self._changed.wait_for(lambda: len(self._buffer) != size or self._closing)
            return False
        for event in events:
            self._put(event)
        self._changed.notify_all()
        return any(isinstance(event, TextLine | Picture | QrSymbol) for event in events)

    def _put(self, event: Event) -> None:
        match event:
            case SensorRequest():
                low, out = self.paper != "full", self.paper == "out"
                self._answer(bytes([0x03 * low | 0x0C * out]))
            case NameRequest():
                self._answer(b"_" + MODEL_NAME + b"\x00")
            case Eject(how):
                if how == 2 and self.presenter != "none":
                    self._clear_mouth(retracted=True)
            case Cut() if self._strike and self._strike[1] == "cutter":
                self._strike = None
                self.cutter = True
            case Cut():
                self._cut += 1
                self._slips.append(replace(self._hanging.with_event(event), cut=True, number=self._cut))
                self._hanging = Slip((), self.width_dots)
            case Feed():
                self._hanging = self._hanging.with_event(event)
            case TextLine() | Picture() | QrSymbol():
                if isinstance(event, TextLine) and event.overflowed:
                    self.errors.append("a line was wider than the paper")
                self._hanging = self._hanging.with_event(event)
                self._count_line()

    def _clear_mouth(self, *, retracted: bool = False) -> None:
        for place, slip in enumerate(self._slips):
            if slip.waits:
                self._slips[place] = replace(slip, retracted=retracted, taken=not retracted)

    def _count_line(self) -> None:
        if self._strike is None:
            return
        left, name = self._strike
        self._strike = (left - 1, name)
        if left <= 1 and name != "cutter":  # the knife fails where it is used, at the next cut
            self._strike = None
            self._happen(name)

    def _happen(self, name: str) -> None:
        match name:
            case "paper_low" | "paper_out":
                self.paper = "low" if name == "paper_low" else "out"
            case "cover_open" | "jam" | "cutter" | "overheated" | "hardware" | "silent":
                setattr(self, name, True)
            case "hang":
                self.hung = True
            case "slow":
                self.bytes_s = SLOW_BYTES_S
            case "refuse":
                self.plug(in_=False)
            case "drop":
                self.plug(in_=False)
                self.plug(in_=True)
            case "power_cycle":
                self.power_cycle()
