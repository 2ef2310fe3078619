"""Messages: every text on a screen, on paper and in the ear is a key of the catalogue plus typed values.

The catalogues are gettext files, config/locales/<language>/*.po, both complete. A message is data, so the
language can change while it is on the screen, and whatever is shown can be spoken.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import get_args

from babel.messages.pofile import read_po

from kiosk.contract.wire import Language
from kiosk.figures import in_words
from kiosk.values import Value, Yuan

LANGUAGES: tuple[Language, ...] = get_args(Language)
UNIT = re.compile(r"¥?\{(\w+)\}(?: ?(?:元|yuan\b))?")
LOCALES = Path(__file__).parent.parent / "config" / "locales"


@dataclass(frozen=True)
class Message:
    """A key of the catalogue and the values for its braces."""

    key: str
    values: tuple[tuple[str, "Part"], ...] = ()


Part = Value | Message


def msg(key: str, **values: Part) -> Message:
    """`msg("welcome", name=Name("王*"))`."""
    return Message(key, tuple(sorted(values.items())))


class MissingText(Exception):
    """A key without a text, or a text whose braces do not match the values. A test finds it."""


@lru_cache
def texts(language: Language) -> Mapping[str, str]:
    """The catalogue of one language: key -> text with {braces}."""
    found: dict[str, str] = {}
    for path in sorted((LOCALES / language).glob("*.po")):
        with path.open("rb") as file:
            found |= {str(m.id): str(m.string) for m in read_po(file, locale=language) if m.id}
    return found


def known(key: str) -> bool:
    """Whether there is a text: for keys that are made from what the centre says."""
    return key in texts("zh")


def braces(text: str) -> frozenset[str]:
    """The names that a text wants values for."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def text(part: Part, language: Language) -> str:
    """What is shown for a message or a value. Raises MissingText."""
    if not isinstance(part, Message):
        return part.shown(language)
    return _filled(part, language, text)


def speech(part: Part, language: Language) -> str:
    """What is said for a message or a value: the same text, with its numbers in words. Where what is shown is a sign
    rather than words, the catalogue has words for it under `spoken.` and its key. Raises MissingText."""
    if not isinstance(part, Message):
        return part.spoken(language)
    if known(f"spoken.{part.key}"):
        part = Message(f"spoken.{part.key}", part.values)
    return _filled(
        part, language, speech, lambda pattern, message: in_words(_without_units(pattern, message), language)
    )


def personal(part: Part) -> bool:
    """Whether anything in it belongs to the citizen: such parts are spoken to a headset only."""
    if not isinstance(part, Message):
        return part.personal
    return any(personal(value) for _, value in part.values)


def _filled(
    message: Message,
    language: Language,
    render: Callable[[Part, Language], str],
    adapt: Callable[[str, Message], str] = lambda pattern, message: pattern,
) -> str:
    try:
        pattern = adapt(texts(language)[message.key], message)
        return pattern.format(**{name: render(value, language) for name, value in message.values})
    except KeyError as problem:
        raise MissingText(f"{language}: {message.key}: {problem}") from None


def _without_units(pattern: str, message: Message) -> str:
    """An amount in words brings its unit along: the one that stands beside the figures is not said again."""
    amounts = {name for name, value in message.values if isinstance(value, Yuan)}
    return UNIT.sub(lambda found: f"{{{found[1]}}}" if found[1] in amounts else found[0], pattern)
