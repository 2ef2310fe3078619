"""Where this kiosk stands, where its devices are, and who helps: what the screens are told about their surroundings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kiosk.prompts import Hand
from kiosk.values import Bilingual, Digits

Side = Literal["left", "right", "above", "below"]


@dataclass(frozen=True)
class Places:
    """The centre, the place of this kiosk, and the side of the glass on which each hand finds its device."""

    centre: Bilingual
    kiosk: Bilingual
    sides: Mapping[Hand, Side]

    def side(self, hand: Hand) -> Side:
        """Below the glass, unless the settings say otherwise."""
        return self.sides.get(hand, "below")


@dataclass(frozen=True)
class Help:
    """Who helps when the kiosk cannot: a window of the centre, and a telephone."""

    window: Bilingual
    phone: Digits
