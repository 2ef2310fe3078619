"""The foot of every screen: Back left, the primary action right, Help and Finish between; and the row of switches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from kiosk.messages import LANGUAGES, msg
from kiosk.prompts import Chrome
from kiosk.stage import Preferences, TextSize
from screens.pen import Pen
from screens.theme import GAP_MM, PRIMARY_MM, THEME_ORDER, Look
from screens.widgets.boxes import share_width
from screens.widgets.button import Button
from screens.widgets.node import Box, Node

PRIMARY_WIDE_MM = 84.0
PRIMARY_LEAST_MM = 60.0
TURNING_MM = 66.0
"""Two buttons that turn pages with the number between them: where height is short they stand in the footer."""

MOST_OF_BAND = 0.5
"""Switches that would take more of the header's width go without their icons."""


@dataclass(frozen=True)
class Deeds:
    """What the controls around a screen do."""

    back: Callable[[], None]
    help: Callable[[], None]
    finish: Callable[[], None]
    switch: Callable[[Callable[[Preferences], None]], None]


def next_language(preferences: Preferences) -> None:
    preferences.language = LANGUAGES[(LANGUAGES.index(preferences.language) + 1) % len(LANGUAGES)]


def text_size_after(look: Look) -> TextSize:
    """Normal, large, extra, and round again, as far as the panel goes."""
    sizes = look.panel.sizes
    return sizes[(sizes.index(look.text_size) + 1) % len(sizes)]


def to_text_size(size: TextSize) -> Callable[[Preferences], None]:
    """The larger sizes bring the easy mode, with few choices and slower time-outs."""

    def change(preferences: Preferences) -> None:
        preferences.text_size = size
        preferences.elder = size != "normal"

    return change


def next_theme(preferences: Preferences) -> None:
    preferences.theme = THEME_ORDER[(THEME_ORDER.index(preferences.theme) + 1) % len(THEME_ORDER)]


def next_height(preferences: Preferences) -> None:
    preferences.lowered = not preferences.lowered


def switches(look: Look, deeds: Deeds, on_band: bool) -> list[Button]:
    """Language, text size, contrast and height; each says what touching it brings."""
    theme_after = THEME_ORDER[(THEME_ORDER.index(look.theme) + 1) % len(THEME_ORDER)]
    size_after = text_size_after(look)
    listed: list[tuple[str, str, str, Callable[[Preferences], Any]]] = [
        ("language", "screen.other-language", "language", next_language),
        ("text-size", f"screen.text-{size_after}", "text-size", to_text_size(size_after)),
        ("contrast", f"screen.theme-{theme_after}", "contrast", next_theme),
        ("lowered", "screen.raise" if look.lowered else "screen.lower", "wheelchair", next_height),
    ]
    if not look.panel.lowers:
        listed.pop()
    kind: Any = "band" if on_band else "secondary"

    def buttons(icons: bool) -> list[Button]:
        return [
            Button(
                key, msg(label), _switching(deeds, change), kind, icon if icons else "",
                role="switch", style="strip",
            )
            for key, label, icon, change in listed
        ]  # fmt: skip

    drawn = buttons(icons=not look.narrow)
    crowded = on_band and sum(button.natural(look) for button in drawn) > MOST_OF_BAND * look.panel.width_px
    return buttons(icons=False) if crowded else drawn


def _switching(deeds: Deeds, change: Callable[[Preferences], None]) -> Callable[[], None]:
    return lambda: deeds.switch(change)


