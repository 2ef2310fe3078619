"""Every fault of a receipt printer, made on the wire: how the print ends, and what comes out afterwards."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from hardware.device import Command, CommandCancelled, Fault, State
from hardware.receipt_printer import driver as driver_module
from hardware.receipt_printer.driver import EscPosPrinter
from hardware.receipt_printer.encoder import Job
from hardware.receipt_printer.interface import NotPrinted, Printed, PrintOutcome, SentToPrinter, Unsure
from hardware.receipt_printer.simulator_links import TcpPrinter
from hardware.receipt_printer.transport import TcpTransport
from tests.hardware.receipt_printer.support import JOB_S, do, numbered

Pair = tuple[TcpPrinter, EscPosPrinter]
Connect = Callable[..., Pair]

STOPS = {
    "paper_out": Fault.PAPER_OUT,
    "cover_open": Fault.COVER_OPEN,
    "jam": Fault.JAM,
    "cutter": Fault.CUTTER,
    "hardware": Fault.HARDWARE,
}


def everything(printer: TcpPrinter) -> str:
    """All that is on paper, cut or not."""
    return "".join(slip.text for slip in [*printer.slips(), printer.hanging])


def idle(printer: TcpPrinter) -> None:
    assert printer.wait_until(lambda: not printer.holds()["buffered_bytes"])


def assert_next_slip_is_clean(printer: TcpPrinter, driver: EscPosPrinter, old: str) -> None:
    """After the fault is gone, the old job is never finished, and the next citizen's slip is whole and only hers."""
    printer.recover()
    before = everything(printer).count(old)
    assert driver.status(Command(JOB_S)).usable
    assert do(driver, numbered("new")) == Printed()
    idle(printer)
    assert everything(printer).count(old) == before
    last = printer.slips()[-1].text
    assert old not in last
    assert "new 0" in last
    assert "new end" in last


def test_a_good_print_is_proved(pair: Pair) -> None:
    printer, driver = pair
    status = driver.status(Command(JOB_S))
    assert (status.state, status.detail["model"]) == (State.READY, "SIMULATED")
    assert do(driver, numbered("a")) == Printed()
    (slip,) = printer.slips()  # the proof stands behind the cut, so the slip is complete by now
    assert slip.cut
    assert "a end" in slip.text


@pytest.mark.parametrize("scenario", [*STOPS, "overheated"])
def test_a_printer_that_cannot_is_not_sent_anything(pair: Pair, scenario: str) -> None:
    printer, driver = pair
    printer.fail(scenario)
    fault = STOPS.get(scenario, Fault.OVERHEATED)
    assert driver.status(Command(JOB_S)).fault is fault
    assert do(driver, numbered("old")) == NotPrinted(fault)
    assert everything(printer) == "\n"
    assert_next_slip_is_clean(printer, driver, "old")


def test_low_paper_prints_and_calls_staff(pair: Pair) -> None:
    printer, driver = pair
    printer.fail("paper_low")
    assert do(driver, numbered("a")) == Printed()
    status = driver.status(Command(JOB_S))
    assert (status.state, status.fault, status.detail["paper"]) == (State.DEGRADED, Fault.PAPER_LOW, "low")


@pytest.mark.parametrize("scenario", STOPS)
@pytest.mark.parametrize("lines", [1, 6])
def test_a_printer_that_stops_in_mid_print(pair: Pair, scenario: str, lines: int) -> None:
    printer, driver = pair
    printer.fail(scenario, after_lines=lines)
    assert do(driver, numbered("old")) == NotPrinted(STOPS[scenario], begun=True)
    assert driver.status(Command(JOB_S)).fault is STOPS[scenario]
    assert_next_slip_is_clean(printer, driver, "old")


