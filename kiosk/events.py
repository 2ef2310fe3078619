"""The catalogue of the electronic journal's events, read from config/events.toml and checked once.

A field can only be written when the catalogue names it and its value fits the type; there is no type for free
text. So a name, an ID number or a card number has no place to go to, whoever writes the event.
"""

import json
import re
import tomllib
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

CATALOGUE_FILE = Path(__file__).parent.parent / "config" / "events.toml"

INTERRUPTED = "interrupted"
"""How the next start ends what a power cut left open."""


class BadEvent(ValueError):
    """An event or a field that the catalogue does not allow: a mistake in the program, found by its tests."""


def _matches(pattern: str) -> Callable[[object], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _within(lowest: float, highest: float, *types: type) -> Callable[[object], bool]:
    return lambda value: (
        isinstance(value, types) and not isinstance(value, bool) and lowest <= value < highest  # type: ignore[operator]
    )


class FieldType(NamedTuple):
    """A type of the allow-list: whether a value may be written, and the same in words."""

    allows: Callable[[object], bool]
    text: str


FIELD_TYPES: Mapping[str, FieldType] = {
    "flag": FieldType(lambda value: isinstance(value, bool), "true or false"),
    "count": FieldType(_within(0, 10**9, int), "a whole number from 0, below a thousand million"),
    "seconds": FieldType(_within(-1e6, 1e9, int, float), "a number of seconds"),
    "fen": FieldType(_within(1 - 10**18, 10**18, int), "an amount in whole fen"),
    "operation": FieldType(lambda value: isinstance(value, UUID), "an operation's id (UUID)"),
    "word": FieldType(
        _matches(r"(?=.{1,40}$)[a-z]+[0-9]?([-_][a-z]+[0-9]?)*"),
        "small letters and hyphens, 40 at most; a digit at the end of a part, never two",
    ),
    "problem": FieldType(_matches(r"(?=.{1,40}$)[a-z]+(-[a-z]+)*"), "a problem type of the contract"),
    "class": FieldType(
        _matches(r"[A-Za-z_](?:[A-Za-z_]|[0-9](?![0-9])){1,47}"),
        "the name of a class in the program; no two digits together",
    ),
    "module": FieldType(
        _matches(r"(?:[A-Za-z_.]|[0-9](?![0-9])){1,60}"),
        "the name of a module in the program; no two digits together",
    ),
    "setting": FieldType(
        _matches(r"(?=.{1,60}$)[a-z_]+(\.[a-z_]+)*"), "the name of a setting, never its value"
    ),
    "version": FieldType(
        _matches(r"[0-9]{1,4}(\.[0-9]{1,4}){0,3}([a-z+.-][0-9a-z]{1,12}){0,2}"), "a version number"
    ),
    "fault": FieldType(_matches(r"(?=.{2,9}$)[A-Z]{0,3}-?[0-9]{1,5}"), "a fault number of docs/faults.md"),
    "receipt": FieldType(
        _matches(r"20[0-9]{2}(0[1-9]|1[0-2])([0-2][0-9]|3[01])[0-9]{10}"),  # no region's ID begins with 20
        "a receipt number of the centre: the day and ten digits",
    ),
    "staff": FieldType(_matches(r"[0-9]{6}"), "a staff number"),
    "hash": FieldType(_matches(r"[0-9a-f]{64}"), "64 hexadecimal digits"),
}


def fitting(type_: str, value: str | None) -> str | None:
    """A text from outside if it may be written as this type, else None."""
    return value if FIELD_TYPES[type_].allows(value) else None


@dataclass(frozen=True)
class Field:
    """One field of an event: a type of the allow-list, or a closed list of words."""

    name: str
    type: str  # a key of FIELD_TYPES, or "" when `words` says it all
    words: tuple[str, ...]
    optional: bool

    def allows(self, value: object) -> bool:
        """True when `value` may be written."""
        return value in self.words if self.words else FIELD_TYPES[self.type].allows(value)


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


_ENCODER = json.JSONEncoder(default=str, ensure_ascii=True, separators=(",", ":"))


def encode(fields: Mapping[str, object]) -> str:
    """The canonical text of checked fields, which the chain hashes."""
    return _ENCODER.encode(fields)


def error_fields(error: Exception) -> dict[str, object]:
    """What may be written down of an error: its class and its place, and nothing of what it says."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = {"module": Path(last[0].filename).stem, "line": last[0].lineno or 0} if last else {}
    return {"error": type(error).__name__, **place}


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


def catalogue_page() -> str:
    """docs/journal.md: the catalogue as a page for people."""
    lines = [
        "# The electronic journal: every event",
        "",
        "Made by `python -m kiosk.journal catalogue > docs/journal.md` from config/events.toml.",
        "",
        "Every event has a sequence number without gaps, an instant (UTC), its fields, and a hash that covers the",
        "event before. There is no type for free text: what is not listed here cannot be written. An event that ends",
        "a pair says how it went in `disposition`; `interrupted` is written by the next start after a power cut.",
        "",
        "| No. | Event | Pair | Fields | What it says |",
        "|---|---|---|---|---|",
    ]
    for kind in sorted(catalogue().values(), key=lambda kind: kind.number):
        pair = f"begins {kind.begins.name}" if kind.begins else f"ends {kind.ends.name}" if kind.ends else ""
        fields = "<br>".join(
            f"{field.name}{'?' if field.optional else ''}: {field.type or ' / '.join(field.words)}"
            for field in kind.fields
        )
        lines.append(f"| {kind.number} | {kind.name} | {pair} | {fields} | {kind.text} |")
    lines += ["", "## Types", "", "| Type | May be |", "|---|---|"]
    lines += [f"| {name} | {type_.text} |" for name, type_ in FIELD_TYPES.items()]
    return "\n".join(lines) + "\n"


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
