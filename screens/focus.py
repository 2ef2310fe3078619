"""Four keys and digits: left and right go from control to control, select acts, back goes back.

The order of focus is the order of reading. The keys are those of a keypad for the blind as much as of a keyboard.
"""

from collections.abc import Sequence

from screens.widgets.node import Control


def moved(controls: Sequence[Control], current: str | None, step: int, start: str | None) -> str | None:
    """The key of the control that focus goes to; `start` is where it comes in."""
    keys = [control.key for control in controls]
    if not keys:
        return None
    if current not in keys:
        return start if start in keys else keys[0]
    return keys[(keys.index(current) + step) % len(keys)]


def vertical(controls: Sequence[Control], current: str | None, down: bool, start: str | None) -> str | None:
    """The nearest control above or below, preferring the same column; the next in order where there is none."""
    here = next((control for control in controls if control.key == current), None)
    if here is None:
        return moved(controls, current, 1, start)
    box = here.box
    if down:
        others = [c for c in controls if c.box.y >= box.bottom]
    else:
        others = [c for c in controls if c.box.bottom <= box.y]
    if not others:
        return moved(controls, current, 1 if down else -1, start)

    def distance(control: Control) -> float:
        apart = control.box.y - box.bottom if down else box.y - control.box.bottom
        sideways = max(0, control.box.x - box.right, box.x - control.box.right)
        return apart + 2 * sideways + 0.01 * abs(control.box.x - box.x)

    return min(others, key=distance).key
