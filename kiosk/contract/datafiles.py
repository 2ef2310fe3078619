"""Reading folders of hand-written TOML: every mistake is found in one reading, with its file and field."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from kiosk.contract.wire import Language

Sentence = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]


class Data(BaseModel):
    """Base of all hand-written data: immutable, and an unknown field is a spelling mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Data):
    """The same words in both languages."""

    zh: Sentence
    en: Sentence

    def shown(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Mistake:
    """One thing to mend: the file's name, the field's path ("conditions.2.zh"; empty: the whole file), why."""

    file: str
    field: str
    why: str

    def __str__(self) -> str:
        return f"{self.file}: {self.field}: {self.why}" if self.field else f"{self.file}: {self.why}"


class DataError(ValueError):
    """A folder of data cannot be used; `mistakes` holds all of them, in the order of the files."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(m) for m in mistakes))


def read_toml(file: Path, mistakes: list[Mistake]) -> dict[str, Any] | None:
    """The file's tables; None with a mistake noted when it is missing, is not UTF-8 or is not TOML."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        mistakes.append(Mistake(file.name, "", error.strerror or "cannot be read"))
    except UnicodeDecodeError:
        mistakes.append(Mistake(file.name, "", "is not UTF-8"))
    except tomllib.TOMLDecodeError as error:
        mistakes.append(Mistake(file.name, "", f"is not TOML: {error}"))
    return None


M = TypeVar("M", bound=BaseModel)


def checked(model: type[M], raw: Any, file: str, mistakes: list[Mistake]) -> M | None:
    """`raw` as `model`, or None with every wrong field noted."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        mistakes += [
            Mistake(file, ".".join(str(step) for step in wrong["loc"]), wrong["msg"])
            for wrong in error.errors(include_url=False, include_context=False)
        ]
        return None
