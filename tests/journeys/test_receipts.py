"""Receipts of operations that are done: sealed by the centre, or printed without the seal and plainly so."""

from pathlib import Path
from typing import Any

import pytest

from hardware.device import Fault, Kind
from hardware.receipt_printer.encoder import Model
from hardware.receipt_printer.interface import NotPrinted, Printed, Unsure
from hardware.receipt_printer.receipt import QrCode, Receipt
from kiosk.contract.problems import Problem
from kiosk.contract.wire import ProblemDetail
from kiosk.flows import receipts
from kiosk.flows.certificates import AGAIN
from kiosk.line import Cause, Refused, Unreachable
from kiosk.messages import msg, text
from kiosk.prompts import Choose, Outcome, OutcomeKind, Prompt
from tests.journeys.held_devices import HeldDriver
from tests.journeys.lobby import SILENCE, Lobby, ScriptedCitizen
from tests.journeys.scripts import Straight
from tests.journeys.table_centre import OPERATION, document
from tests.journeys.test_journeys import journalled, visit
from tests.journeys.virtual_time import run_virtually
from tests.kiosk.documents.reading import printed, squeezed

SEALED = document("repayment-receipt")
MONEY = ("early_repayment", "closure")


class Roll(HeldDriver):
    """A receipt printer that keeps what it is given."""

    def __init__(self, *outcomes: Any) -> None:
        self.given: list[Receipt] = []
        self.outcomes = list(outcomes) or [Printed()]
        super().__init__({"paper_taken": [True], "retract": [True]})

    def print(self, receipt: Receipt, command: Any) -> Any:
        self.given.append(receipt)
        return self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]


def serve(folder: Path, service: str, *outcomes: Any, instead: Any = None) -> tuple[Lobby, list[Receipt]]:
    """A citizen goes the straight way and tries again when nothing comes out; what the printer was given."""
    lobby, roll = Lobby(folder), Roll(*outcomes)
    lobby.devices[Kind.RECEIPT_PRINTER].driver = roll
    if instead is not None:
        lobby.centre.instead["POST /v1/documents"] = instead
    straight = Straight(service)

    def script(prompt: Prompt[Any]) -> Any:
        if isinstance(prompt, Outcome) and prompt.kind is OutcomeKind.TROUBLE:
            return "again"
        return straight(prompt)

    run_virtually(lobby.serve(ScriptedCitizen(script))).assert_wiped()
    return lobby, roll.given


def said(receipt: Receipt) -> str:
    """What a strict printer brings to paper."""
    return squeezed(printed(receipt, Model()).text)


def codes(receipt: Receipt) -> list[str]:
    return [block.data for block in receipt.blocks if isinstance(block, QrCode)]


def unsealed(receipt: Receipt) -> bool:
    return squeezed(text(msg("paper.unsealed"), "zh")) in said(receipt)


@pytest.mark.parametrize("service", [*MONEY, "lookup"])
def test_a_receipt_bears_the_centres_number_and_code(service: str, tmp_path: Path) -> None:
    lobby, (receipt,) = serve(tmp_path, service)
    assert codes(receipt) == [SEALED["verify_url"]]
    assert SEALED["number"] in said(receipt)
    assert not unsealed(receipt)
    assert lobby.centre.asked["POST /v1/documents"] == 1


def silent() -> Exception:
    return Unreachable(Cause.TIMEOUT, sent=True)


def turned_away() -> Exception:
    problem = Problem.DOCUMENT_UNAVAILABLE
    return Refused(problem, ProblemDetail(type=f"/problems/{problem}", title="", status=409))


@pytest.mark.parametrize("trouble", [silent, turned_away])
@pytest.mark.parametrize("service", MONEY)
def test_without_a_seal_the_receipt_comes_out_and_says_so(service: str, trouble: Any, tmp_path: Path) -> None:
    _, (receipt,) = serve(tmp_path, service, instead=trouble)
    assert codes(receipt) == []
    assert unsealed(receipt)
    number = OPERATION["number"]
    assert squeezed(f"{number[:4]} {number[4:8]} {number[8:]}") in said(receipt)
    assert "operation-closed" in [name for name, _ in journalled(tmp_path)]


