import threading
from collections.abc import Callable, Iterator

import pytest

from hardware import device as device_module
from hardware.cards import CardFault, NoCard
from hardware.device import Command, CommandCancelled, Device, DeviceFault, Fault, Kind, State
from hardware.joint_card.interface import JointCard
from hardware.joint_card.pcsc import Pcsc
from hardware.joint_card.pcscd import READER_NAME, PrivatePcscd
from hardware.joint_card.simulator import Scenario, SimulatedCardReader
from hardware.joint_card.virtual_card import CONTACTLESS, VirtualCard

NUMBER = "6217000000000000004"


@pytest.fixture
def device() -> Iterator[SimulatedCardReader]:
    """A simulated reader, driven by a pcscd of its own. Without pcscd and libccid this is an error, not a skip."""
    device = SimulatedCardReader()
    daemon = PrivatePcscd(device.port)
    device.on_service = daemon.set_up
    yield device
    daemon.close()
    device.close()


@pytest.fixture
def reader(device: SimulatedCardReader) -> Iterator[Pcsc]:
    reader = Pcsc()
    yield reader
    reader.close()


def until(condition: Callable[[], bool], timeout_s: float = 15) -> None:
    waiting = Command(timeout_s)
    while not condition():
        assert not waiting.expired
        waiting.wait(0.02)


def test_status_tells_the_reader(device: SimulatedCardReader, reader: Pcsc) -> None:
    status = reader.status(Command(2))
    assert status.state is State.READY
    assert status.detail == {"reader": f"{READER_NAME} 00 00"}


def test_a_reader_by_another_name_is_not_there(device: SimulatedCardReader) -> None:
    reader = Pcsc("No such")
    assert reader.status(Command(2)).fault is Fault.DISCONNECTED
    assert reader.read(Command(1)) == CardFault(Fault.DISCONNECTED, "no such reader")
    reader.close()


def test_a_card_is_read_and_taken(device: SimulatedCardReader, reader: Pcsc) -> None:
    assert reader.present(Command(1)) is False
    device.insert(VirtualCard(NUMBER))
    assert reader.read(Command(5)) == JointCard(NUMBER)
    assert reader.present(Command(1)) is True
    assert reader.read(Command(5)) == JointCard(NUMBER)
    device.remove()
    until(lambda: reader.present(Command(1)) is False)


def test_a_card_put_in_later_is_read(device: SimulatedCardReader, reader: Pcsc) -> None:
    putting = threading.Timer(0.2, device.insert, (VirtualCard(NUMBER, CONTACTLESS),))
    putting.start()
    assert reader.read(Command(5)) == JointCard(NUMBER)
    putting.join()


def test_no_card_until_the_deadline(device: SimulatedCardReader, reader: Pcsc) -> None:
    assert reader.read(Command(0.3)) == NoCard()


def test_cancel_ends_a_wait(device: SimulatedCardReader, reader: Pcsc) -> None:
    command = Command(30)
    threading.Timer(0.1, command.cancel).start()
    with pytest.raises(CommandCancelled):
        reader.read(command)


@pytest.mark.parametrize(
    ("scenario", "fault"),
    [
        (Scenario.PULLED, Fault.CARD_REMOVED),
        (Scenario.WRONG_WAY, Fault.CARD_WRONG_WAY),
        (Scenario.WRONG_KIND, Fault.CARD_WRONG_KIND),
        (Scenario.UNREADABLE, Fault.CARD_UNREADABLE),
    ],
)
def test_every_fault_of_a_card_is_named_and_over_when_it_is_over(
    scenario: Scenario, fault: Fault, device: SimulatedCardReader, reader: Pcsc
) -> None:
    device.fail(scenario)
    device.insert(VirtualCard(NUMBER))
    outcome = reader.read(Command(10))
    assert isinstance(outcome, CardFault)
    assert outcome.fault is fault
    device.recover()
    device.remove()
    until(lambda: reader.present(Command(1)) is False)
    device.insert(VirtualCard(NUMBER))
    assert reader.read(Command(5)) == JointCard(NUMBER)


@pytest.mark.parametrize(
    ("scenario", "fault"),
    [(Scenario.UNPLUGGED, Fault.DISCONNECTED), (Scenario.SERVICE_DOWN, Fault.CARD_SERVICE_DOWN)],
)
def test_a_reader_or_service_that_goes_while_it_waits_and_comes_back(
    scenario: Scenario, fault: Fault, device: SimulatedCardReader, reader: Pcsc
) -> None:
    assert reader.status(Command(2)).state is State.READY
    failing = threading.Timer(0.2, device.fail, (scenario,))
    failing.start()
    outcome = reader.read(Command(20))
    failing.join()
    assert isinstance(outcome, CardFault)
    assert outcome.fault is fault
    until(lambda: reader.status(Command(2)).state is State.DISCONNECTED)
    assert reader.status(Command(2)).fault is fault
    assert reader.present(Command(1)) is None
    device.recover()
    until(lambda: reader.status(Command(2)).state is State.READY)
    device.insert(VirtualCard(NUMBER))
    assert reader.read(Command(5)) == JointCard(NUMBER)


def test_a_silent_reader_counts_as_gone(device: SimulatedCardReader, reader: Pcsc) -> None:
    assert reader.status(Command(2)).state is State.READY
    device.fail(Scenario.SILENT)
    until(lambda: reader.status(Command(2)).state is State.DISCONNECTED)
    device.recover()
    until(lambda: reader.status(Command(2)).state is State.READY)


async def test_a_reader_that_falls_silent_with_a_card_in_it(
    device: SimulatedCardReader, reader: Pcsc, monkeypatch: pytest.MonkeyPatch
) -> None:
    """libccid asks on for minutes and cannot be called off: the worker's word ends the wait, a restart the hang."""
    monkeypatch.setattr(device_module, "COMMAND_GRACE_S", 0.3)
    device.insert(VirtualCard(NUMBER))
    assert reader.read(Command(5)) == JointCard(NUMBER)
    device.fail(Scenario.SILENT)
    worker = Device(Kind.JOINT_CARD, reader)
    with pytest.raises(DeviceFault) as fault:
        await worker.run(reader.read, 0.3)
    assert fault.value.fault is Fault.HUNG
    device.on_service(False)
    device.recover()
    device.on_service(True)
    assert await worker.run(reader.read, 20) == JointCard(NUMBER)
    worker.close()


def test_a_reader_that_is_not_there_when_the_service_starts(
    device: SimulatedCardReader, reader: Pcsc
) -> None:
    device.fail(Scenario.UNPLUGGED)
    device.on_service(False)
    device.on_service(True)
    assert reader.status(Command(2)).fault is Fault.DISCONNECTED
    outcome = reader.read(Command(2))
    assert isinstance(outcome, CardFault)
    assert outcome.fault is Fault.DISCONNECTED
    device.recover()
    until(lambda: reader.status(Command(2)).state is State.READY)


def test_a_card_shows_no_number() -> None:
    assert repr(JointCard(NUMBER)) == "JointCard()"
    assert NUMBER not in repr(VirtualCard(NUMBER))
