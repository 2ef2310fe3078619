"""The one Kivy widget: two layers of drawing, and touches handed on in pixels from the top left."""

from collections.abc import Callable
from typing import Any

from kivy.graphics import InstructionGroup
from kivy.uix.widget import Widget

from screens.pen import Pen

Touch = Callable[[float, float, Any], None]


class Surface(Widget):  # type: ignore[misc]  # Kivy has no types
    """`base` holds the scene, `touch` what changes under the finger and with the focus."""

    def __init__(self, height: int, down: Touch, up: Touch) -> None:
        super().__init__()
        self._height, self._down, self._up = height, down, up
        self._base, self._touch = InstructionGroup(), InstructionGroup()
        self.canvas.add(self._base)
        self.canvas.add(self._touch)

    def base_pen(self) -> Pen:
        """A pen on the emptied base layer."""
        self._base.clear()
        return Pen(self._base, self._height)

    def touch_pen(self) -> Pen:
        """A pen on the emptied layer above it."""
        self._touch.clear()
        return Pen(self._touch, self._height)

    def on_touch_down(self, touch: Any) -> bool:
        if getattr(touch, "button", "left") == "left":
            self._down(touch.x, self._height - 1 - touch.y, touch.uid)
        return True

    def on_touch_move(self, touch: Any) -> bool:
        return True

    def on_touch_up(self, touch: Any) -> bool:
        self._up(touch.x, self._height - 1 - touch.y, touch.uid)
        return True
