"""The worker of a device: deadlines, cancels, and a driver that does not come back."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardware import device as device_module
from hardware.contacts import Contact
from hardware.device import (
    Command,
    CommandCancelled,
    Device,
    DeviceFault,
    Fault,
    Kind,
    State,
    Status,
)
from hardware.presence.contact import ContactPresence

POLL_S = 0.02
READY = Status(State.READY)
GONE = Status(State.DISCONNECTED, Fault.DISCONNECTED)


class Told:
    """A driver that says what it is told to say."""

    def __init__(self) -> None:
        self.answer: Status | Exception = READY
        self.looks = 0
        self.closed = 0

    def status(self, command: Command) -> Status:
        self.looks += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def close(self) -> None:
        self.closed += 1


class Changes:
    """What a device has reported, and a way to wait for it."""

    def __init__(self) -> None:
        self.seen: list[Status] = []
        self._changed = threading.Condition()

    def __call__(self, kind: Kind, old: Status, new: Status) -> None:
        with self._changed:
            self.seen.append(new)
            self._changed.notify_all()

    def wait_for(self, holds: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(holds, 10)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short graces, so that a driver counts as hung soon."""
    monkeypatch.setattr(device_module, "COMMAND_GRACE_S", 0.1)
    monkeypatch.setattr(device_module, "STATUS_GRACE_S", 0.1)


@pytest.fixture
def driver() -> Told:
    return Told()


@pytest.fixture
def changes() -> Changes:
    return Changes()


@pytest.fixture
def device(driver: Told, changes: Changes) -> Iterator[Device[Told]]:
    made = Device(Kind.PRESENCE, driver, poll_s=POLL_S, on_change=changes)
    yield made
    made.close()


def test_every_change_is_told_once(device: Device[Told], driver: Told, changes: Changes) -> None:
    device.start()
    changes.wait_for(lambda: changes.seen == [READY])
    looks = driver.looks
    until(lambda: driver.looks > looks + 3)
    assert changes.seen == [READY]


def until(condition: Callable[[], bool]) -> None:
    waiting = Command(10)
    while not condition():
        assert not waiting.expired
        waiting.wait(0.005)


def test_a_disconnect_shows_when_it_lasts(device: Device[Told], driver: Told) -> None:
    assert device.refresh().result(5) == READY
    driver.answer = GONE
    assert device.refresh().result(5) == READY
    assert device.refresh().result(5) == READY
    assert device.refresh().result(5) == GONE
    driver.answer = READY
    assert device.refresh().result(5) == READY


def test_a_device_that_was_never_there_is_gone_at_once(device: Device[Told], driver: Told) -> None:
    driver.answer = GONE
    assert device.refresh().result(5) == GONE


def test_a_mistake_in_a_driver_does_not_end_the_watch(
    device: Device[Told], driver: Told, changes: Changes
) -> None:
    driver.answer = ZeroDivisionError("a mistake")
    device.start()
    changes.wait_for(lambda: bool(changes.seen))
    assert (changes.seen[0].state, changes.seen[0].fault) == (State.OUT_OF_SERVICE, Fault.PROTOCOL)
    driver.answer = READY
    changes.wait_for(lambda: changes.seen[-1] == READY)


async def test_a_cancelled_task_cancels_its_command(device: Device[Told]) -> None:
    begun, ended = threading.Event(), threading.Event()

    def waiting(command: Command) -> None:
        begun.set()
        try:
            command.wait(30)
        except CommandCancelled:
            ended.set()
            raise

    task = asyncio.create_task(device.run(waiting, 30))
    assert await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(ended.wait, 10)


async def test_what_a_verb_raises_comes_out(device: Device[Told]) -> None:
    def refuses(command: Command) -> None:
        raise DeviceFault(Fault.JAM)

    with pytest.raises(DeviceFault) as fault:
        await device.run(refuses, 5)
    assert fault.value.fault is Fault.JAM


