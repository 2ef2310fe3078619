"""What is looked at in the real window: run by test_window.py, each in a process of its own."""

import asyncio
import contextlib
import gc
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from kiosk.prompts import Begin, Gesture, Menu, Note, Prompt
from kiosk.stage import Preferences, Theme
from screens import glyphs, pen
from screens.gallery import PANELS, grabbed, painted, shown, stage_for
from screens.samples import (
    AMOUNT,
    ATTRACT,
    BALANCE,
    BALANCE_HUGE,
    INSIDE,
    MENU,
    OUTSIDE,
    PASSWORD,
    PERIOD,
    SAMPLES,
    WORKING,
    said,
)  # fmt: skip
from screens.window import KioskStage
from tests.screens.audit import leaves

WAIT_S = 20.0
ROUNDS = 50
LEAST_CONTRAST: dict[Theme, float] = {
    "default": 10.0,
    "dark": 7.0,
    "contrast-light": 20.9,
    "contrast-dark": 20.9,
}


@contextlib.asynccontextmanager
async def window(panel: str = "21.5-portrait") -> AsyncIterator[KioskStage]:
    stage = stage_for(PANELS[panel])
    running = asyncio.create_task(stage.run())
    try:
        yield stage
    finally:
        stage.stop()
        await running


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that will become true; the wait is not the assertion."""
    end = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < end, "it never happened"
        await asyncio.sleep(0.005)


def put(stage: KioskStage, prompt: Prompt[Any], preferences: Preferences | None = None) -> list[Any]:
    """Show a prompt; returns the list that its answers will be in."""
    answers: list[Any] = []
    stage.show(prompt, OUTSIDE if prompt is ATTRACT else INSIDE, preferences or Preferences(), answers.append)
    return answers


def centre(stage: KioskStage, label: str) -> tuple[float, float]:
    control = next(c for c in stage.controls()["controls"] if c["label"] == label)
    return control["x"] + control["w"] / 2, control["y"] + control["h"] / 2


def touch(stage: KioskStage, label: str) -> None:
    x, y = centre(stage, label)
    stage.touch_down(x, y)
    stage.touch_up(x, y)


def pixels(stage: KioskStage) -> npt.NDArray[np.uint8]:
    return np.asarray(grabbed(stage))


# ------------------------------------------------------------------ touch and keys


async def touches_answer_once() -> None:
    async with window() as stage:
        answers = put(stage, ATTRACT)
        touch(stage, "Start in English")
        touch(stage, "开始办理")
        assert answers == [Begin("en")]
        answers = put(stage, MENU)
        touch(stage, "退休销户")  # greyed
        assert answers == []
        x, y = centre(stage, "查询余额")
        stage.touch_down(x, y)
        stage.touch_up(x, y + 900)  # slid off
        assert answers == []
        stage.touch_down(x, y, finger=1)
        stage.touch_down(*centre(stage, "我的贷款"), finger=2)  # a second finger takes over
        stage.touch_up(x, y, finger=1)
        assert answers == []
        stage.touch_up(*centre(stage, "我的贷款"), finger=2)
        assert answers == ["loans"]


async def keys_reach_everything() -> None:
    async with window() as stage:
        answers = put(stage, MENU)
        stage.scene()
        heard: list[str] = []
        stage.on_focus = lambda parts: heard.append(
            parts[0].shown("zh") if not hasattr(parts[0], "key") else str(parts[0])
        )
        count = len(stage.scene().controls())
        for _ in range(count):
            stage.key("right")
        assert len(set(heard)) == count  # each once, and then it goes round
        put(stage, BALANCE)
        stage.scene()
        answers = put(stage, MENU)
        stage.scene()  # the focus is where it comes in
        stage.key("right")
        stage.key("select")
        assert answers == ["loans"]
        answers = put(stage, MENU)
        stage.scene()
        stage.key("back")
        assert answers == [Gesture.BACK]


async def overlays_keep_the_focus() -> None:
    async with window() as stage:
        answers = put(stage, MENU)
        stage.scene()
        stage.warn(20)
        labels = {control["label"] for control in stage.controls()["controls"]}
        assert labels == {"我还在", "结束并清除"}
        stage.warn(None)
        assert stage.scene().overlay is None
        touch(stage, "帮助")
        assert "12329" in stage.controls()["texts"]
        for _ in range(5):
            stage.key("right")
            assert stage.scene().overlay is not None
        stage.key("back")
        assert stage.scene().overlay is None and answers == []
        touch(stage, "帮助")
        touch(stage, "知道了")
        assert stage.scene().overlay is None and answers == []


async def digits_are_entered_and_a_password_is_never_told() -> None:
    async with window() as stage:
        answers = put(stage, PASSWORD)
        for digit in "135790":
            stage.scene()
            stage.key(digit)
        told = stage.controls()
        assert not any("135" in text for text in told["texts"])
        assert all(not c["enabled"] for c in told["controls"] if c["role"] == "digit")
        stage.key("back")
        stage.scene()
        assert not next(
            c for c in stage.controls()["controls"] if "1" in c["label"] and c["role"] == "button"
        )["enabled"]
        touch(stage, "0")
        touch(stage, "确定")
        assert answers == ["135790"]


async def amounts_say_why_they_cannot_be_taken() -> None:
    async with window() as stage:
        answers = put(stage, AMOUNT)
        for key in "99999999":
            touch(stage, key)
        assert "金额不能多于 83,214.06 元。" in stage.controls()["texts"]
        touch(stage, "确定")
        assert answers == []
        touch(stage, "全部余额")
        touch(stage, "确定")
        assert answers == [8_321_406]


async def own_days_stay_in_order_and_in_bounds() -> None:
    async with window() as stage:
        answers = put(stage, PERIOD)
        touch(stage, "其他日期")
        for _ in range(20):
            touch(stage, "结束年减一")
        touch(stage, "查询这段时间")
        period = answers[0]
        assert PERIOD.earliest == period.first == period.last


async def switches_work_at_once_and_ask_nothing_again() -> None:
    async with window() as stage:
        preferences = Preferences()
        answers = put(stage, BALANCE, preferences)
        touch(stage, "English")
        assert stage.controls()["language"] == "en" and "Balance" in stage.controls()["texts"]
        touch(stage, "Large text")
        touch(stage, "High contrast")
        touch(stage, "Lower controls")
        assert (preferences.language, preferences.text_size, preferences.elder) == ("en", "large", True)
        assert (preferences.theme, preferences.lowered) == ("contrast-light", True)
        assert answers == []


async def nothing_leaves_the_window() -> None:
    async with window() as stage:
        from kivy.base import EventLoop
        from kivy.core.window import Window

        answers = put(stage, MENU)
        await painted(stage)
        assert Window.dispatch("on_request_close") is True
        for code in (
            27,
            282,
            283,
            285,
            286,
            292,
            293,
            9,
            127,
            102,
        ):  # Escape, F1, F2, F4, F5, F11, F12, Tab, Delete
            Window.dispatch("on_key_down", code, 0, None, ["alt", "ctrl"])
            Window.dispatch("on_keyboard", code, 0, None, ["alt", "ctrl"])
            Window.dispatch("on_key_up", code, 0)
        await painted(stage)
        assert EventLoop.status == "started" and not EventLoop.quit
        assert answers == [] and stage.controls()["screen"] == "Menu"
        assert Window.children == [stage._surface]


# ------------------------------------------------------------------ what is drawn


async def a_press_shows_within_a_frame() -> None:
    async with window() as stage:
        put(stage, MENU)
        await painted(stage)
        before = pixels(stage)
        x, y = centre(stage, "查询余额")
        frames = stage.frames_drawn
        stage.touch_down(x, y)
        await until(lambda: stage.frames_drawn > frames)
        assert stage.frames_drawn == frames + 1
        after = pixels(stage)
        changed = np.argwhere((before != after).any(axis=2))
        box = next(c.box for c in stage.scene().controls() if c.key == "tile-balance")
        assert len(changed) > 1000
        assert changed[:, 1].min() >= box.x and changed[:, 1].max() < box.right
        assert changed[:, 0].min() >= box.y and changed[:, 0].max() < box.bottom


async def a_menu_that_changes_under_the_finger_keeps_the_touch() -> None:
    """A device recovers while a tile is pressed: the menu is shown anew, and the touch counts all the same."""
    async with window() as stage:
        put(stage, MENU)
        await painted(stage)
        x, y = centre(stage, "查询余额")
        stage.touch_down(x, y)
        answers = put(
            stage, replace(MENU, notices=(Note("attention", said("打印机正在恢复", "The printer recovers")),))
        )
        x, y = centre(stage, "查询余额")
        await painted(stage)
        stage.touch_up(x, y)
        assert answers == ["balance"]
        stage.touch_down(x, y)
        answers = put(stage, ATTRACT)
        stage.touch_up(x, y)
        assert answers == [], "a touch that began on another screen is nobody's"


async def one_ring_shows_the_focus() -> None:
    async with window() as stage:
        put(stage, MENU)
        await painted(stage)
        before = pixels(stage)
        frames = stage.frames_drawn
        stage.key("right")
        await until(lambda: stage.frames_drawn > frames)
        changed = (before != pixels(stage)).any(axis=2)
        box = next(c.box for c in stage.scene().controls() if c.key == stage.scene().start())
        middle = changed[:, box.x + box.w // 2]
        ring_px = int(middle[: box.y + box.h // 2].sum())
        assert ring_px >= stage.panel.px_per_mm  # 1 mm at least
        assert not changed[box.y + 12 : box.bottom - 12, box.x + 12 : box.right - 12].any()


async def nothing_is_drawn_while_nothing_changes() -> None:
    async with window() as stage:
        put(stage, BALANCE)
        await painted(stage)
        frames = -1
        while frames != stage.frames_drawn:  # the window's own first frames
            frames = stage.frames_drawn
            await asyncio.sleep(0.5)
        spent = time.process_time()
        await asyncio.sleep(1.0)
        assert stage.frames_drawn == frames
        assert time.process_time() - spent < 0.25


async def work_that_is_over_at_once_does_not_flash() -> None:
    async with window() as stage:
        put(stage, MENU)
        await painted(stage)
        frames = stage.frames_drawn
        put(stage, WORKING)
        stage.touch_down(*(500, 500))
        put(stage, BALANCE)
        await until(lambda: stage.frames_drawn > frames)
        assert stage.frames_drawn == frames + 1
        put(stage, WORKING)
        told = stage.controls()
        assert told["screen"] == "Working"
        await until(lambda: any(type(node).__name__ == "Progress" for node in stage.scene().nodes()))


async def text_has_contrast_in_every_theme() -> None:
    async with window("21.5-landscape") as stage:
        found = []
        for theme, least in LEAST_CONTRAST.items():
            for sample in SAMPLES if theme == "default" else SAMPLES[::4]:
                await shown(stage, sample, Preferences("zh", theme=theme))
                image = pixels(stage)
                for text, ratio in _contrasts(stage, image):
                    if ratio < least:
                        found.append(f"{theme} {sample.name}: {text!r} {ratio:.1f}")
        assert not found, "\n".join(sorted(set(found))[:30])


def _contrasts(stage: KioskStage, image: npt.NDArray[np.uint8]) -> list[tuple[str, float]]:
    scene = stage.scene()
    tops = scene.overlay.nodes if scene.overlay else scene.frame.tree(scene.body)
    ratios = []
    for top in tops:
        for node, _ in leaves(top, top.box):
            box, text = node.shown_box(scene.look), node.shown(scene.look)  # type: ignore[misc]
            if text.strip() and box.w > 4:
                light = _luminance(image[box.y : box.bottom, box.x : box.right])
                ratios.append((text, (light.max() + 0.05) / (light.min() + 0.05)))
    return ratios


def _luminance(region: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Relative luminance of sRGB pixels (WCAG 2.1)."""
    part = region.astype(np.float64) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


