"""Figures that stand in a text, such as a guide of the centre, as they are read. Pure functions, in both languages."""

import re
from collections.abc import Callable

from kiosk.contract.wire import Language
from kiosk.spoken import MONTHS, clock, decimal, digits, number, ordinal_en, percent, year


def _clock(text: str, language: Language) -> str:
    hour, minute = text.split(":")
    return clock(int(hour), int(minute), language)


def _percent(text: str, language: Language) -> str:
    return percent(text.removesuffix("%"), language)


def _year(text: str, language: Language) -> str:
    return year(int(text), language)


def _day(text: str, language: Language) -> str:
    """ "30 June", of the English texts."""
    return f"the {ordinal_en(int(text))} of"


def _number(text: str, language: Language) -> str:
    return number(int(text.replace(",", "")), language)


_LOOKS: tuple[tuple[str, Callable[[str, Language], str]], ...] = (
    (r"(?<![\d:.])\d{1,2}:\d\d(?![\d:])", _clock),
    (r"\d+(?:\.\d+)?%", _percent),
    (r"(?<![\d.])\d+\.\d+(?![\d.])", decimal),
    (r"(?<!\d)(?:19|20)\d\d(?= ?年|\b(?! ?(?:元|yuan)))", _year),
    (r"(?<!\d)(?:0\d+|\d{5,})", digits),  # telephone numbers, codes
    (rf"\b\d{{1,2}}(?= (?:{'|'.join(MONTHS)})\b)", _day),
    (r"\d{1,3}(?:,\d{3})+|\d+", _number),
)
"""What figures look like, and how they are said; the first that fits."""

_SAID = tuple((re.compile(look, re.ASCII), said) for look, said in _LOOKS)
_BETWEEN = re.compile(r"(?<![\d-])(\d{1,4}) ?[-~～–—] ?(?=\d{1,4}(?![\d-]))", re.ASCII)
_LETTER_BEFORE = re.compile(r"(?<=[A-Za-z])(?=\d)")


def in_words(text: str, language: Language) -> str:
    """A text with its figures as they are read: years, rates, telephone numbers, from one to another. One without
    figures comes back as it was. The engines would read 12329 as twelve thousand, and ¥ as yen."""
    if not any(char.isdigit() or char == "¥" for char in text):
        return text
    text = text.replace("¥", "元" if language == "zh" else "yuan")
    text = _BETWEEN.sub(r"\1至" if language == "zh" else r"\1 to ", text)
    text = _LETTER_BEFORE.sub(" ", text)  # A4 is a letter and a figure
    for look, said in _SAID:
        text = look.sub(lambda found, said=said: said(found[0], language), text)  # type: ignore[misc]
    return text
