"""The camera over MJPEG with its real processes, a scanner on a serial line, one behind an XFS4IoT service."""

import os
import signal
from unittest.mock import patch

from hardware.device import Command, Fault, Kind, State
from hardware.scanner import camera as camera_module
from hardware.scanner.camera import CameraScanner
from hardware.scanner.serial_scanner import BABBLE_BYTES, SerialScanner
from hardware.scanner.simulator import CameraSimulator
from hardware.scanner.simulator import Scenario as Camera
from hardware.simulated_line import SimulatedLine
from hardware.xfs4iot.scanner import XfsScanner
from hardware.xfs4iot.simulator import Scenario, SimulatedProvider
from tests.hardware.faults.scene import ANSWER_S, SCENES, Scene, Stage, fault_of, scene, status_of
from tests.hardware.scanner.support import Scanning


def through_the_lens(stage: Stage) -> tuple[CameraSimulator, CameraScanner]:
    """A camera and its driver."""
    camera = stage.use(CameraSimulator())
    return camera, stage.use(CameraScanner(camera.url))


def while_it_looks(fault: Camera) -> Scene:
    """The camera fails in the middle of a scan."""

    def play(stage: Stage) -> Fault | None:
        camera, scanner = through_the_lens(stage)
        scan = Scanning(scanner)
        scan.decoder()
        camera.set_scenario(fault)
        return fault_of(scan.result())

    return play


def shown(text: str) -> Scene:
    """A code that may not pass is held before it."""

    def play(stage: Stage) -> Fault | None:
        camera, scanner = through_the_lens(stage)
        camera.show(text)
        return fault_of(scanner.scan(Command(ANSWER_S)))

    return play


def with_a_decoder_that(end: signal.Signals) -> Scene:
    """Every decoder that is started gets this signal."""

    def play(stage: Stage) -> Fault | None:
        _, scanner = through_the_lens(stage)
        stage.stack.enter_context(patch.object(camera_module, "BACK_OFF_S", (0.0,)))
        stage.stack.enter_context(patch.object(camera_module, "STANDSTILL_S", 0.5))
        scan, victim = Scanning(scanner), 0
        for _ in range(2):
            victim = scan.decoder(other_than=victim)
            os.kill(victim, end)
        return fault_of(scan.result())

    return play


def behind_a_service(scenario: Scenario) -> Scene:
    """The scanner of a kiosk's maker."""

    def play(stage: Stage) -> Fault | None:
        provider = stage.use(SimulatedProvider())
        scanner = stage.use(XfsScanner(provider.uri))
        assert status_of(scanner).state is State.READY
        provider.fail(scenario)
        return status_of(scanner).fault

    return play


SCENES |= {
    (Kind.SCANNER, Fault.DISCONNECTED): while_it_looks(Camera.GONE),
    (Kind.SCANNER, Fault.NO_ANSWER): while_it_looks(Camera.FROZEN),
    (Kind.SCANNER, Fault.CAMERA_DARK): while_it_looks(Camera.DARK),
    (Kind.SCANNER, Fault.CODE_TOO_LONG): shown("x" * 600),
    (Kind.SCANNER, Fault.CODE_NOT_TEXT): shown("a\x00b"),
    (Kind.SCANNER, Fault.DECODER_CRASHED): with_a_decoder_that(signal.SIGSEGV),
    (Kind.SCANNER, Fault.DECODER_HUNG): with_a_decoder_that(signal.SIGSTOP),
    (Kind.SCANNER, Fault.PROTOCOL): behind_a_service(Scenario.BABBLING),
    (Kind.SCANNER, Fault.HARDWARE): behind_a_service(Scenario.HARDWARE_ERROR),
}


@scene(Kind.SCANNER, Fault.BABBLING)
def a_scanner_that_never_stops(stage: Stage) -> Fault | None:
    """On a serial line, with no end in what it sends."""
    line = stage.use(SimulatedLine("scanner"))
    scanner = stage.use(SerialScanner(line.port))
    assert status_of(scanner).state is State.READY

    class Babbling(Command):
        """Each look of the driver at its deadline finds more on the line."""

        sent = 0

        def remaining_s(self) -> float:
            self.sent += line.send(b"y" * 1024) if self.sent <= 2 * BABBLE_BYTES else 0
            return super().remaining_s()

    return fault_of(scanner.scan(Babbling(ANSWER_S)))
