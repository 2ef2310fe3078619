"""The theme's colours against each other: WCAG contrast of every ink on every ground it is used on."""

from unittest.mock import MagicMock

import pytest

from kiosk.stage import Theme
from screens.gallery import PANELS
from screens.theme import THEMES, Colour, Look
from screens.widgets.node import Box
from screens.widgets.progress import Progress

GROUNDS = ("ground", "card", "tint", "strip", "disabled_ground")
LEAST_TEXT: dict[Theme, float] = {
    "default": 10.0,
    "dark": 7.0,
    "contrast-light": 20.9,
    "contrast-dark": 20.9,
}
LEAST_SHAPE = 3.0
"""Edges of what is touched, the ring of the focus, the ink of charts, signs on the devices that are drawn."""

PAIRS = [("text", ground) for ground in GROUNDS] + [
    ("soft", "ground"), ("soft", "card"), ("soft", "tint"), ("primary", "card"), ("primary", "ground"),
    ("on_primary", "primary"), ("on_primary", "pressed"), ("on_band", "band"), ("disabled", "disabled_ground"),
    ("attention", "attention_tint"), ("refusal", "refusal_tint"), ("success", "success_tint"),
    ("attention", "card"), ("success", "card"), ("text", "attention_tint"), ("text", "refusal_tint"),
]  # fmt: skip
SHAPES = [("line", "card"), ("line", "ground"), ("focus", "ground"), ("focus", "card"), ("primary", "card"),
          ("attention", "card"), ("soft", "card"), ("primary", "metal"), ("attention", "metal")]  # fmt: skip


def luminance(colour: Colour) -> float:
    """Relative luminance of sRGB (WCAG 2.1)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_21() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((9, 9, 9), (9, 9, 9)) == 1


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_has_its_contrast(theme: Theme) -> None:
    colours = THEMES[theme]
    found = {(ink, on): contrast(colours[ink], colours[on]) for ink, on in PAIRS}
    assert {pair: ratio for pair, ratio in found.items() if ratio < LEAST_TEXT[theme]} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_every_edge_ring_and_bar_has_its_contrast(theme: Theme) -> None:
    colours = THEMES[theme]
    found = {(ink, on): contrast(colours[ink], colours[on]) for ink, on in SHAPES}
    assert {pair: ratio for pair, ratio in found.items() if ratio < LEAST_SHAPE} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_a_line_that_moves_is_told_from_what_it_moves_on(theme: Theme) -> None:
    look, pen, line = Look(PANELS["21.5-portrait"], theme=theme), MagicMock(), Progress(0)
    line.place(look, Box(0, 0, 600, 16))
    line.draw(look, pen)
    fills = [call.args[-1] for call in pen.round_box.mock_calls]
    grounds = [*fills[:-1], look.colour("ground"), look.colour("card")]
    assert all(contrast(fills[-1], ground) > LEAST_SHAPE for ground in grounds)
