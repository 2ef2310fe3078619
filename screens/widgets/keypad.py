"""The kiosk's own keypad: no input method, no system keyboard. Where height is short it is two rows high."""

from collections.abc import Callable, Sequence

from kiosk.messages import Part, msg
from kiosk.values import Digits
from screens.pen import Pen
from screens.theme import GAP_MM, Look
from screens.widgets.button import Button
from screens.widgets.node import Box, Grid, Node

WIDEST_KEY_MM = 56.0
KEY_MM = 21.0
ROOMY_KEY_MM = 29.0

Press = Callable[[], object]


class Keypad(Node):
    """Ten digits, erase, and one more key. Digits are off when no more can be entered."""

    def __init__(
        self, digit: Callable[[str], object], erase: Press, more: tuple[str, Part, str, Press], full: bool
    ) -> None:
        self._digits = [self._key(str(n), None if full else digit) for n in range(10)]
        key, label, icon, press = more
        self._more = Button(
            key, label, _quiet(press), icon=icon, role="key", style="strip" if icon else "key", stacked=True
        )
        self._erase = Button(
            "erase",
            msg("screen.erase"),
            _quiet(erase),
            icon="backspace",
            role="key",
            style="strip",
            stacked=True,
        )
        self._shown: list[Button] = []

    def _key(self, name: str, digit: Callable[[str], object] | None) -> Button:
        press = _quiet(lambda: digit(name)) if digit else None
        return Button(f"digit-{name}", Digits(name, personal=False), press, role="digit", style="key")

    def children(self) -> Sequence[Node]:
        return self._shown

    def _grid(self, look: Look) -> Grid:
        d = self._digits
        flat = look.landscape and look.lowered
        if flat:
            self._shown = [*d[1:6], self._erase, *d[6:], d[0], self._more]
        else:
            self._shown = [*d[1:], self._more, d[0], self._erase]
        for key in self._shown:
            key.high_mm = ROOMY_KEY_MM if look.roomy and not look.lowered else KEY_MM
        return Grid(self._shown, 6 if flat else 3, GAP_MM)

    def _width(self, look: Look, width: int, columns: int) -> int:
        return min(width, columns * look.px(WIDEST_KEY_MM + GAP_MM) - look.px(GAP_MM))

    def measure(self, look: Look, width: int) -> int:
        grid = self._grid(look)
        return grid.measure(look, self._width(look, width, grid.columns))

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        grid = self._grid(look)
        width = self._width(look, box.w, grid.columns)
        grid.place(look, Box(box.x + (box.w - width) // 2, box.y, width, box.h))

    def draw(self, look: Look, pen: Pen) -> None:
        for key in self._shown:
            key.draw(look, pen)


def _quiet(press: Press) -> Callable[[], None]:
    """What a key gives back is of no interest to the finger."""

    def pressed() -> None:
        press()

    return pressed
