"""Every sample, panel, language, text size and height: nothing clipped, nothing too small, all in reach."""

from unittest.mock import MagicMock

import pytest

from kiosk import prompts
from kiosk.contract.wire import Language
from kiosk.messages import Message, Part
from kiosk.prompts import Attract, Choose, ChoosePeriod, Compare, Menu, Prompt, Table
from kiosk.stage import Preferences, TextSize, Theme
from screens.gallery import HELP, PANELS
from screens.overlay import help_overlay, idle_overlay
from screens.registry import SCREENS
from screens.samples import SAMPLES, Sample
from screens.scene import Scene
from screens.theme import ELDER_CHOICES, MEASURE_EM, TYPE, Look
from screens.widgets.boxes import Card
from screens.widgets.button import Button
from screens.widgets.icon import Icon
from screens.widgets.label import Label
from screens.widgets.node import Control
from tests.screens.audit import nothing, problems, problems_of, scenes

OF_THE_PANEL = {
    "screen.page", "screen.page-of", "screen.step", "screen.page-before", "screen.page-after",
    "screen.begin-elder-line",
    *(f"screen.group-{group}" for group in ("look", "money", "print", "guides")),
}  # fmt: skip
"""What is said on some panels only."""

MATRIX = [
    (panel, size, language, lowered)
    for panel in PANELS
    for size in PANELS[panel].sizes
    for language in ("zh", "en")
    for lowered in ((False, True) if PANELS[panel].lowers else (False,))
]


def preferences(language: Language, size: TextSize, lowered: bool) -> Preferences:
    return Preferences(language, size, lowered=lowered, elder=size != "normal")


@pytest.mark.parametrize(("panel", "size", "language", "lowered"), MATRIX)
def test_nothing_is_clipped_too_small_or_out_of_reach(
    panel: str, size: TextSize, language: Language, lowered: bool
) -> None:
    found = problems_of(SAMPLES, PANELS[panel], preferences(language, size, lowered))
    assert not found, "\n".join(found[:20])


def test_every_prompt_has_its_screen_and_a_sample_to_look_at() -> None:
    kinds = {one for one in vars(prompts).values() if isinstance(one, type) and issubclass(one, Prompt)}
    assert kinds - {Prompt} == set(SCREENS) == {type(sample.prompt) for sample in SAMPLES}


@pytest.mark.parametrize(("panel", "size", "language", "lowered"), MATRIX)
def test_overlays_fit_too(panel: str, size: TextSize, language: Language, lowered: bool) -> None:
    overlays = (
        lambda look: help_overlay(look, HELP, nothing),
        lambda look: idle_overlay(look, 20, nothing, nothing),
    )
    found = [
        problem
        for overlay in overlays
        for _, scene in scenes(SAMPLES[4], PANELS[panel], preferences(language, size, lowered), overlay)
        for problem in problems(scene)
    ]
    assert not found, "\n".join(found[:20])


def told(panel: str, sample: Sample, size: TextSize, lowered: bool = False) -> set[Part]:
    """Everything that a sample says on all its pages, but which page it is."""
    pages = scenes(sample, PANELS[panel], preferences("zh", size, lowered))
    parts = {part for _, scene in pages for part in scene.spoken()}
    return {part for part in parts if not (isinstance(part, Message) and part.key in OF_THE_PANEL)}


@pytest.mark.parametrize(
    ("panel", "size"), [(panel, size) for panel in PANELS for size in PANELS[panel].sizes]
)
def test_nothing_is_lost_between_the_pages(panel: str, size: TextSize) -> None:
    for sample in SAMPLES:
        typed_or_touched = sample.touches or sample.keys
        if not typed_or_touched and not isinstance(sample.prompt, Attract | Compare | Table):
            missing = told("21.5-portrait", sample, "normal") - told(panel, sample, size)
            assert not missing, f"{sample.name}: {missing}"


@pytest.mark.parametrize(("panel", "size", "language", "lowered"), MATRIX)
def test_nobody_turns_pages_before_they_begin(
    panel: str, size: TextSize, language: Language, lowered: bool
) -> None:
    for sample in SAMPLES:
        if isinstance(sample.prompt, Attract):
            pages = list(scenes(sample, PANELS[panel], preferences(language, size, lowered)))
            assert len(pages) == 1, sample.name


@pytest.mark.parametrize("theme", ["contrast-light", "contrast-dark"])
def test_what_cannot_be_used_has_another_shape_where_colours_are_few(theme: Theme) -> None:
    edged = {True: 0, False: 0}
    for sample in SAMPLES:
        for _, scene in scenes(sample, PANELS["21.5-portrait"], Preferences("zh", theme=theme)):
            for control in scene.controls():
                pen = MagicMock()
                control.draw(scene.look, pen)
                filled = isinstance(control, Button) and control.kind != "secondary"
                edge = any(call.args[:2] == (control.box.x, control.box.y) for call in pen.outline.mock_calls)
                assert edge == control.enabled or (filled and control.enabled), (
                    f"{sample.name}: {control.key}"
                )
                edged[control.enabled] += 1
    assert min(edged.values()) > 10, "both were there to be told apart"


