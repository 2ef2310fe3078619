"""What a citizen leaves behind: paper is called for and pulled back, a card is called out."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from hardware.device import DeviceFault, Fault, Kind
from kiosk import terminal
from kiosk.line import Cause, Unreachable
from kiosk.prompts import Attract, Begin, Outcome, Present, Prompt, Working
from tests.journeys.lobby import SILENCE, Afterwards, Lobby, ScriptedCitizen
from tests.journeys.scripts import Straight
from tests.journeys.test_journeys import journalled, visit
from tests.journeys.virtual_time import run_virtually


def leave_paper(folder: Path, *, retracts: bool) -> tuple[Afterwards, list[float]]:
    """A citizen who leaves the paper in the printer's mouth; when they were told to take it, in seconds."""
    lobby = Lobby(folder)
    printer = lobby.devices[Kind.RECEIPT_PRINTER].driver
    printer.answers["paper_taken"] = [True, False]
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


def cleared(prompt: Prompt[Any]) -> bool:
    """Is this the screen that a visit ends with?"""
    return isinstance(prompt, Working) and prompt.title.key == "working.clear"


def test_the_screen_is_cleared_before_centre_and_readers_are_asked(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    looks: list[bool] = []

    def look() -> Exception:
        looks.append(True)
        return DeviceFault(Fault.DISCONNECTED)

    lobby.devices[Kind.ID_CARD].driver.answers["present"] = [look]
    straight = Straight("balance")
    before: list[tuple[int, int]] = []

    def script(prompt: Prompt[Any]) -> Any:
        if cleared(prompt):
            before.append((lobby.centre.asked["DELETE /v1/visits/current"], len(looks)))
            return SILENCE
        return straight(prompt)

    after = visit(tmp_path, script, lobby)
    assert after.disposition == "finished"
    assert before == [(0, 0)] and looks
    assert lobby.centre.asked["DELETE /v1/visits/current"] == 1


def test_a_centre_that_hangs_does_not_keep_the_next_citizen_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "FORGET_S", 0.05)
    lobby = Lobby(tmp_path)
    goes_on = threading.Event()

    def hangs() -> Exception:
        goes_on.wait(20)
        return Unreachable(Cause.TIMEOUT, sent=True)

    lobby.centre.instead["DELETE /v1/visits/current"] = hangs

    async def ended_while_it_hangs() -> bool:
        await lobby.serve(ScriptedCitizen(Straight("balance")))
        try:
            return not goes_on.is_set()
        finally:
            goes_on.set()

    assert asyncio.run(asyncio.wait_for(ended_while_it_hangs(), 15))


def test_paper_that_hangs_there_from_before_is_pulled_back_first(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    printer = lobby.devices[Kind.RECEIPT_PRINTER].driver
    printer.answers["paper_taken"] = [False, True]
    printed_after: list[list[str]] = []
    straight = Straight("statement")

    def script(prompt: Prompt[Any]) -> Any:
        if isinstance(prompt, Outcome) and prompt.title.key == "paper.done":
            printed_after.append(
                [name for name, _ in lobby.events if name in ("left-behind", "paper-retracted")]
            )
        return straight(prompt)

    visit(tmp_path, script, lobby).assert_wiped()
    assert printed_after == [["left-behind", "paper-retracted"]]


@pytest.mark.parametrize("kind", [Kind.ID_CARD, Kind.JOINT_CARD])
def test_a_card_that_nobody_took_is_not_read_for_the_next_citizen(kind: Kind, tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    lobby.devices[kind].driver.answers["present"] = [True]
    reads: list[bool] = []

    def script(prompt: Prompt[Any]) -> Any:
        if isinstance(prompt, Attract):
            scripts.append(Straight("balance", way=kind))
            return Begin("zh") if len(scripts) < 3 else SILENCE
        if isinstance(prompt, Present) and prompt.note is not None:
            reads.append("POST /v1/visits" in lobby.centre.asked)
            lobby.centre.asked.clear()
            lobby.devices[kind].driver.answers["present"] = [True, True, False]
        return scripts[-1](prompt)

    scripts: list[Straight] = []
    citizen = ScriptedCitizen(script)
    run_virtually(lobby.run_until(citizen, lambda: len(scripts) == 3))
    assert reads == [True], "the second citizen was told to take it out, once; the first was served before"
    told = [prompt for prompt in citizen.shown if isinstance(prompt, Present) and prompt.note is not None]
    assert [prompt.note.text.key for prompt in told] == ["take.left-card"]  # type: ignore[union-attr]
    assert lobby.centre.asked["POST /v1/visits"] == 1, "and then served with their own"
