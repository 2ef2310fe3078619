"""The camera driver with real processes, a real MJPEG stream, and real crashes."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from hardware.device import Command, CommandCancelled, Device, Fault, Kind, State
from hardware.scanner import camera
from hardware.scanner.camera import CameraScanner
from hardware.scanner.child import Child, ChildHung, Patience
from hardware.scanner.interface import Decoded, NothingSeen, ScanFault
from hardware.scanner.simulator import CameraSimulator, Scenario
from tests.hardware.scanner import frames
from tests.hardware.scanner.support import LONG_S, Scanning, until


@pytest.fixture(scope="module")
def hall() -> Iterator[CameraSimulator]:
    """One simulated camera for all tests; each finds it well and with nothing in front of it."""
    made = CameraSimulator()
    yield made
    made.close()


@pytest.fixture
def lens(hall: CameraSimulator) -> CameraSimulator:
    hall.hide()
    hall.set_scenario(Scenario.OK)
    return hall


@pytest.fixture
def scanner(lens: CameraSimulator) -> Iterator[CameraScanner]:
    made = CameraScanner(lens.url)
    yield made
    made.close()


def test_a_code_that_is_held_up_is_read(lens: CameraSimulator, scanner: CameraScanner) -> None:
    lens.show("https://example.org/码/42")
    assert scanner.scan(Command(LONG_S)) == Decoded("https://example.org/码/42")


def test_a_code_that_comes_while_waiting_is_read(lens: CameraSimulator, scanner: CameraScanner) -> None:
    scan = Scanning(scanner)
    scan.decoder()
    lens.show("later")
    assert scan.result() == Decoded("later")


def test_an_empty_hall_gives_nothing(scanner: CameraScanner) -> None:
    assert scanner.scan(Command(1.0)) == NothingSeen()
    assert scanner.status(Command(1)).detail["decoder_deaths"] == "0"


@pytest.mark.parametrize(
    ("text", "fault"), [("x" * 600, Fault.CODE_TOO_LONG), ("a\x00b", Fault.CODE_NOT_TEXT)]
)
def test_a_code_that_may_not_pass_is_refused(
    lens: CameraSimulator, scanner: CameraScanner, text: str, fault: Fault
) -> None:
    lens.show(text)
    assert scanner.scan(Command(LONG_S)) == ScanFault(fault)
    assert scanner.status(Command(1)).state is State.READY  # the citizen's code is not the camera's fault


def test_a_cancel_ends_the_scan(scanner: CameraScanner) -> None:
    command = Command(LONG_S)
    command.cancel()
    with pytest.raises(CommandCancelled):
        scanner.scan(command)


def test_the_camera_is_open_only_for_a_scan(
    lens: CameraSimulator, scanner: CameraScanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera, "REST_AFTER_S", 0.0)
    assert scanner.status(Command(1)).state is State.READY
    until(lambda: lens.viewers == 0)
    lens.show("hello")
    assert scanner.scan(Command(LONG_S)) == Decoded("hello")
    assert lens.viewers == 1
    assert scanner.status(Command(1)).state is State.READY
    until(lambda: lens.viewers == 0)
    assert scanner._decoder is None  # nothing of the picture is left in any memory
    assert bytes(scanner._slot._memory).strip(b"\0") == b""


def test_a_dark_camera(lens: CameraSimulator, scanner: CameraScanner) -> None:
    lens.set_scenario(Scenario.DARK)
    assert scanner.scan(Command(LONG_S)) == ScanFault(Fault.CAMERA_DARK)
    status = scanner.status(Command(1))
    assert (status.state, status.fault) == (State.OUT_OF_SERVICE, Fault.CAMERA_DARK)


def test_a_frozen_camera(lens: CameraSimulator, scanner: CameraScanner) -> None:
    scan = Scanning(scanner)
    scan.decoder()
    lens.set_scenario(Scenario.FROZEN)
    assert scan.result() == ScanFault(Fault.NO_ANSWER)


def test_a_camera_that_is_pulled_out_and_put_back(
    lens: CameraSimulator, scanner: CameraScanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera, "RECHECK_S", 0.0)
    scan = Scanning(scanner)
    scan.decoder()
    lens.set_scenario(Scenario.GONE)
    assert scan.result() == ScanFault(Fault.DISCONNECTED)
    assert scanner.status(Command(1)).state is State.DISCONNECTED
    lens.set_scenario(Scenario.OK)
    assert scanner.status(Command(1)).state is State.READY
    lens.show("back")
    assert scanner.scan(Command(LONG_S)) == Decoded("back")


def test_a_camera_that_went_and_came_between_two_scans(lens: CameraSimulator, scanner: CameraScanner) -> None:
    lens.show("one")
    assert scanner.scan(Command(LONG_S)) == Decoded("one")
    lens.set_scenario(Scenario.GONE)
    until(lambda: lens.viewers == 0)
    lens.set_scenario(Scenario.OK)
    assert scanner.scan(Command(LONG_S)) == Decoded("one")


@pytest.mark.parametrize("end", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
def test_a_decoder_that_crashes_costs_a_frame(
    lens: CameraSimulator, scanner: CameraScanner, end: signal.Signals
) -> None:
    scan = Scanning(scanner)
    first = scan.decoder()
    os.kill(first, end)
    scan.decoder(other_than=first)
    lens.show("still here")
    assert scan.result() == Decoded("still here")
    assert scanner.status(Command(1)).detail["decoder_deaths"] == "1"


def test_a_decoder_that_hangs_is_replaced(
    lens: CameraSimulator, scanner: CameraScanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera, "STANDSTILL_S", 1.0)
    scan = Scanning(scanner)
    first = scan.decoder()
    began = time.monotonic()
    os.kill(first, signal.SIGSTOP)
    scan.decoder(other_than=first)
    assert time.monotonic() - began >= camera.STANDSTILL_S * 0.9  # it was given its time
    lens.show("still here")
    assert scan.result() == Decoded("still here")
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_a_decoder_that_only_waits_for_its_turn_is_left_alone(
    lens: CameraSimulator, scanner: CameraScanner
) -> None:
    """Stopped for longer than it may work on a frame, as on a machine that is busy with something else."""
    scan = Scanning(scanner)
    first = scan.decoder()
    os.kill(first, signal.SIGSTOP)
    waiting = Command(2 * camera.WATCHDOG_S)
    while not waiting.expired:
        waiting.wait(0.1)
    os.kill(first, signal.SIGCONT)
    lens.show("still here")
    assert scan.result() == Decoded("still here")
    assert scanner.status(Command(1)).detail["decoder_deaths"] == "0"


def test_a_process_that_never_ends_its_work_is_killed_by_what_it_has_used() -> None:
    child = Child("tests.hardware.scanner.busy_child", [], [])
    began = time.monotonic()
    with pytest.raises(ChildHung):
        child.ask({}, Patience(work_s=0.3, wall_s=LONG_S))
    assert time.monotonic() - began < LONG_S / 2
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)


@pytest.mark.parametrize(
    ("end", "fault"),
    [(signal.SIGSEGV, Fault.DECODER_CRASHED), (signal.SIGSTOP, Fault.DECODER_HUNG)],
)
def test_a_decoder_that_keeps_failing_ends_the_scan(
    scanner: CameraScanner, end: signal.Signals, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera, "STANDSTILL_S", 0.5)
    monkeypatch.setattr(camera, "BACK_OFF_S", (0.0, 0.05))
    scan = Scanning(scanner)
    victim = 0
    for _ in range(3):
        victim = scan.decoder(other_than=victim)
        os.kill(victim, end)
    assert scan.result() == ScanFault(fault)
    status = scanner.status(Command(1))
    assert (status.state, status.fault) == (State.OUT_OF_SERVICE, fault)


def test_the_capturing_process_dies(scanner: CameraScanner) -> None:
    scan = Scanning(scanner)
    scan.decoder()
    assert scanner._eye
    os.kill(scanner._eye.pid, signal.SIGKILL)
    assert scan.result() == ScanFault(Fault.DISCONNECTED)


def test_hard_pictures_do_not_kill_the_confined_decoder(
    lens: CameraSimulator, scanner: CameraScanner
) -> None:
    """Every attempt of the pipeline runs without opening a file or starting a thread."""
    frame = frames.frame("motion", 1)
    scanner._slot.put(frame.picture)
    decoder = scanner._child("hardware.scanner.decoding")
    try:
        rng = np.random.default_rng(5)
        for _ in range(60):
            noise = rng.integers(0, 256, frame.picture.shape, np.uint8)
            scanner._slot.put(cv2.addWeighted(frame.picture, 0.3, noise, 0.7, 0).astype(np.uint8))
            decoder.ask({"width": 1280, "height": 720}, Patience(LONG_S, LONG_S))
    finally:
        decoder.close()


def test_a_recording_is_a_camera_too(tmp_path: Path) -> None:
    path = tmp_path / "hall.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 15.0, (1280, 720))
    held = frames.frame("nominal", 3)
    for _ in range(5):
        writer.write(cv2.cvtColor(held.picture, cv2.COLOR_GRAY2BGR))
    writer.release()
    scanner = CameraScanner(str(path))
    try:
        assert scanner.scan(Command(LONG_S)) == Decoded(held.text or "")
    finally:
        scanner.close()


@pytest.mark.parametrize("source", ["9999", "/dev/video-there-is-none", "http://127.0.0.1:9/camera"])
def test_a_camera_that_is_not_there(source: str) -> None:
    scanner = CameraScanner(source)
    try:
        assert scanner.status(Command(1)).state is State.DISCONNECTED
        assert scanner.scan(Command(LONG_S)) == ScanFault(Fault.DISCONNECTED)
    finally:
        scanner.close()


@pytest.mark.parametrize(
    "source", ["http://192.0.2.1/camera", "https://127.0.0.1/camera", "rtsp://127.0.0.1/x"]
)
def test_pictures_do_not_travel(source: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        CameraScanner(source)


def test_no_process_and_no_descriptor_is_left_behind(lens: CameraSimulator) -> None:
    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    lens.show("hello")
    until(lambda: lens.viewers == 0)
    before = descriptors()
    pids = []
    for _ in range(3):
        scanner = CameraScanner(lens.url)
        assert scanner.scan(Command(LONG_S)) == Decoded("hello")
        assert scanner._eye and scanner._decoder
        pids += [scanner._eye.pid, scanner._decoder.pid]
        scanner.close()
        scanner.close()
    until(lambda: lens.viewers == 0 and descriptors() <= before)
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_the_children_end_with_the_kiosk(lens: CameraSimulator) -> None:
    """Each ends when its standard input closes, as it does when the parent is killed."""
    scanner = CameraScanner(lens.url)
    lens.show("hello")
    assert scanner.scan(Command(LONG_S)) == Decoded("hello")
    children = [child for child in (scanner._eye, scanner._decoder) if child]
    assert len(children) == 2
    try:
        for child in children:
            assert isinstance(child, Child)
            child._process.stdin.close()  # type: ignore[union-attr]
            assert child._process.wait(LONG_S) == 0
    finally:
        scanner.close()


async def test_it_works_as_a_device(lens: CameraSimulator) -> None:
    scanner = CameraScanner(lens.url)
    device = Device(Kind.SCANNER, scanner)
    try:
        lens.show("through the worker")
        assert await device.run(scanner.scan, LONG_S) == Decoded("through the worker")
    finally:
        device.close()
