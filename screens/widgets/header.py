"""The band across the top: emblem and name of the centre, the place or who is being served, the clock."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from kiosk.messages import msg
from kiosk.prompts import Chrome, Step
from kiosk.values import CENTRE_ZONE, Count, Day, Name
from screens import typeset
from screens.captions import Caption
from screens.pen import Pen
from screens.places import Places
from screens.theme import GAP_MM, MARGIN_MM, Look, Style
from screens.widgets.boxes import Column, share_width
from screens.widgets.button import Button
from screens.widgets.label import Label
from screens.widgets.node import Box, Node

EMBLEM_MM = (17.0, 26.0)  # lying, upright
BAND_FOOT_MM = 4.0
UPRIGHT_BAND_MM = 44.0
SMOOTHING = 8


def _emblem(size: int) -> npt.NDArray[np.uint8]:
    """A roof over a coin with a square hole: a house paid for in time."""
    unit = size * SMOOTHING / 100
    image = Image.new("L", (size * SMOOTHING, size * SMOOTHING), 0)
    draw = ImageDraw.Draw(image)

    def at(*points: float) -> list[float]:
        return [value * unit for value in points]

    draw.polygon(at(50, 4, 98, 40, 91, 49, 50, 19, 9, 49, 2, 40), fill=255)
    draw.ellipse(at(20, 34, 80, 94), fill=255)
    draw.ellipse(at(27, 41, 73, 87), fill=0)
    draw.ellipse(at(31, 45, 69, 83), fill=255)
    draw.rectangle(at(43, 57, 57, 71), fill=0)
    return np.asarray(image.resize((size, size), Image.Resampling.BOX))


class Emblem(Node):
    """The sign of the fund, `mm` square."""

    def __init__(self, mm: float, ink: str) -> None:
        self.mm, self.ink = mm, ink

    def measure(self, look: Look, width: int) -> int:
        return look.px(self.mm)

    def natural(self, look: Look) -> int:
        return look.px(self.mm)

    def draw(self, look: Look, pen: Pen) -> None:
        size = look.px(self.mm)
        pen.shape(("emblem", size), lambda: _emblem(size), self.box.x, self.box.y, look.colour(self.ink))


class Dots(Node):
    """The step as dots, with its number for those who count."""

    def __init__(self, step: Step) -> None:
        self.step = step
        numbers = msg("screen.step", number=Count(step.number), of=Count(step.of))
        self.label = Label(numbers, "strong", "soft", "right")

    def children(self) -> Sequence[Node]:
        return (self.label,)

    def _dots(self, look: Look) -> int:
        return self.step.of * look.px(6.5)

    def measure(self, look: Look, width: int) -> int:
        return self.label.measure(look, width)

    def natural(self, look: Look) -> int:
        return self._dots(look) + look.px(1) + self.label.natural(look)

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        width = self.label.natural(look)
        self.label.place(look, Box(box.right - width, box.y, width, box.h))

    def draw(self, look: Look, pen: Pen) -> None:
        size, pitch = look.px(4.2), look.px(6.5)
        x = self.label.box.x - look.px(1) - self._dots(look)
        y = self.box.y + (self.box.h - size) // 2
        for n in range(self.step.of):
            if n < self.step.number:
                pen.round_box(x + n * pitch, y, size, size, size // 2, look.colour("primary"))
            else:
                pen.outline(x + n * pitch, y, size, size, size // 2, look.px(0.6), look.colour("primary"))
        self.label.draw(look, pen)


class CaptionLabel(Label):
    """What the voice is saying: as many lines as its box has, the next ones when it has come so far."""

    def __init__(self, caption: Caption, style: Style) -> None:
        super().__init__(caption.sentence, style, "on_band", measured=False)
        self._share, self._rows = caption.share, 1

    def lines(self, look: Look, width: int) -> tuple[typeset.Line, ...]:
        every = super().lines(look, width)
        turns = max(1, -(-len(every) // self._rows))
        first = min(turns - 1, int(self._share * turns)) * self._rows
        return every[first : first + self._rows]

    def measure(self, look: Look, width: int) -> int:
        return len(self.lines(look, width)) * self.leading(look)

    def place(self, look: Look, box: Box) -> None:
        self._rows = max(1, box.h // self.leading(look))
        high = len(self.lines(look, box.w)) * self.leading(look)
        self.box = Box(box.x, box.y + (box.h - high) // 2, box.w, high)


class Header(Node):
    """The band. Lying panels carry the switches in it; place and date give way where there is no room."""

    def __init__(
        self,
        places: Places,
        chrome: Chrome,
        now: datetime,
        switches: Sequence[Button],
        caption: Caption | None = None,
    ) -> None:
        local = now.astimezone(CENTRE_ZONE)
        second, self._served = chrome.greeting or places.kiosk, chrome.greeting is not None
        self._second = msg("screen.demo", place=second) if chrome.demo else second
        self._clock, self._day = Name(f"{local:%H:%M}", personal=False), Day(local.date())
        self._centre, self.switches, self._caption = places.centre, list(switches), caption
        self.emblem: Emblem | None = None
        self.words: list[Node] = []

    def children(self) -> Sequence[Node]:
        return [*self.words, *self.switches]

    def _emblem_mm(self, look: Look) -> float:
        return EMBLEM_MM[look.roomy]

    def _build(self, look: Look, width: int) -> tuple[Column, Column | None, list[int]]:
        """Name, clock and the widths of the switches: the date goes first, then the clock, so that the name fits.

        Where height is short there is one line of each: who stands here knows the place and the day, and whoever is
        served has seen the centre's name.
        """
        big: Style = "strong" if look.compact else "heading"
        small: Style = "caption" if look.compact else "body"
        lines = [
            Label(self._centre, big, "on_band", measured=False), Label(self._second, small, "on_band", measured=False),
        ]  # fmt: skip
        kept = lines[1:] if self._served else lines[:1]
        name = Column(kept if look.compact else lines)
        clock = Label(self._clock, big, "on_band", "right")
        dated = [] if look.compact else [Column([clock, Label(self._day, small, "on_band", "right")])]
        room = width - look.px(self._emblem_mm(look)) - look.px(GAP_MM) * (len(self.switches) + 2)
        natural = [button.natural(look) for button in self.switches]
        for whole in (True, False):  # a switch on one line is worth more than the date
            for right in (*dated, Column([clock]), None):
                left = room - (right.natural(look) if right else 0)
                switches = share_width(look, self.switches, left - name.natural(look))
                if left - sum(switches) >= name.natural(look) and (switches == natural or not whole):
                    return name, right, switches
        return name, None, share_width(look, self.switches, room - max(name.least(look), room // 3))

    def measure(self, look: Look, width: int) -> int:
        name, right, switches = self._build(look, width)
        heights = [
            look.px(self._emblem_mm(look)),
            name.measure(look, self._name_width(look, width, right, switches)),
        ]
        heights += [button.measure(look, w) for button, w in zip(self.switches, switches, strict=True)]
        if right:
            heights.append(right.measure(look, right.natural(look)))
        band = look.px(MARGIN_MM) + max(heights) + look.px(BAND_FOOT_MM)
        return max(band, look.px(UPRIGHT_BAND_MM)) if look.roomy else band

    def _name_width(self, look: Look, width: int, right: Node | None, switches: list[int]) -> int:
        gap = look.px(GAP_MM)
        taken = look.px(self._emblem_mm(look)) + gap + sum(switches) + gap * len(switches)
        return width - taken - (right.natural(look) + gap if right else 0)

    def place(self, look: Look, box: Box) -> None:
        self.box = box
        margin, gap = look.px(MARGIN_MM), look.px(GAP_MM)
        inner = Box(margin, look.px(MARGIN_MM), box.w - 2 * margin, box.h - look.px(MARGIN_MM + BAND_FOOT_MM))
        name, right, switches = self._build(look, inner.w)
        self.emblem = Emblem(self._emblem_mm(look), "on_band")
        x = inner.x

        def middle(node: Node, width: int) -> None:
            nonlocal x
            height = node.measure(look, width)
            node.place(look, Box(x, inner.y + (inner.h - height) // 2, width, height))
            x += width + gap

        middle(self.emblem, self.emblem.natural(look))
        width = self._name_width(look, inner.w, right, switches)
        self.words = [name, right] if right else [name]
        if self._caption:
            clock = right.natural(look) + gap if right and not self.switches else 0
            line = CaptionLabel(self._caption, "caption" if look.compact else "strong")
            line.place(look, Box(x, inner.y, width + clock, inner.h))
            self.words = [line] if clock or not right else [line, right]
            x += width + gap
        else:
            middle(name, width)
        high = max(
            (button.measure(look, w) for button, w in zip(self.switches, switches, strict=True)), default=0
        )
        for button, width in zip(self.switches, switches, strict=True):
            button.place(look, Box(x, inner.y + (inner.h - high) // 2, width, high))
            x += width + gap
        if right:
            middle(right, right.natural(look))

    def draw(self, look: Look, pen: Pen) -> None:
        pen.box(0, 0, look.panel.width_px, self.box.h, look.colour("band"))
        pen.box(
            0,
            self.box.h - max(1, look.px(0.35)),
            look.panel.width_px,
            max(1, look.px(0.35)),
            look.colour("line"),
        )
        if self.emblem:
            self.emblem.draw(look, pen)
        for node in (*self.words, *self.switches):
            node.draw(look, pen)
