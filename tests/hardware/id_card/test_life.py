"""A reader's life: many commands, faults at random, and nothing that grows."""

import gc
import threading
from pathlib import Path
from random import Random

import psutil
import pytest

from hardware.cards import CardFault, NoCard
from hardware.device import Command, CommandCancelled, State
from hardware.id_card import sam_v
from hardware.id_card.interface import IdCard
from hardware.id_card.sam_v import SamV
from hardware.id_card.simulator import ChipCard, Scenario, SimulatedSamV

CARD = ChipCard.resident("测试甲", "11010519491231002X")
MEMORY_SLACK_BYTES = 8 << 20


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def live(commands: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run so many commands on one driver; a time-out of a second is shortened, so that a day takes minutes."""
    monkeypatch.setattr(sam_v, "ANSWER_TIMEOUT_S", 0.05)
    monkeypatch.setattr(sam_v, "READ_TIMEOUT_S", 0.05)
    monkeypatch.setattr(sam_v, "LOOK_EVERY_S", 0.01)
    random = Random(commands)
    module = SimulatedSamV()
    reader = SamV(module.port, poll_s=0.001)
    ended: dict[str, int] = {}
    threads = files = memory = 0
    for number in range(commands):
        if number == commands // 4:
            gc.collect()
            threads, files, memory = (
                threading.active_count(),
                open_files(),
                psutil.Process().memory_info().rss,
            )
        if random.random() < 0.2:
            module.fail(random.choice(list(Scenario)))
        elif random.random() < 0.5:
            module.recover()
        if random.random() < 0.7:
            module.insert(CARD)
        else:
            module.remove()
        command = Command(random.choice([0.0, 0.01, 0.3]))
        if random.random() < 0.05:
            command.cancel()
        outcome: object
        try:
            match random.randrange(4):
                case 0:
                    outcome = reader.status(command)
                    assert outcome.state in (State.READY, State.OUT_OF_SERVICE, State.DISCONNECTED)
                case 1:
                    outcome = reader.present(command)
                    assert outcome in (True, False, None)
                case _:
                    outcome = reader.read(command)
                    assert isinstance(outcome, IdCard | NoCard | CardFault)
        except CommandCancelled as cancelled:
            outcome = cancelled
        ended[type(outcome).__name__] = ended.get(type(outcome).__name__, 0) + 1
    assert set(ended) == {"Status", "bool", "NoneType", "IdCard", "NoCard", "CardFault", "CommandCancelled"}
    gc.collect()
    # The module's own thread and line come and go with UNPLUGGED.
    assert threading.active_count() <= threads + 1
    assert open_files() <= files + 4
    assert psutil.Process().memory_info().rss < memory + MEMORY_SLACK_BYTES
    reader.close()
    module.close()


def test_a_quarter_of_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    live(600, monkeypatch)


@pytest.mark.soak
def test_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    live(50_000, monkeypatch)
