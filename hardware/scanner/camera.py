"""The camera as a scanner: one process captures, one decodes, and this driver keeps both honest.

A decoder that crashes or hangs on a hostile picture costs that frame. Both processes live only while a
citizen is asked for a code, and a few seconds longer: nobody is filmed at the attract screen, idle costs
nothing, and the next citizen's scan starts with empty memory.
"""

import http.client
import os
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from hardware.device import Command, Fault, State, Status
from hardware.scanner.child import Child, ChildDied, ChildHung, Patience
from hardware.scanner.interface import NothingSeen, Scan, ScanFault, admit
from hardware.scanner.slot import Slot
from hardware.scanner.versions import installed_libzbar, libzbar_in_words, zxing_in_words
from hardware.scanner.view import Frame, View

WATCHDOG_S = 1.0
"""The longest that the decoder may work on one frame, in processor time."""
STANDSTILL_S = 5.0
"""The longest that one frame may take by the clock: a process that stands still uses no processor."""
REST_AFTER_S = 5.0
"""The camera is let go this long after a scan: a second try finds it open."""
RECHECK_S = 10.0
"""How often a camera that was at fault is looked at again."""
BACK_OFF_S = (0.0, 0.2, 0.5)
"""A decoder that dies during a scan is started anew after these waits; the next death ends the scan."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_OF_THE_CODE = (Fault.CODE_TOO_LONG, Fault.CODE_NOT_TEXT)


class CameraScanner:
    """A camera. `source` is a device number or path, the path of a recording, or an http URL on loopback.

    Raises ValueError for a URL that is not on loopback: pictures of citizens do not travel.
    """

    def __init__(self, source: str) -> None:
        url = urlsplit(source)
        if url.scheme and (url.scheme != "http" or url.hostname not in _LOOPBACK):
            raise ValueError("a camera URL must be http on loopback")
        self._source = source
        self._slot = Slot.new()
        self._eye: Child | None = None
        self._decoder: Child | None = None
        self._confined = "unknown"
        self._libzbar = libzbar_in_words(installed_libzbar())
        self._zxing = zxing_in_words()
        self._deaths = 0
        self._fault: Fault | None = None
        self._look_again_at = 0.0
        self._rest_at = 0.0

    def status(self, command: Command) -> Status:
        """Whether the camera is there. It is looked through at first, and every RECHECK_S after a fault."""
        now = time.monotonic()
        if now >= self._rest_at:
            self._rest()
        if not self._present():
            self._fault, self._look_again_at = Fault.DISCONNECTED, now
        elif now >= self._look_again_at:
            self._note(self._trial())
            self._rest()
        match self._fault:
            case None:
                state = State.READY
            case Fault.DISCONNECTED:
                return Status(State.DISCONNECTED, self._fault, {**self._detail(), "why": self._why()})
            case _:
                state = State.OUT_OF_SERVICE
        return Status(state, self._fault, self._detail())

    def scan(self, command: Command) -> Scan:
        """Look until a code is read. The camera stays open for REST_AFTER_S more."""
        try:
            outcome = self._watch(command)
        finally:
            self._rest_at = time.monotonic() + REST_AFTER_S
        match outcome:
            case ScanFault(fault) if fault not in _OF_THE_CODE:
                self._note(fault)
                self._rest()
            case _:
                self._note(None)
        return outcome

    def close(self) -> None:
        """End both processes and give their shared memory back."""
        self._rest()
        self._slot.close()

    def _watch(self, command: Command) -> Scan:
        view, deaths = View(), 0
        stale = self._eye is not None
        while command.remaining_s() > 0.0:
            frame = self._look(view)
            fault = view.fault()
            if fault is Fault.DISCONNECTED and stale:  # it was left open, and may have come back since
                self._rest()
                view, stale = View(), False
                continue
            if fault:
                return ScanFault(fault)
            if frame is None:
                continue
            try:
                text = self._decode(frame)
            except (ChildDied, ChildHung) as end:
                if deaths == len(BACK_OFF_S):
                    return ScanFault(_fault_of(end))
                command.wait(BACK_OFF_S[deaths])
                deaths += 1
                continue
            if text is not None:
                return admit(text)
        return NothingSeen()

    def _look(self, view: View) -> Frame | None:
        """The newest frame, now in the slot, or None; `view` is told either way."""
        if self._eye is None:
            self._eye = self._child("hardware.scanner.capturing", self._source)
        if self._decoder is None:  # so that it loads its libraries while the camera opens
            self._decoder = self._child("hardware.scanner.decoding")
        try:
            answer = self._eye.ask({"new": view.is_new}, Patience(STANDSTILL_S, STANDSTILL_S))
        except (ChildDied, ChildHung):
            self._eye = None
            answer = {"state": "gone"}
        return view.note(answer)

    def _decode(self, frame: Frame) -> str | None:
        """The code in the slot's picture. Raises ChildDied or ChildHung; that decoder is gone then."""
        self._decoder = self._decoder or self._child("hardware.scanner.decoding")
        try:
            answer = self._decoder.ask(
                {"width": frame.width, "height": frame.height}, Patience(WATCHDOG_S, STANDSTILL_S)
            )
        except (ChildDied, ChildHung):
            self._decoder = None
            self._deaths += 1
            raise
        self._confined = "yes" if self._decoder.hello["confined"] else "no"
        text = answer["text"]
        return None if text is None else str(text)

    def _child(self, module: str, *arguments: str) -> Child:
        descriptor = self._slot.descriptor
        return Child(module, [str(descriptor), *arguments], [descriptor])

    def _rest(self) -> None:
        """End both processes, which lets go of the camera, and forget the picture."""
        if self._eye:
            self._eye.close()
        if self._decoder:
            self._decoder.close()
        if self._eye or self._decoder:
            self._slot.wipe()
        self._eye = self._decoder = None

    def _trial(self) -> Fault | None:
        """Look through the camera and decode one frame: what its fault is, or None when all of it works."""
        view = View()
        while True:
            frame = self._look(view)
            fault = view.fault()
            if fault:
                return fault
            if frame and not frame.is_dark:
                try:
                    self._decode(frame)
                except (ChildDied, ChildHung) as end:
                    return _fault_of(end)
                return None

    def _note(self, fault: Fault | None) -> None:
        self._fault = fault
        self._look_again_at = time.monotonic() + RECHECK_S if fault else float("inf")

    @property
    def _path(self) -> Path:
        """Where a camera that is no stream can be found."""
        return Path(f"/dev/video{self._source}" if self._source.isdigit() else self._source)

    def _present(self) -> bool:
        url = urlsplit(self._source)
        return _answers(url.hostname or "", url.port or 80, url.path) if url.scheme else self._path.exists()

    def _why(self) -> str:
        """Why there is no picture, for staff."""
        if urlsplit(self._source).scheme:
            return "no answer from that address"
        if not self._path.exists():
            return f"there is no {self._path}"
        return "it sends no picture" if os.access(self._path, os.R_OK) else f"no permission for {self._path}"

    def _detail(self) -> Mapping[str, str]:
        return {
            "driver": "camera",
            "source": self._source,
            "libzbar": self._libzbar,
            "zxing_cpp": self._zxing,
            "decoder_confined": self._confined,
            "decoder_deaths": str(self._deaths),
        }


def _fault_of(end: ChildDied | ChildHung) -> Fault:
    return Fault.DECODER_HUNG if isinstance(end, ChildHung) else Fault.DECODER_CRASHED


def _answers(host: str, port: int, path: str) -> bool:
    """Whether a camera's web server answers."""
    connection = http.client.HTTPConnection(host, port, timeout=0.5)
    try:
        connection.request("GET", path or "/")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
