"""The words of official papers: the verify page calls everything what the paper calls it, from the same catalogue."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from kiosk.contract.codes import CodeBook, load_codes
from kiosk.contract.money import format_grouped, parse_yuan
from kiosk.contract.papers import DocumentField
from kiosk.contract.wire import Language

CONFIG = Path(__file__).resolve().parent.parent.parent / "config"

SHOWN_CHARS = 2
"""Of a text on a paper (an employer), so many characters are shown; of a number, the last four."""


@cache
def words(language: Language) -> Mapping[str, str]:
    """The catalogue of official papers: key -> text."""
    with (CONFIG / "locales" / language / "documents.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale=language) if m.id}


@cache
def _codes() -> CodeBook:
    return load_codes(CONFIG / "codes")


def label(key: str, language: Language) -> str:
    """What a field is called."""
    return words(language)[f"field.{key}"]


def masked(field: DocumentField, language: Language) -> str:
    """A field's value as a stranger with the paper in hand may compare it: figures whole, texts in part."""
    value = field.value
    match field.kind:
        case "amount":
            return format_grouped(parse_yuan(value, signed=True))
        case "date":
            day = date.fromisoformat(value)
            return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else f"{day.day} {day:%b %Y}"
        case "percent":
            return f"{value}%"
        case "code":
            if field.code_set and _codes().knows(field.code_set, value):
                return _codes().name(field.code_set, value, language)
            return words(language).get(f"word.{field.code_set}.{value}", value)
        case "text":
            hidden = "*" * 4
            return f"{hidden}{value[-4:]}" if value.isascii() else f"{value[:SHOWN_CHARS]}{hidden}"
        case _:
            return value
