"""Figures of the card readers, one JSON line each: `python -m tests.bench.bench_cards`.

The ID card is read from a simulated module that sends at the speed of a 115200 baud line, and from one that sends as
fast as it can, which shows what the driver itself takes. The joint card is read through the real pcscd and libccid
from a simulated reader without a line speed: what is measured is everything but the card and its wire.
"""

import json
import time
from collections.abc import Callable
from contextlib import closing
from statistics import median

from hardware.device import Command
from hardware.id_card.interface import IdCard
from hardware.id_card.sam_v import SamV
from hardware.id_card.simulator import ChipCard, SimulatedSamV
from hardware.joint_card.interface import JointCard
from hardware.joint_card.pcsc import Pcsc
from hardware.joint_card.pcscd import PrivatePcscd
from hardware.joint_card.simulator import SimulatedCardReader
from hardware.joint_card.virtual_card import VirtualCard

BAUD = 115200
REPEATS = 30
NOTICES = 10
NUMBER = "6217000000000000004"


def report(name: str, seconds: list[float]) -> None:
    """Print the median in milliseconds."""
    print(json.dumps({"name": name, "value": round(median(seconds) * 1000, 2), "unit": "ms"}))


def timed(repeats: int, prepare: Callable[[], None], work: Callable[[], None]) -> list[float]:
    """The seconds of each run of `work`, without those of `prepare`."""
    seconds = []
    for _ in range(repeats):
        prepare()
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return seconds


def id_card(baud: int | None) -> list[float]:
    """From a card that lies there to its fields."""
    card = ChipCard.of("测试甲", "11010519491231002X")
    with closing(SimulatedSamV(baud)) as module, closing(SamV(module.port)) as reader:

        def read() -> None:
            assert isinstance(reader.read(Command(10)), IdCard)

        module.insert(card)
        read()
        return timed(REPEATS, lambda: module.insert(card), read)


def joint_card() -> None:
    """From a card that pcscd has powered to its number, and from putting a card in to its number."""
    with (
        closing(SimulatedCardReader()) as device,
        closing(PrivatePcscd(device.port)),
        closing(Pcsc()) as reader,
    ):

        def read() -> None:
            assert isinstance(reader.read(Command(10)), JointCard)

        def take() -> None:
            device.remove()
            waiting = Command(10)
            while reader.present(Command(1)):
                waiting.wait(0.01)

        device.insert(VirtualCard(NUMBER))
        read()
        report("joint_card_read", timed(REPEATS, lambda: None, read))

        def put_in_and_read() -> None:
            device.insert(VirtualCard(NUMBER))
            read()

        report("joint_card_insert_to_number", timed(NOTICES, take, put_in_and_read))


def main() -> None:
    """Measure and print."""
    report("id_card_read_at_115200_baud", id_card(BAUD))
    report("id_card_read_without_line_speed", id_card(None))
    joint_card()


if __name__ == "__main__":
    main()