def test_what_was_begun_comes_out_void_as_soon_as_the_printer_works(pair: Pair) -> None:
    printer, driver = pair
    printer.fail("cover_open", after_lines=4)
    do(driver, numbered("old"))
    printer.set(cover="closed")
    assert driver.status(Command(JOB_S)).usable
    (void,) = printer.slips()
    assert "old 1" in void.text
    assert "old end" not in void.text
    assert "作废 VOID" in void.text
    driver.status(Command(JOB_S))
    assert len(printer.slips()) == 1


def test_paper_that_runs_out_right_behind_the_slip(pair: Pair) -> None:
    printer, driver = pair
    assert do(driver, numbered("a")) == Printed()
    printer.set(paper="out")
    status = driver.status(Command(JOB_S))
    assert (status.state, status.fault) == (State.OUT_OF_SERVICE, Fault.PAPER_OUT)
    assert_next_slip_is_clean(printer, driver, "a end")


def test_without_clearing_the_rest_would_come_out_for_the_next_person(pair: Pair) -> None:
    """The danger itself, so that the tests above are known to be able to fail."""
    printer, driver = pair
    transport = TcpTransport(printer.host, printer.port)
    driver.close()
    transport.open(Command(JOB_S))
    printer.fail("paper_out", after_lines=3)
    transport.write("".join(f"secret {n}\n" for n in range(9)).encode(), Command(JOB_S))
    assert printer.wait_until(lambda: printer.paper == "out")
    transport.close()
    assert "secret 8" not in everything(printer)
    printer.set(paper="full")
    idle(printer)
    assert "secret 8" in everything(printer)


def test_a_job_of_an_earlier_run_of_the_program_is_cleared(connect: Connect) -> None:
    printer, driver = connect()
    crashed = TcpTransport(printer.host, printer.port)
    crashed.open(Command(JOB_S))
    printer.fail("paper_out", after_lines=3)
    crashed.write("".join(f"secret {n}\n" for n in range(9)).encode(), Command(JOB_S))
    assert printer.wait_until(lambda: printer.paper == "out")
    crashed.close()
    assert driver.status(Command(JOB_S)).fault is Fault.PAPER_OUT
    printer.set(paper="full")
    idle(printer)
    assert "secret 8" not in everything(printer)


def test_a_printer_that_cannot_clear_its_buffer_leaves_us_unsure(connect: Connect) -> None:
    printer, driver = connect(clears_buffer=False)
    assert driver.status(Command(JOB_S)).detail["clears_buffer"] == "no"
    printer.fail("paper_out_in_print")
    assert do(driver, numbered("old")) == Unsure(Fault.PAPER_OUT)


def test_an_overheated_head_is_waited_for(pair: Pair) -> None:
    printer, driver = pair
    printer.fail("overheated_in_print")
    outcome: list[PrintOutcome] = []
    job = threading.Thread(target=lambda: outcome.append(do(driver, numbered("a"))))
    job.start()
    assert printer.wait_until(lambda: printer.overheated)
    printer.recover()
    job.join()
    assert outcome == [Printed()]


def test_a_head_that_stays_hot_ends_with_the_deadline(pair: Pair) -> None:
    printer, driver = pair
    printer.fail("overheated_in_print")
    assert do(driver, numbered("old"), timeout_s=1.0) == NotPrinted(Fault.OVERHEATED, begun=True)
    assert_next_slip_is_clean(printer, driver, "old")


def test_a_silent_printer_gets_the_job_and_is_not_believed(pair: Pair) -> None:
    printer, driver = pair
    printer.set(silent=True)
    status = driver.status(Command(JOB_S))
    assert (status.state, status.fault, status.detail["paper"]) == (
        State.DEGRADED,
        Fault.NO_ANSWER,
        "unknown",
    )
    assert do(driver, numbered("a")) == SentToPrinter()
    assert "a end" in printer.slips()[0].text


def test_a_silent_printer_without_paper_prints_nothing_later(pair: Pair) -> None:
    printer, driver = pair
    printer.set(silent=True, paper="out")
    assert do(driver, numbered("old")) == SentToPrinter()
    idle(printer)
    printer.set(silent=False, paper="full")
    assert_next_slip_is_clean(printer, driver, "old")


