"""What a voice says for a control and for a digit."""

import re
from collections.abc import Callable
from pathlib import Path

from kiosk.messages import msg, texts
from kiosk.values import Digits
from screens.spoken import of_control, of_digit
from screens.widgets.button import Button

ROOT = Path(__file__).parent.parent.parent


def nothing() -> None:
    """A control that does nothing."""


def keys(parts: tuple[object, ...]) -> list[str]:
    """The catalogue's keys of what is said."""
    return [getattr(part, "key", "") for part in parts]


def button(press: Callable[[], None] | None, reason: str = "") -> Button:
    return Button("b", msg("action.print"), press, reason=msg(reason) if reason else None)


def test_a_control_says_its_label_and_its_role() -> None:
    assert keys(of_control(button(nothing), ())) == ["action.print", "voice.role.button"]


def test_one_that_is_off_says_so_and_why() -> None:
    said = keys(of_control(button(None, "need.receipt-printer"), (msg("screen.amount-none"),)))
    assert said == [
        "action.print", "voice.role.button", "need.receipt-printer", "voice.unusable", "screen.amount-none",
    ]  # fmt: skip


def test_every_role_that_is_used_has_a_word() -> None:
    roles = {"button", "option", "tile", "switch", "digit", "key", "quick", "step"}
    for language in ("zh", "en"):
        assert {f"voice.role.{role}" for role in roles} <= set(texts(language))


def test_a_password_is_stars() -> None:
    assert keys(of_digit("7", masked=True)) == ["voice.star"]
    assert of_digit("7", masked=False) == (Digits("7"),)


def test_the_window_has_every_hook_that_the_kiosk_sets() -> None:
    """`kiosk/assembly.py` sets them by name: one that is missing would be set in vain and never be called."""
    hooks = set(re.findall(r"stage\.(on_\w+) =", (ROOT / "kiosk" / "assembly.py").read_text("utf-8")))
    window = (ROOT / "screens" / "window.py").read_text("utf-8")
    assert hooks >= {"on_error", "on_secret", "on_voice_key", "on_screen", "on_focus"}
    offered = set(re.findall(r"self\.(on_\w+): Callable", window)) - {
        "on_drawn",
        "on_activity",
        "on_listening",
    }
    assert offered == hooks  # on_drawn is for those who measure; kiosk/idle.py sets the two others
    for hook in hooks:
        assert re.search(rf"self\.{hook}\(|\.{hook}\(", window), hook
