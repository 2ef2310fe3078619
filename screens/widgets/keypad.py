"""The kiosk's own keypad: no input method, no system keyboard."""

from collections.abc import Callable, Sequence

from kiosk.messages import Part, msg
from kiosk.values import Digits
from screens.pen import Pen
from screens.theme import GAP_MM, Look, Style
from screens.widgets.boxes import Column, Grid, Row
from screens.widgets.button import Button
from screens.widgets.node import Box, Node

WIDEST_KEY_MM = 56.0
KEY_MM = 20.5
QUICK_SHARE = 1.4
ROOMY_KEY_MM = 29.0

Press = Callable[[], object]


class Keypad(Node):
    """Ten digits, erase, and one more key; `quick` stands in a column of its own. Digits are off when all are in."""

    def __init__(
        self,
        digit: Callable[[str], object],
        erase: Press,
        more: tuple[str, Part, str, Press],
        *,
        full: bool,
        quick: Sequence[Button] = (),
    ) -> None:
        digits = [self._key(str(n), None if full else digit) for n in range(10)]
        key, label, icon, press = more
        style: Style = "strip" if icon else "key"
        extra = Button(key, label, _quiet(press), icon=icon, role="key", style=style, stacked=True)
        label = msg("screen.erase")
        back = Button(
            "erase", label, _quiet(erase), icon="backspace", role="key", style="strip", stacked=True
        )
        self.keys = [*digits[1:], extra, digits[0], back]
        self.quick = list(quick)

    def _key(self, name: str, digit: Callable[[str], object] | None) -> Button:
        press = _quiet(lambda: digit(name)) if digit else None
        return Button(f"digit-{name}", Digits(name, personal=False), press, role="digit", style="key")

    def children(self) -> Sequence[Node]:
        return [*self.keys, *self.quick]

    def _grid(self, look: Look) -> Grid:
        tall = look.roomy or (look.landscape and look.panel.lowers)
        roomy = tall and not look.lowered
        for key in self.keys:
            key.high_mm = ROOMY_KEY_MM if roomy else KEY_MM
            key.icon_only = (look.compact or look.text_size != "normal") and key.stacked and key.has_icon
        for button in self.quick:
            button.high_mm = ROOMY_KEY_MM if roomy else KEY_MM
        return Grid(self.keys, 3, GAP_MM)

    def _whole(self, look: Look) -> Node:
        keys = self._grid(look)
        if not self.quick:
            return keys
        return Row([keys, Column(self.quick, GAP_MM)], (3, QUICK_SHARE), GAP_MM, "top")

    def _width(self, look: Look, width: int) -> int:
        return min(width, (4 if self.quick else 3) * look.px(WIDEST_KEY_MM + GAP_MM) - look.px(GAP_MM))

    def measure(self, look: Look, width: int) -> int:
        return self._whole(look).measure(look, self._width(look, width))

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        width = self._width(look, box.w)
        self._whole(look).place(look, Box(box.x + (box.w - width) // 2, box.y, width, box.h))

    def draw(self, look: Look, pen: Pen) -> None:
        for key in self.children():
            key.draw(look, pen)


def _quiet(press: Press) -> Callable[[], None]:
    """What a key gives back is of no interest to the finger."""

    def pressed() -> None:
        press()

    return pressed
