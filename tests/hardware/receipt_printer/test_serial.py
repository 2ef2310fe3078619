"""The same driver on a serial line (a pseudo-terminal): no connection that breaks, only silence."""

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from hardware.device import Command, Fault, State
from hardware.receipt_printer.driver import EscPosPrinter
from hardware.receipt_printer.interface import NotPrinted, Printed, PrintOutcome, Unsure
from hardware.receipt_printer.simulator_links import PtyPrinter
from hardware.receipt_printer.transport import SerialTransport
from tests.hardware.receipt_printer.support import JOB_S, do, numbered

Pair = tuple[PtyPrinter, EscPosPrinter]


@pytest.fixture
def pair() -> Iterator[Pair]:
    with closing(PtyPrinter(line_s=0.01)) as printer:
        driver = EscPosPrinter(SerialTransport(printer.path, write_stall_s=0.5), answer_s=0.15)
        yield printer, driver
        driver.close()
        assert printer.errors == []


def test_printing(pair: Pair) -> None:
    printer, driver = pair
    assert do(driver, numbered("a")) == Printed()
    assert "a end" in printer.slips()[0].text


def test_a_printer_that_is_off_is_not_taken_for_a_silent_one(pair: Pair) -> None:
    printer, driver = pair
    printer.plug(in_=False)
    status = driver.status(Command(JOB_S))
    assert (status.state, status.fault) == (State.DISCONNECTED, Fault.NO_ANSWER)
    assert do(driver, numbered("old")) == NotPrinted(Fault.NO_ANSWER)
    printer.plug(in_=True)
    assert do(driver, numbered("new")) == Printed()


def test_switched_off_and_on_in_mid_print(pair: Pair) -> None:
    printer, driver = pair
    driver.status(Command(JOB_S))
    printer.line_s = 0.1
    outcome: list[PrintOutcome] = []
    job = threading.Thread(target=lambda: outcome.append(do(driver, numbered("old", 30))))
    job.start()
    assert printer.wait_until(lambda: "old 1" in printer.hanging.text)
    printer.power_off()
    assert printer.wait_until(lambda: printer.lost_bytes >= 3)  # it was asked how it does
    printer.power_on()
    job.join()
    assert outcome == [Unsure(Fault.JOB_CUT_SHORT)]
    printer.line_s = 0.0
    assert do(driver, numbered("new")) == Printed()
    assert "old" not in printer.slips()[-1].text


def test_paper_out_in_mid_print(pair: Pair) -> None:
    printer, driver = pair
    printer.fail("paper_out_in_print")
    assert do(driver, numbered("old")) == NotPrinted(Fault.PAPER_OUT, begun=True)
    printer.recover()
    assert do(driver, numbered("new")) == Printed()
    assert "old end" not in "".join(slip.text for slip in printer.slips())


def test_noise_on_the_line_is_no_answer(pair: Pair) -> None:
    printer, driver = pair
    driver.status(Command(JOB_S))
    printer.transmit(b"\x11\x13\xff\x80\x99" * 20)
    assert driver.status(Command(JOB_S)).state is State.READY


def test_no_such_line() -> None:
    driver = EscPosPrinter(SerialTransport("/dev/no-such-line"))
    assert driver.status(Command(JOB_S)).state is State.DISCONNECTED
