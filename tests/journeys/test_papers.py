"""Certificates and statements as citizens ask for them: with an A4 printer and without, again, and when it fails."""

from pathlib import Path
from typing import Any

import pytest

from hardware.device import Fault, Kind, State, Status
from hardware.receipt_printer.interface import NotPrinted, Printed, SentToPrinter, Unsure
from kiosk.documents.a4.press import Sheets
from kiosk.flows.issuing import SLIP_MAX_ENTRIES
from kiosk.messages import text
from kiosk.prompts import Choose, Gesture, Outcome, OutcomeKind, Preview, Prompt
from tests.journeys.held_devices import HeldDevice, HeldDriver
from tests.journeys.lobby import SILENCE, Afterwards, Lobby, ScriptedCitizen
from tests.journeys.scripts import Straight
from tests.journeys.table_centre import ENTRIES, LOAN, document
from tests.journeys.test_journeys import journalled
from tests.journeys.virtual_time import run_virtually
from tests.kiosk.documents.reading import pdf_text, squeezed


class Tray(HeldDriver):
    """An A4 printer that keeps what it is given."""

    def __init__(self, *outcomes: Any) -> None:
        self.given: list[bytes] = []
        self.outcomes = list(outcomes) or [Printed()]
        super().__init__({})

    def print(self, pdf: bytes, command: Any) -> Any:
        self.given.append(pdf)
        return self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]


def lobby_with_a4(folder: Path, *outcomes: Any, status: Status | None = None) -> tuple[Lobby, Tray]:
    lobby, tray = Lobby(folder), Tray(*outcomes)
    lobby.devices[Kind.A4_PRINTER] = HeldDevice(Kind.A4_PRINTER, tray, status or Status(State.READY))
    return lobby, tray


def ask_for(kind: str, *after: Any) -> Any:
    """A citizen who wants this paper; `after` are the answers to previews, the last one stays."""
    straight = Straight("certificates")
    previews = list(after) or ["print"]

    def answer(prompt: Prompt[Any]) -> Any:
        match prompt:
            case Choose(options=options) if any(option.value == kind for option in options):
                chosen = next(option for option in options if option.value == kind)
                return kind if chosen.enabled else Gesture.FINISH
            case Preview():
                return previews.pop(0) if len(previews) > 1 else previews[0]
            case _:
                return straight(prompt)

    return answer


def serve(lobby: Lobby, script: Any) -> Afterwards:
    after: Afterwards = run_virtually(lobby.serve(ScriptedCitizen(script)))
    after.assert_wiped()
    return after


def choice(after: Afterwards) -> dict[str, Any]:
    """The options of the first choice of a paper, by value."""
    shown = next(
        prompt
        for prompt in after.citizen.shown
        if isinstance(prompt, Choose) and prompt.title.key == "certificates.title"
    )
    return {option.value: option for option in shown.options}


def test_a_certificate_comes_out_on_a4_with_what_the_centre_said(tmp_path: Path) -> None:
    lobby, tray = lobby_with_a4(tmp_path)
    after = serve(lobby, ask_for("loan-use-certificate"))
    (pdf,) = tray.given
    said = squeezed(pdf_text(pdf))
    assert document("loan-use-certificate")["number"] in said
    assert "测试甲乙" in said
    assert "补打" not in said
    preview = next(prompt for prompt in after.citizen.shown if isinstance(prompt, Preview))
    assert preview.pages[0].startswith(b"\x89PNG")
    assert lobby.centre.asked["POST /v1/operations/{id}/papers"] == 1
    copies = [fields["copy"] for name, fields in journalled(tmp_path) if name == "print-started"]
    assert copies == [1]
    assert "operation-closed" in [name for name, _ in journalled(tmp_path)]


