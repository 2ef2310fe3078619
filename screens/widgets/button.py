"""Buttons: the plain kinds of control. A disabled one stays visible, with the reason beside its label.

It is told by its shape too: it has no edge where colours are few, and an action that is off bears the sign for it.
"""

from collections.abc import Callable, Sequence
from typing import Literal

from kiosk.messages import Message, Part
from screens.pen import Pen
from screens.theme import ICON_LINE, PRIMARY_MM, TARGET_MM, Look, Style
from screens.widgets.boxes import Column
from screens.widgets.icon import Icon
from screens.widgets.label import Label
from screens.widgets.node import Box, Control, Node, draw_card

Kind = Literal["primary", "money", "secondary", "band"]
"""`money` is the point of no return; `band` stands in the header, on its colour."""

PAD_X_MM = 5.0
STACKED_PAD_X_MM = 1.5
PAD_Y_MM = 2.0
ICON_GAP_MM = 2.0
EDGE_MM = 0.5


class Button(Control):
    """An icon and a label in a box of at least the target size; `stacked` puts the icon on top."""

    def __init__(
        self,
        key: str,
        label: Part,
        press: Callable[[], None] | None,
        kind: Kind = "secondary",
        icon: str = "",
        *,
        icon_after: bool = False,
        icon_only: bool = False,
        stacked: bool = False,
        reason: Message | None = None,
        role: str = "button",
        style: Style = "button",
        high_mm: float = 0,
    ) -> None:
        super().__init__(key, label, press)
        self.kind, self.role, self.reason = kind, role, reason
        self.icon_after, self.icon_only, self.stacked = icon_after, icon_only, stacked
        self.high_mm = high_mm or (PRIMARY_MM if kind in ("primary", "money") else TARGET_MM)
        self._style: Style = style
        off = (
            press is None
            and role == "button"
            and not icon_after
            and not icon_only
            and not icon.startswith("chevron")
        )
        self._icon = Icon("ban" if off else icon, 0) if icon else None
        align = "centre" if stacked or not icon else "left"
        self._label = Label(label, style, align=align, measured=False, balanced=True, glued=style == "strip")
        self._reason = Label(reason, "caption", align=align, measured=False) if reason else None
        self._words: Node = Column([self._label, self._reason]) if self._reason else self._label

    @property
    def has_icon(self) -> bool:
        return self._icon is not None

    def children(self) -> Sequence[Node]:
        return () if self.icon_only else (self._words,)

    def _pad(self, look: Look) -> int:
        return look.px(STACKED_PAD_X_MM if self.stacked else PAD_X_MM)

    def _icon_px(self, look: Look) -> int:
        return look.px(look.cap_mm(self._style) * ICON_LINE) if self._icon else 0

    def _beside(self, look: Look) -> int:
        """Width in px that the icon takes beside the label."""
        return self._icon_px(look) + look.px(ICON_GAP_MM) if self._icon and not self.stacked else 0

    def measure(self, look: Look, width: int) -> int:
        if self.icon_only:
            return look.least(self.high_mm)
        inner = max(1, width - 2 * self._pad(look) - self._beside(look))
        height = self._words.measure(look, inner) + 2 * look.px(PAD_Y_MM)
        return max(height + (self._icon_px(look) if self.stacked else 0), look.least(self.high_mm))

    def natural(self, look: Look) -> int:
        if self.icon_only:
            return look.least(TARGET_MM)
        return max(
            self._words.natural(look) + 2 * self._pad(look) + self._beside(look), look.least(TARGET_MM)
        )

    def folded(self, look: Look) -> int:
        """The width in px with the label on two lines."""
        return max(self._label.folded(look) + 2 * self._pad(look) + self._beside(look), look.least(TARGET_MM))

    def least(self, look: Look) -> int:
        if self.icon_only:
            return look.least(TARGET_MM)
        return max(self._words.least(look) + 2 * self._pad(look) + self._beside(look), look.least(TARGET_MM))

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        icon, pad, beside = self._icon_px(look), self._pad(look), self._beside(look)
        if self._icon:
            self._icon.mm = icon / look.panel.px_per_mm
        if self.icon_only:
            self._put_icon(look, Box(box.x + (box.w - icon) // 2, box.y, icon, box.h))
            return
        room = box.w - 2 * pad - beside
        height = self._words.measure(look, room)
        if self.stacked:
            y = box.y + (box.h - height - icon) // 2
            self._put_icon(look, Box(box.x + (box.w - icon) // 2, y, icon, icon))
            self._words.place(look, Box(box.x + pad, y + icon, room, height))
            return
        width = min(room, self._tight(look, room)) if beside else room
        x, y = box.x + (box.w - width - beside) // 2, box.y + (box.h - height) // 2
        after = self.icon_after
        self._put_icon(look, Box(x + width + look.px(ICON_GAP_MM) if after else x, box.y, icon, box.h))
        self._words.place(look, Box(x if after else x + beside, y, width, height))

    def _put_icon(self, look: Look, box: Box) -> None:
        if self._icon:
            self._icon.place(look, box)

    def _tight(self, look: Look, room: int) -> int:
        """The width the broken lines really take, so that icon and label stand together in the middle."""
        labels = [self._label, *([self._reason] if self._reason else [])]
        return max(line.width for label in labels for line in label.lines(look, room))

    def _inks(self, look: Look, pressed: bool) -> tuple[str, str, str]:
        """Ground, edge and ink for the state."""
        if not self.enabled:
            return "disabled_ground", look.disabled_edge, "disabled"
        if self.kind == "band":
            return ("on_band", "on_band", "band") if pressed else ("band", "on_band", "on_band")
        if self.kind != "secondary" or pressed:
            return ("pressed" if pressed else "primary"), "", "on_primary"
        return "card", "line", "primary"

    def draw(self, look: Look, pen: Pen) -> None:
        self._draw(look, pen, pressed=False)

    def draw_pressed(self, look: Look, pen: Pen) -> None:
        self._draw(look, pen, pressed=True)

    def _draw(self, look: Look, pen: Pen, pressed: bool) -> None:
        ground, edge, ink = self._inks(look, pressed)
        draw_card(look, pen, self.box, ground, edge, EDGE_MM)
        if self._icon:
            self._icon.ink = ink
            self._icon.draw(look, pen)
        if not self.icon_only:
            self._label.ink = ink
            if self._reason:
                self._reason.ink = ink
            self._words.draw(look, pen)

    def spoken(self) -> tuple[Part, ...]:
        return (self.label,) if self.reason is None else (self.label, self.reason)
