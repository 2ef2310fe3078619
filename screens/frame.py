"""The frame around every screen: header above, footer below, and the strip of switches, always in the same places."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from kiosk.messages import msg
from kiosk.prompts import Chrome, Hand, Step
from kiosk.stage import Preferences
from kiosk.values import CENTRE_ZONE, Bilingual, Count, Digits, Name
from screens.pen import Pen
from screens.theme import GAP_MM, MARGIN_MM, SIZES, THEME_ORDER, Look
from screens.widgets.button import Button
from screens.widgets.label import Label
from screens.widgets.node import Box, Column, Node

Side = Literal["left", "right", "above", "below"]


@dataclass(frozen=True)
class Places:
    """Where this kiosk stands, and on which side of the glass each device is."""

    centre: Bilingual
    kiosk: Bilingual
    sides: Mapping[Hand, Side]


@dataclass(frozen=True)
class Help:
    """Who helps when the kiosk cannot: a window of the centre, and a telephone."""

    window: Bilingual
    phone: Digits


EMBLEM_MM = 17.0


def _emblem(size: int) -> npt.NDArray[np.uint8]:
    """A roof over a coin with a square hole: a house paid for in time."""
    unit = size * 8 / 100
    image = Image.new("L", (size * 8, size * 8), 0)
    draw = ImageDraw.Draw(image)

    def at(*points: float) -> list[float]:
        return [value * unit for value in points]

    draw.polygon(at(50, 4, 98, 40, 91, 49, 50, 19, 9, 49, 2, 40), fill=255)
    draw.ellipse(at(20, 34, 80, 94), fill=255)
    draw.ellipse(at(28, 42, 72, 86), fill=0)
    draw.ellipse(at(31, 45, 69, 83), fill=255)
    draw.rectangle(at(42, 56, 58, 72), fill=0)
    return np.asarray(image.resize((size, size), Image.Resampling.BOX))


class Emblem(Node):
    def measure(self, look: Look, width: int) -> int:
        return look.px(EMBLEM_MM)

    def natural(self, look: Look) -> int:
        return look.px(EMBLEM_MM)

    def draw(self, look: Look, pen: Pen) -> None:
        size = look.px(EMBLEM_MM)
        pen.shape(("emblem", size), lambda: _emblem(size), self.box.x, self.box.y, look.colour("primary"))


class Dots(Node):
    """The step as dots, with its number for those who count."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.label = Label(
            msg("screen.step", number=Count(step.number), of=Count(step.of)), "caption", "soft", "right"
        )

    def children(self) -> Sequence[Node]:
        return (self.label,)

    def _dots(self, look: Look) -> int:
        return self.step.of * look.px(5.5)

    def measure(self, look: Look, width: int) -> int:
        return self.label.measure(look, width)

    def natural(self, look: Look) -> int:
        return self._dots(look) + look.px(2) + self.label.natural(look)

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        self.label.place(
            look, Box(box.right - self.label.natural(look), box.y, self.label.natural(look), box.h)
        )

    def draw(self, look: Look, pen: Pen) -> None:
        size, pitch = look.px(3.6), look.px(5.5)
        x, y = self.label.box.x - look.px(2) - self._dots(look), self.box.y + (self.box.h - size) // 2
        for n in range(self.step.of):
            if n < self.step.number:
                pen.round_box(x + n * pitch, y, size, size, size // 2, look.colour("primary"))
            else:
                pen.outline(x + n * pitch, y, size, size, size // 2, look.px(0.6), look.colour("primary"))
        self.label.draw(look, pen)


@dataclass
class Deeds:
    """What the frame's controls do."""

    back: Callable[[], None]
    help: Callable[[], None]
    finish: Callable[[], None]
    switch: Callable[[Callable[[Preferences], None]], None]


def next_language(preferences: Preferences) -> None:
    preferences.language = "en" if preferences.language == "zh" else "zh"


def next_text_size(preferences: Preferences) -> None:
    """Normal, large, extra; the larger ones bring the easy mode with few choices and slower time-outs."""
    preferences.text_size = SIZES[(SIZES.index(preferences.text_size) + 1) % len(SIZES)]
    preferences.elder = preferences.text_size != "normal"


def next_theme(preferences: Preferences) -> None:
    preferences.theme = THEME_ORDER[(THEME_ORDER.index(preferences.theme) + 1) % len(THEME_ORDER)]


def next_height(preferences: Preferences) -> None:
    preferences.lowered = not preferences.lowered


def strip(look: Look, deeds: Deeds) -> list[Button]:
    """The switches; each says what touching it brings."""
    theme_after = THEME_ORDER[(THEME_ORDER.index(look.theme) + 1) % len(THEME_ORDER)]
    size_after = SIZES[(SIZES.index(look.text_size) + 1) % len(SIZES)]
    switches: list[tuple[str, str, str, Callable[[Preferences], Any]]] = [
        ("language", "screen.other_language", "language", next_language),
        ("text-size", f"screen.text_{size_after}", "text-size", next_text_size),
        ("contrast", f"screen.theme_{theme_after}", "contrast", next_theme),
        ("lowered", "screen.raise" if look.lowered else "screen.lower", "wheelchair", next_height),
    ]
    return [
        Button(
            key,
            msg(label),
            lambda change=change: deeds.switch(change),
            "quiet",
            icon,
            role="switch",
            style="strip",
        )
        for key, label, icon, change in switches
    ]


def share_width(look: Look, nodes: Sequence[Node], room: int) -> list[int]:
    """Natural widths when they fit; else each gives way towards what it needs at least, in proportion."""
    natural, least = [n.natural(look) for n in nodes], [n.least(look) for n in nodes]
    over = sum(natural) - room
    slack = sum(natural) - sum(least)
    if over <= 0 or slack <= 0:
        return natural
    part = min(1.0, over / slack)
    return [int(n - (n - m) * part) for n, m in zip(natural, least, strict=True)]


class Frame:
    """Places header, footer and strip, and says what is left for the body."""

    def __init__(self, look: Look, places: Places, chrome: Chrome, step: Step | None, primary: Button | None,
                 deeds: Deeds, now: datetime) -> None:  # fmt: skip
        self.look = look
        self.nodes: list[Node] = []
        width, height = look.panel.width_px, look.panel.height_px
        margin, gap = look.px(MARGIN_MM), look.px(GAP_MM)
        inner = Box(margin, margin, width - 2 * margin, height - 2 * margin)
        switches = strip(look, deeds)
        above = look.landscape and not look.lowered
        header_bottom = self._header(look, places, chrome, step, now, inner, switches if above else [])
        bottom = inner.bottom
        self.strip_top = height
        if not above:
            bottom = self._row_at_bottom(look, switches, inner, bottom, gap)
            self.strip_top = bottom - look.px(3)
            bottom -= look.px(6)
        self.footer = self._footer(look, chrome, primary, deeds, inner, bottom, gap)
        top = self.footer[0] if self.footer else bottom
        start = header_bottom + look.px(5)
        self.body = Box(inner.x, start, inner.w, top - gap - start)

    def _header(self, look: Look, places: Places, chrome: Chrome, step: Step | None, now: datetime, inner: Box,
                switches: list[Button]) -> int:  # fmt: skip
        gap = look.px(GAP_MM)
        emblem = Emblem()
        clock = f"{now.astimezone(CENTRE_ZONE):%H:%M}"
        right_column: list[Node] = [Label(Name(clock, personal=False), "heading", "text", "right")]
        right_column.append(Dots(step) if step else Label("", "caption"))
        second = chrome.greeting or places.kiosk
        if chrome.demo:
            second = msg("screen.demo", place=second)
        name = Column(
            [
                Label(places.centre, "heading", "primary", measured=False),
                Label(second, "caption", "soft", measured=False),
            ]
        )
        right = Column(right_column, 0.5)
        emblem_w = emblem.natural(look)
        right_w = right.natural(look)
        switch_w = [*share_width(look, switches, inner.w // 2)]
        left_w = inner.w - emblem_w - right_w - 2 * gap - sum(switch_w) - gap * len(switches)
        height = max(look.px(EMBLEM_MM), name.measure(look, left_w), right.measure(look, right_w),
                     *(button.measure(look, w) for button, w in zip(switches, switch_w, strict=True)))  # fmt: skip

        def middle(node: Node, x: int, w: int) -> None:
            h = node.measure(look, w)
            node.place(look, Box(x, inner.y + (height - h) // 2, w, h))
            self.nodes.append(node)

        middle(emblem, inner.x, emblem_w)
        middle(name, inner.x + emblem_w + gap, left_w)
        x = inner.x + emblem_w + left_w + 2 * gap
        self._late: list[Node] = []
        for button, w in zip(switches, switch_w, strict=True):
            button.place(look, Box(x, inner.y, w, height))
            self._late.append(button)
            x += w + gap
        middle(right, inner.right - right_w, right_w)
        return inner.y + height

    def _row_at_bottom(self, look: Look, buttons: list[Button], inner: Box, bottom: int, gap: int) -> int:
        """A row across the whole width; returns its top."""
        room = inner.w - gap * (len(buttons) - 1)
        widths = share_width(look, buttons, room)
        spare = max(0, room - sum(widths)) // len(buttons)
        widths = [w + spare for w in widths]
        height = max(button.measure(look, w) for button, w in zip(buttons, widths, strict=True))
        x = inner.x
        for button, w in zip(buttons, widths, strict=True):
            button.place(look, Box(x, bottom - height, w, height))
            x += w + gap
        self._late = [*getattr(self, "_late", []), *buttons]
        return bottom - height

    def _footer(self, look: Look, chrome: Chrome, primary: Button | None, deeds: Deeds, inner: Box, bottom: int,
                gap: int) -> tuple[int, list[Node]]:  # fmt: skip
        back = Button("back", msg("screen.back"), deeds.back, icon="arrow-left")
        helper = Button("help", msg("screen.help"), deeds.help, icon="help")
        finish = Button("finish", msg("screen.finish"), deeds.finish, icon="logout")
        slots = [back, helper, finish]
        shown = [chrome.back, True, chrome.finish]
        reserve = max(primary.least(look) if primary else 0, look.px(62))
        widths = share_width(look, slots, inner.w - reserve - gap * 3)
        if primary:
            room = inner.w - sum(widths) - gap * 3
            primary_w = min(room, max(primary.natural(look), look.px(85)))
        height = max(button.measure(look, w) for button, w in zip(slots, widths, strict=True))
        height = max(height, look.least(25), primary.measure(look, primary_w) if primary else 0)
        x, top = inner.x, bottom - height
        placed: list[Node] = []
        for button, w, is_shown in zip(slots, widths, shown, strict=True):
            if is_shown:
                button.place(look, Box(x, top, w, height))
                placed.append(button)
            x += w + gap
        if primary:
            primary.place(look, Box(inner.right - primary_w, top, primary_w, height))
            placed.append(primary)
        return top, placed

    def tree(self, body: Sequence[Node]) -> list[Node]:
        """Everything in reading and focus order: header, body, footer, strip."""
        return [*self.nodes, *(self._late if self.look.landscape and not self.look.lowered else []), *body,
                *self.footer[1], *([] if self.look.landscape and not self.look.lowered else self._late)]  # fmt: skip

    def draw_ground(self, pen: Pen) -> None:
        look, panel = self.look, self.look.panel
        pen.box(0, 0, panel.width_px, panel.height_px, look.colour("ground"))
        line = max(1, look.px(0.35))
        pen.box(0, self.body.y - look.px(3), panel.width_px, line, look.colour("hairline"))
        if self.strip_top < panel.height_px:
            pen.box(0, self.strip_top, panel.width_px, panel.height_px - self.strip_top, look.colour("strip"))
