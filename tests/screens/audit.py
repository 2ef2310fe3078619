"""Measures a laid-out scene: sizes of what is touched and read, and nothing clipped, overlapping or out of reach."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, pairwise
from typing import Any

from kiosk.prompts import Chrome
from kiosk.stage import Preferences
from screens import fonts
from screens.gallery import HELP, NOW, PLACES
from screens.overlay import Overlay
from screens.registry import SCREENS
from screens.samples import INSIDE, OUTSIDE, Sample
from screens.scene import Scene, compose
from screens.screen import AnyScreen, Room
from screens.theme import LOWER_EDGE_MM, SMALLEST_CAP_MM, TYPE, Look, Panel
from screens.widgets.button import Button
from screens.widgets.footer import Deeds
from screens.widgets.label import Label
from screens.widgets.node import Box, Control, Node

LEAST_TARGET_MM = 20.0
LEAST_CONFIRM_MM = (25.0, 20.0)
LEAST_GAP_MM = 2.6
EDGE_MM = 10.0
TORN_FIGURE = re.compile(r"[\d.,]\|[\d.,]")
REACH_LOWEST_MM, REACH_HIGHEST_MM = 800.0, 1100.0


def nothing(*_: Any) -> None:
    """A deed that is not looked at."""


DEEDS = Deeds(nothing, nothing, nothing, nothing)


def opened(sample: Sample, preferences: Preferences) -> AnyScreen:
    """The sample's screen, with what it says typed in and touched."""
    room = Room(nothing, nothing, nothing, nothing, lambda: NOW, PLACES, HELP, preferences, False)
    screen = SCREENS[type(sample.prompt)](sample.prompt, room)
    for key in sample.keys:
        screen.digit(key)
    return screen


def scenes(
    sample: Sample, panel: Panel, preferences: Preferences, overlay: Callable[[Look], Overlay] | None = None
) -> Iterator[tuple[str, Scene]]:
    """Every page of a sample, laid out."""
    look = Look.of(panel, preferences)
    screen = opened(sample, preferences)
    chrome: Chrome = OUTSIDE if sample.outside else INSIDE
    scene = compose(screen, look, PLACES, chrome, DEEDS, NOW)
    for key in sample.touches:
        control = next((control for control in scene.controls() if control.key == key), None)
        if control and control.press:
            control.press()
            scene = compose(screen, look, PLACES, chrome, DEEDS, NOW)
    for number in range(screen.turning.count):
        screen.turning.number = number
        yield (
            f"page {number + 1}",
            compose(screen, look, PLACES, chrome, DEEDS, NOW, overlay(look) if overlay else None),
        )


def problems_of(samples: Iterable[Sample], panel: Panel, preferences: Preferences) -> list[str]:
    """What is wrong on any page of any of them."""
    return [
        f"{sample.name}, {page}: {problem}"
        for sample in samples
        for page, scene in scenes(sample, panel, preferences)
        for problem in problems(scene)
    ]


def problems(scene: Scene) -> list[str]:
    """What is wrong with the scene; empty when nothing is."""
    return [*_targets(scene), *_gaps(scene), *_texts(scene), *_overlaps(scene), *_reach(scene)]


def _mm(scene: Scene, px: float) -> float:
    return px / scene.look.panel.px_per_mm


def _targets(scene: Scene) -> Iterator[str]:
    panel = scene.look.panel
    for control in scene.controls():
        box, least = control.box, (LEAST_TARGET_MM, LEAST_TARGET_MM)
        if isinstance(control, Button) and control.kind == "money":
            least = LEAST_CONFIRM_MM
        w, h = _mm(scene, box.w), _mm(scene, box.h)
        if w < least[0] or h < least[1]:
            yield f"{control.key}: {w:.1f} x {h:.1f} mm is too small"
        edge = min(box.x, box.y, panel.width_px - box.right, panel.height_px - box.bottom)
        if _mm(scene, edge) < EDGE_MM - 0.3:
            yield f"{control.key}: {_mm(scene, edge):.1f} mm from the edge of the glass"


