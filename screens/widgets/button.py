"""Buttons: the plain kinds of control. A disabled one stays visible, with the reason beside its label."""

from collections.abc import Callable
from typing import Literal

from kiosk.messages import Message, Part
from screens.pen import Pen
from screens.theme import PRIMARY_MM, TARGET_MM, Look, Style
from screens.widgets.icon import Icon
from screens.widgets.label import Label
from screens.widgets.node import Box, Column, Control, Node, draw_card

Kind = Literal["primary", "money", "secondary", "band"]
"""`band`: in the header, on its colour."""

PAD_X_MM = 5.0
PAD_Y_MM = 2.0
EDGE_MM = 0.5


class Button(Control):
    """An icon and a label in a box of at least the target size."""

    def __init__(
        self,
        key: str,
        label: Part,
        press: Callable[[], None] | None,
        kind: Kind = "secondary",
        icon: str = "",
        icon_after: bool = False,
        stacked: bool = False,
        reason: Message | None = None,
        role: str = "button",
        style: Style = "button",
        high_mm: float = 0,
        icon_only: bool = False,
    ) -> None:
        super().__init__(key, label, press)
        self.kind, self.icon_name, self.icon_after, self.stacked = kind, icon, icon_after, stacked
        self.reason, self.role, self.style, self.icon_only = reason, role, style, icon_only
        self.high_mm = high_mm or (PRIMARY_MM if kind in ("primary", "money") else TARGET_MM)

    # what it is made of, in the colours of its state

    def _inks(self, pressed: bool) -> tuple[str, str, str]:
        """Ground, edge and ink."""
        if not self.enabled:
            return "disabled_ground", "hairline", "disabled"
        if self.kind == "band":
            return ("on_band", "on_band", "band") if pressed else ("band", "on_band", "on_band")
        if self.kind != "secondary" or pressed:
            return ("pressed" if pressed else "primary"), "", "on_primary"
        return "card", "line", "primary"

    def _label(self, ink: str = "primary") -> Node:
        align = "centre" if self.stacked or not self.icon_name else "left"
        label = Label(self.label, self.style, ink, align, measured=False)
        if self.reason is None:
            return label
        return Column([label, Label(self.reason, "caption", ink, align, measured=False)])

    def _icon_px(self, look: Look) -> int:
        return look.px(self._icon_mm(look)) if self.icon_name else 0

    def _icon_mm(self, look: Look) -> float:
        return look.cap_mm(self.style) * (1.55 if self.stacked else 1.7)

    def _beside(self, look: Look) -> int:
        """Width in px that the icon takes beside the label."""
        return 0 if self.stacked or not self.icon_name else self._icon_px(look) + look.px(2)

    def measure(self, look: Look, width: int) -> int:
        if self.icon_only:
            return look.least(self.high_mm)
        inner = width - 2 * look.px(PAD_X_MM if not self.stacked else 1.5) - self._beside(look)
        height = self._label().measure(look, max(inner, 1)) + 2 * look.px(PAD_Y_MM)
        if self.stacked:
            height += self._icon_px(look)
        return max(height, look.least(self.high_mm))

    def natural(self, look: Look) -> int:
        if self.icon_only:
            return look.least(self.least_mm[0])
        pad = look.px(PAD_X_MM if not self.stacked else 1.5)
        width = self._label().natural(look) + 2 * pad + self._beside(look)
        return max(width, look.least(self.least_mm[0]))

    def least(self, look: Look) -> int:
        if self.icon_only:
            return look.least(self.least_mm[0])
        pad = look.px(PAD_X_MM if not self.stacked else 1.5)
        return max(self._label().least(look) + 2 * pad + self._beside(look), look.least(self.least_mm[0]))

    def draw(self, look: Look, pen: Pen) -> None:
        self._draw(look, pen, pressed=False)

    def draw_pressed(self, look: Look, pen: Pen) -> None:
        self._draw(look, pen, pressed=True)

    def _draw(self, look: Look, pen: Pen, pressed: bool) -> None:
        ground, edge, ink = self._inks(pressed)
        draw_card(look, pen, self.box, ground, edge, EDGE_MM)
        if self.icon_only:
            self._draw_icon(look, pen, self.box, ink)
            return
        label = self._label(ink)
        pad, beside = look.px(PAD_X_MM if not self.stacked else 1.5), self._beside(look)
        room = self.box.w - 2 * pad - beside
        width = min(room, label.natural(look)) if beside else room
        height = label.measure(look, room)
        if self.stacked and self.icon_name:
            icon_px = self._icon_px(look)
            y = self.box.y + (self.box.h - height - icon_px) // 2
            self._draw_icon(look, pen, Box(self.box.x, y, self.box.w, icon_px), ink)
            label.place(look, Box(self.box.x + pad, y + icon_px, room, height))
        else:
            width = self._tight(look, label, room, width)
            x = self.box.x + (self.box.w - width - beside) // 2
            y = self.box.y + (self.box.h - height) // 2
            if beside:
                icon_x = x + width + look.px(2) if self.icon_after else x
                self._draw_icon(look, pen, Box(icon_x, self.box.y, self._icon_px(look), self.box.h), ink)
            label.place(look, Box(x if self.icon_after else x + beside, y, width, height))
        label.draw(look, pen)

    def _tight(self, look: Look, label: Node, room: int, width: int) -> int:
        """The width that the broken lines really take, so that icon and label stand together in the middle."""
        if isinstance(label, Label) and self.icon_name:
            return max(line.width for line in label.lines(look, room))
        return width

    def _draw_icon(self, look: Look, pen: Pen, box: Box, ink: str) -> None:
        icon = Icon(self.icon_name, self._icon_mm(look), ink)
        icon.place(look, box)
        icon.draw(look, pen)

    def spoken(self) -> tuple[Part, ...]:
        return (self.label,) if self.reason is None else (self.label, self.reason)
