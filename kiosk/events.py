"""The catalogue of the electronic journal's events, read from config/events.toml and checked once.

A field can only be written when the catalogue names it and its value fits the type; there is no type for free
text. So a name, an ID number or a card number has no place to go to, whoever writes the event.
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

CATALOGUE_FILE = Path(__file__).parent.parent / "config" / "events.toml"

INTERRUPTED = "interrupted"
"""How the next start ends what a power cut left open."""


class BadEvent(ValueError):
    """An event or a field that the catalogue does not allow: a mistake in the program, found by its tests."""


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _matches(pattern: str) -> Callable[[object], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


MAX_FEN = 10**18

FIELD_TYPES: Mapping[str, Callable[[object], bool]] = {
    "flag": lambda value: isinstance(value, bool),
    "count": lambda value: _whole(value) and 0 <= value < 10**9,  # type: ignore[operator]
    "seconds": lambda value: (
        (_whole(value) or isinstance(value, float)) and -1e6 < value < 1e9  # type: ignore[operator]
    ),
    "fen": lambda value: _whole(value) and abs(value) < MAX_FEN,  # type: ignore[arg-type]
    "operation": lambda value: isinstance(value, UUID),
    "word": _matches(r"(?=.{1,40}$)[a-z]+([-_][a-z]+)*"),  # no digit: no number of anybody fits
    "problem": _matches(r"(?=.{1,40}$)[a-z]+(-[a-z]+)*"),
    "class": _matches(r"[A-Z][A-Za-z]{1,47}"),
    "module": _matches(r"(?=.{1,60}$)[a-z_]+(\.[a-z_]+)*"),
    "setting": _matches(r"(?=.{1,60}$)[a-z_]+(\.[a-z_]+)*"),
    "version": _matches(r"[0-9]{1,4}(\.[0-9]{1,4}){0,3}([a-z+.-][0-9a-z]{1,12}){0,2}"),
    "fault": _matches(r"(?=.{2,9}$)[A-Z]{0,3}-?[0-9]{1,5}"),
    "receipt": _matches(r"[A-Z]{1,4}-?[0-9]{4,20}|[0-9]{4,32}"),
    "hash": _matches(r"[0-9a-f]{64}"),
}
"""The allow-list: each type says whether a value may be written."""


@dataclass(frozen=True)
class Field:
    """One field of an event: a type of the allow-list, or a closed list of words."""

    name: str
    type: str  # a key of FIELD_TYPES, or "" when `words` says it all
    words: tuple[str, ...]
    optional: bool

    def allows(self, value: object) -> bool:
        """True when `value` may be written."""
        return value in self.words if self.words else FIELD_TYPES[self.type](value)


@dataclass(frozen=True)
class Pair:
    """A beginning and its end. `key`: the fields that tie them; `survives`: stays open across a restart."""

    name: str
    key: tuple[str, ...]
    survives: bool


@dataclass(frozen=True)
class Kind:
    """One event of the catalogue. At most one of `begins` and `ends` is set."""

    number: int
    name: str
    text: str
    fields: tuple[Field, ...]
    begins: Pair | None = None
    ends: Pair | None = None

    def check(self, fields: Mapping[str, object]) -> dict[str, object]:
        """The fields that are given, in the catalogue's order. Raises BadEvent; never repeats a value."""
        checked: dict[str, object] = {}
        for field in self.fields:
            value = fields.get(field.name)
            if value is None:
                if not field.optional:
                    raise BadEvent(f"{self.name}: {field.name} is missing")
            elif not field.allows(value):
                raise BadEvent(
                    f"{self.name}: {field.name} must be {field.type or ' | '.join(field.words)}, "
                    f"not this {type(value).__name__}"
                )
            else:
                checked[field.name] = value
        if len(checked) != sum(value is not None for value in fields.values()):
            unknown = sorted(set(fields) - {field.name for field in self.fields})
            raise BadEvent(f"{self.name}: no such field: {', '.join(unknown)}")
        return checked


def encode(fields: Mapping[str, object]) -> str:
    """The canonical text of checked fields, which the chain hashes."""
    return json.dumps(fields, default=str, ensure_ascii=True, separators=(",", ":"))


def _field(name: str, spec: str | list[str]) -> Field:
    if isinstance(spec, list):
        return Field(name, "", tuple(spec), optional=False)
    type_ = spec.removesuffix("?")
    if type_ not in FIELD_TYPES:
        raise BadEvent(f"{name}: the type {type_!r} is not on the allow-list")
    return Field(name, type_, (), optional=spec.endswith("?"))


@cache
def catalogue(file: Path = CATALOGUE_FILE) -> Mapping[str, Kind]:
    """Every event by its name. Raises BadEvent when the catalogue contradicts itself."""
    data = tomllib.loads(file.read_text("utf-8"))
    pairs = {name: Pair(name, tuple(spec["key"]), spec["survives"]) for name, spec in data["pairs"].items()}
    kinds = [
        Kind(
            event["number"],
            event["name"],
            event["text"],
            tuple(_field(name, spec) for name, spec in event["fields"].items()),
            pairs[event["begins"]] if "begins" in event else None,
            pairs[event["ends"]] if "ends" in event else None,
        )
        for event in data["event"]
    ]
    by_name = {kind.name: kind for kind in kinds}
    if len(by_name) != len(kinds) or len({kind.number for kind in kinds}) != len(kinds):
        raise BadEvent("an event's number or name is used twice")
    for kind in kinds:
        _check_pair(kind)
    return by_name


def _check_pair(kind: Kind) -> None:
    """Both ends of a pair carry its key, and the end says how it went. Raises BadEvent."""
    names = {field.name: field for field in kind.fields}
    pair = kind.begins or kind.ends
    if pair and not set(pair.key) <= set(names):
        raise BadEvent(f"{kind.name}: the key of {pair.name} is missing")
    if kind.ends:
        words = names["disposition"].words if "disposition" in names else ()
        if not words or (not kind.ends.survives and INTERRUPTED not in words):
            raise BadEvent(f"{kind.name}: an end needs a disposition, with {INTERRUPTED!r} among its words")
