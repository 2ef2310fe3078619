"""The code tables of JGJ/T 320-2014 (住房公积金信息系统技术规范) as data: config/codes/, one file a code set.

The tables are data because centres differ: two public code sets disagree on withdrawal reasons 06 and 08.
"""

from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from kiosk.contract.datafiles import Data, DataError, Mistake, Text, checked, read_toml
from kiosk.contract.wire import Language

Code = Annotated[str, StringConstraints(pattern=r"^\d{2}$")]


class CodeSet(Data):
    """One table: the standard's pinyin initials, what it names, and its values."""

    code_set: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,12}$")]
    title: Text
    codes: Annotated[dict[Code, Text], Field(min_length=1)]


class CodeBook:
    """All code sets by name."""

    def __init__(self, sets: tuple[CodeSet, ...]) -> None:
        self._sets = {table.code_set: table for table in sets}

    def names(self) -> tuple[str, ...]:
        """The code sets it holds, sorted."""
        return tuple(sorted(self._sets))

    def table(self, code_set: str) -> CodeSet:
        """The whole set; LookupError for a set that does not exist."""
        return self._sets[code_set]

    def knows(self, code_set: str, code: str) -> bool:
        """Whether the code exists: ask before naming what came over the network."""
        return code_set in self._sets and code in self._sets[code_set].codes

    def name(self, code_set: str, code: str, language: Language) -> str:
        """What the code means; LookupError for a set or a code that does not exist."""
        return self._sets[code_set].codes[code].shown(language)


def load_codes(folder: Path) -> CodeBook:
    """Read every code set of `folder`; raises DataError with every mistake of every file."""
    mistakes: list[Mistake] = []
    sets: list[CodeSet] = []
    for file in sorted(folder.glob("*.toml")):
        raw = read_toml(file, mistakes)
        table = checked(CodeSet, raw, file.name, mistakes) if raw is not None else None
        if table and table.code_set != file.stem:
            mistakes.append(
                Mistake(file.name, "code_set", f"is {table.code_set}, the file's name says {file.stem}")
            )
        if table:
            sets.append(table)
    if not sets:
        mistakes.append(Mistake(folder.name, "", "holds no code set"))
    if mistakes:
        raise DataError(mistakes)
    return CodeBook(tuple(sets))
