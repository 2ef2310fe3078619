"""Four keys and digits: left and right go from control to control, select acts, back goes back.

The order of focus is the order of reading, round and round. The keys are those of a keypad for the blind as much as
of a keyboard; up and down go to the nearest control in that direction.
"""

from collections.abc import Mapping, Sequence

from screens.pen import Pen
from screens.theme import RADIUS_MM, RING_MM, Look
from screens.widgets.button import Button
from screens.widgets.node import Control

MOVES = ("left", "right", "up", "down")

KEYS: Mapping[int, str] = {
    276: "left", 275: "right", 273: "up", 274: "down", 13: "select", 271: "select", 32: "select", 8: "back",
    46: ".", 266: ".",
    **{48 + n: str(n) for n in range(10)},
    **{256 + n: str(n) for n in range(10)},
}  # fmt: skip
"""Kivy's key codes: arrows, Enter, keypad Enter, space, Backspace, points, digits. Every other key does nothing."""

VOICE_KEYS: Mapping[int, str] = {
    283: "repeat", 284: "pause", 285: "slower", 286: "faster", 287: "softer", 288: "louder", 289: "blank",
}  # fmt: skip
"""F2 to F8, as an audio keypad with USB keys is set up to send. F1 opens nothing."""

SIDEWAYS_COST = 2.0
RING_GAP_MM = 0.6

_START = ""


class Focus:
    """Where the focus is: `key` of the control that has it, None while nobody uses keys."""

    def __init__(self) -> None:
        self.key: str | None = None
        self._below: str | None = None

    def opens(self) -> None:
        """Another screen: the focus, if there is one, goes to where that begins."""
        self.key = self._below = None if self.key is None else _START

    def lies_over(self, something: bool) -> None:
        """Something is laid over the screen, or taken away again: the focus goes into it, and back to where it was."""
        if self.key is None:
            return
        if something:
            self._below = self.key
        self.key = _START if something else self._below or _START

    def comes_in(self, controls: Sequence[Control], start: str | None) -> None:
        """The picture is laid out, and begins at the control `start`: there the focus goes if what had it is gone."""
        if self.key is not None and self.key not in [control.key for control in controls]:
            self.key = start


class KeysDown:
    """Which keys are held. X repeats a key that is: it would answer screen after screen."""

    def __init__(self) -> None:
        self._codes: set[int] = set()

    def down(self, code: int) -> bool:
        """Whether it goes down now, and was not held already."""
        held = code in self._codes
        self._codes.add(code)
        return not held

    def up(self, code: int) -> None:
        """It is let go."""
        self._codes.discard(code)


def draw_ring(look: Look, pen: Pen, control: Control) -> None:
    """The one ring, around the control that has the focus. A gap keeps it apart from what is filled in its colour."""
    on_band = isinstance(control, Button) and control.kind == "band"
    gap, ring = look.least(RING_GAP_MM), look.least(RING_MM)
    for out, thick, ink in (
        (gap, gap, "band" if on_band else "ground"),
        (gap + ring, ring, "on_band" if on_band else "focus"),
    ):
        box = control.box.inset(-out)
        pen.outline(box.x, box.y, box.w, box.h, look.px(RADIUS_MM) + out, thick, look.colour(ink))


def moved(controls: Sequence[Control], current: str | None, move: str, start: str | None) -> str | None:
    """The key of the control that the focus goes to; `start` is where it comes in."""
    keys = [control.key for control in controls]
    if not keys:
        return None
    if current not in keys:
        return start if start in keys else keys[0]
    here = keys.index(current)
    if move in ("up", "down"):
        near = _nearest(controls, controls[here], move == "down")
        if near:
            return near.key
    step = 1 if move in ("right", "down") else -1
    return keys[(here + step) % len(keys)]


def _nearest(controls: Sequence[Control], here: Control, down: bool) -> Control | None:
    box = here.box
    ahead = [c for c in controls if (c.box.y >= box.bottom if down else c.box.bottom <= box.y)]

    def distance(control: Control) -> float:
        away = control.box.y - box.bottom if down else box.y - control.box.bottom
        sideways = max(0, control.box.x - box.right, box.x - control.box.right)
        return away + SIDEWAYS_COST * sideways + 0.01 * abs(control.box.x - box.x)

    return min(ahead, key=distance, default=None)
