import threading
from collections.abc import Iterator

import pytest

from hardware.cards import CardFault, NoCard
from hardware.device import Command, CommandCancelled, Fault, State
from hardware.id_card.interface import CardKind, IdCard
from hardware.id_card.sam_v import SamV
from hardware.id_card.simulator import ChipCard, Scenario, SimulatedSamV
from hardware.id_card.text import build
from tests.hardware.id_card.samples import SAMPLES

POLL_S = 0.02
CARD = ChipCard(build(CardKind.RESIDENT, SAMPLES[CardKind.RESIDENT]), bytes(range(256)) * 4)


@pytest.fixture
def module() -> Iterator[SimulatedSamV]:
    module = SimulatedSamV()
    yield module
    module.close()


@pytest.fixture
def reader(module: SimulatedSamV) -> Iterator[SamV]:
    reader = SamV(module.port, poll_s=POLL_S)
    yield reader
    reader.close()


def test_status_tells_the_module(module: SimulatedSamV, reader: SamV) -> None:
    status = reader.status(Command(2))
    assert status.state is State.READY
    assert status.detail == {"port": module.port, "sam": "05.03-20260101-0012345678-0987654321"}


@pytest.mark.parametrize("kind", CardKind)
def test_a_card_of_each_kind_is_read(kind: CardKind, module: SimulatedSamV, reader: SamV) -> None:
    module.insert(ChipCard(build(kind, SAMPLES[kind]), CARD.photo))
    card = reader.read(Command(5))
    assert isinstance(card, IdCard)
    assert (card.kind, card.id_number) == (kind, SAMPLES[kind]["id_number"])


def test_a_ready_made_resident_card() -> None:
    assert ChipCard.of("测试戊", "11010519491231002X").text[248:250] == b" \0"


def test_a_card_laid_on_later_is_read(module: SimulatedSamV, reader: SamV) -> None:
    laying = threading.Timer(0.1, module.insert, (CARD,))
    laying.start()
    assert isinstance(reader.read(Command(5)), IdCard)
    laying.join()


def test_no_card_until_the_deadline(reader: SamV) -> None:
    assert reader.read(Command(0.2)) == NoCard()


def test_a_card_is_read_once_until_it_is_lifted(module: SimulatedSamV, reader: SamV) -> None:
    assert reader.present(Command(1)) is False
    module.insert(CARD)
    assert reader.present(Command(1)) is True
    assert isinstance(reader.read(Command(5)), IdCard)
    assert reader.present(Command(1)) is True
    assert reader.read(Command(0.2)) == NoCard()
    module.remove()
    assert reader.present(Command(1)) is False
    module.insert(CARD)
    assert reader.present(Command(1)) is True
    assert isinstance(reader.read(Command(5)), IdCard)


def test_a_module_that_cannot_tell_says_so(module: SimulatedSamV) -> None:
    reader = SamV(module.port, poll_s=POLL_S, tells_lifted=False)
    module.insert(CARD)
    assert isinstance(reader.read(Command(5)), IdCard)
    assert reader.present(Command(1)) is None
    reader.close()


def test_cancel_ends_a_wait(module: SimulatedSamV, reader: SamV) -> None:
    command = Command(30)
    threading.Timer(0.05, command.cancel).start()
    with pytest.raises(CommandCancelled):
        reader.read(command)
    module.insert(CARD)
    assert isinstance(reader.read(Command(5)), IdCard)


@pytest.mark.parametrize(
    ("scenario", "fault"),
    [
        (Scenario.SILENT, Fault.NO_ANSWER),
        (Scenario.BAD_CHECKSUM, Fault.PROTOCOL),
        (Scenario.SELF_TEST_FAILED, Fault.HARDWARE),
        (Scenario.NOT_AUTHORISED, Fault.SAM_REFUSED),
        (Scenario.UNREADABLE, Fault.CARD_UNREADABLE),
        (Scenario.PULLED, Fault.CARD_REMOVED),
        (Scenario.TWO_CARDS, Fault.CARD_COLLISION),
        (Scenario.WRONG_KIND, Fault.CARD_WRONG_KIND),
        (Scenario.UNPLUGGED, Fault.DISCONNECTED),
    ],
)
def test_every_fault_is_named_and_over_when_it_is_over(
    scenario: Scenario, fault: Fault, module: SimulatedSamV, reader: SamV
) -> None:
    module.insert(CARD)
    module.fail(scenario)
    outcome = reader.read(Command(10))
    assert isinstance(outcome, CardFault)
    assert outcome.fault is fault
    module.recover()
    module.insert(CARD)
    assert isinstance(reader.read(Command(5)), IdCard)


def test_noise_on_the_line_is_survived(module: SimulatedSamV, reader: SamV) -> None:
    module.insert(CARD)
    module.fail(Scenario.NOISE)
    assert isinstance(reader.read(Command(10)), IdCard)


@pytest.mark.parametrize(
    ("scenario", "state", "fault"),
    [
        (Scenario.SILENT, State.DISCONNECTED, Fault.NO_ANSWER),
        (Scenario.UNPLUGGED, State.DISCONNECTED, Fault.DISCONNECTED),
        (Scenario.NOT_AUTHORISED, State.OUT_OF_SERVICE, Fault.SAM_REFUSED),
        (Scenario.BAD_CHECKSUM, State.OUT_OF_SERVICE, Fault.PROTOCOL),
    ],
)
def test_status_names_what_is_wrong_and_what_is_right_again(
    scenario: Scenario, state: State, fault: Fault, module: SimulatedSamV, reader: SamV
) -> None:
    assert reader.status(Command(2)).state is State.READY
    module.fail(scenario)
    status = reader.status(Command(2))
    assert (status.state, status.fault) == (state, fault)
    module.recover()
    assert reader.status(Command(2)).state is State.READY


def test_unplugged_while_it_waits(module: SimulatedSamV, reader: SamV) -> None:
    pulling = threading.Timer(0.1, module.fail, (Scenario.UNPLUGGED,))
    pulling.start()
    outcome = reader.read(Command(10))
    assert isinstance(outcome, CardFault)
    assert outcome.fault is Fault.DISCONNECTED
    pulling.join()


def test_a_card_with_nonsense_on_it(module: SimulatedSamV, reader: SamV) -> None:
    module.insert(ChipCard(b"\x41\x00" * 128))
    assert reader.read(Command(10)) == CardFault(Fault.CARD_UNREADABLE, "kind")


def test_a_line_at_the_real_speed(reader: SamV) -> None:
    module = SimulatedSamV(baud=115200)
    paced = SamV(module.port, poll_s=POLL_S)
    module.insert(CARD)
    assert isinstance(paced.read(Command(5)), IdCard)
    paced.close()
    module.close()
