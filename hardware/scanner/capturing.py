"""The capturing process: `python -m hardware.scanner.capturing DESCRIPTOR SOURCE`.

It holds the camera for as long as it lives, and the newest frame at hand. Asked to look, it puts that frame
into the shared slot as a grey picture and says what it is like. Ending the process lets go of the camera,
even one whose driver hangs.
"""

import json
import os
import sys
import threading
import time
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from hardware.scanner.found import Picture
from hardware.scanner.sandbox import limit_memory
from hardware.scanner.slot import MOST_PIXELS, Slot
from hardware.scanner.view import LOOK_S

MOST_MEMORY_BYTES = 4 << 30  # FFmpeg's threads reserve address space
_OPEN_MS, _READ_MS = 8000, 8000  # longer than the driver waits: backstops
_WIDTH_PX, _HEIGHT_PX = 1280, 720


class Eye:
    """A camera and a thread that takes every frame from it, so that none grows old in a queue."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._fresh = threading.Condition()
        self._frame: Picture | None = None
        self._state = "opening"
        threading.Thread(target=self._run, daemon=True).start()

    def look(self, within_s: float, new: bool) -> tuple[str, Picture | None]:
        """The state (opening, open, gone), and a frame that was not given before, if one comes in time.

        `new` is for the first look of a scan: a frame that came before it does not count.
        """
        with self._fresh:
            if new:
                self._frame = None
            self._fresh.wait_for(lambda: self._frame is not None or self._state == "gone", within_s)
            frame, self._frame = self._frame, None
            return self._state, frame

    def _run(self) -> None:
        capture = open_capture(self._source)
        frame_s = 1.0 / (capture.get(cv2.CAP_PROP_FPS) or 15.0) if Path(self._source).is_file() else 0.0
        while capture.isOpened():
            arrived, frame = capture.read()
            if not arrived:
                break
            with self._fresh:
                self._state, self._frame = "open", as_grey(np.asarray(frame, np.uint8))
                self._fresh.notify_all()
            time.sleep(frame_s)  # a recording is played at its own speed
        capture.release()
        with self._fresh:
            self._state = "gone"
            self._fresh.notify_all()


def open_capture(source: str) -> cv2.VideoCapture:
    """Open a camera by its number or device path, a recording by its path, or a stream by its URL."""
    if source.startswith("http:") or Path(source).is_file():
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _OPEN_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, _READ_MS]
        return cv2.VideoCapture(source, cv2.CAP_FFMPEG, limits)
    # in this order: over USB 2 only compressed frames come at full rate, and the format limits the size
    wishes = [cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")]
    wishes += [cv2.CAP_PROP_FRAME_WIDTH, _WIDTH_PX, cv2.CAP_PROP_FRAME_HEIGHT, _HEIGHT_PX]
    if source.isdigit():
        return cv2.VideoCapture(int(source), cv2.CAP_V4L2, wishes)
    return cv2.VideoCapture(source, cv2.CAP_V4L2, wishes)


def as_grey(frame: Picture) -> Picture:
    """A frame of any camera as a grey picture that fits the slot."""
    grey = frame if frame.ndim == 2 else np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8)
    if grey.size <= MOST_PIXELS:
        return grey
    scale = (MOST_PIXELS / grey.size) ** 0.5 * 0.999  # a little less: both sides are rounded
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def main(arguments: list[str]) -> None:
    """Answer requests on standard input until it closes."""
    slot = Slot(int(arguments[0]))
    limit_memory(MOST_MEMORY_BYTES)
    cv2.setNumThreads(1)
    eye = Eye(arguments[1])
    _say({})
    for line in sys.stdin.buffer:
        state, frame = eye.look(LOOK_S, new=json.loads(line)["new"])
        if frame is None:
            _say({"state": state})
            continue
        slot.put(frame)
        sample = frame[::8, ::8]
        _say(
            {
                "state": state,
                "width": frame.shape[1],
                "height": frame.shape[0],
                "brightest": int(np.percentile(sample, 99)),
                "fingerprint": zlib.crc32(sample.tobytes()),
            }
        )


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
    os._exit(0)  # a camera's driver may hang for ever in the other thread
