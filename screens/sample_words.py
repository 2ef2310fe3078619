"""Words and amounts of the samples: texts that come with the sample rather than from the catalogue."""

from typing import Any

from kiosk import prompts as p
from kiosk.contract.money import Fen
from kiosk.messages import Message, msg
from kiosk.values import Bilingual, Yuan


def said(zh: str, en: str) -> Message:
    """A message whose text comes with the sample rather than from the catalogue."""
    return msg("screen.plain", text=Bilingual(zh, en))


def yuan(text: str) -> Yuan:
    return Yuan(Fen(round(float(text.replace(",", "")) * 100)))


def row(zh: str, en: str, value: Any, emphasis: bool = False) -> p.Row:
    return p.Row(said(zh, en), value, emphasis)
