"""The pages of the devices: tests, counters, new paper, and what a device says of itself."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hardware.device import Fault, Kind, State, Status
from hardware.receipt_printer.interface import NotPrinted, Printed, SentToPrinter
from hardware.receipt_printer.status import Answers, decode
from kiosk.flows.supervisor.console import STAFF_IDLE_S
from kiosk.health import HealthBoard
from kiosk.messages import Message
from kiosk.prompts import Choose, Facts, Gesture, Outcome, OutcomeKind
from tests.journeys.held_devices import HeldDevice, HeldDriver
from tests.kiosk.hall import Hall
from tests.kiosk.test_staff import OPERATOR, PIN, cheap_hashes

__all__ = ["cheap_hashes"]


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path)


def test_a_test_print_and_new_paper(hall: Hall) -> None:
    hall.visit(OPERATOR, PIN, "devices", Kind.RECEIPT_PRINTER, "test", "done", Gesture.BACK, Gesture.BACK)
    outcome = next(prompt for prompt in hall.shown if isinstance(prompt, Outcome))
    assert outcome.kind is OutcomeKind.DONE
    assert hall.named("supervisor-action") == [{"action": "self-test", "device": "receipt_printer"}]


def test_a_test_sheet_on_a4(hall: Hall) -> None:
    driver = HeldDriver({"print": [Printed(), NotPrinted(Fault.TONER_OUT)]})
    hall.devices[Kind.A4_PRINTER] = HeldDevice(Kind.A4_PRINTER, driver)
    hall.visit(OPERATOR, PIN, "devices", Kind.A4_PRINTER, "test", "done", "test", "done")
    passed, failed = (prompt for prompt in hall.shown if isinstance(prompt, Outcome))
    assert passed.kind is OutcomeKind.DONE
    assert (failed.kind, failed.number) == (OutcomeKind.TROUBLE, "514")
    assert hall.actions() == ["self-test", "self-test"]


def test_the_page_of_a_device_counts_from_new_paper(hall: Hall) -> None:
    hall.visit(OPERATOR, PIN, "devices", Kind.RECEIPT_PRINTER, "paper", Gesture.BACK, Gesture.BACK)
    pages = [prompt for prompt in hall.shown if isinstance(prompt, Facts)]
    assert len(pages) == 2
    for page in pages:
        ((heading, rows),) = page.more
        assert heading.key == "supervisor.counters"
        assert [row.label.key for row in rows if isinstance(row.label, Message)][:4] == [
            "supervisor.counted-since", "supervisor.papers", "supervisor.papers-failed", "supervisor.slips",
        ]  # fmt: skip
    since = [page.more[0][1][0].value for page in pages]
    assert since[1].at > since[0].at, "from the moment the paper was replaced"


@pytest.mark.parametrize(
    "answers", [Answers(), Answers(0x12, 0x12, 0x12, 0x12), Answers(0xFF, 0xFF, 0xFF, 0xFF)]
)
def test_what_a_printer_says_of_itself_is_in_the_language_of_staff(hall: Hall, answers: Answers) -> None:
    status = decode(answers)
    named = replace(status, detail={**status.detail, "model": "X-1"})
    object.__setattr__(hall.devices[Kind.RECEIPT_PRINTER], "status", named)
    hall.visit(OPERATOR, PIN, "devices", Kind.RECEIPT_PRINTER, Gesture.BACK, Gesture.BACK)
    page = next(prompt for prompt in hall.shown if isinstance(prompt, Facts))
    said = [(row.label.key, row.value.key) for row in page.rows if isinstance(row.value, Message)]
    words = {(label, value) for label, value in said if label.startswith("detail.")}
    assert len(words) == len(named.detail)
    assert {label for label, value in words if value == "text"} == {"detail.model"}, "a name stands as it is"


def test_a_test_that_fails_says_what_to_do(hall: Hall) -> None:
    hall.devices[Kind.RECEIPT_PRINTER].driver.answers["print"] = [NotPrinted(Fault.CUTTER), Printed()]
    hall.visit(OPERATOR, PIN, "devices", Kind.RECEIPT_PRINTER, "test", "done")
    outcome = next(prompt for prompt in hall.shown if isinstance(prompt, Outcome))
    assert (outcome.kind, outcome.number) == (OutcomeKind.TROUBLE, "409")
    assert outcome.explain[0].key == "fault.receipt_printer.cutter_error.staff"


def test_a_paper_that_only_eyes_can_judge_is_not_said_to_have_passed(hall: Hall) -> None:
    hall.devices[Kind.RECEIPT_PRINTER].driver.answers["print"] = [SentToPrinter()]
    report = [Gesture.BACK, Gesture.BACK, "readiness", "print", "done"]
    hall.visit(OPERATOR, PIN, "devices", Kind.RECEIPT_PRINTER, "test", "done", *report)
    told = [(p.title.key, p.explain[0].key) for p in hall.shown if isinstance(p, Outcome)]
    assert told == [("paper.sent", "supervisor.look-at-paper")] * 2


def test_the_pages_of_devices_follow_them(hall: Hall) -> None:
    printer, out = hall.devices[Kind.RECEIPT_PRINTER], Status(State.OUT_OF_SERVICE, Fault.PAPER_OUT)

    def say(status: Status) -> Callable[[HealthBoard], None]:
        def change(board: HealthBoard) -> None:
            printer.status = status
            board.report_device(Kind.RECEIPT_PRINTER, status)

        return change

    ready = Status(State.READY)
    hall.visit(OPERATOR, PIN, "devices", say(out), Kind.RECEIPT_PRINTER, say(ready), say(out), Gesture.BACK)
    listed = [p for p in hall.shown if isinstance(p, Choose) and p.title.key == "supervisor.devices"]
    assert ["state-with-fault" in str(page) for page in listed[:2]] == [False, True]
    assert ["fault-number" in str(page) for page in hall.shown if isinstance(page, Facts)] == [
        True,
        False,
        True,
    ]


def test_a_device_that_changes_is_no_sign_of_life_of_staff(hall: Hall) -> None:
    async def flap(board: HealthBoard) -> None:
        for number in range(60):
            board.report_device(Kind.SCANNER, Status(State.READY, detail={"deaths": str(number)}))
            await asyncio.sleep(60)

    flapping: list[asyncio.Task[None]] = []
    begin = lambda board: flapping.append(asyncio.ensure_future(flap(board)))  # noqa: E731
    hall.visit(OPERATOR, PIN, "devices", begin)
    assert hall.took_s == pytest.approx(STAFF_IDLE_S + hall.settings.timeouts.idle_warning_s, abs=1.0)
    assert hall.named("supervisor-end") == [{"disposition": "timed-out"}]


def test_a_card_that_is_read_as_a_test_is_not_shown(hall: Hall) -> None:
    hall.visit(OPERATOR, PIN, "devices", Kind.ID_CARD, "test", "done")
    assert any(isinstance(prompt, Outcome) for prompt in hall.shown)
    assert "210202196409201319" not in repr(hall.shown)
