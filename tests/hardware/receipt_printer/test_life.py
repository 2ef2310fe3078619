"""A printer's life: job after job with random faults at random moments, on one driver that is never restarted."""

import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from hardware.device import Command, Fault
from hardware.receipt_printer.driver import EscPosPrinter
from hardware.receipt_printer.interface import NotPrinted, Printed, SentToPrinter, Unsure
from hardware.receipt_printer.simulator import SCENARIOS
from hardware.receipt_printer.simulator_links import TcpPrinter
from tests.hardware.receipt_printer.support import JOB_S, do, numbered

Connect = Callable[..., tuple[TcpPrinter, EscPosPrinter]]

NEEDS_ITS_SWITCH = "hang"
SLOW = "slow"  # has a test of its own, and takes its time
NAMED = frozenset(Fault)


def live(printer: TcpPrinter, driver: EscPosPrinter, jobs: int, seed: int) -> None:
    chance = random.Random(seed)
    for number in range(jobs):
        scenario = chance.choice([name for name in SCENARIOS if name != SLOW])
        when = chance.choice(["never", "before", "in print"])
        if when == "before":
            printer.fail(scenario)
        elif when == "in print":
            printer.fail(scenario, after_lines=chance.randint(1, 13))
        outcome = do(driver, numbered(f"job{number}x", 12))

        match outcome:
            case Printed():
                assert f"job{number}x end" in printer.slips()[-1].text
            case SentToPrinter():
                assert when == "before" and scenario in ("silent", NEEDS_ITS_SWITCH)
            case NotPrinted(fault) | Unsure(fault):
                assert fault in NAMED
                assert when != "never"

        if scenario == NEEDS_ITS_SWITCH:
            printer.power_cycle()
        printer.recover()
        assert driver.status(Command(JOB_S)).usable
        assert printer.wait_until(lambda: not printer.holds()["buffered_bytes"])
        printed = [*printer.slips(), printer.hanging]
        whole = sum(f"job{number}x end" in slip.text for slip in printed)
        assert whole <= (0 if isinstance(outcome, NotPrinted) and not outcome.begun else 1)
        if number:  # nothing of the one before has come out since
            assert all(
                f"job{number - 1}x" not in slip.text for slip in printed if f"job{number}x" in slip.text
            )
        printer.forget_slips()


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def live_and_count(connect: Connect, jobs: int, seed: int) -> None:
    printer, driver = connect()
    live(printer, driver, 5, seed)
    before = threading.active_count(), descriptors()
    live(printer, driver, jobs, seed + 1)
    assert (threading.active_count(), descriptors()) == before


def test_a_short_life(connect: Connect) -> None:
    live_and_count(connect, 20, seed=20261103)


@pytest.mark.soak
def test_a_long_life(connect: Connect) -> None:
    live_and_count(connect, 3000, seed=20261104)
