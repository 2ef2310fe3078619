"""Four keys and digits: left and right go from control to control, select acts, back goes back.

The order of focus is the order of reading, round and round. The keys are those of a keypad for the blind as much as
of a keyboard; up and down go to the nearest control in that direction.
"""

from collections.abc import Mapping, Sequence

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