def _gaps(scene: Scene) -> Iterator[str]:
    for one, other in combinations(scene.controls(), 2):
        a, b = one.box, other.box
        apart = max(a.x - b.right, b.x - a.right, a.y - b.bottom, b.y - a.bottom)
        if _mm(scene, apart) < LEAST_GAP_MM:
            yield f"{one.key} and {other.key} are {_mm(scene, apart):.1f} mm apart"


def leaves(node: Node, inside: Box) -> Iterator[tuple[Node, Box]]:
    """The nodes that draw text, each with the box of the card or control it must stay in."""
    if node.shown_box is not None:
        yield node, inside
    below = node.box if isinstance(node, Control) else inside
    for child in node.children():
        yield from leaves(child, below)


def _all_leaves(scene: Scene) -> list[tuple[Node, Box]]:
    panel = scene.look.panel
    glass = Box(0, 0, panel.width_px, panel.height_px)
    tops = scene.overlay.nodes if scene.overlay else scene.frame.tree(scene.body)
    return [leaf for top in tops for leaf in leaves(top, glass) if leaf[0].shown(scene.look)]


def _texts(scene: Scene) -> Iterator[str]:
    look = scene.look
    for node, inside in _all_leaves(scene):
        text, ink = node.shown(look), node.shown_box(look)  # type: ignore[misc]
        if ink.x < inside.x or ink.right > inside.right or ink.y < inside.y or ink.bottom > inside.bottom:
            yield f"{text!r} leaves its place: {ink} in {inside}"
        if ink.w > node.box.w + 1 or ink.h > node.box.h + 1:
            yield f"{text!r} needs {ink.w} x {ink.h} px and has {node.box.w} x {node.box.h}"
        if isinstance(node, Label):
            cap = fonts.cap_height(look.em(node.style), TYPE[node.style].bold)
            if _mm(scene, cap) < SMALLEST_CAP_MM[look.text_size]:
                yield f"{text!r}: capitals of {_mm(scene, cap):.2f} mm"
            for before, after in pairwise(node.lines(look, node.box.w)):
                torn = before.words[-1].text + after.words[0].text
                if TORN_FIGURE.search(before.words[-1].text + "|" + after.words[0].text) and torn in text:
                    yield f"{torn} is torn"


def _overlaps(scene: Scene) -> Iterator[str]:
    look = scene.look
    drawn = [(node.shown(look), node.shown_box(look), node) for node, _ in _all_leaves(scene)]  # type: ignore[misc]
    for (one, a, _), (other, b, _) in combinations(drawn, 2):
        if min(a.right, b.right) - max(a.x, b.x) > 1 and min(a.bottom, b.bottom) - max(a.y, b.y) > 2:
            yield f"{one!r} and {other!r} overlap"
    for control in scene.controls():
        own = {id(node) for node in control.walk()}
        for text, ink, node in drawn:
            if id(node) not in own and _meet(ink, control.box):
                yield f"{text!r} lies on {control.key}"


def _meet(a: Box, b: Box) -> bool:
    return min(a.right, b.right) - max(a.x, b.x) > 1 and min(a.bottom, b.bottom) - max(a.y, b.y) > 1


def _reach(scene: Scene) -> Iterator[str]:
    """From a wheelchair: at the nominal mounting, enough of every control lies between 800 and 1100 mm above the floor.

    The lowered layout brings that about; a panel that is not tall enough to be lowered must be so by itself.
    """
    look = scene.look
    if look.lowered or not look.panel.lowers:
        for control in scene.controls():
            upper = LOWER_EDGE_MM + _mm(scene, look.panel.height_px - control.box.y)
            lower = upper - _mm(scene, control.box.h)
            within = min(upper, REACH_HIGHEST_MM) - max(lower, REACH_LOWEST_MM)
            if within < LEAST_TARGET_MM - 0.1:
                yield f"{control.key} is {lower:.0f} to {upper:.0f} mm above the floor"
