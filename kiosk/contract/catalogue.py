"""All business guides (业务指南) of a centre: reading config/services/, and the QR codes that lead to a guide.

One file an item. Figures that the centre itself sets (months, ages, amounts) stand once, in values.toml, and are
marked `set_by = "centre"` where they are used, so that no local rule is ever shown as a national one.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self, get_args

from pydantic import Field, StringConstraints, model_validator

from kiosk.contract.datafiles import Data, DataError, Mistake, Sentence, Text, checked, read_toml
from kiosk.contract.guide import Category, Item, Key, OtherBasis, SetBy, Where
from kiosk.contract.wire import Language


class Headings(Data):
    """The words between the parts of a guide, for screen, paper and web page alike."""

    who: Text
    conditions: Text
    bring: Text
    bring_nothing: Text
    not_needed: Text
    not_needed_note: Text
    steps: Text
    time_limit: Text
    basis: Text
    fee: Text
    no_fee: Text
    where: Text
    kiosk: Text


class _Index(Data):
    """categories.toml."""

    version: Annotated[str, StringConstraints(pattern=r"^\d{4}\.\d{1,3}$")]
    reviewed: date
    headings: Headings
    regulation: Text
    other_basis: dict[OtherBasis, Text]
    set_by: dict[SetBy, Text]
    where: dict[Where, Text]
    sources: dict[Key, Text]
    categories: Annotated[tuple[Category, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _every_word_is_there(self) -> Self:
        for field, words, kind in (
            ("other_basis", self.other_basis, OtherBasis),
            ("set_by", self.set_by, SetBy),
            ("where", self.where, Where),
        ):
            missing = set(get_args(kind)) - words.keys()
            if missing:
                raise ValueError(f"{field} lacks {', '.join(sorted(missing))}")
        for unique in ("code", "order"):
            if len({getattr(category, unique) for category in self.categories}) < len(self.categories):
                raise ValueError(f"two categories have the same {unique}")
        return self


class _Value(Data):
    """A figure of values.toml: whole numbers are grouped by thousands, text is shown as it stands."""

    value: Annotated[int, Field(ge=0)] | Annotated[str, StringConstraints(min_length=1, max_length=20)]
    meaning: Sentence

    def shown(self) -> str:
        return f"{self.value:,}" if isinstance(self.value, int) else self.value


class Catalogue(_Index):
    """All guides in the order of the shelves, then of the codes, with the words around them."""

    items: tuple[Item, ...]

    @cached_property
    def _by_code(self) -> dict[str, Item]:
        return {item.code: item for item in self.items}

    def by_code(self, code: str) -> Item | None:
        """The guide with this code (upper case), or None: codes come from strangers' QR codes too."""
        return self._by_code.get(code)

    def in_category(self, category: str) -> tuple[Item, ...]:
        """The guides of one shelf, in order; () for a shelf that does not exist."""
        return tuple(item for item in self.items if item.category == category)

    def basis_lines(self, item: Item, language: Language) -> tuple[str, ...]:
        """The legal basis in words: one line for the regulation's articles, one for each other ground."""
        lines = [self.other_basis[other].shown(language) for other in item.basis.other]
        if item.basis.articles:
            articles = item.basis.articles
            named = [a.shown(language, after) for after, a in zip((None, *articles), articles, strict=False)]
            places = ("、" if language == "zh" else "; ").join(named)
            gap = "" if language == "zh" else ": "
            lines.insert(0, self.regulation.shown(language) + gap + places)
        return tuple(lines)


def load_catalogue(folder: Path) -> Catalogue:
    """Read categories.toml, values.toml and every item (W06.toml, ...) of `folder`.

    Raises DataError with every mistake of every file.
    """
    mistakes: list[Mistake] = []
    raw_index = read_toml(folder / "categories.toml", mistakes)
    index = None if raw_index is None else checked(_Index, raw_index, "categories.toml", mistakes)
    values = _read_values(folder / "values.toml", mistakes)
    used: set[str] = set()
    items: list[Item] = []
    for file in sorted(folder.glob("[A-Z]*.toml")):
        raw = read_toml(file, mistakes)
        if raw is None:
            continue
        filling = _Filling(values, file.name, mistakes, used)
        item = checked(Item, filling.table(raw, ()), file.name, mistakes)
        if item:
            items.append(item)
            mistakes += _wrong_references(item, index, file)
    mistakes += [Mistake("values.toml", name, "no guide uses it") for name in sorted(values.keys() - used)]
    if not items:
        mistakes.append(Mistake(folder.name, "", "holds no guide"))
    if mistakes or index is None:
        raise DataError(mistakes)
    order = {category.code: category.order for category in index.categories}
    items.sort(key=lambda item: (order[item.category], item.code))
    return Catalogue(**{name: getattr(index, name) for name in _Index.model_fields}, items=tuple(items))


