"""The ID card reader on a pseudo-terminal, the joint card reader behind the real pcscd or an XFS4IoT service."""

import os
import signal
import threading
from collections.abc import Callable

from hardware.device import Command, Fault, Kind, State
from hardware.id_card import simulator as id_card
from hardware.id_card.sam_v import SamV
from hardware.id_card.simulator import ChipCard, SimulatedSamV
from hardware.joint_card import simulator as joint_card
from hardware.joint_card.pcsc import Pcsc
from hardware.joint_card.pcscd import PrivatePcscd
from hardware.joint_card.simulator import SimulatedCardReader
from hardware.joint_card.virtual_card import VirtualCard
from hardware.xfs4iot.card_reader import XfsCardReader
from hardware.xfs4iot.simulator import Scenario, SimulatedProvider
from tests.hardware.faults.scene import ANSWER_S, SCENES, Scene, Stage, fault_of, run_out, scene, status_of

ID_CARD = ChipCard.of("测试甲", "11010519491231002X")
JOINT_CARD = VirtualCard("6217000000000000004")


def at_the_id_card_reader(scenario: id_card.Scenario) -> Scene:
    """A card lies there, and this goes wrong."""

    def play(stage: Stage) -> Fault | None:
        module = stage.use(SimulatedSamV())
        reader = stage.use(SamV(module.port, poll_s=0.02))
        module.insert(ID_CARD)
        module.fail(scenario)
        return fault_of(reader.read(Command(ANSWER_S)))

    return play


SCENES |= {
    (Kind.ID_CARD, fault): at_the_id_card_reader(scenario)
    for fault, scenario in {
        Fault.DISCONNECTED: id_card.Scenario.UNPLUGGED,
        Fault.NO_ANSWER: id_card.Scenario.SILENT,
        Fault.PROTOCOL: id_card.Scenario.BAD_CHECKSUM,
        Fault.HARDWARE: id_card.Scenario.SELF_TEST_FAILED,
        Fault.CARD_REMOVED: id_card.Scenario.PULLED,
        Fault.CARD_UNREADABLE: id_card.Scenario.UNREADABLE,
        Fault.CARD_WRONG_KIND: id_card.Scenario.WRONG_KIND,
        Fault.CARD_COLLISION: id_card.Scenario.TWO_CARDS,
        Fault.SAM_REFUSED: id_card.Scenario.NOT_AUTHORISED,
    }.items()
}


def behind_pcscd(stage: Stage) -> tuple[SimulatedCardReader, PrivatePcscd, Pcsc]:
    """A reader that works."""
    device = stage.use(SimulatedCardReader())
    daemon = stage.use(PrivatePcscd(device.port))
    device.on_service = daemon.set_up
    reader = stage.use(Pcsc())
    assert status_of(reader).state is State.READY
    return device, daemon, reader


def at_the_joint_card_reader(scenario: joint_card.Scenario) -> Scene:
    """A card is put in, and this goes wrong."""

    def play(stage: Stage) -> Fault | None:
        device, _, reader = behind_pcscd(stage)
        device.fail(scenario)
        device.insert(JOINT_CARD)
        return fault_of(reader.read(Command(ANSWER_S)))

    return play


SCENES |= {
    (Kind.JOINT_CARD, fault): at_the_joint_card_reader(scenario)
    for fault, scenario in {
        Fault.CARD_REMOVED: joint_card.Scenario.PULLED,
        Fault.CARD_UNREADABLE: joint_card.Scenario.UNREADABLE,
        Fault.CARD_WRONG_KIND: joint_card.Scenario.WRONG_KIND,
        Fault.CARD_WRONG_WAY: joint_card.Scenario.WRONG_WAY,
        Fault.CARD_SERVICE_DOWN: joint_card.Scenario.SERVICE_DOWN,
    }.items()
}


@scene(Kind.JOINT_CARD, Fault.DISCONNECTED)
def the_reader_is_unplugged_while_it_waits(stage: Stage) -> Fault | None:
    """pcscd notices when it next asks the reader."""
    device, _, reader = behind_pcscd(stage)
    unplugging = threading.Timer(0.1, device.fail, (joint_card.Scenario.UNPLUGGED,))
    unplugging.start()
    outcome = reader.read(Command(ANSWER_S))
    unplugging.join()
    return fault_of(outcome)


@scene(Kind.JOINT_CARD, Fault.HUNG)
def pcscd_stands_still(stage: Stage) -> Fault | None:
    """It is not dead: whoever asks it waits for ever."""
    _, daemon, reader = behind_pcscd(stage)
    os.kill(daemon.pid, signal.SIGSTOP)
    try:
        return run_out(Kind.JOINT_CARD, reader, reader.read)
    finally:
        daemon.kill()


def at_a_makers_reader(scenario: Scenario, look: Callable[[XfsCardReader], Fault | None]) -> Scene:
    """The same, behind a service of the kiosk's maker."""

    def play(stage: Stage) -> Fault | None:
        provider = stage.use(SimulatedProvider())
        reader = stage.use(XfsCardReader(provider.uri))
        assert status_of(reader).state is State.READY
        provider.insert(JOINT_CARD)
        provider.fail(scenario)
        return look(reader)

    return play


def by_reading(reader: XfsCardReader) -> Fault | None:
    """What a read ends in."""
    return fault_of(reader.read(Command(ANSWER_S)))


def by_status(reader: XfsCardReader) -> Fault | None:
    """What it says of itself."""
    return status_of(reader).fault


SCENES |= {
    (Kind.JOINT_CARD, Fault.NO_ANSWER): at_a_makers_reader(Scenario.SILENT, by_status),
    (Kind.JOINT_CARD, Fault.PROTOCOL): at_a_makers_reader(Scenario.BABBLING, by_reading),
    (Kind.JOINT_CARD, Fault.HARDWARE): at_a_makers_reader(Scenario.HARDWARE_ERROR, by_status),
    (Kind.JOINT_CARD, Fault.TAMPERED): at_a_makers_reader(Scenario.FRAUD, by_status),
    (Kind.JOINT_CARD, Fault.JAM): at_a_makers_reader(Scenario.CARD_JAM, by_reading),
    (Kind.JOINT_CARD, Fault.CARD_COLLISION): at_a_makers_reader(Scenario.CARD_COLLISION, by_reading),
}