def test_nobody_waits_long_for_a_seal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "SEAL_S", 0.0)
    _, (receipt,) = serve(tmp_path, "early_repayment")
    assert unsealed(receipt)


@pytest.mark.parametrize("state", ["pending", "refused"])
def test_what_is_not_done_is_never_sealed(state: str, tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    roll = Roll()
    lobby.devices[Kind.RECEIPT_PRINTER].driver = roll
    lobby.centre.instead["GET /v1/operations"] = {
        **OPERATION,
        "operation_id": SEALED["operation_id"],
        "state": state,
    }
    run_virtually(lobby.serve(ScriptedCitizen(Straight("lookup"))))
    (receipt,) = roll.given
    assert lobby.centre.asked["POST /v1/documents"] == 0
    assert codes(receipt) == []
    assert not unsealed(receipt), "there is nothing to seal"


@pytest.mark.parametrize(
    ("came", "marked"), [(NotPrinted(Fault.PAPER_OUT), False), (Unsure(Fault.NO_ANSWER), True)]
)
def test_a_second_try_bears_the_same_code_and_is_marked_when_a_first_may_exist(
    came: Any, marked: bool, tmp_path: Path
) -> None:
    lobby, (first, second) = serve(tmp_path, "early_repayment", came, Printed())
    assert codes(first) == codes(second) == [SEALED["verify_url"]]
    assert "补打" not in said(first)
    assert ("补打第1次" in said(second)) is marked
    assert lobby.centre.asked["POST /v1/documents"] == 1


def test_a_receipt_is_among_the_papers_to_be_had_again(tmp_path: Path) -> None:
    """Under its number, marked, and journalled as a second copy."""
    lobby, roll = Lobby(tmp_path), Roll()
    lobby.devices[Kind.RECEIPT_PRINTER].driver = roll
    listed = {key: SEALED[key] for key in ("operation_id", "number", "kind", "language", "issued_at")}
    lobby.centre.instead["GET /v1/documents"] = {"documents": [{**listed, "copies": 1}]}
    lobby.centre.instead["GET /v1/documents/{id}"] = SEALED
    straight = Straight("certificates")

    def script(prompt: Prompt[Any]) -> Any:
        if isinstance(prompt, Choose) and any(option.value == AGAIN for option in prompt.options):
            return AGAIN
        return straight(prompt)

    run_virtually(lobby.serve(ScriptedCitizen(script))).assert_wiped()
    (receipt,) = roll.given
    assert codes(receipt) == [SEALED["verify_url"]]
    assert "补打第1次" in said(receipt)
    copies = [fields["copy"] for name, fields in journalled(tmp_path) if name == "print-started"]
    assert copies == [2]


def test_a_paper_that_is_not_wanted_is_not_offered_again(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)

    def offered(answer: str) -> int:
        """A visit that ends by itself where a result is told; how often an earlier paper was offered in it."""
        straight = Straight("early_repayment")

        def script(prompt: Prompt[Any]) -> Any:
            if isinstance(prompt, Outcome) and "print" in [action.key for action in prompt.actions]:
                return answer if prompt.title.key == "unfinished.title" else SILENCE
            return straight(prompt)

        after = visit(tmp_path, script, lobby)
        return sum(getattr(p, "title", None) == msg("unfinished.title") for p in after.citizen.shown)

    assert offered("done") == 0
    begun = next(
        str(fields["operation"]) for name, fields in journalled(tmp_path) if name == "operation-intent"
    )
    lobby.centre.open_operations = [{"operation_id": begun, "kind": "repayment", "state": "confirmed",
                                      "submitted_at": "2026-11-22T01:00:00Z"}]  # fmt: skip
    assert offered("done") == 1, "control: it is owed"
    assert offered("done") == 0
