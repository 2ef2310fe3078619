"""The theme: colour, type, space and motion as data. Sizes are millimetres on the glass, never pixels.

`Look` joins the tokens with one panel and one citizen's preferences; everything that draws is handed a Look.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from kiosk.contract.wire import Language
from kiosk.stage import Preferences, TextSize, Theme
from screens import fonts

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Panel:
    """The display: its pixels, and its lit area in millimetres."""

    width_px: int
    height_px: int
    width_mm: float
    height_mm: float

    @property
    def px_per_mm(self) -> float:
        return self.width_px / self.width_mm

    @property
    def lowers(self) -> bool:
        """Whether it is so tall that the controls have to come down to a wheelchair."""
        return LOWER_EDGE_MM + self.height_mm - MARGIN_MM > HIGHEST_REACH_MM

    @property
    def sizes(self) -> "tuple[TextSize, ...]":
        """The text sizes there is height for: a 15.6 in panel cannot carry the largest."""
        return tuple(
            size for n, size in enumerate(SIZES) if self.height_mm / TYPE["body"].cap_mm[n] >= LEAST_LINES
        )

    @property
    def portrait(self) -> bool:
        return self.height_px > self.width_px


# ------------------------------------------------------------------ colour


def _hex(code: str) -> Colour:
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


Ink = Literal[
    "text", "soft", "primary", "on_primary", "pressed", "attention", "refusal", "success", "disabled",
    "ground", "card", "hairline", "line", "tint", "attention_tint", "refusal_tint", "success_tint",
    "disabled_ground", "focus", "scrim", "strip", "band", "on_band", "metal",
]  # fmt: skip
"""What a colour is for. `line` is the edge of something to touch (3:1); `hairline` only decorates; `metal` is a device
in a drawing, on which its parts must show."""

_DEFAULT = {
    "text": "#111827", "soft": "#2F3845", "primary": "#083D54", "on_primary": "#FFFFFF", "pressed": "#052C3D",
    "attention": "#632A00", "refusal": "#741616", "success": "#0F4023", "disabled": "#2B3440",
    "ground": "#F4F6F8", "card": "#FFFFFF", "hairline": "#D5DCE3", "line": "#6B7A88", "tint": "#E6F0F4",
    "attention_tint": "#FFF4E5", "refusal_tint": "#FFF4F4", "success_tint": "#E7F5EC",
    "disabled_ground": "#EEF1F4", "focus": "#B45309", "scrim": "#0B1B24", "strip": "#E4EBF0",
    "band": "#083D54", "on_band": "#FFFFFF", "metal": "#D5DCE3",
}  # fmt: skip
_DARK = {
    "text": "#F5F9FB", "soft": "#D3DFE6", "primary": "#7FD1E8", "on_primary": "#04161E", "pressed": "#B5E6F4",
    "attention": "#FFC98A", "refusal": "#FFB4B4", "success": "#9BE3B4", "disabled": "#C3CED6",
    "ground": "#0B1B24", "card": "#10242F", "hairline": "#29424F", "line": "#7C95A3", "tint": "#15303D",
    "attention_tint": "#2B1F12", "refusal_tint": "#2E1819", "success_tint": "#11291C",
    "disabled_ground": "#0E1F29", "focus": "#FFD166", "scrim": "#000000", "strip": "#081319",
    "band": "#061219", "on_band": "#F5F9FB", "metal": "#29424F",
}  # fmt: skip
_BLACK_ON_WHITE = {
    "text": "#000000", "soft": "#000000", "primary": "#000000", "on_primary": "#FFFFFF", "pressed": "#000000",
    "attention": "#000000", "refusal": "#000000", "success": "#000000", "disabled": "#000000",
    "ground": "#FFFFFF", "card": "#FFFFFF", "hairline": "#000000", "line": "#000000", "tint": "#FFFFFF",
    "attention_tint": "#FFFFFF", "refusal_tint": "#FFFFFF", "success_tint": "#FFFFFF",
    "disabled_ground": "#FFFFFF", "focus": "#000000", "scrim": "#000000", "strip": "#FFFFFF",
    "band": "#FFFFFF", "on_band": "#000000", "metal": "#FFFFFF",
}  # fmt: skip
_WHITE_ON_BLACK = {
    ink: {"#000000": "#FFFFFF", "#FFFFFF": "#000000"}[code] for ink, code in _BLACK_ON_WHITE.items()
} | {"scrim": "#000000"}

THEMES: Mapping[Theme, Mapping[str, Colour]] = {
    "default": {ink: _hex(code) for ink, code in _DEFAULT.items()},
    "dark": {ink: _hex(code) for ink, code in _DARK.items()},
    "contrast-light": {ink: _hex(code) for ink, code in _BLACK_ON_WHITE.items()},
    "contrast-dark": {ink: _hex(code) for ink, code in _WHITE_ON_BLACK.items()},
}
THEME_ORDER: tuple[Theme, ...] = ("default", "contrast-light", "contrast-dark", "dark")
"""What the contrast button steps through."""


# ------------------------------------------------------------------ type

Style = Literal[
    "caption",
    "body",
    "strong",
    "button",
    "heading",
    "title",
    "value",
    "figure",
    "hero",
    "key",
    "huge",
    "strip",
]


@dataclass(frozen=True)
class TypeStyle:
    """Height of a capital letter in mm for the three text sizes, the weight, and the line height in ems."""

    cap_mm: tuple[float, float, float]
    bold: bool = False
    leading: float = 1.4


SIZES: tuple[TextSize, ...] = ("normal", "large", "extra")
SMALLEST_CAP_MM: Mapping[TextSize, float] = {"normal": 4.8, "large": 6.4, "extra": 8.5}
"""No text is smaller: EN 301 549 and ADA 707 ask for 4.8 mm (3/16 in) and up."""

TYPE: Mapping[Style, TypeStyle] = {
    "caption": TypeStyle((4.8, 6.4, 8.5), leading=1.35),
    "strip": TypeStyle((4.8, 6.4, 8.5), bold=True, leading=1.25),
    "body": TypeStyle((5.5, 6.7, 8.6)),
    "strong": TypeStyle((5.5, 6.7, 8.6), bold=True),
    "button": TypeStyle((5.9, 7.0, 8.8), bold=True, leading=1.25),
    "value": TypeStyle((6.2, 7.2, 8.9), bold=True),
    "heading": TypeStyle((6.6, 7.6, 9.2), bold=True, leading=1.3),
    "title": TypeStyle((8.6, 9.4, 10.6), bold=True, leading=1.3),
    "key": TypeStyle((9.4, 10.0, 10.8), bold=True, leading=1.2),
    "figure": TypeStyle((11.0, 12.0, 13.0), bold=True, leading=1.25),
    "hero": TypeStyle((16.0, 17.0, 18.0), bold=True, leading=1.2),
    "huge": TypeStyle((30.0, 30.0, 30.0), bold=True, leading=1.15),
}

MEASURE_EM: Mapping[Language, int] = {"zh": 24, "en": 32}
"""A line of body text is at most this many ems long: 24 Hanzi, or some 60 Latin letters."""

ROOMY_HEIGHT_MM = 400.0
ROOMY = 1.15
COMPACT_LINES = 37
"""With less height than so many capitals of body text, everything moves closer together."""

TIGHT_LINES = 30
LEAST_LINES = 28
"""A text size is offered when this many of its capitals fit into the height of the glass."""
"""An upright panel has room for larger type at the normal size."""


# ------------------------------------------------------------------ space (mm)

TARGET_MM = 20.0  # the smallest side of anything to touch (Colle and Hiszem 2004)
PRIMARY_MM = 25.0  # the primary action
GAP_MM = 4.0  # between targets; never below 2.6
MARGIN_MM = 10.0  # the edge of the glass is out of bounds for fingers
PADDING_MM = 7.0  # inside a card
COMPACT_PADDING_MM = 4.5  # ... where height is short
TIGHT_PADDING_MM = 2.2  # ... and where it is very short
RADIUS_MM = 4.0
HAIRLINE_MM = 0.35
RING_MM = 1.4  # the focus ring, at least 1 mm
ICON_LINE = 1.7  # an icon beside text is so many capitals tall
LOWER_EDGE_MM = 880.0  # nominal mounting: the lit area begins so high above the floor
HIGHEST_REACH_MM = 1100.0  # above the floor, from a wheelchair
REACH_MM = 190.0  # in the lowered layout everything to touch stays so near the lower edge of the glass
ELDER_CHOICES = 4


# ------------------------------------------------------------------ motion (s)

HOLD_S = 0.12  # work shorter than this never changes the picture
PROGRESS_AFTER_S = 0.4
LONG_WAIT_S = 8.0
MOTION_FPS = 12
UNFOLD_S = 0.6  # a chart is drawn from left to right
UNFOLD_FPS = 25


@dataclass(frozen=True)
class Look:
    """Tokens, panel and preferences in one: what a node needs to know to measure and draw itself."""

    panel: Panel
    language: Language = "zh"
    text_size: TextSize = "normal"
    theme: Theme = "default"
    lowered: bool = False
    elder: bool = False

    @staticmethod
    def of(panel: Panel, preferences: Preferences) -> "Look":
        return Look(
            panel,
            preferences.language,
            preferences.text_size if preferences.text_size in panel.sizes else panel.sizes[-1],
            preferences.theme,
            preferences.lowered and panel.lowers,
            preferences.elder,
        )

    def px(self, mm: float) -> int:
        """Millimetres in whole pixels."""
        return round(mm * self.panel.px_per_mm)

    def least(self, mm: float) -> int:
        """Millimetres in whole pixels, rounded up: for what must not be smaller."""
        return -int(-mm * self.panel.px_per_mm // 1)

    def colour(self, ink: str) -> Colour:
        return THEMES[self.theme][ink]

    def cap_mm(self, style: Style) -> float:
        """Height in mm of the style's capitals."""
        size = TYPE[style].cap_mm[SIZES.index(self.text_size)]
        return size * ROOMY if self.roomy else size

    def em(self, style: Style) -> int:
        """The font size in px at which the style's capitals are as tall as the theme says."""
        if style not in self._ems:
            cap_px = self.cap_mm(style) * self.panel.px_per_mm
            self._ems[style] = fonts.em_for_cap(cap_px, TYPE[style].bold)
        return self._ems[style]

    @cached_property
    def _ems(self) -> dict[Style, int]:
        return {}

    @cached_property
    def roomy(self) -> bool:
        return self.panel.height_mm >= ROOMY_HEIGHT_MM and self.text_size == "normal"

    @cached_property
    def landscape(self) -> bool:
        return not self.panel.portrait

    @cached_property
    def compact(self) -> bool:
        """Little height for the text size: titles step down a size."""
        return self.panel.height_mm / self.cap_mm("body") < COMPACT_LINES

    def padding(self, mm: float) -> int:
        """The padding of a card in px: less where height is short."""
        lines = self.panel.height_mm / self.cap_mm("body")
        if lines >= COMPACT_LINES:
            return self.px(mm)
        return self.px(min(mm, COMPACT_PADDING_MM if lines >= TIGHT_LINES else TIGHT_PADDING_MM))

    @cached_property
    def narrow(self) -> bool:
        """Little width for the text size: the buttons at the foot go without their icons."""
        return self.panel.width_mm / self.cap_mm("button") < 32

    @cached_property
    def title_style(self) -> Style:
        return "heading" if self.compact else "title"

    @property
    def disabled_edge(self) -> str:
        """The edge of what cannot be used: none where everything else is black, white and edges."""
        return "" if self.theme in ("contrast-light", "contrast-dark") else "hairline"

    @cached_property
    def reach_top(self) -> int:
        """In the lowered layout what is to be touched lies below this line (px from the top)."""
        return self.panel.height_px - self.px(REACH_MM)
