"""Called off, or out of time: how soon each driver comes back from a command that would wait for ever.

The times are those of docs/real-devices.md: they hold where the device itself answers.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from typing import Any

import pytest

from hardware.a4_printer.cups_printer import CupsPrinter
from hardware.a4_printer.simulator import QUEUE, Scenario, SimulatedA4Printer
from hardware.device import Command, CommandCancelled
from hardware.id_card.sam_v import SamV
from hardware.id_card.simulator import SimulatedSamV
from hardware.joint_card.pcsc import Pcsc
from hardware.joint_card.pcscd import PrivatePcscd
from hardware.joint_card.simulator import SimulatedCardReader
from hardware.receipt_printer.driver import EscPosPrinter
from hardware.receipt_printer.simulator_links import TcpPrinter
from hardware.receipt_printer.transport import TcpTransport
from hardware.scanner.camera import CameraScanner
from hardware.scanner.serial_scanner import SerialScanner
from hardware.scanner.simulator import CameraSimulator
from hardware.simulated_line import SimulatedLine
from hardware.speaker import simulator as speaker
from hardware.speaker.espeak import EspeakSpeaker
from hardware.speaker.interface import Speech
from hardware.speaker.simulator import SimulatedSoundCard
from hardware.xfs4iot.card_reader import XfsCardReader
from hardware.xfs4iot.scanner import XfsScanner
from hardware.xfs4iot.simulator import SimulatedProvider
from tests.hardware.faults.printers import page
from tests.hardware.receipt_printer.support import numbered
from tests.hardware.scanner.wedge_cable import Cable

Verb = Callable[[Command], object]
Use = Callable[[Any], Any]
"""Closes what it is given at the end of the test, and gives it back."""

LONG_S = 60.0
BUSY_MACHINE_S = 1.0
"""What a machine that has other things to do may add."""


def id_card(use: Use) -> Verb:
    return use(SamV(use(SimulatedSamV()).port)).read  # type: ignore[no-any-return]


def joint_card(use: Use) -> Verb:
    device = use(SimulatedCardReader())
    use(PrivatePcscd(device.port))
    return use(Pcsc()).read  # type: ignore[no-any-return]


def camera(use: Use) -> Verb:
    scanner = use(CameraScanner(use(CameraSimulator()).url))
    scanner.scan(Command(3))  # both processes are up
    return scanner.scan  # type: ignore[no-any-return]


def serial_scanner(use: Use) -> Verb:
    return use(SerialScanner(use(SimulatedLine("scanner")).port)).scan  # type: ignore[no-any-return]


def wedge_scanner(use: Use) -> Verb:
    return use(Cable().scanner).scan  # type: ignore[no-any-return]


def voice(use: Use) -> Verb:
    card = use(SimulatedSoundCard())
    card.fail(speaker.Scenario.HANGING)
    return partial(EspeakSpeaker(card.player).say, Speech("您好"))


def receipt_printer(use: Use) -> Verb:
    printer = use(TcpPrinter(line_s=0.5))
    driver = use(EscPosPrinter(TcpTransport(printer.host, printer.port)))
    return partial(driver.print, numbered("a", 30))


def a4_printer(use: Use) -> Verb:
    simulated = use(SimulatedA4Printer())
    simulated.fail(Scenario.SLOW)
    return partial(use(CupsPrinter(QUEUE, simulated.server)).print, page())


def service_card_reader(use: Use) -> Verb:
    return use(XfsCardReader(use(SimulatedProvider()).uri)).read  # type: ignore[no-any-return]


def service_scanner(use: Use) -> Verb:
    return use(XfsScanner(use(SimulatedProvider()).uri)).scan  # type: ignore[no-any-return]


PROMISED_S: dict[Callable[[Use], Verb], float] = {
    id_card: 0.3,
    joint_card: 0.3,
    camera: 0.5,
    serial_scanner: 0.1,
    wedge_scanner: 0.1,
    voice: 0.1,
    receipt_printer: 1.5,
    a4_printer: 5.0,
    service_card_reader: 1.0,
    service_scanner: 1.0,
}


@pytest.fixture
def use() -> Iterator[Use]:
    with ExitStack() as stack:
        yield lambda made: stack.enter_context(closing(made))


@pytest.mark.parametrize("device", PROMISED_S, ids=lambda device: device.__name__)
def test_it_comes_back_when_it_is_called_off(device: Callable[[Use], Verb], use: Use) -> None:
    verb, command = device(use), Command(LONG_S)
    called_off_at: list[float] = []

    def call_off() -> None:
        called_off_at.append(time.monotonic())
        command.cancel()

    timer = threading.Timer(0.5, call_off)
    timer.start()
    with pytest.raises(CommandCancelled):
        verb(command)
    took_s = time.monotonic() - called_off_at[0]
    print(f"{device.__name__}: called off in {took_s:.3f} s")
    assert took_s < PROMISED_S[device] + BUSY_MACHINE_S


@pytest.mark.parametrize("device", PROMISED_S, ids=lambda device: device.__name__)
def test_it_comes_back_when_time_is_up(device: Callable[[Use], Verb], use: Use) -> None:
    verb, began = device(use), time.monotonic()
    verb(Command(1.0))
    over_s = time.monotonic() - began - 1.0
    print(f"{device.__name__}: {over_s:.3f} s behind its deadline")
    assert over_s < PROMISED_S[device] + BUSY_MACHINE_S
