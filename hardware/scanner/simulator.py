"""A lobby camera for machines without one: an MJPEG server on loopback that the real camera driver reads.

It shows an empty hall, or a phone with a code held up a little crooked and out of focus; and it can fail
like a camera: dark, frozen, gone. Pictures are drawn and compressed once, when something changes, so that
sending them costs next to nothing.
"""

import http.server
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import cv2
import numpy as np
import segno

from hardware.scanner.found import Picture

WIDTH_PX, HEIGHT_PX = 1280, 720
FRAMES_PER_S = 15
_LOOP_FRAMES = 6  # the sensor's noise differs from frame to frame; after this many it repeats
_BOUNDARY = "frame"
_CODE_SIDE_PX = 400


class Scenario(StrEnum):
    """What is wrong with the camera."""

    OK = "ok"
    DARK = "dark"  # covered, or its light is broken
    FROZEN = "frozen"  # connected, but sends no frame any more
    GONE = "gone"  # unplugged: connections are cut, new ones too


@dataclass(frozen=True)
class _View:
    """What the camera sends at the moment: a loop of JPEG frames, and how."""

    scenario: Scenario
    frames: Sequence[bytes]


class CameraSimulator:
    """The camera. Its stream is served at `url`; the methods are the citizen's hands and the bench."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._view = _View(Scenario.OK, empty_hall())
        self._text: str | None = None
        self._closing = False
        self._viewers = 0
        camera = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                camera._stream(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="camera", daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/camera.mjpg"

    @property
    def viewers(self) -> int:
        """How many readers are looking through it now."""
        return self._viewers

    def show(self, text: str) -> None:
        """Hold up a phone with `text` as a QR code. Raises segno.DataOverflowError if it is too long."""
        self._text = text
        self._set(self._view.scenario)

    def hide(self) -> None:
        """Take the phone away."""
        self._text = None
        self._set(self._view.scenario)

    def set_scenario(self, scenario: Scenario) -> None:
        """Let the camera fail, or recover (Scenario.OK)."""
        self._set(scenario)

    def close(self) -> None:
        """Stop serving; open connections end."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _set(self, scenario: Scenario) -> None:
        if scenario is Scenario.DARK:
            frames = darkness()
        else:
            frames = empty_hall() if self._text is None else held_up(self._text)
        with self._changed:
            self._view = _View(scenario, frames)
            self._changed.notify_all()

    def _stream(self, request: http.server.BaseHTTPRequestHandler) -> None:
        """Send frames until the reader leaves, the camera is gone, or the simulator closes."""
        request.close_connection = True
        if self._view.scenario is Scenario.GONE:
            return
        with self._changed:
            self._viewers += 1
        try:
            request.send_response(200)
            request.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
            request.end_headers()
            self._send_frames(request)
        except OSError:
            pass  # the reader closed its end
        finally:
            with self._changed:
                self._viewers -= 1

    def _send_frames(self, request: http.server.BaseHTTPRequestHandler) -> None:
        request.connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 18
        )  # no backlog of old frames
        count = 0
        while True:
            with self._changed:
                self._changed.wait(1.0 / FRAMES_PER_S)
                view, closing = self._view, self._closing
            if closing or view.scenario is Scenario.GONE:
                return
            if view.scenario is not Scenario.FROZEN:
                frame = view.frames[count % len(view.frames)]
                head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(frame)}\r\n\r\n"
                request.wfile.write(head.encode() + frame + b"\r\n")
                count += 1


@cache
def empty_hall() -> Sequence[bytes]:
    """Nobody there: a wall that is brighter on one side."""
    return _as_jpegs([_hall()] * _LOOP_FRAMES, seed=1)


@cache
def darkness() -> Sequence[bytes]:
    """The lens is covered: black, with a little noise."""
    return _as_jpegs([np.full((HEIGHT_PX, WIDTH_PX), 3, np.uint8)] * _LOOP_FRAMES, seed=2)


def held_up(text: str) -> Sequence[bytes]:
    """A phone with `text` as a code, tilted, in an unsteady hand."""
    code = segno.make_qr(text, error="m")
    modules = np.array([list(row) for row in code.matrix_iter(border=4)], np.uint8)
    face = np.where(modules > 0, 20, 235).astype(np.uint8)
    sway = np.random.default_rng(3).uniform(-6, 6, (_LOOP_FRAMES, 2))
    return _as_jpegs([_held(face, float(dx), float(dy)) for dx, dy in sway], seed=3)


def _hall() -> Picture:
    light = np.linspace(90, 150, WIDTH_PX)[None, :] + np.linspace(15, -15, HEIGHT_PX)[:, None]
    return light.astype(np.uint8)


def _held(face: Picture, dx: float, dy: float) -> Picture:
    """The code's face in front of the hall, leaning back a little and turned by some degrees."""
    side = face.shape[0]
    left, top = WIDTH_PX / 2 - _CODE_SIDE_PX / 2 + dx, HEIGHT_PX / 2 - _CODE_SIDE_PX / 2 + dy
    right, bottom = left + _CODE_SIDE_PX, top + _CODE_SIDE_PX
    corners = np.array(
        [(left + 26, top + 8), (right - 6, top + 30), (right + 10, bottom), (left, bottom - 22)], np.float32
    )
    flat = np.array([(0, 0), (side, 0), (side, side), (0, side)], np.float32)
    turn = cv2.getPerspectiveTransform(flat, corners)
    size = (WIDTH_PX, HEIGHT_PX)
    picture = cv2.warpPerspective(
        face, turn, size, _hall(), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_TRANSPARENT
    )
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.1), np.uint8)


def _as_jpegs(pictures: Sequence[Picture], seed: int) -> Sequence[bytes]:
    """The pictures with sensor noise, as a camera would compress them."""
    rng = np.random.default_rng(seed)
    jpegs = []
    for picture in pictures:
        noisy = np.clip(picture + rng.normal(0, 2.0, picture.shape), 0, 255).astype(np.uint8)
        jpegs.append(cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes())
    return tuple(jpegs)
