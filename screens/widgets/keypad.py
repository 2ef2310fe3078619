"""The kiosk's own keypad: no input method, no system keyboard. In the lowered landscape layout it is two rows high."""

from collections.abc import Callable

from kiosk.messages import Part, msg
from kiosk.values import Count, Digits
from screens.theme import GAP_MM, Look
from screens.widgets.button import Button
from screens.widgets.node import Box, Grid, Node

KEY_MM = 22.0
WIDEST_KEY_MM = 44.0


class Keypad(Node):
    """Ten digits, erase, and one more key (clear, or the decimal point)."""

    def __init__(
        self,
        digit: Callable[[str], object],
        erase: Callable[[], object],
        extra: tuple[str, Part, Callable[[], object]],
        live: bool,
    ) -> None:
        def key(name: str) -> Button:
            return Button(
                f"digit-{name}", Digits(name, personal=False), (lambda: _none(digit(name))) if live else None,
                role="digit", style="key", high_mm=KEY_MM,
            )  # fmt: skip

        extra_key, extra_label, extra_press = extra
        erase_key = Button(
            "erase",
            msg("screen.erase"),
            lambda: _none(erase()),
            icon="backspace",
            style="strip",
            stacked=True,
            high_mm=KEY_MM,
        )
        more = Button(
            extra_key,
            extra_label,
            lambda: _none(extra_press()),
            style="strip" if extra_key == "clear" else "key",
            high_mm=KEY_MM,
        )
        self.keys: list[Node] = [*(key(str(n)) for n in range(1, 10)), more, key("0"), erase_key]
        self._wide: list[Node] = [
            *(key(str(n)) for n in range(1, 6)),
            erase_key,
            *(key(str(n)) for n in (6, 7, 8, 9, 0)),
            more,
        ]

    def children(self) -> list[Node]:
        return self._shown

    _shown: list[Node] = []

    def _grid(self, look: Look) -> Grid:
        flat = look.landscape and look.lowered
        self._shown = self._wide if flat else self.keys
        return Grid(self._shown, 6 if flat else 3, GAP_MM)

    def _width(self, look: Look, width: int) -> int:
        grid = self._grid(look)
        return min(width, grid.columns * look.px(WIDEST_KEY_MM + GAP_MM) - look.px(GAP_MM))

    def measure(self, look: Look, width: int) -> int:
        return self._grid(look).measure(look, self._width(look, width))

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        width = self._width(look, box.w)
        self._grid(look).place(look, Box(box.x + (box.w - width) // 2, box.y, width, box.h))

    def draw(self, look: Look, pen: object) -> None:
        for key in self._shown:
            key.draw(look, pen)  # type: ignore[arg-type]


def _none(result: object) -> None:
    """A key's result is of no interest to the finger."""


__all__ = ["Count", "Keypad"]