class StuckContact:
    """A contact whose file never answers: a FIFO without a writer holds whoever opens it, in the kernel."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "contact"
        os.mkfifo(self.path)

    def answer(self) -> None:
        """Let go of everybody who waits."""
        descriptor = os.open(self.path, os.O_RDWR)
        os.write(descriptor, b"0\n")
        self.path.unlink()
        self.path.write_text("0\n")
        os.close(descriptor)


@pytest.fixture
def stuck(tmp_path: Path) -> Iterator[StuckContact]:
    contact = StuckContact(tmp_path)
    yield contact
    contact.answer()


async def test_a_driver_that_does_not_come_back_is_hung(stuck: StuckContact, changes: Changes) -> None:
    driver = ContactPresence(str(stuck.path))
    device = Device(Kind.PRESENCE, driver, poll_s=POLL_S, on_change=changes)
    device.start()
    changes.wait_for(lambda: bool(changes.seen))
    assert (changes.seen[0].state, changes.seen[0].fault) == (State.DISCONNECTED, Fault.HUNG)
    began = time.monotonic()
    with pytest.raises(DeviceFault) as fault:
        await device.run(driver.somebody, 30)
    assert fault.value.fault is Fault.HUNG
    assert time.monotonic() - began < 5  # it is known to hang: nobody waits for it again
    stuck.answer()
    changes.wait_for(lambda: changes.seen[-1].state is State.READY)
    assert await device.run(driver.somebody, 5) is False
    device.close()


async def test_a_command_that_outlasts_its_deadline(stuck: StuckContact) -> None:
    driver = ContactPresence(str(stuck.path))
    device = Device(Kind.PRESENCE, driver, poll_s=POLL_S)
    with pytest.raises(DeviceFault) as fault:
        await device.run(driver.somebody, 0.1)
    assert fault.value.fault is Fault.HUNG
    device.close()  # comes back, and leaves the driver behind
    assert Contact(stuck.path).path.is_fifo()


def test_a_hung_driver_does_not_keep_the_program_from_ending(stuck: StuckContact) -> None:
    program = (
        "from hardware import device as d; from hardware.presence.contact import ContactPresence\n"
        "d.STATUS_GRACE_S = 0.1\n"
        f"device = d.Device(d.Kind.PRESENCE, ContactPresence({str(stuck.path)!r}), poll_s=0.05)\n"
        "device.start(); device.close()\n"
    )
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run([sys.executable, "-c", program], cwd=root, env=environment, timeout=30, check=False)
    assert done.returncode == 0


def test_closing_waits_for_what_runs(driver: Told) -> None:
    device = Device(Kind.PRESENCE, driver, poll_s=POLL_S)
    device.refresh()
    device.close()
    assert (driver.looks, driver.closed) == (1, 1)


class Singing(Told):
    """A driver whose song is long; it looks whether it was called off."""

    def __init__(self) -> None:
        super().__init__()
        self.began = threading.Event()

    def sing(self, command: Command) -> None:
        self.began.set()
        while not command.expired:
            command.wait(60)


async def test_closing_calls_off_what_would_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_module, "ENDING_S", 0.1)
    driver = Singing()
    device = Device(Kind.SPEAKER, driver, poll_s=POLL_S)
    song = asyncio.create_task(device.run(driver.sing, 60))
    await asyncio.to_thread(driver.began.wait)
    began = time.monotonic()
    await asyncio.to_thread(device.close)
    assert time.monotonic() - began < 2
    assert driver.closed == 1
    with pytest.raises(CommandCancelled):
        await song


def test_closing_leaves_behind_what_does_not_look(
    stuck: StuckContact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device_module, "ENDING_S", 0.1)
    monkeypatch.setattr(device_module, "CLOSE_S", 0.1)
    device = Device(Kind.PRESENCE, ContactPresence(str(stuck.path)), poll_s=POLL_S)
    device.start()  # its first look is held in the kernel, and does not count as hung for 20 s
    began = time.monotonic()
    device.close()
    assert time.monotonic() - began < 2
