"""A language half as long again as English, with accents: no layout may count on how long a text is today."""

import pytest

from kiosk import messages
from kiosk.contract.wire import Language
from kiosk.stage import Preferences, TextSize
from kiosk.values import Bilingual
from screens.gallery import PANELS
from screens.samples import SAMPLES
from tests.screens.audit import problems, scenes

LONGER = str.maketrans({
    "a": "àà", "e": "éé", "i": "ïï", "o": "öö", "u": "ûû", "A": "Àà", "E": "Éé", "I": "Ïï", "O": "Öö", "U": "Ûû",
})  # fmt: skip

LEAST_GROWTH = 1.3

PLACES: tuple[tuple[str, TextSize, bool], ...] = (
    ("21.5-portrait", "normal", False),
    ("21.5-portrait", "large", True),
    ("21.5-landscape", "normal", False),
    ("21.5-landscape", "large", False),
    ("15.6-landscape", "normal", False),
)


def longer(text: str) -> str:
    """Every vowel twice, with an accent; what stands in braces is left alone."""
    parts = text.split("{")
    head, tail = parts[0].translate(LONGER), parts[1:]
    return head + "".join(
        "{" + name + "}" + rest.translate(LONGER) for name, _, rest in (part.partition("}") for part in tail)
    )


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    """English becomes the pseudo-language, in catalogues and data."""
    catalogue = {key: longer(text) for key, text in messages.texts("en").items()}
    known = messages.texts
    monkeypatch.setattr(
        messages, "texts", lambda language: catalogue if language == "en" else known(language)
    )

    def shown(self: Bilingual, language: Language) -> str:
        return longer(self.en) if language == "en" else self.zh

    monkeypatch.setattr(Bilingual, "shown", shown)


@pytest.mark.parametrize(("panel", "size", "lowered"), PLACES)
@pytest.mark.usefixtures("pseudo")
def test_longer_words_fit_too(panel: str, size: TextSize, lowered: bool) -> None:
    preferences = Preferences("en", size, lowered=lowered, elder=size != "normal")
    found, texts = [], 0
    for sample in SAMPLES:
        for page, scene in scenes(sample, PANELS[panel], preferences):
            texts += sum(len(text) for text in scene.texts())
            found += [f"{sample.name}, {page}: {problem}" for problem in problems(scene)]
    assert texts > 0
    assert not found, "\n".join(found[:20])


def test_the_pseudo_language_is_longer() -> None:
    english = messages.texts("en").values()
    assert sum(map(len, map(longer, english))) > LEAST_GROWTH * sum(map(len, english))
    assert longer("Pay {amount} now") == "Pàày {amount} nööw"
