"""What real hands do at the window and quick tests do not: a finger rests, a key is held. Run by test_window.py."""

import asyncio

from kiosk.idle import Idle
from kiosk.prompts import Gesture
from kiosk.settings import TimeoutSection
from kiosk.stage import Preferences
from screens.samples import BALANCE, MENU
from tests.screens.window_scripts import centre, put, until, window

FINGER_S = 0.15
"""A finger that taps rests on the glass so long."""


async def a_finger_rests_on_the_warning_as_long_as_fingers_do() -> None:
    async with window() as stage:
        idle = Idle(stage, TimeoutSection(idle_s=0.2))
        for label, expected in (("结束并清除", [Gesture.FINISH]), ("我还在", [])):
            answers = put(stage, BALANCE)
            nobody = asyncio.get_running_loop().create_future()
            waiting = asyncio.create_task(idle.wait(nobody, Preferences()))
            await until(lambda: stage.scene().overlay is not None)
            x, y = centre(stage, label)
            stage.touch_down(x, y)
            await asyncio.sleep(FINGER_S)
            stage.touch_up(x, y)
            assert answers == expected
            await until(lambda: stage.scene().overlay is None)
            waiting.cancel()


async def a_key_that_is_held_is_pressed_once() -> None:
    async with window() as stage:
        answers = put(stage, MENU)
        stage.scene()
        stage.key("right")
        stage._key_down(None, 13)
        later = put(stage, MENU)  # the focus is where this one begins
        for _ in range(3):
            stage._key_down(None, 13)
        assert answers == ["balance"] and later == []
        stage._key_up(None, 13)
        stage._key_down(None, 13)
        assert later == ["balance"]
