"""Nobody there? What counts as somebody, and how long different citizens have. Time is virtual."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from kiosk.idle import LISTENING_MOST_S, Idle, patience
from kiosk.leaving import TimedOut
from kiosk.settings import TimeoutSection
from kiosk.stage import Preferences
from tests.journeys.lobby import SILENCE, ScriptedCitizen
from tests.journeys.virtual_time import run_virtually

TIMEOUTS = TimeoutSection()
WHOLE_S = TIMEOUTS.idle_s + TIMEOUTS.idle_warning_s


def left_alone(
    preferences: Preferences, beside: Callable[[Idle], Coroutine[Any, Any, None]] | None = None
) -> float:
    """How many seconds until a visit of somebody who does nothing is over."""

    async def wait() -> float:
        loop = asyncio.get_running_loop()
        idle = Idle(ScriptedCitizen(lambda prompt: SILENCE), TIMEOUTS)
        happening = asyncio.ensure_future(beside(idle)) if beside else None
        began = loop.time()
        with pytest.raises(TimedOut):
            await idle.wait(loop.create_future(), preferences)
        if happening:
            happening.cancel()
        return loop.time() - began

    return run_virtually(wait())


def spoken_to(seconds: float) -> Callable[[Idle], Coroutine[Any, Any, None]]:
    """The voice says one thing after the other for so long."""

    async def speak(idle: Idle) -> None:
        for _ in range(int(seconds / 10)):
            idle.listening()
            await asyncio.sleep(10)
        idle.listening()

    return speak


@pytest.mark.parametrize(
    "preferences", [Preferences(elder=True), Preferences(text_size="large"), Preferences(speech=True)]
)
def test_who_needs_more_time_has_more(preferences: Preferences) -> None:
    assert patience(preferences, TIMEOUTS) == TIMEOUTS.idle_elder_factor >= 3
    quiet = TIMEOUTS.idle_s * TIMEOUTS.idle_elder_factor
    assert left_alone(preferences) == pytest.approx(quiet + TIMEOUTS.idle_warning_s, abs=1)
    assert left_alone(Preferences()) == pytest.approx(WHOLE_S, abs=1)


def test_whoever_listens_is_there_until_it_has_been_said() -> None:
    assert left_alone(Preferences(), spoken_to(100)) == pytest.approx(100 + WHOLE_S, abs=1)


def test_a_kiosk_that_never_stops_speaking_keeps_no_visit_alive() -> None:
    lasted = left_alone(Preferences(), spoken_to(10 * LISTENING_MOST_S))
    assert lasted == pytest.approx(LISTENING_MOST_S + WHOLE_S, abs=1)
