"""The citizen's hands: whatever the bench offers can be done."""

import pytest

from central.demo.citizens import CITIZENS
from central.demo.listing import rows
from hardware.id_card.interface import CardKind
from hardware.id_card.simulator import ChipCard
from hardware.id_card.text import parse

KINDS = {"9": CardKind.FOREIGNER_2023, "8": CardKind.HMT_PERMIT}


@pytest.mark.parametrize("citizen", rows(CITIZENS), ids=lambda citizen: citizen["key"])
def test_the_id_card_of_every_citizen_can_be_laid(citizen: dict[str, str]) -> None:
    card = ChipCard.of(citizen["name"], citizen["id_number"])
    read = parse(card.text, card.photo)
    assert read.id_number == citizen["id_number"]
    assert read.kind is KINDS.get(citizen["id_number"][0], CardKind.RESIDENT)
    assert citizen["name"].startswith(read.name)
