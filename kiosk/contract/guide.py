"""One business guide (业务指南): what a centre tells a citizen about one of its businesses.

Frozen models of the files in config/services/; `kiosk.contract.catalogue` reads them.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from kiosk.contract.datafiles import Data, Text
from kiosk.contract.wire import Language, ServiceCode

KioskService = Literal["early_repayment", "closure", "balance", "statement"]
"""The flows that a guide's button can start."""

SetBy = Literal["law", "contract", "centre"]
Where = Literal["kiosk", "counter", "online", "appointment"]
OtherBasis = Literal["retirement_age", "local_rules", "loan_contract", "transfer_platform"]
Reason = Annotated[str, StringConstraints(pattern=r"^\d{2}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$")]

LINE_MAX_ZH = 24
LINE_MAX_EN = 56
"""Characters of the short line: what a tile holds."""


class Condition(Text):
    """Something that must hold, and who says so: the law, the loan contract, or the centre's own rules."""

    set_by: SetBy


class Shared(Text):
    """A paper the citizen need not bring, and the register (a key of `Catalogue.sources`) that answers instead."""

    source: Key


class TimeLimit(Text):
    """How long the centre takes; `days` counts from acceptance, absent when done at once."""

    kind: Literal["real_time", "days", "working_days"]
    days: Annotated[int, Field(ge=1, le=90)] | None = None
    set_by: SetBy

    @model_validator(mode="after")
    def _days_fit_the_kind(self) -> Self:
        if (self.days is None) != (self.kind == "real_time"):
            raise ValueError("days are for the kinds days and working_days, and needed there")
        return self


class Article(Data):
    """A place in 住房公积金管理条例 (State Council decree 262 of 1999, as amended in 2002 and 2019)."""

    article: Annotated[int, Field(ge=1, le=47)]
    to: Annotated[int, Field(ge=2, le=47)] | None = None
    paragraph: Annotated[int, Field(ge=1, le=9)] | None = None
    item: Annotated[int, Field(ge=1, le=9)] | None = None

    def shown(self, language: Language, after: "Article | None" = None) -> str:
        """In words; `after` is the place just named, of which only what differs is said again."""
        same_article = after is not None and not self.to and after.article == self.article
        same_paragraph = same_article and after is not None and after.paragraph == self.paragraph
        paragraph = None if same_paragraph else self.paragraph
        if language == "en":
            parts = [f"Articles {self.article} to {self.to}" if self.to else f"Article {self.article}"]
            parts = [] if same_article else parts
            parts += [f"paragraph {paragraph}"] if paragraph else []
            parts += [f"item {self.item}"] if self.item else []
            return ", ".join(parts)
        text = "" if same_article else f"第{_chinese(self.article)}条"
        text += f"至第{_chinese(self.to)}条" if self.to else ""
        text += f"第{_chinese(paragraph)}款" if paragraph else ""
        return text + (f"第（{_chinese(self.item)}）项" if self.item else "")


class Basis(Data):
    """Why the centre may do this: articles of the regulation and, beside them, other grounds."""

    articles: tuple[Article, ...] = ()
    other: tuple[OtherBasis, ...] = ()

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not self.articles and not self.other:
            raise ValueError("name an article or another basis")
        return self


class AtKiosk(Text):
    """What this kiosk does of it, in words; `starts` is the service that the guide's button opens."""

    does: Literal["all", "part", "none"]
    starts: KioskService | None = None

    @model_validator(mode="after")
    def _starts_what_it_does(self) -> Self:
        if (self.starts is None) != (self.does == "none"):
            raise ValueError('starts is needed for does = "all" and "part", and wrong for "none"')
        return self


class Item(Data):
    """One business of the centre, told to a citizen."""

    code: ServiceCode
    category: Key
    reason: Reason | None = None
    """Withdrawal reason (提取原因, tqyy) of JGJ/T 320-2014; absent where nothing is withdrawn."""
    where: Annotated[tuple[Where, ...], Field(min_length=1)]
    name: Text
    line: Text
    who: Text
    conditions: Annotated[tuple[Condition, ...], Field(min_length=1)]
    bring: tuple[Text, ...] = ()
    not_needed: Annotated[tuple[Shared, ...], Field(min_length=1)]
    steps: Annotated[tuple[Text, ...], Field(min_length=2)]
    time_limit: TimeLimit
    basis: Basis
    fee: Text | None = None
    """What others charge on the way; the centre itself never charges (absent: the heading `no_fee` says it all)."""
    kiosk: AtKiosk

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if ("kiosk" in self.where) != (self.kiosk.does == "all"):
            raise ValueError('where names the kiosk exactly when kiosk.does is "all"')
        if len(self.line.zh) > LINE_MAX_ZH or len(self.line.en) > LINE_MAX_EN:
            raise ValueError(f"line holds at most {LINE_MAX_ZH} characters in zh and {LINE_MAX_EN} in en")
        if len(set(self.where)) < len(self.where):
            raise ValueError("where names a place twice")
        return self

    @model_validator(mode="after")
    def _basis_names_who_says_so(self) -> Self:
        grounds = {
            "law": bool(self.basis.articles),
            "contract": "loan_contract" in self.basis.other,
            "centre": "local_rules" in self.basis.other,
        }
        for set_by in (self.time_limit.set_by, *(condition.set_by for condition in self.conditions)):
            if not grounds[set_by]:
                raise ValueError(f'something is set_by = "{set_by}", but basis does not name it')
        return self


class Category(Data):
    """A shelf of guides; `order` is its place on the screen."""

    code: Key
    order: int
    name: Text


_DIGITS = "零一二三四五六七八九"


def _chinese(number: int) -> str:
    """1 to 99 as legal texts write article numbers: 24 is 二十四."""
    tens, ones = divmod(number, 10)
    lead = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return lead + (_DIGITS[ones] if ones or not tens else "")
