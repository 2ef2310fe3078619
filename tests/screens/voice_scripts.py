"""Whom the voice leads, at the real window: what is said when, and what keys do. Run by test_window.py."""

from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from typing import Any
from unittest.mock import patch

from kiosk.messages import Part, msg, speech, texts
from kiosk.prompts import Note
from kiosk.stage import Preferences
from screens import working
from screens.samples import (
    AMOUNT,
    ATTRACT,
    BALANCE,
    CONFIRM,
    MENU,
    OUTSIDE,
    PASSWORD,
    PERIOD,
    PRESENTS,
    WORKING,
    said,
)
from screens.theme import THEME_ORDER
from screens.window import KioskStage
from tests.screens.test_theme import contrast
from tests.screens.window_scripts import painted, pixels, put, until, window

LED = Preferences(speech=True)


def listen(stage: KioskStage) -> tuple[list[str], Callable[[], list[str]]]:
    """What is said for a key, all of it so far, and what has been said since the last look."""
    told: list[str] = []

    def hear(parts: tuple[Part, ...]) -> None:
        told.extend(speech(part, "zh") for part in parts)

    def since() -> list[str]:
        pieces = list(told)
        told.clear()
        return pieces

    stage.on_focus = hear
    return told, since


def focused(stage: KioskStage) -> str:
    return next((c["label"] for c in stage.controls()["controls"] if c["focused"]), "")


async def any_key_answers_the_warning_and_does_nothing_else() -> None:
    async with window() as stage:
        for key in ("select", "back", "left", "right"):
            stage.key("right")
            answers = put(stage, BALANCE)
            stage.scene()
            before = focused(stage)
            stage.warn(20)
            stage.scene()
            stage.key(key)
            assert stage.scene().overlay is None, key
            assert answers == [], f"{key} must not finish a visit that it was to save"
            assert focused(stage) == before
        for code in (282, 27, 283):  # F1, Esc, and a key of the voice
            put(stage, BALANCE)
            stage.warn(20)
            stage.scene()
            stage._key_down(None, code)
            assert stage.scene().overlay is None, code


async def a_digit_that_meets_the_warning_is_typed() -> None:
    async with window() as stage:
        answers = put(stage, PASSWORD)
        stage.scene()
        for number, digit in enumerate("135790"):
            if number == 3:
                stage.warn(20)
                stage.scene()
            stage.key(digit)
            stage.scene()
        stage.key("right")
        while focused(stage) != "确定":
            stage.key("right")
        stage.key("select")
        assert answers == ["135790"]


async def the_focus_comes_back_from_under_what_lay_over_it() -> None:
    async with window() as stage:
        put(stage, MENU)
        stage.key("right")
        while focused(stage) != "帮助":
            stage.key("right")
        stage.key("select")
        assert focused(stage) == "知道了"
        stage.key("select")
        assert focused(stage) == "帮助"
        stage.warn(20)
        assert focused(stage) != "帮助"
        stage.warn(None)
        assert focused(stage) == "帮助"


async def what_a_key_has_changed_is_said_and_nothing_else() -> None:
    async with window() as stage:
        _, since = listen(stage)
        told_screens: list[Any] = []
        stage.on_screen = told_screens.append

        def press(key: str) -> list[str]:
            stage.scene()
            stage._focus.key = key
            since()
            told_screens.clear()
            stage.key("select")
            stage.scene()
            assert told_screens == [], f"{key} reads the whole screen again"
            return since()

        put(stage, AMOUNT, LED)
        assert press("point") == ["点"]
        stage.key("back")
        assert since()[0] == "已删除一位"
        assert "元" in press("quick-0")[0]
        assert press("erase")[0] == "已删除一位"
        put(stage, PASSWORD, LED)
        assert press("digit-3") == ["星"]
        assert press("erase") == ["已删除一位"]
        assert press("clear") == ["已清空"]
        put(stage, PERIOD, LED)
        stage.scene()
        stage._focus.key = "own-days"
        stage.key("select")
        stage.scene()
        day = press("first-month-more")
        assert day[0] == "开始日期" and day[1].endswith("日") and len(day) == 2


async def a_key_that_has_no_use_says_so() -> None:
    async with window() as stage:
        _, since = listen(stage)
        put(stage, MENU, LED)
        stage.scene()
        stage.key("7")
        assert since() == ["这个键现在没有用"]
        put(stage, ATTRACT, LED)
        stage.scene()
        stage.key("back")
        assert since() == ["这个键现在没有用"]
        put(stage, MENU, LED)
        stage.scene()
        stage.key("right")
        while focused(stage) != "退休销户":  # greyed
            stage.key("right")
        since()
        stage.key("select")
        assert since()[0] == "退休销户"