def test_a_silent_printer_may_be_refused_instead(connect: Connect) -> None:
    printer, driver = connect({"when_silent_send": False})
    printer.set(silent=True)
    assert driver.status(Command(JOB_S)).state is State.DISCONNECTED
    assert do(driver, numbered("old")) == NotPrinted(Fault.NO_ANSWER)
    assert everything(printer) == "\n"


def test_a_printer_that_can_only_receive(connect: Connect) -> None:
    printer, driver = connect({"reports": False})
    printer.set(silent=True)
    assert driver.status(Command(JOB_S)).state is State.READY
    assert do(driver, numbered("a")) == SentToPrinter()
    assert "a end" in printer.slips()[0].text


def test_a_printer_that_does_not_confirm(connect: Connect) -> None:
    printer, driver = connect({"confirms": False})
    assert do(driver, numbered("a")) == SentToPrinter()
    printer.fail("paper_out_in_print")
    assert do(driver, numbered("old")) == NotPrinted(Fault.PAPER_OUT, begun=True)
    assert_unconfirmed_slip_is_clean(printer, driver)


def assert_unconfirmed_slip_is_clean(printer: TcpPrinter, driver: EscPosPrinter) -> None:
    printer.recover()
    assert do(driver, numbered("new")) == SentToPrinter()
    assert "old" not in printer.slips()[-1].text


@pytest.mark.parametrize(
    ("scenario", "fault"),
    [
        ("silent", Fault.NO_ANSWER),
        ("hang", Fault.NO_ANSWER),
        ("refuse", Fault.JOB_CUT_SHORT),
        ("drop", Fault.JOB_CUT_SHORT),
        ("power_cycle", Fault.JOB_CUT_SHORT),
    ],
)
def test_what_is_lost_sight_of_in_mid_print_is_unsure(connect: Connect, scenario: str, fault: Fault) -> None:
    printer, driver = connect(line_s=0.02)
    driver.status(Command(JOB_S))
    printer.fail(scenario, after_lines=3)
    assert do(driver, numbered("old")) == Unsure(fault)
    if scenario == "hang":  # nothing but its switch brings it back
        printer.power_cycle()
    assert_next_slip_is_clean(printer, driver, "old end")


@pytest.mark.parametrize("after", [1, 60, 200])
def test_a_job_of_which_only_a_part_arrives(pair: Pair, after: int) -> None:
    printer, driver = pair
    driver.status(Command(JOB_S))
    printer.drop_after = after + 12  # the four questions that are asked first
    assert do(driver, numbered("old")) == Unsure(Fault.JOB_CUT_SHORT)
    assert_next_slip_is_clean(printer, driver, "old end")


def test_unplugged_and_plugged_back(pair: Pair) -> None:
    printer, driver = pair
    assert do(driver, numbered("a")) == Printed()
    printer.fail("refuse")
    status = driver.status(Command(JOB_S))
    assert (status.state, status.fault) == (State.DISCONNECTED, Fault.DISCONNECTED)
    assert do(driver, numbered("old")) == NotPrinted(Fault.DISCONNECTED)
    assert_next_slip_is_clean(printer, driver, "old")


