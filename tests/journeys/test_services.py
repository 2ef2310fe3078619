"""A service is whole when it has its words and its picture, and when the scripted citizens of the tour walk it: by
touch and by keys, and without sight. tests/journeys/test_journeys.py leaves it at every step."""

from pathlib import Path
from typing import get_args

import pytest

import tour
from kiosk.contract.guide import KioskService
from kiosk.messages import LANGUAGES, texts
from screens.fonts import icon_codes
from tests.journeys.lobby import menu

TOUR = Path(tour.__file__).parent
BLIND = TOUR / "blind.py"


def walked(by: list[Path]) -> str:
    return "".join(path.read_text("utf-8") for path in by)


@pytest.mark.parametrize("key", menu())
def test_its_tile_has_words_and_a_picture(key: str) -> None:
    for language in LANGUAGES:
        missing = {f"service.{key}", f"service.{key}.line"} - texts(language).keys()
        assert not missing, f"config/locales/{language}/kiosk.po lacks {sorted(missing)}"
    assert menu()[key].icon in icon_codes(), "config/fonts/icons.toml does not know its icon"


@pytest.mark.parametrize("key", menu())
def test_somebody_walks_it_in_the_tour(key: str) -> None:
    begins = f'("service.{key}")'
    assert begins in walked([TOUR / "journeys.py", TOUR / "papers.py"]), "nobody touches its tile in tour/"
    assert begins in walked([BLIND]), "nobody chooses it by ear in tour/blind.py"


def test_what_a_guide_can_start_is_a_service() -> None:
    assert set(get_args(KioskService)) <= menu().keys()
