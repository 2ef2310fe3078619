"""A visit that ended in trouble is gone by itself: nobody waits for the interpreter to look for what holds itself."""

import gc
import weakref
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kiosk.line import Cause, Unreachable
from kiosk.prompts import Attract, Begin
from kiosk.visit import Visit
from tests.journeys.lobby import SILENCE, Lobby, ScriptedCitizen, watching
from tests.journeys.scripts import Straight
from tests.journeys.virtual_time import run_virtually

VISITS = 3


@pytest.fixture
def no_search_by_chance() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


def visits_that_end_in_trouble(folder: Path) -> list[weakref.ref[Visit]]:
    """Some visits whose line breaks, one after the other at one kiosk."""
    lobby = Lobby(folder)
    lobby.centre.instead["GET /v1/account"] = partial(Unreachable, Cause.BROKEN, sent=True)
    scripts = [Straight("balance") for _ in range(VISITS)]

    def script(prompt: Any) -> Any:
        begun = citizen.names().count("Attract")
        if isinstance(prompt, Attract):
            return Begin("zh") if begun <= VISITS else SILENCE
        return scripts[begun - 1](prompt)

    citizen = ScriptedCitizen(script)
    made: list[weakref.ref[Visit]] = []
    with watching(made):
        run_virtually(lobby.run_until(citizen, lambda: citizen.names().count("Attract") > VISITS))
    assert len(made) == VISITS
    return made


@pytest.mark.usefixtures("no_search_by_chance")
def test_a_visit_that_ended_in_trouble_is_gone_when_the_next_begins(tmp_path: Path) -> None:
    *earlier, _ = visits_that_end_in_trouble(tmp_path)  # the last one may still be on a thread's way out
    assert [visit() for visit in earlier] == [None] * (VISITS - 1)


@pytest.mark.usefixtures("no_search_by_chance")
def test_control_without_the_search_it_lives_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.terminal.gc.collect", lambda: 0)
    assert any(visit() for visit in visits_that_end_in_trouble(tmp_path))
