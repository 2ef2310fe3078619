"""Captions: what the voice says is to be read in the header, all of it, in every size."""

from collections.abc import Callable

import pytest

from kiosk.contract.money import Fen
from kiosk.messages import msg, text
from kiosk.stage import Preferences
from kiosk.values import Name, Yuan
from screens.captions import Caption, Captions
from screens.gallery import NOW, PANELS, PLACES
from screens.samples import INSIDE, SAMPLES
from screens.scene import Scene, compose
from screens.theme import Look
from screens.widgets.header import CaptionLabel
from tests.screens.audit import DEEDS, opened, problems

LONG = "Everything that is spoken stands here as well, " * 6


class Clock:
    """Time, and what was asked to happen in it."""

    def __init__(self) -> None:
        self.now, self.waiting = 0.0, list[tuple[float, Callable[[], None]]]()

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        self.waiting.append((self.now + seconds, call))

    def pass_by(self, seconds: float) -> None:
        end = self.now + seconds
        while due := [entry for entry in self.waiting if entry[0] <= end]:
            entry = min(due, key=lambda entry: entry[0])
            self.waiting.remove(entry)
            self.now = entry[0]
            entry[1]()
        self.now = end


def test_a_caption_stands_while_it_is_said_and_goes_with_the_voice() -> None:
    clock, drawn = Clock(), list[int]()
    captions = Captions(lambda: drawn.append(1), clock.after, lambda: clock.now)
    assert captions.now() is None
    captions.say(msg("voice.louder"), "en", 1.0)
    assert captions.now() == Caption(text(msg("voice.louder"), "en"))
    captions.say(Yuan(Fen(123456)), "en", 1.0)
    assert captions.now() == Caption("¥1,234.56")
    captions.say(None, "en", 1.0)
    assert captions.now() is None
    assert len(drawn) == 3


def test_a_long_caption_goes_on_as_fast_as_the_voice() -> None:
    shares = {}
    for rate in (1.0, 2.0):
        clock = Clock()
        captions = Captions(lambda: None, clock.after, lambda clock=clock: clock.now)  # type: ignore[misc]
        captions.say(Name(LONG), "en", rate)
        clock.pass_by(5.0)
        caption = captions.now()
        assert caption is not None
        shares[rate] = caption.share
    assert 0 < shares[1.0] < shares[2.0] <= 1


def captioned(panel: str, preferences: Preferences, sentence: str, share: float = 0.0) -> Scene:
    sample = next(sample for sample in SAMPLES if sample.name == "facts")
    look = Look.of(PANELS[panel], preferences)
    screen = opened(sample, preferences)
    return compose(screen, look, PLACES, INSIDE, DEEDS, NOW, caption=Caption(sentence, share))


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_word_of_a_caption_comes_by_and_nothing_moves(panel: str, language: str) -> None:
    keys = ("voice.welcome", "screen.help-touch", "screen.help-privacy")
    sentence = " ".join(text(msg(key), language) for key in keys)  # type: ignore[arg-type]
    for size in PANELS[panel].sizes:
        preferences = Preferences(language, size, elder=size != "normal", speech=True)  # type: ignore[arg-type]
        seen = ""
        for turn in range(40):
            scene = captioned(panel, preferences, sentence, turn / 40)
            assert problems(scene) == []
            label = next(node for node in scene.nodes() if isinstance(node, CaptionLabel))
            shown = "".join(word.text for line in label.lines(scene.look, label.box.w) for word in line.words)
            seen += "" if seen.endswith(shown) else shown
        assert seen.replace(" ", "") == sentence.replace(" ", "")
        plain = captioned(panel, preferences, " ")
        assert [(c.key, c.box) for c in plain.controls()] == [(c.key, c.box) for c in scene.controls()]
