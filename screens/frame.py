"""The frame around every screen: header above, footer below and the switches, always in the same places."""

from collections.abc import Sequence
from datetime import datetime

from kiosk.prompts import Chrome
from screens.captions import Caption
from screens.places import Places
from screens.theme import GAP_MM, MARGIN_MM, Look
from screens.widgets.button import Button
from screens.widgets.footer import Deeds, Footer, Strip, switches
from screens.widgets.header import Header
from screens.widgets.node import Box, Node


class Frame:
    """Places what is around a screen, and says what is left for its body."""

    def __init__(
        self,
        look: Look,
        places: Places,
        chrome: Chrome,
        primary: Button | None,
        deeds: Deeds,
        now: datetime,
        caption: Caption | None = None,
    ) -> None:
        panel = look.panel
        margin, gap = look.px(MARGIN_MM), look.px(GAP_MM)
        inner = Box(margin, margin, panel.width_px - 2 * margin, panel.height_px - 2 * margin)
        in_band = look.landscape and not look.lowered  # else the switches stand at the foot, within reach
        buttons = switches(look, deeds, in_band)
        self.look = look
        self.header = Header(places, chrome, now, buttons if in_band else [], caption)
        self.header.place(look, Box(0, 0, panel.width_px, self.header.measure(look, inner.w)))
        self.strip = None if in_band else Strip(buttons)
        bottom = inner.bottom
        if self.strip:
            height = self.strip.measure(look, inner.w)
            self.strip.place(look, Box(inner.x, bottom - height, inner.w, height))
            bottom -= height + 2 * gap
        self.footer = Footer(look, chrome, primary, deeds)
        height = self.footer.measure(look, inner.w)
        self.footer.place(look, Box(inner.x, bottom - height, inner.w, height))
        self.spare = self.footer.spare(look) if look.landscape or look.lowered else None
        top = self.header.box.bottom + (gap if look.compact else gap + look.px(2))
        self.body = Box(inner.x, top, inner.w, bottom - height - gap - look.px(1) - top)

    def tree(self, body: Sequence[Node]) -> list[Node]:
        """Everything in reading and focus order."""
        return [self.header, *body, self.footer, *([self.strip] if self.strip else [])]
