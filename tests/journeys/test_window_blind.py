"""A citizen without sight: the balance, heard in a headset, with four keys and digits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.messages import texts
from scripts.display import VirtualDisplay
from tour.blind import balance, put_headset_in
from tour.ear import Keypad, Listener
from tour.kiosk import demo_kiosk

pytestmark = pytest.mark.window

SIZE = (1080, 1920)
PASSWORD = "123456"


@pytest.fixture
def blind(tmp_path: Path) -> Iterator[Listener]:
    """Somebody with a headset before a demo kiosk."""
    with (
        VirtualDisplay(*SIZE) as display,
        demo_kiosk(display.name, SIZE, tmp_path / "kiosk.log") as kiosk,
    ):
        yield Listener(kiosk, Keypad(display.name), "zh")


def test_the_balance_is_heard_and_no_password_is(blind: Listener) -> None:
    put_headset_in(blind)
    balance(blind)
    said = blind.kiosk.get("/speech")
    words = [piece["text"] for piece in said]
    amounts = [piece for piece in said if piece["personal"] and "元" in piece["text"]]
    assert amounts, "the balance must be said"
    assert all(piece["heard"] for piece in amounts)
    assert words.count(texts("zh")["voice.star"]) >= len(PASSWORD) - 1, "each digit of the password is a star"
    echoes = "二三四五六"  # one is also the label of the key where the focus comes in
    assert not any(digit in words for digit in echoes), "no digit of the password may be said"
    assert blind.kiosk.slips() == 1
