"""What a run of looks through the camera says about the camera: gone, dark, frozen, or well.

It counts looks and frames and reads no clock, so that a decoder that keeps the driver waiting is not taken
for a camera that stands still.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hardware.device import Fault

LOOK_S = 0.25
"""How long one look waits for a new frame before it says that there is none."""
OPENING_LOOKS = 24
"""A camera that is still opening after this many looks (6 s) does not answer."""
EMPTY_LOOKS = 8
"""An open camera without a frame in so many looks in a row (2 s) is frozen."""
SAME_FRAMES = 45
"""So is one that sends the same picture, bit by bit, so often (3 s at 15 a second): no sensor does that."""
DARK_FRAMES = 30
"""How many black frames in a row make a dark camera (2 s): a hand passing over the lens is no fault."""
DARK_LEVEL = 24
"""A picture is black when 99% of its pixels are below this, of 255."""


@dataclass(frozen=True)
class Frame:
    """A frame in the slot: its size in pixels, its 99th percentile of light (0 to 255), and a fingerprint."""

    width: int
    height: int
    brightest: int
    fingerprint: int

    @property
    def is_dark(self) -> bool:
        """Whether there is nothing to see."""
        return self.brightest < DARK_LEVEL


class View:
    """The looks of one scan, in order."""

    def __init__(self) -> None:
        self.is_new = True
        self._opened = self._gone = False
        self._empty = self._same = self._dark = 0
        self._fingerprint: int | None = None

    def note(self, answer: Mapping[str, Any]) -> Frame | None:
        """Take in the answer to one look, and give its frame, if it has one."""
        self.is_new = False
        frame = _frame_of(answer)
        self._gone = answer["state"] == "gone"
        if frame is None:
            self._empty += 1
            return None
        self._opened, self._empty = True, 0
        self._same = self._same + 1 if frame.fingerprint == self._fingerprint else 0
        self._dark = self._dark + 1 if frame.is_dark else 0
        self._fingerprint = frame.fingerprint
        return frame

    def fault(self) -> Fault | None:
        """What is wrong with the camera by now, if anything."""
        if self._gone:
            return Fault.DISCONNECTED
        if self._dark >= DARK_FRAMES:
            return Fault.CAMERA_DARK
        if self._same >= SAME_FRAMES or self._empty >= (EMPTY_LOOKS if self._opened else OPENING_LOOKS):
            return Fault.NO_ANSWER
        return None


def _frame_of(answer: Mapping[str, Any]) -> Frame | None:
    if "width" not in answer:
        return None
    return Frame(
        int(answer["width"]), int(answer["height"]), int(answer["brightest"]), int(answer["fingerprint"])
    )
