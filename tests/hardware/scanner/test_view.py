"""When a run of looks makes a camera gone, dark or frozen, and when it does not."""

from typing import Any

import pytest

from hardware.device import Fault
from hardware.scanner.view import DARK_FRAMES, DARK_LEVEL, EMPTY_LOOKS, OPENING_LOOKS, SAME_FRAMES, View

OPENING: dict[str, Any] = {"state": "opening"}
EMPTY: dict[str, Any] = {"state": "open"}
GONE: dict[str, Any] = {"state": "gone"}


def frame(number: int, brightest: int = 200) -> dict[str, Any]:
    return {"state": "open", "width": 1280, "height": 720, "brightest": brightest, "fingerprint": number}


def dark(number: int) -> dict[str, Any]:
    return frame(number, brightest=DARK_LEVEL - 1)


@pytest.mark.parametrize(
    ("looks", "fault"),
    [
        ([GONE], Fault.DISCONNECTED),
        ([frame(1), GONE], Fault.DISCONNECTED),
        ([OPENING] * (OPENING_LOOKS - 1), None),
        ([OPENING] * OPENING_LOOKS, Fault.NO_ANSWER),
        ([OPENING] * (OPENING_LOOKS - 1) + [frame(1)], None),
        ([frame(1)] + [EMPTY] * (EMPTY_LOOKS - 1), None),
        ([frame(1)] + [EMPTY] * EMPTY_LOOKS, Fault.NO_ANSWER),
        ([frame(1)] * SAME_FRAMES, None),
        ([frame(1)] * (SAME_FRAMES + 1), Fault.NO_ANSWER),
        ([frame(n % 2) for n in range(4 * SAME_FRAMES)], None),
        ([dark(n) for n in range(DARK_FRAMES - 1)], None),
        ([dark(n) for n in range(DARK_FRAMES)], Fault.CAMERA_DARK),
        ([dark(n) for n in range(DARK_FRAMES - 1)] + [frame(99)], None),
        # a black picture that also stands still is dark first: that is what staff can see and cure
        ([dark(1)] * (SAME_FRAMES + 1), Fault.CAMERA_DARK),
    ],
)
def test_fault(looks: list[dict[str, Any]], fault: Fault | None) -> None:
    view = View()
    for look in looks:
        view.note(look)
    assert view.fault() is fault