class Strip(Node):
    """The switches across the whole width, on a ground of their own."""

    def __init__(self, buttons: Sequence[Button]) -> None:
        self.buttons = list(buttons)

    def children(self) -> Sequence[Node]:
        return self.buttons

    def _widths(self, look: Look, width: int) -> list[int]:
        room = width - look.px(GAP_MM) * (len(self.buttons) - 1)
        shared = share_width(look, self.buttons, room)
        spare = max(0, room - sum(shared)) // len(shared)
        return [w + spare for w in shared]

    def measure(self, look: Look, width: int) -> int:
        return max(b.measure(look, w) for b, w in zip(self.buttons, self._widths(look, width), strict=True))

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        x = box.x
        for button, w in zip(self.buttons, self._widths(look, box.w), strict=True):
            button.place(look, Box(x, box.y, w, box.h))
            x += w + look.px(GAP_MM)

    def draw(self, look: Look, pen: Pen) -> None:
        panel, top = look.panel, self.box.y - look.px(4)
        pen.box(0, top, panel.width_px, panel.height_px - top, look.colour("strip"))
        pen.box(0, top, panel.width_px, max(1, look.px(0.35)), look.colour("hairline"))
        for button in self.buttons:
            button.draw(look, pen)


class Footer(Node):
    """Back keeps its place even when it is not offered, so that Help and Finish keep theirs."""

    def __init__(self, look: Look, chrome: Chrome, primary: Button | None, deeds: Deeds) -> None:
        def button(key: str, press: Callable[[], None], icon: str) -> Button:
            return Button(key, msg(f"screen.{key}"), press, icon="" if look.narrow else icon)

        back = button("back", deeds.back, "arrow-left")
        helper = button("help", deeds.help, "help")
        finish = button("finish", deeds.finish, "logout")
        inside = chrome.back or chrome.finish
        self.slots = [back, helper, finish] if inside else [helper]
        self.offered = [chrome.back, True, chrome.finish] if inside else [True]
        self.primary = primary

    def children(self) -> Sequence[Node]:
        buttons = [button for button, offered in zip(self.slots, self.offered, strict=True) if offered]
        return [*buttons, *([self.primary] if self.primary else [])]

    def _widths(self, look: Look, width: int) -> tuple[list[int], int]:
        gap = look.px(GAP_MM)
        reserve = max(self.primary.least(look) if self.primary else 0, look.px(PRIMARY_LEAST_MM))
        wanted = 0
        if self.primary:
            wanted = max(
                self.primary.natural(look), look.px(PRIMARY_LEAST_MM if look.compact else PRIMARY_WIDE_MM)
            )
        room = width - gap * len(self.slots)
        naturals = [slot.natural(look) for slot in self.slots]
        slots = share_width(look, self.slots, room - reserve)
        folded = [min(slot.natural(look), slot.folded(look)) for slot in self.slots]
        crowded = look.compact and sum(naturals) + wanted + look.px(TURNING_MM) + gap > room
        if (crowded or slots != naturals) and sum(folded) <= sum(slots):
            slots = folded
        if crowded and self.primary and sum(slots) + wanted + look.px(TURNING_MM) + gap > room:
            wanted = min(wanted, max(self.primary.folded(look), look.px(PRIMARY_LEAST_MM)))
        return slots, min(room - sum(slots), wanted)

    def measure(self, look: Look, width: int) -> int:
        slots, primary = self._widths(look, width)
        heights = [button.measure(look, w) for button, w in zip(self.slots, slots, strict=True)]
        if self.primary:
            heights.append(self.primary.measure(look, primary))
        return max(*heights, look.least(PRIMARY_MM))

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        slots, primary = self._widths(look, box.w)
        x = box.x
        for button, w in zip(self.slots, slots, strict=True):
            button.place(look, Box(x, box.y, w, box.h))
            x += w + look.px(GAP_MM)
        if self.primary:
            self.primary.place(look, Box(box.right - primary, box.y, primary, box.h))

    def spare(self, look: Look) -> Box:
        """The free room between the buttons, with a gap on either side."""
        gap = look.px(GAP_MM)
        left = self.slots[-1].box.right + gap
        right = self.primary.box.x - gap if self.primary else self.box.right
        return Box(left, self.box.y, max(0, right - left), self.box.h)

    def draw(self, look: Look, pen: Pen) -> None:
        for button in self.children():
            button.draw(look, pen)
