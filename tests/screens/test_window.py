"""The real window, by touch and by keys."""

from collections.abc import Callable

import pytest

SCRIPTS = (
    "touches_answer_once",
    "keys_reach_everything",
    "overlays_keep_the_focus",
    "digits_are_entered_and_a_password_is_never_told",
    "amounts_say_why_they_cannot_be_taken",
    "own_days_stay_in_order_and_in_bounds",
    "switches_work_at_once_and_ask_nothing_again",
    "nothing_leaves_the_window",
    "a_press_shows_within_a_frame",
    "a_menu_that_changes_under_the_finger_keeps_the_touch",
    "one_ring_shows_the_focus",
    "nothing_is_drawn_while_nothing_changes",
    "work_that_is_over_at_once_does_not_flash",
    "text_has_contrast_in_every_theme",
    "nothing_grows",
    "a_dark_screen_shows_nothing_and_answers_no_finger",
    "what_is_said_can_be_read",
    "nothing_of_a_visit_is_kept",
    "screens_tell_what_they_say",
)


@pytest.mark.window
@pytest.mark.parametrize("script", SCRIPTS)
def test_in_the_window(script: str, in_window: Callable[[str, str], None]) -> None:
    in_window("window_scripts", script)


@pytest.mark.window
@pytest.mark.parametrize(
    "script",
    [
        "a_finger_rests_on_the_warning_as_long_as_fingers_do",
        "a_page_that_follows_a_device_keeps_the_touch",
        "a_key_that_is_held_is_pressed_once",
    ],
)
def test_hands(script: str, in_window: Callable[[str, str], None]) -> None:
    in_window("hand_scripts", script)


@pytest.mark.window
@pytest.mark.parametrize(
    "script",
    [
        "any_key_answers_the_warning_and_does_nothing_else",
        "a_digit_that_meets_the_warning_is_typed",
        "the_focus_comes_back_from_under_what_lay_over_it",
        "what_a_key_has_changed_is_said_and_nothing_else",
        "a_key_that_has_no_use_says_so",
        "an_idle_screen_that_stays_the_same_is_said_once",
        "listening_is_a_sign_of_life_but_to_the_warning",
        "work_that_takes_long_says_so",
        "what_the_eye_is_shown_the_ear_is_told",
        "the_ring_shows_on_every_kind_of_control_in_every_theme",
        "select_after_an_amount_typed_by_digit_keys_confirms_it",
        "no_touch_brings_a_dark_visit_back",
    ],
)
def test_whom_the_voice_leads(script: str, in_window: Callable[[str, str], None]) -> None:
    in_window("voice_scripts", script)


@pytest.mark.window
@pytest.mark.parametrize(
    "script",
    ["without_a_journal_it_says_so_and_stays", "a_journal_that_breaks_takes_it_out_of_service_and_not_down"],
)
def test_the_program_when_no_records_can_be_kept(script: str, in_window: Callable[[str, str], None]) -> None:
    in_window("program_scripts", script)


@pytest.mark.window
def test_ten_fingers_and_every_key(in_window: Callable[[str, str], None]) -> None:
    in_window("monkey_script", "ten_fingers_and_every_key")


@pytest.mark.window
@pytest.mark.soak
def test_ten_fingers_for_longer(
    in_window: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONKEY_EVENTS", "20000")
    in_window("monkey_script", "ten_fingers_and_every_key")
