"""What a citizen leaves behind: paper is called for and pulled back, a card is called out."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from hardware.device import Kind
from kiosk.prompts import Outcome, Prompt
from tests.journeys.lobby import Afterwards, Lobby
from tests.journeys.scripts import Straight
from tests.journeys.test_journeys import journalled, visit


def leave_paper(folder: Path, *, retracts: bool) -> tuple[Afterwards, list[float]]:
    """A citizen who leaves the paper in the printer's mouth; when they were told to take it, in seconds."""
    lobby = Lobby(folder)
    printer = lobby.devices[Kind.RECEIPT_PRINTER].driver
    printer.answers["paper_taken"] = [False]
    printer.answers["retract"] = [retracts]
    told: list[float] = []
    straight = Straight("statement")

    def script(prompt: Prompt[Any]) -> Any:
        if getattr(prompt, "hand", "") == "take_paper":
            told.append(asyncio.get_running_loop().time())
        return straight(prompt)

    return visit(folder, script, lobby), told


@pytest.mark.parametrize(("retracts", "into"), [(True, "bin"), (False, "nowhere")])
def test_paper_left_behind_is_called_for_and_pulled_back(retracts: bool, into: str, tmp_path: Path) -> None:
    after, (first, second) = leave_paper(tmp_path, retracts=retracts)
    after.assert_wiped()
    assert 30 <= second - first < 31, "called for after half a minute"
    called = [prompt for prompt in after.citizen.shown if getattr(prompt, "hand", "") == "take_paper"]
    assert [prompt.note is not None for prompt in called] == [False, True]  # type: ignore[attr-defined]
    said = [
        (name, fields) for name, fields in after.lobby.events if name in ("left-behind", "paper-retracted")
    ]
    assert said == [("left-behind", {"what": "paper"})] * 2 + [("paper-retracted", {"into": into})]
    ends = [prompt.title.key for prompt in after.citizen.shown if isinstance(prompt, Outcome)]
    assert ("paper.taken-back" in ends) == retracts, "only paper that lies in the bin is said to"
    assert ("paper.done" in ends) != retracts
    dispositions = [f["disposition"] for name, f in journalled(tmp_path) if name == "print-ended"]
    assert dispositions == ["unsure" if retracts else "printed"]


def test_a_card_left_behind_is_called_out(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    lobby.devices[Kind.ID_CARD].driver.answers["present"] = [True, True, False]
    after = visit(tmp_path, Straight("balance"), lobby)
    after.assert_wiped()
    assert getattr(after.citizen.shown[-1], "hand", "") == "take_card"
