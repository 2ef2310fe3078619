"""The supervisor: who gets in, what each role may do, and that everything is written down."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hardware.device import Kind
from hardware.receipt_printer.interface import Printed
from kiosk.contract.problems import Problem
from kiosk.contract.wire import ProblemDetail
from kiosk.events import catalogue
from kiosk.flows.supervisor.console import STAFF_IDLE_S
from kiosk.journal import Journal
from kiosk.journal.chain import ChainBroken
from kiosk.journal.export import verify_export
from kiosk.line import Cause, Refused, Unreachable
from kiosk.messages import texts
from kiosk.prompts import Choose, Facts, Gesture, Outcome, OutcomeKind, Table
from kiosk.settings import load
from kiosk.staff import Role
from kiosk.supervisor import PAGES, Supervisor
from tests.journeys.lobby import SILENCE
from tests.journeys.virtual_time import run_virtually
from tests.kiosk.hall import Hall
from tests.kiosk.test_staff import ENGINEER, OPERATOR, PIN, cheap_hashes

__all__ = ["cheap_hashes"]


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path)


def test_a_wrong_pin_shows_no_page_and_is_journalled(hall: Hall) -> None:
    hall.visit(OPERATOR, "000000")
    assert not any(isinstance(prompt, Choose) for prompt in hall.shown)
    assert hall.named("security") == [{"matter": "staff-sign-in-wrong"}]
    assert not hall.named("supervisor-begin")


def test_begin_and_end_are_journalled_with_who_it_was(hall: Hall) -> None:
    hall.visit(ENGINEER, PIN)
    assert hall.named("supervisor-begin") == [{"role": "engineer", "staff": ENGINEER}]
    assert hall.named("supervisor-end") == [{"disposition": "finished"}]


def test_staff_who_walk_away_are_signed_out(hall: Hall) -> None:
    hall.visit(OPERATOR, PIN, SILENCE)
    assert hall.named("supervisor-end") == [{"disposition": "timed-out"}]


def test_a_sign_in_that_nobody_goes_on_with_gives_the_kiosk_back_soon(hall: Hall) -> None:
    timeouts = hall.settings.timeouts
    hall.visit(SILENCE)
    assert hall.took_s == pytest.approx(timeouts.idle_s + timeouts.idle_warning_s, abs=1.0)
    hall.visit(OPERATOR, PIN, SILENCE)
    assert hall.took_s == pytest.approx(STAFF_IDLE_S + timeouts.idle_warning_s, abs=1.0)


def test_an_operator_cannot_choose_what_is_an_engineers(hall: Hall) -> None:
    hall.visit(OPERATOR, PIN)
    menu = next(prompt for prompt in hall.shown if isinstance(prompt, Choose))
    off = {option.value.key for option in menu.options if not option.enabled}
    assert off == {page.key for page in PAGES if page.engineer_only} == {"settings", "shutdown"}


def test_out_of_service_lasts_over_a_restart(hall: Hall) -> None:
    hall.visit(OPERATOR, PIN, "service", "cleaning", "done")
    assert hall.stopped[-1].key == "out-of-service.cleaning"
    hall.visit(OPERATOR, PIN, "service", "in", "done")
    restored = hall.named("out-of-service-begin")
    assert restored == [{"reason": "cleaning"}] * 2, (
        "the second start must say again why it is out of service"
    )
    assert hall.stopped[-1] is None
    assert {"out-of-service", "in-service"} <= set(hall.actions())


def test_the_journals_page_shows_neither_amount_nor_receipt(hall: Hall) -> None:
    events = Journal(hall.folder / "journal.db")
    told = {"operation": UUID(int=7), "disposition": "confirmed", "amount": 272888}
    events.event("operation-adopted", operation=told["operation"])
    events.event("operation-settled", **told, receipt="202611230000000042")
    events.close()
    hall.visit(OPERATOR, PIN, "journal", Gesture.BACK)
    page = str(next(prompt for prompt in hall.shown if isinstance(prompt, Table)))
    assert "disposition=confirmed" in page
    assert "272888" not in page
    assert "20261123" not in page


def test_the_export_is_signed_and_a_change_is_found(hall: Hall) -> None:
    hall.visit(ENGINEER, PIN, "journal", "export", "done", Gesture.BACK)
    (file,) = (hall.folder / "exports").iterdir()
    count, head = verify_export(file, hall.key.public_key())
    assert count == head.sequence > 0
    whole = file.read_bytes()
    for changed in (whole.replace(b"engineer", b"operator"), b"\n".join(whole.splitlines()[1:])):
        file.write_bytes(changed)
        with pytest.raises(ChainBroken):
            verify_export(file, hall.key.public_key())
    file.write_bytes(whole)
    with pytest.raises(ChainBroken):
        verify_export(file, Ed25519PrivateKey.generate().public_key())


def test_the_readiness_report_comes_on_paper(hall: Hall) -> None:
    printed: list[Any] = []
    driver = hall.devices[Kind.RECEIPT_PRINTER].driver
    object.__setattr__(driver, "print", lambda receipt, command: printed.append(receipt) or Printed())
    hall.visit(OPERATOR, PIN, "readiness", "print", "done")
    assert texts("zh")["supervisor.readiness"] in str(printed[0])


def test_the_readiness_report_of_a_kiosk_without_disk_and_printer(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    del hall.devices[Kind.RECEIPT_PRINTER]

    def gone(folder: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("shutil.disk_usage", gone)
    hall.visit(OPERATOR, PIN, "readiness", Gesture.BACK)
    report = next(prompt for prompt in hall.shown if isinstance(prompt, Facts))
    assert not report.actions[0].enabled
    (disk,) = (row for row in report.rows if row.label.key == "supervisor.disk-left")
    assert "supervisor.not-known" in str(disk.value)
    assert not hall.named("program-error")


def test_the_settings_have_no_secret(hall: Hall) -> None:
    tables = {"speaker": {"driver": "espeak", "api_key": "hush", "url": "http://u:pw@x/"}}
    hall.settings = load(overrides={"kiosk": {"data": str(hall.folder)}, "devices": tables})
    hall.visit(ENGINEER, PIN, "settings")
    shown = repr(next(prompt for prompt in hall.shown if isinstance(prompt, Facts)))
    assert "espeak" in shown
    assert "hush" not in shown
    assert "pw@" not in shown


def test_restart_asks_first_and_then_ends(hall: Hall) -> None:
    hall.visit(OPERATOR, PIN, "restart", "no")
    assert hall.endings == []
    hall.visit(OPERATOR, PIN, "restart", "yes")
    assert hall.endings == ["restart"]
    assert "restart" in hall.actions()


@pytest.mark.parametrize("ending", ["restart", "shutdown"])
def test_with_a_broken_journal_staff_still_see_what_there_is_and_can_end_it(hall: Hall, ending: str) -> None:
    hall.disk_fails = True
    pages = ["devices", Kind.ID_CARD, Gesture.BACK, Gesture.BACK, "readiness", Gesture.BACK]
    pages += ["outcomes", "done", "journal", "done", "network", "done", ending, "yes"]
    hall.visit(ENGINEER, PIN, *pages)
    assert hall.endings == [ending]
    report = next(p for p in hall.shown if isinstance(p, Facts) and p.title.key == "supervisor.readiness")
    assert "supervisor.broken" in str(report)
    assert "supervisor.not-known" in str(report), (
        "of outcomes nothing can be known, least of all that there are none"
    )
    told = [p.title.key for p in hall.shown if isinstance(p, Outcome)]
    assert told.count("out-of-service.journal") == 2, "outcomes and journal cannot be read, and say so"


def test_the_network_check_names_the_cause(hall: Hall) -> None:
    hall.centre.instead["POST /v1/kiosks/current/heartbeat"] = lambda: Unreachable(Cause.TIMEOUT, sent=True)
    hall.visit(OPERATOR, PIN, "network", "done")
    outcome = next(prompt for prompt in hall.shown if isinstance(prompt, Outcome))
    assert outcome.kind is OutcomeKind.TROUBLE
    assert "timeout" in repr(outcome.rows)
    assert "network-check" in hall.actions()


@pytest.mark.parametrize("problem", [Problem.SIGNATURE_EXPIRED, Problem.KIOSK_UNKNOWN, Problem.RATE_LIMITED])
def test_the_network_check_says_what_a_refusal_asks_of_staff(hall: Hall, problem: Problem) -> None:
    detail = ProblemDetail(type=f"/problems/{problem}", title="no", status=401)
    hall.centre.instead["POST /v1/kiosks/current/heartbeat"] = lambda: Refused(problem, detail)
    hall.visit(OPERATOR, PIN, "network", "done")
    outcome = next(prompt for prompt in hall.shown if isinstance(prompt, Outcome))
    told = next(row.value.key for row in outcome.rows if row.label.key == "supervisor.cause")
    own = f"supervisor.cause.{problem.value}"
    assert told == (own if problem is not Problem.RATE_LIMITED else "supervisor.cause.refused")


def test_every_cause_has_its_words() -> None:
    for language in ("zh", "en"):
        assert {f"supervisor.cause.{cause.value}" for cause in Cause} <= set(texts(language))


def _laid(hall: Hall) -> tuple[bool, int]:
    """Whether the card on the reader calls the supervisor within ten seconds, and how often it was read."""
    reads: list[int] = []
    reader = hall.devices[Kind.ID_CARD]
    card = reader.driver.answers["read"][0]
    object.__setattr__(reader.driver, "read", lambda command: reads.append(1) or card)
    reader.driver.answers["present"] = [True]
    shop = SimpleNamespace(devices=hall.devices, staff=hall.staff)

    async def wait() -> bool:
        try:
            async with asyncio.timeout(10):
                await Supervisor(shop).card_laid()  # type: ignore[arg-type]
        except TimeoutError:
            return False
        return True

    return run_virtually(wait()), len(reads)


def test_a_staff_card_calls_the_supervisor(hall: Hall) -> None:
    assert _laid(hall) == (True, 1)


def test_a_strangers_card_is_read_once_and_calls_nobody(hall: Hall) -> None:
    hall.staff.add(ENGINEER, Role.ENGINEER, PIN, "110101199001011237")
    assert _laid(hall) == (False, 1)


def test_without_staff_cards_no_card_is_read(hall: Hall) -> None:
    hall.staff.add(ENGINEER, Role.ENGINEER, PIN)
    assert _laid(hall) == (False, 0)


def test_every_event_of_the_catalogue_has_its_words() -> None:
    for language in ("zh", "en"):
        assert {f"event.{kind.name}" for kind in catalogue().values()} <= set(texts(language))
        assert {f"device.{kind.value}" for kind in Kind} <= set(texts(language))


def test_five_touches_on_the_corner_and_no_other(tmp_path: Path) -> None:
    from kiosk.stage import Preferences
    from screens.secret import Secret
    from screens.theme import Look, Panel

    look = Look.of(Panel(1080, 1920, 268.0, 476.0), Preferences())
    secret = Secret()
    assert [secret.touched(look, 20, 20, at) for at in (0, 1, 2, 3, 4)] == [False] * 4 + [True]
    assert not any(secret.touched(look, 20, 20, at) for at in (10, 12, 14, 16, 18, 20))
    assert not any(
        secret.touched(look, x, 20, 30 + n / 10) for n, x in enumerate((20, 20, 20, 20, 500, 20, 20, 20, 20))
    )
