"""Ten fingers and every key on the window itself, which X cannot play with its one pointer. Run by test_window.py."""

import asyncio
import os
import random

import psutil

from kiosk.stage import Preferences
from screens.gallery import PANELS, painted, stage_for
from screens.samples import INSIDE, OUTSIDE, SAMPLES

FINGERS = 10
EVENTS = int(os.environ.get("MONKEY_EVENTS", "1500"))
REST_EVERY = 50
MOVES_ON_EVERY = 25
MOST_GROWTH_MIB = 40.0
LONG = 20_000
ESCAPES = (27, 9, 127, 316, *range(282, 294))
"""Kivy's codes of Escape, Tab, Delete, Print and F1 to F12."""


async def ten_fingers_and_every_key() -> None:
    """Fingers come and go in any order, keys fall between; every answer leads to another screen."""
    from kivy.base import EventLoop
    from kivy.core.window import Window

    chance = random.Random(EVENTS)
    panel = PANELS["21.5-portrait"]
    stage = stage_for(panel)
    running = asyncio.create_task(stage.run())
    answered = 0

    def another() -> None:
        sample = chance.choice(SAMPLES)
        stage.show(sample.prompt, OUTSIDE if sample.outside else INSIDE, Preferences(), lambda answer: took())

    def took() -> None:
        nonlocal answered
        answered += 1
        another()

    another()
    memory = []
    for count in range(1, EVENTS + 1):
        finger = chance.randrange(FINGERS)
        x, y = chance.randrange(-5, panel.width_px + 5), chance.randrange(-5, panel.height_px + 5)
        if chance.random() < 0.5 and stage.scene().controls():
            box = chance.choice(stage.scene().controls()).box
            x, y = box.x + box.w // 2, box.y + box.h // 2
        match chance.randrange(4):
            case 0:
                stage.touch_down(x, y, finger)
            case 1:
                stage.touch_up(x, y, finger)
            case 2:
                stage.touch_down(x, y, finger)
                stage.touch_up(x, y, finger)
            case _:
                code = chance.choice((*ESCAPES, *range(256, 290), *range(32, 123), 8, 13))
                Window.dispatch(
                    "on_key_down", code, 0, None, chance.choice(([], ["alt"], ["ctrl"], ["meta"]))
                )
                Window.dispatch("on_key_up", code, 0)
        if count % MOVES_ON_EVERY == 0:  # some screens no finger answers
            another()
        if count % REST_EVERY == 0:
            await asyncio.sleep(0)
        if count % (EVENTS // 10) == 0:
            await painted(stage)
            memory.append(psutil.Process().memory_info().rss / 1024**2)
    assert answered >= EVENTS // 100, "it got nowhere"
    assert EventLoop.status == "started" and Window.children == [stage._surface]
    half = len(memory) // 2  # a short run only fills the caches
    assert EVENTS < LONG or max(memory[half:]) - memory[half] <= MOST_GROWTH_MIB, memory
    print(EVENTS, answered, [round(value) for value in memory])
    stage.stop()
    await running
