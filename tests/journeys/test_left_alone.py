"""A kiosk left alone: no step waits for ever, and what lies on a reader unchanged is said once."""

import asyncio
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from hardware.cards import CardFault, NoCard
from hardware.device import Fault, Kind, State, Status
from hardware.scanner.interface import Decoded, NothingSeen
from kiosk.health import HealthBoard
from kiosk.messages import msg
from kiosk.stage import Preferences
from kiosk.terminal import FORGET_TOUCHES_S
from tests.journeys.held_devices import devices
from tests.journeys.lobby import SILENCE, Afterwards, Lobby, ScriptedCitizen
from tests.journeys.scripts import Straight
from tests.journeys.virtual_time import run_virtually

A_LOOK_S = 0.03
"""What a look at a card that is there takes a quick reader."""


@pytest.mark.parametrize(
    ("way", "verb", "came", "event"),
    [
        (Kind.ID_CARD, "read", CardFault(Fault.CARD_WRONG_KIND), "fault"),
        (Kind.JOINT_CARD, "read", CardFault(Fault.CARD_SERVICE_DOWN), "fault"),
        (Kind.SCANNER, "scan", Decoded("https://www.example.org/"), "bad-scan"),
    ],
)
def test_what_lies_there_unchanged_is_said_and_written_down_once(
    way: Kind, verb: str, came: Any, event: str, tmp_path: Path
) -> None:
    lobby = Lobby(tmp_path)
    lobby.devices[way].driver.answers[verb] = [came]
    lobby.devices[way].takes_s = A_LOOK_S
    citizen = ScriptedCitizen(Straight("balance", way=way))
    run_virtually(lobby.serve(citizen))
    assert [name for name, _ in lobby.events].count(event) == 1
    presents = [prompt for prompt in citizen.shown if type(prompt).__name__ == "Present"]
    assert [prompt.note is not None for prompt in presents] == [False, True]  # type: ignore[attr-defined]