# ------------------------------------------------------------------ memory


async def nothing_grows() -> None:
    """Each screen fifty times: no more nodes, textures, widgets or observers than after the first rounds."""
    from kivy.core.window import Window

    from screens.widgets.node import Node

    async with window() as stage:
        counts = {}
        kinds = {type(sample.prompt): sample.prompt for sample in SAMPLES}
        for number in range(ROUNDS + 1):
            for prompt in (*kinds.values(), ATTRACT):
                put(stage, prompt)
                stage.scene()
            await asyncio.sleep(0)
            if number not in (5, ROUNDS):
                continue
            gc.collect()
            nodes = sum(isinstance(thing, Node) for thing in gc.get_objects())
            observers = len(Window.get_property_observers("size")) + len(
                Window.get_property_observers("children")
            )
            widgets = len(Window.children) + len(stage._surface.children)
            counts[number] = (nodes, pen.kept_textures(), observers, widgets, len(stage._timers))
        assert counts[ROUNDS] == counts[5], counts


async def a_dark_screen_shows_nothing_and_answers_no_finger() -> None:
    async with window() as stage:
        preferences = Preferences(speech=True, blank=True)
        answers = put(stage, MENU, preferences)
        signs_of_life: list[bool] = []
        stage.on_activity = lambda: signs_of_life.append(True)
        await painted(stage)
        assert not pixels(stage).any()
        stage.touch_down(*centre(stage, "查询余额"))
        stage.touch_up(*centre(stage, "查询余额"))
        assert not signs_of_life, "a passer-by must not keep somebody's visit alive unseen"
        stage.key("right")
        await painted(stage)
        assert answers == [] and not pixels(stage).any()
        stage.on_voice_key = lambda name: setattr(preferences, "blank", name != "blank")
        stage._key_down(None, 289)
        await painted(stage)
        assert pixels(stage).any()
        stage.key("select")
        assert answers == ["balance"], "keys go on where they were"


async def what_is_said_can_be_read() -> None:
    async with window() as stage:
        put(stage, MENU, Preferences(speech=True))
        stage.caption(said("声音大一些。", "Louder."), 1.0)
        assert "声音大一些。" in stage.controls()["texts"]
        stage.caption(None, 1.0)
        assert "声音大一些。" not in stage.controls()["texts"]


async def nothing_of_a_visit_is_kept() -> None:
    async with window() as stage:
        put(stage, BALANCE_HUGE)
        await painted(stage)
        assert any("䶮" in key[0] for key in glyphs.kept())
        put(stage, ATTRACT)
        await painted(stage)
        assert not any("䶮" in key[0] or "99,999" in key[0] for key in glyphs.kept())


async def screens_tell_what_they_say() -> None:
    async with window() as stage:
        for sample in SAMPLES:
            put(stage, sample.prompt)
            said_parts = stage.spoken()
            assert said_parts or sample.name == "preview", sample.name
            for control in stage.scene().controls():
                assert control.spoken(), control.key


__all__ = ["Menu", "said"]
