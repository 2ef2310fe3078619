"""What the flows really show, laid out on every panel in every size and language: samples are never all there is."""

import pytest

from kiosk.contract.wire import Language
from kiosk.stage import TextSize
from screens.gallery import PANELS
from screens.samples import Sample
from tests.journeys.lobby import Lobby, ScriptedCitizen, menu
from tests.journeys.scripts import Straight
from tests.journeys.virtual_time import run_virtually
from tests.screens.audit import problems_of
from tests.screens.test_layout import MATRIX, preferences


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> list[Sample]:
    """Every prompt of the straight ways, once."""
    found: dict[str, Sample] = {}
    for service in menu():
        for part in (True, False):
            citizen = ScriptedCitizen(Straight(service, part=part))
            run_virtually(Lobby(tmp_path_factory.mktemp("visit")).serve(citizen))
            for n, (prompt, chrome) in enumerate(zip(citizen.shown, citizen.chromes, strict=True)):
                name = f"{service}, prompt {n}, {type(prompt).__name__}"
                found.setdefault(repr(prompt), Sample(name, prompt, outside=not chrome.finish))
    return list(found.values())


@pytest.mark.parametrize(("panel", "size", "language", "lowered"), MATRIX)
def test_every_step_of_every_service_fits(
    panel: str, size: TextSize, language: Language, lowered: bool, shown: list[Sample]
) -> None:
    found = problems_of(shown, PANELS[panel], preferences(language, size, lowered))
    assert len(shown) > len(menu()), "the flows were gone through"
    assert not found, "\n".join(found[:20])