def test_every_state_has_a_sign_and_a_word() -> None:
    """Nothing by colour alone: a tinted card bears an icon and says something."""
    seen = 0
    for sample in SAMPLES:
        for _, scene in scenes(sample, PANELS["21.5-portrait"], Preferences("zh")):
            for card in (node for node in scene.nodes() if isinstance(node, Card) and "_tint" in node.ground):
                inside = list(card.walk())
                assert any(isinstance(node, Icon) for node in inside), sample.name
                assert any(node.shown(scene.look) for node in inside), sample.name
                seen += 1
    assert seen > 10


def choices(scene: Scene) -> list[Control]:
    return [control for control in scene.controls() if control.role in ("tile", "option")]


@pytest.mark.parametrize("panel", PANELS)
def test_the_easy_mode_has_four_choices_at_most(panel: str) -> None:
    for sample in SAMPLES:
        if isinstance(sample.prompt, Menu | Choose | ChoosePeriod) and not sample.touches:
            for page, scene in scenes(sample, PANELS[panel], preferences("zh", "large", False)):
                assert 1 <= len(choices(scene)) <= ELDER_CHOICES, f"{sample.name} {page}"


def test_every_choice_is_on_some_page() -> None:
    menu = next(sample for sample in SAMPLES if sample.name == "choose-many")
    for panel in PANELS.values():
        for size in panel.sizes:
            found = [
                c.key
                for _, scene in scenes(menu, panel, preferences("en", size, False))
                for c in choices(scene)
            ]
            assert sorted(found) == sorted(f"option-{n}" for n in range(len(menu.prompt.options)))  # type: ignore[attr-defined]


def test_controls_of_the_frame_keep_their_places() -> None:
    places: dict[str, set[tuple[int, int]]] = {}
    for sample in SAMPLES:
        if sample.outside or sample.touches:
            continue
        for _, scene in scenes(sample, PANELS["21.5-portrait"], Preferences()):
            for control in scene.controls():
                if control.key in ("back", "help", "finish", "language", "text-size", "contrast", "lowered"):
                    places.setdefault(control.key, set()).add((control.box.x, control.box.y))
    assert len(places) == 7
    assert all(len(found) == 1 for found in places.values()), places


def test_focus_goes_in_reading_order() -> None:
    for name in ("menu", "facts", "amount", "period-own", "choose-many"):
        sample = next(sample for sample in SAMPLES if sample.name == name)
        for _, scene in scenes(sample, PANELS["21.5-portrait"], Preferences()):
            tops = [control.box.y for control in scene.controls() if control.role != "quick"]
            assert tops == sorted(tops), name


def test_a_line_of_text_is_not_too_long_to_read() -> None:
    for language in ("zh", "en"):
        for sample in SAMPLES:
            for _, scene in scenes(sample, PANELS["21.5-landscape"], Preferences(language)):
                for node in scene.nodes():
                    if isinstance(node, Label) and node.style == "body" and node.measured:
                        longest = max((line.width for line in node.lines(scene.look, node.box.w)), default=0)
                        assert longest <= MEASURE_EM[language] * scene.look.em("body")


def test_capitals_are_as_tall_as_the_theme_says() -> None:
    from screens import fonts

    for panel in PANELS.values():
        for size in panel.sizes:
            look = Look(panel, text_size=size)
            for style, type_style in TYPE.items():
                drawn = fonts.cap_height(look.em(style), type_style.bold) / panel.px_per_mm
                assert drawn >= look.cap_mm(style), (style, size)


def test_an_attract_screen_offers_both_languages_side_by_side() -> None:
    attract = next(sample for sample in SAMPLES if isinstance(sample.prompt, Attract))
    (_, scene), *_ = scenes(attract, PANELS["21.5-portrait"], Preferences())
    begin = {control.key: control.box for control in scene.controls() if control.key.startswith("begin")}
    assert begin["begin-zh"].y == begin["begin-en"].y
    assert (begin["begin-zh"].w, begin["begin-zh"].h) == (begin["begin-en"].w, begin["begin-en"].h)


MOST_PAGES = {"compare": 1, "menu-all": 5, "guide": 5, "choose-many": 5}
"""In the largest text on the smallest panel, and in the lowered layout, too."""


@pytest.mark.parametrize(("panel", "size", "language", "lowered"), MATRIX)
def test_a_screen_is_a_few_pages(panel: str, size: TextSize, language: Language, lowered: bool) -> None:
    for sample in SAMPLES:
        if sample.name in MOST_PAGES:
            pages = list(scenes(sample, PANELS[panel], preferences(language, size, lowered)))
            assert len(pages) <= MOST_PAGES[sample.name], sample.name