def _read_values(file: Path, mistakes: list[Mistake]) -> dict[str, str]:
    """The centre's figures as guides show them, by name."""
    values: dict[str, str] = {}
    for name, raw in (read_toml(file, mistakes) or {}).items():
        value = checked(_Value, raw, f"{file.name}: {name}", mistakes)
        if value:
            values[name] = value.shown()
    return values


def _wrong_references(item: Item, index: _Index | None, file: Path) -> list[Mistake]:
    """What one file says about others: its own name, its shelf, the registers it names."""
    wrong: list[Mistake] = []
    if item.code != file.stem:
        wrong.append(Mistake(file.name, "code", f"is {item.code}, the file's name says {file.stem}"))
    if index is None:
        return wrong
    if item.category not in {category.code for category in index.categories}:
        wrong.append(Mistake(file.name, "category", f"categories.toml knows no {item.category}"))
    for at, shared in enumerate(item.not_needed):
        if shared.source not in index.sources:
            place = f"not_needed.{at}.source"
            wrong.append(Mistake(file.name, place, f"categories.toml knows no {shared.source}"))
    return wrong


_BRACES = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True)
class _Filling:
    """Puts the centre's values in the place of {name}, in one file; allowed only beside set_by = "centre"."""

    values: dict[str, str]
    file: str
    mistakes: list[Mistake]
    used: set[str]

    def table(self, raw: dict[str, Any], place: tuple[str, ...]) -> dict[str, Any]:
        local = raw.get("set_by") == "centre"
        return {key: self._anything(child, (*place, key), local) for key, child in raw.items()}

    def _anything(self, raw: Any, place: tuple[str, ...], local: bool) -> Any:
        match raw:
            case dict():
                return self.table(raw, place)
            case list():
                return [self._anything(child, (*place, str(at)), False) for at, child in enumerate(raw)]
            case str():
                return _BRACES.sub(lambda braces: self._value(braces[1], place, local), raw)
            case _:
                return raw

    def _value(self, name: str, place: tuple[str, ...], local: bool) -> str:
        field = ".".join(place)
        self.used.add(name)
        if name not in self.values:
            self.mistakes.append(Mistake(self.file, field, f"values.toml knows no {name}"))
        elif not local:
            self.mistakes.append(Mistake(self.file, field, f'{name} is local: mark it set_by = "centre"'))
        return self.values.get(name, "")


# ------------------------------------------------------------------ guides as QR codes

GUIDE_URL_MAX_CHARS = 200
_SITE = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?/?", re.IGNORECASE | re.ASCII)


def guide_url(base_url: str, code: str) -> str:
    """The text of a guide's QR code: HTTPS://HOST/GUIDE/W06.

    All upper case, so that a QR code needs its small alphanumeric alphabet only; the centre serves that path.
    `base_url` is scheme, host and perhaps port of the centre's web pages; raises ValueError for anything more,
    because a path or a user name would not survive the upper case.
    """
    if not _SITE.fullmatch(base_url):
        raise ValueError(f"not the bare address of a site: {base_url!r}")
    if not re.fullmatch(r"[A-Z][0-9]{2}", code):
        raise ValueError(f"not the code of a guide: {code!r}")
    url = f"{base_url.rstrip('/')}/GUIDE/{code}".upper()
    if len(url) > GUIDE_URL_MAX_CHARS:
        raise ValueError(f"longer than {GUIDE_URL_MAX_CHARS} characters: {base_url!r}")
    return url


def parse_guide_code(text: str, base_url: str) -> str | None:
    """The code in a scanned guide URL of this centre, upper case; None for everything else.

    Scanned text comes from strangers: it is compared with what we would have printed, never opened or taken
    apart. Length is bounded before anything else. The code need not exist: ask `Catalogue.by_code`.
    """
    if len(text) > GUIDE_URL_MAX_CHARS or not text.isascii():
        return None
    code = text[-3:].upper()
    if not re.fullmatch(r"[A-Z][0-9]{2}", code):
        return None
    return code if text.upper() == guide_url(base_url, code) else None
