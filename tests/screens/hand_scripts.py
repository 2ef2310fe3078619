"""What real hands do at the window and quick tests do not: a finger rests, a key is held. Run by test_window.py."""

import asyncio
from dataclasses import replace

from kiosk.idle import Idle
from kiosk.prompts import Action, Chrome, Gesture, Note
from kiosk.settings import TimeoutSection
from kiosk.stage import Preferences
from screens.sample_words import said
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


async def a_page_that_follows_a_device_keeps_the_touch() -> None:
    """The device fails while staff press its page; nothing else that looks alike takes over a touch."""
    page = replace(BALANCE, more=(), actions=(Action("test", said("自检", "Self test"), "primary"),))
    failed = replace(page, notes=(Note("attention", said("请换纸", "Paper is out")),))
    async with window() as stage:
        for anew, expected in ((True, ["test"]), (False, [])):
            put(stage, page)
            x, y = centre(stage, "自检")
            stage.touch_down(x, y)
            answers: list[object] = []
            stage.show(failed, Chrome(back=True, finish=True, anew=anew), Preferences(), answers.append)
            stage.touch_up(*centre(stage, "自检"))
            assert answers == expected


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