def test_a_tone_says_how_a_card_was_taken(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    good = lobby.devices[Kind.ID_CARD].driver.answers["read"]
    lobby.devices[Kind.ID_CARD].driver.answers["read"] = [CardFault(Fault.CARD_UNREADABLE), *good]
    citizen = ScriptedCitizen(Straight("balance"))
    run_virtually(lobby.serve(citizen))
    assert citizen.sounds == ["wrong", "done"], "the screen says: until you hear the tone"


def test_another_wrong_card_after_the_first_is_said_again(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    wrong = CardFault(Fault.CARD_WRONG_KIND)
    lobby.devices[Kind.ID_CARD].driver.answers["read"] = [wrong, wrong, NoCard(), wrong, NoCard()]
    lobby.devices[Kind.ID_CARD].takes_s = A_LOOK_S
    run_virtually(lobby.serve(ScriptedCitizen(Straight("balance"))))
    assert [name for name, _ in lobby.events].count("fault") == 2


def test_a_card_that_the_reader_has_given_once_is_to_be_lifted(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    lobby.devices[Kind.ID_CARD].driver.answers |= {
        "read": [NoCard(), NoCard(), *devices()[Kind.ID_CARD].driver.answers["read"]],
        "present": [True, True, False],
    }
    citizen = ScriptedCitizen(Straight("balance"))
    assert run_virtually(lobby.serve(citizen)).disposition == "finished"
    presents = [prompt for prompt in citizen.shown if getattr(prompt, "hand", "") == "id_card"]
    notes = [prompt.note.text.key if prompt.note else "" for prompt in presents]  # type: ignore[attr-defined]
    assert notes == ["", "present.lift-again"]


@pytest.mark.parametrize(
    ("way", "nothing"),
    [(Kind.ID_CARD, NoCard()), (Kind.JOINT_CARD, NoCard()), (Kind.SCANNER, NothingSeen())],
)
def test_nobody_who_lays_down_a_card_or_code_is_waited_for_in_vain(
    way: Kind, nothing: NoCard | NothingSeen, tmp_path: Path
) -> None:
    lobby = Lobby(tmp_path)
    lobby.devices[way].driver.answers["scan" if way is Kind.SCANNER else "read"] = [nothing]
    citizen = ScriptedCitizen(Straight("balance", way=way))

    async def timed() -> tuple[Afterwards, float]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        return await lobby.serve(citizen), loop.time() - began

    after, took_s = run_virtually(timed())
    timeouts = lobby.settings.timeouts
    assert citizen.names()[-2:] == ["Present", "Working"]
    assert after.disposition == "timed-out"
    assert took_s == pytest.approx(timeouts.device_s + timeouts.idle_warning_s, abs=1.0)
    after.assert_wiped()


def test_a_card_that_stays_unreadable_keeps_no_visit_alive(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    lobby.devices[Kind.ID_CARD].driver.answers["read"] = [CardFault(Fault.CARD_UNREADABLE)]
    lobby.devices[Kind.ID_CARD].takes_s = 1.0
    after = run_virtually(lobby.serve(ScriptedCitizen(Straight("balance"))))
    assert after.disposition == "timed-out"


def test_a_flapping_device_does_not_keep_a_visit_alive(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    citizen = ScriptedCitizen(lambda prompt: SILENCE)

    async def flap(board: HealthBoard) -> None:
        for state in cycle((State.DISCONNECTED, State.READY)):
            board.report_device(Kind.SCANNER, Status(state))
            await asyncio.sleep(10)

    after = run_virtually(lobby.serve(citizen, beside=flap))
    assert after.disposition == "timed-out"
    assert citizen.names().count("Menu") > 3


def test_a_kiosk_that_goes_out_of_service_offers_nothing_more(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    citizen = ScriptedCitizen(lambda prompt: SILENCE)

    async def stop(board: HealthBoard) -> None:
        await asyncio.sleep(5)
        board.stop(msg("out-of-service.journal"))

    after = run_virtually(lobby.serve(citizen, beside=stop))
    assert after.disposition == "out-of-service"
    assert citizen.names()[-1] == "Working" and not citizen.warnings


def test_what_was_set_on_the_idle_screen_outlasts_a_device_and_not_the_person(tmp_path: Path) -> None:
    lobby = Lobby(tmp_path)
    citizen = ScriptedCitizen(lambda prompt: SILENCE)
    sizes: list[str] = []

    def shown_again() -> bool:
        sizes[len(sizes) :] = [citizen.preferences.text_size] * (len(citizen.shown) - len(sizes))
        if sizes == ["normal"]:
            citizen.preferences.text_size = "large"
            lobby.terminals[0].board.report_device(Kind.A4_PRINTER, Status(State.DISCONNECTED))
        return len(sizes) == 3

    run_virtually(lobby.run_until(citizen, shown_again))
    assert sizes == ["normal", "large", "normal"]


def test_what_is_set_on_the_idle_screen_stays_while_somebody_is_at_it(tmp_path: Path) -> None:
    citizen = ScriptedCitizen(lambda prompt: SILENCE)
    lobby = Lobby(tmp_path)
    seen: list[Preferences] = []

    async def at_it() -> None:
        async def touch_and_look() -> None:
            for _ in range(10):
                citizen.preferences.volume = 3
                citizen.on_activity()
                await asyncio.sleep(FORGET_TOUCHES_S / 2)
                seen.append(citizen.preferences)
            await asyncio.sleep(FORGET_TOUCHES_S)
            seen.append(citizen.preferences)

        touching = asyncio.ensure_future(touch_and_look())
        await lobby.run_until(citizen, touching.done)

    run_virtually(at_it())
    assert {preferences.volume for preferences in seen[:-1]} == {3}
    assert seen[-1].volume == 0, "whoever set it has gone"