async def an_idle_screen_that_stays_the_same_is_said_once() -> None:
    async with window() as stage:
        screens: list[Any] = []
        stage.on_screen = screens.append
        preferences = Preferences(speech=True)

        def idle(prompt: Any) -> None:
            stage.show(prompt, OUTSIDE, preferences, lambda answer: None)
            stage.scene()

        idle(ATTRACT)
        stage.key("right")
        stage.key("right")
        before = focused(stage)
        idle(ATTRACT)  # a device has changed, and nothing that is shown
        assert len(screens) == 1 and focused(stage) == before
        idle(replace(ATTRACT, notices=(Note("attention", said("缺纸", "No paper")),)))
        assert len(screens) == 2


async def listening_is_a_sign_of_life_but_to_the_warning() -> None:
    async with window() as stage:
        listening: list[bool] = []
        stage.on_listening = lambda: listening.append(True)
        put(stage, BALANCE, LED)
        stage.scene()
        stage.caption(msg("balance.title"), 1.0)
        stage.caption(None, 1.0)
        assert len(listening) == 2
        stage.warn(20)
        stage.caption(msg("screen.idle-title"), 1.0)
        stage.caption(None, 1.0)
        assert len(listening) == 2, "the warning must not answer itself"


async def work_that_takes_long_says_so() -> None:
    with patch.object(working, "LONG_WAIT_S", 0.1):
        async with window() as stage:
            told, _ = listen(stage)
            put(stage, WORKING, LED)
            await until(lambda: bool(told))
            assert told[0].startswith("比平时久一些")


async def what_the_eye_is_shown_the_ear_is_told() -> None:
    def spoken(prompt: Any) -> list[str]:
        put(stage, prompt, LED)
        return [speech(part, "zh") for part in stage.spoken()]

    async with window() as stage:
        again = PRESENTS["id_card_again"]
        said_now = spoken(again)
        assert again.note and said_now[0] == speech(again.note.text, "zh"), "what went wrong goes first"
        side = stage.places.side(again.hand)
        assert said_now[-1] == texts("zh")[f"voice.place.{side}"], "the picture says where; so does the voice"
        idle = spoken(ATTRACT)
        assert idle.index("Start in English") < idle.index("在这里可以办理"), (
            "who needs another language waits for it"
        )
        assert spoken(PASSWORD)[-1] == "还差 六 位"
        stage.warn(20)
        warning = [speech(part, "zh") for part in stage.spoken()]
        assert "二十" not in warning and any("二十 秒" in sentence for sentence in warning)


async def the_ring_shows_on_every_kind_of_control_in_every_theme() -> None:
    """Across the left edge of each: a millimetre that has 3:1 to what is on either side of it."""
    async with window("21.5-landscape") as stage:
        mm = stage.panel.px_per_mm
        for theme in THEME_ORDER:
            put(stage, CONFIRM, Preferences(theme=theme))
            await painted(stage)
            for control in stage.scene().controls():
                frames = stage.frames_drawn
                stage._focus_on(control.key)
                await until(lambda frames=frames: stage.frames_drawn > frames)  # type: ignore[misc]
                box, reach = control.box, round(3 * mm)
                row = pixels(stage)[box.y + box.h // 2, box.x - reach : box.x + reach, :3]
                runs = [(colour, len(list(same))) for colour, same in groupby(map(tuple, row.tolist()))]
                whole = [
                    (colour, many) for colour, many in runs if many > 1
                ]  # an edge may be blurred by a pixel
                assert any(
                    ring[1] >= mm and contrast(ring[0], left[0]) >= 3 and contrast(ring[0], right[0]) >= 3
                    for left, ring, right in zip(whole, whole[1:], whole[2:], strict=False)
                ), f"{theme} {control.key} {runs}"


async def select_after_an_amount_typed_by_digit_keys_confirms_it() -> None:
    async with window() as stage:
        _, since = listen(stage)
        answers = put(stage, AMOUNT, LED)
        stage.scene()
        for digit in "20000":
            since()
            stage.key(digit)
        heard = since()
        assert heard[0] == "零" and heard[1] == "确定" and heard[-1] == "二万元"
        stage.key("select")
        assert answers == [2_000_000]
        put(stage, AMOUNT, LED)
        stage.scene()
        stage._focus_on("digit-2")
        stage.key("select")
        stage.scene()
        assert focused(stage) == "2", "whoever has four keys only goes on from where they are"


async def no_touch_brings_a_dark_visit_back() -> None:
    async with window() as stage:
        for prompt in (BALANCE, WORKING, PRESENTS["take_paper"]):
            preferences = Preferences(speech=True, blank=True)
            stage.show(
                prompt, OUTSIDE, preferences, lambda answer: None
            )  # no way out is offered while it prints
            stage.scene()
            stage.touch_down(500, 900)
            stage.touch_up(500, 900)
            assert preferences.blank, "a passer-by must not uncover what somebody hears in private"
        idle = Preferences(blank=True)
        put(stage, ATTRACT, idle)
        stage.scene()
        stage.touch_down(500, 900)
        assert not idle.blank