def test_without_a4_what_a_bank_wants_is_grey_with_the_reason_and_the_rest_is_a_slip(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    after = serve(lobby, ask_for("deposit-certificate"))
    options = choice(after)
    assert options["loan-use-certificate"].reason.key == "certificates.no-a4"
    assert options["repayment-schedule"].reason.key == "certificates.no-a4"
    assert options["deposit-certificate"].enabled
    assert options["interest-statement"].enabled
    outcome = next(prompt for prompt in after.citizen.shown if isinstance(prompt, Outcome))
    assert outcome.number == document("deposit-certificate")["number"]


@pytest.mark.parametrize("fault", [Fault.PAPER_OUT, Fault.SPOOLER_DOWN, Fault.TONER_OUT])
def test_a_broken_a4_printer_gives_its_own_reason(fault: Fault, tmp_path: Path) -> None:
    lobby, tray = lobby_with_a4(tmp_path, status=Status(State.OUT_OF_SERVICE, fault))
    after = serve(lobby, ask_for("settled-certificate"))
    assert choice(after)["settled-certificate"].reason.key == f"fault.a4_printer.{fault.value}"
    assert tray.given == []


def test_a_paper_for_a_loan_needs_such_a_loan(tmp_path: Path) -> None:
    lobby, _ = lobby_with_a4(tmp_path)
    options = choice(serve(lobby, ask_for("settled-certificate")))
    assert options["settled-certificate"].reason.key == "certificates.none.settled-loan"
    assert options["repayment-schedule"].enabled


def test_the_one_settled_loan_needs_no_choice(tmp_path: Path) -> None:
    lobby, tray = lobby_with_a4(tmp_path)
    lobby.centre.instead["GET /v1/loans"] = {
        "loans": [{**LOAN, "state": "settled", "balance": "0.00"}, {**LOAN, "contract": "DK2024000124"}]
    }
    serve(lobby, ask_for("settled-certificate"))
    assert len(tray.given) == 1


def test_another_language_is_another_paper_and_only_the_chosen_one_is_printed(tmp_path: Path) -> None:
    lobby, tray = lobby_with_a4(tmp_path)
    serve(lobby, ask_for("loan-use-certificate", "both", "en", "print"))
    assert lobby.centre.asked["POST /v1/documents"] == 3
    (pdf,) = tray.given
    assert "Certificate of deposit and loan use" in pdf_text(pdf)


def test_back_from_the_preview_asks_again_and_issues_anew(tmp_path: Path) -> None:
    lobby, tray = lobby_with_a4(tmp_path)
    serve(lobby, ask_for("loan-use-certificate", "both", Gesture.BACK, "print"))
    assert len(tray.given) == 1


def test_a_failed_sheet_is_offered_again_under_the_same_copy_when_nothing_came_out(tmp_path: Path) -> None:
    lobby, tray = lobby_with_a4(tmp_path, NotPrinted(Fault.PAPER_OUT), Printed())
    script = ask_for("loan-use-certificate")
    after = serve(lobby, _again(script))
    trouble = next(p for p in after.citizen.shown if isinstance(p, Outcome) and p.kind is OutcomeKind.TROUBLE)
    assert trouble.explain[0].key == "fault.a4_printer.paper_out"
    assert len(tray.given) == 2
    assert "补打" not in squeezed(pdf_text(tray.given[1])), "nothing had come out: it is the first copy"


def test_the_citizen_is_told_how_many_sheets_are_out_when_the_paper_ends_midway(tmp_path: Path) -> None:
    came = NotPrinted(Fault.PAPER_OUT, begun=True, sheets=2)
    lobby, tray = lobby_with_a4(tmp_path, came, Printed())
    after = serve(lobby, _again(ask_for("repayment-schedule")))
    trouble = next(p for p in after.citizen.shown if isinstance(p, Outcome) and p.kind is OutcomeKind.TROUBLE)
    assert [text(part, "en") for part in trouble.explain if part.key == "paper.sheets-out"] == [
        "Sheets already out: 2. Please take them: they are not the whole paper. Printing again prints all of it."
    ]
    assert "补打第1次" in squeezed(pdf_text(tray.given[1]))


@pytest.mark.parametrize("came", [Unsure(Fault.NO_ANSWER), NotPrinted(Fault.JAM, begun=True)])
def test_a_second_sheet_after_one_that_may_exist_is_marked(came: Any, tmp_path: Path) -> None:
    lobby, tray = lobby_with_a4(tmp_path, came, Printed())
    serve(lobby, _again(ask_for("loan-use-certificate")))
    first, second = (squeezed(pdf_text(pdf)) for pdf in tray.given)
    assert "补打" not in first
    assert "补打第1次" in second
    assert document("loan-use-certificate")["number"] in second


def _again(script: Any) -> Any:
    def answer(prompt: Prompt[Any]) -> Any:
        if isinstance(prompt, Outcome) and prompt.kind is OutcomeKind.TROUBLE:
            return "again"
        return script(prompt)

    return answer


def test_an_earlier_paper_is_printed_again_under_its_number_and_marked(tmp_path: Path) -> None:
    lobby, tray = lobby_with_a4(tmp_path, SentToPrinter())
    serve(lobby, ask_for("again"))
    (pdf,) = tray.given
    said = squeezed(pdf_text(pdf))
    assert "补打第1次" in said
    assert document("statement")["number"] in said
    assert lobby.centre.asked["POST /v1/documents"] == 0


def test_a_statement_that_is_too_long_for_a_slip_is_asked_for_anew(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    lobby.centre.instead["GET /v1/account/entries"] = {**ENTRIES, "count": SLIP_MAX_ENTRIES + 1}
    straight = Straight("statement")
    told = 0

    def script(prompt: Prompt[Any]) -> Any:
        nonlocal told
        if isinstance(prompt, Outcome) and prompt.title.key == "statement.too-long":
            told += 1
            if told == 2:
                return Gesture.FINISH
        return straight(prompt)

    after = serve(lobby, script)
    assert told == 2
    assert not any(isinstance(prompt, Preview) for prompt in after.citizen.shown)
    lobby, tray = lobby_with_a4(tmp_path / "a4")
    lobby.centre.instead["GET /v1/account/entries"] = {**ENTRIES, "count": SLIP_MAX_ENTRIES + 1}
    serve(lobby, Straight("statement"))
    assert len(tray.given) == 1, "a sheet takes as many as there are"


def test_a_paper_that_contradicts_itself_is_not_printed(tmp_path: Path) -> None:
    lobby, tray = lobby_with_a4(tmp_path)
    lobby.centre.instead["POST /v1/documents"] = {**document("statement"), "closing": "1.00"}
    after = serve(lobby, ask_for("loan-use-certificate"))
    assert tray.given == []
    outcome = next(prompt for prompt in after.citizen.shown if isinstance(prompt, Outcome))
    assert outcome.number == "999"


def test_silence_at_the_preview_ends_the_visit_with_nothing_printed(tmp_path: Path) -> None:
    lobby, tray = lobby_with_a4(tmp_path)
    after = serve(lobby, ask_for("loan-use-certificate", SILENCE))
    assert after.disposition == "timed-out"
    assert tray.given == []
    assert not any(isinstance(prompt, Sheets) for prompt in after.citizen.shown)
    assert after.citizen.names()[-2:] == ["Preview", "Working"]