def test_a_printer_that_reads_nothing_cannot_hold_us(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    printer, driver = pair
    driver.status(Command(JOB_S))
    printer.fail("hang")
    monkeypatch.setattr(driver_module, "encode", lambda receipt, model: Job((b"x" * 20_000_000,), 100.0))
    started = time.monotonic()
    assert do(driver, numbered("old"), timeout_s=10.0) == Unsure(Fault.HUNG)
    assert time.monotonic() - started < 5.0  # it takes no byte more, so the deadline is not waited for


def test_what_is_still_on_its_way_to_a_full_printer_is_thrown_away(connect: Connect) -> None:
    """A job larger than the printer's buffer: the rest waits on the line, where no real-time request overtakes it."""
    printer, driver = connect(buffer_bytes=1024)
    driver.status(Command(JOB_S))
    printer.fail("paper_out_in_print")
    assert do(driver, numbered("old", 2000)) == Unsure(Fault.NO_ANSWER)
    assert_next_slip_is_clean(printer, driver, "old end")
    assert everything(printer).count("old ") < 200  # two buffers full, of 2,000


def test_paper_that_gets_low_in_mid_print(pair: Pair) -> None:
    printer, driver = pair
    printer.fail("paper_low_in_print")
    assert do(driver, numbered("a")) == Printed()
    assert driver.status(Command(JOB_S)).fault is Fault.PAPER_LOW


def test_a_slow_printer_is_not_a_hung_one(pair: Pair) -> None:
    printer, driver = pair
    driver.status(Command(JOB_S))
    printer.fail("slow")
    assert do(driver, numbered("a"), timeout_s=8.0) == Printed()


def test_no_print_outlasts_its_deadline(connect: Connect) -> None:
    printer, driver = connect(line_s=0.2)
    started = time.monotonic()
    assert do(driver, numbered("old"), timeout_s=1.0) == Unsure(Fault.HUNG)
    assert time.monotonic() - started < 1.0 + 1.0 + 0.5
    printer.line_s = 0.0
    assert_next_slip_is_clean(printer, driver, "old end")


def test_a_print_that_is_called_off_is_cleared(connect: Connect) -> None:
    printer, driver = connect(line_s=0.05)
    command = Command(JOB_S)
    printer_started = threading.Thread(
        target=lambda: (printer.wait_until(lambda: "old 1" in printer.hanging.text), command.cancel())
    )
    printer_started.start()
    with pytest.raises(CommandCancelled):
        driver.print(numbered("old"), command)
    printer_started.join()
    assert_next_slip_is_clean(printer, driver, "old end")


def test_closing_twice_is_allowed(pair: Pair) -> None:
    _, driver = pair
    driver.status(Command(JOB_S))
    driver.close()
    driver.close()
    assert do(driver, numbered("a")) == Printed()


@pytest.mark.parametrize("presenter", ["full_status", "paper_bit"])
def test_paper_is_watched_until_it_is_taken(connect: Connect, presenter: str) -> None:
    printer, driver = connect(presenter=presenter)
    assert driver.paper_taken(Command(JOB_S)) is True
    do(driver, numbered("a"))
    assert driver.paper_taken(Command(JOB_S)) is False
    assert driver.status(Command(JOB_S)).detail["presenter"] == "paper"
    printer.take_paper()
    assert driver.paper_taken(Command(JOB_S)) is True


def test_paper_left_behind_goes_to_the_bin(connect: Connect) -> None:
    printer, driver = connect(presenter="full_status")
    do(driver, numbered("a"))
    assert driver.retract(Command(JOB_S)) is True
    (slip,) = printer.slips()
    assert slip.retracted
    assert not slip.taken


def test_a_void_piece_is_not_offered_to_anyone(connect: Connect) -> None:
    printer, driver = connect(presenter="full_status")
    printer.fail("jam_in_print")
    do(driver, numbered("old"))
    printer.recover()
    driver.status(Command(JOB_S))
    assert printer.wait_until(lambda: bool(printer.slips()) and printer.slips()[0].retracted)


@pytest.mark.parametrize("settings", [{}, {"presenter": "paper_bit"}])
def test_no_sensor_no_claim(connect: Connect, settings: dict[str, Any]) -> None:
    _, driver = connect(**settings)
    assert driver.retract(Command(JOB_S)) is False
    if not settings:
        assert driver.paper_taken(Command(JOB_S)) is None


def test_a_lost_printer_makes_no_claim_about_its_mouth(connect: Connect) -> None:
    printer, driver = connect(presenter="full_status")
    printer.fail("refuse")
    assert driver.paper_taken(Command(JOB_S)) is None
    assert driver.retract(Command(JOB_S)) is False
