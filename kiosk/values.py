"""Typed values inside messages: what they mean, so that each is shown, spoken, masked and printed rightly.

A flow never formats. It puts `Yuan(123450)` or `Day(...)` into a message; the language decides how it reads.
`personal` values may be spoken to a headset only and never reach a log.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from kiosk import spoken
from kiosk.contract.money import Fen, format_grouped
from kiosk.contract.wire import Language
from kiosk.figures import in_words

HANZI = re.compile("[\u4e00-\u9fff]")

CENTRE_ZONE = ZoneInfo("Asia/Shanghai")
"""China keeps one time (UTC+8); instants are UTC inside and become wall time here."""


@dataclass(frozen=True)
class Yuan:
    """An amount of money; `signed` also writes the plus of a deposit."""

    fen: Fen
    signed: bool = False
    personal = True

    def shown(self, language: Language) -> str:
        text = format_grouped(self.fen)
        return f"+{text}" if self.signed and self.fen > 0 else text.replace("-", "−")

    def spoken(self, language: Language) -> str:
        return spoken.amount(self.fen, language)


@dataclass(frozen=True)
class Day:
    """A calendar day in the centre's zone."""

    day: date
    personal = False

    def shown(self, language: Language) -> str:
        if language == "zh":
            return f"{self.day.year}年{self.day.month}月{self.day.day}日"
        return f"{self.day.day} {self.day:%b %Y}"

    def spoken(self, language: Language) -> str:
        return spoken.day(self.day, language)


@dataclass(frozen=True)
class Month:
    """A month, from the wire's "YYYY-MM"."""

    month: str
    personal = False

    def shown(self, language: Language) -> str:
        year, month = self.month.split("-")
        if language == "zh":
            return f"{year}年{int(month)}月"
        return f"{date(int(year), int(month), 1):%b %Y}"

    def spoken(self, language: Language) -> str:
        return spoken.month(self.month, language)


@dataclass(frozen=True)
class Moment:
    """An instant (UTC), shown as wall time at the centre to the minute."""

    at: datetime
    personal = False

    def shown(self, language: Language) -> str:
        local = self.at.astimezone(CENTRE_ZONE)
        return f"{Day(local.date()).shown(language)} {local:%H:%M}"

    def spoken(self, language: Language) -> str:
        local = self.at.astimezone(CENTRE_ZONE)
        said = spoken.clock(local.hour, local.minute, language)
        return f"{spoken.day(local.date(), language)} {said}"


@dataclass(frozen=True)
class Percent:
    """A rate in percent as the wire writes it ("2.6")."""

    rate: str
    personal = False

    def shown(self, language: Language) -> str:
        return f"{self.rate}%"

    def spoken(self, language: Language) -> str:
        return spoken.percent(self.rate, language)


@dataclass(frozen=True)
class Count:
    """A whole number of things: months, tries, copies."""

    number: int
    personal = False

    def shown(self, language: Language) -> str:
        return str(self.number)

    def spoken(self, language: Language) -> str:
        return spoken.number(self.number, language)


@dataclass(frozen=True)
class Digits:
    """A number that is read out digit by digit: card tails, business numbers, telephone numbers."""

    text: str
    personal: bool = True

    def shown(self, language: Language) -> str:
        return self.text

    def spoken(self, language: Language) -> str:
        return spoken.digits(self.text, language)


@dataclass(frozen=True)
class Name:
    """Text that belongs to the citizen or was written by someone else: masked names, employers, addresses."""

    text: str
    personal: bool = True

    def shown(self, language: Language) -> str:
        return self.text

    def spoken(self, language: Language) -> str:
        figures: Language = (
            "zh" if HANZI.search(self.text) else language
        )  # those of a Chinese name are Chinese too
        return spoken.name(in_words(self.text, figures), language)


@dataclass(frozen=True)
class Bilingual:
    """Text that data bring in both languages: guides, the centre's name, a window's name."""

    zh: str
    en: str
    personal = False

    def shown(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def spoken(self, language: Language) -> str:
        return in_words(self.shown(language), language)


Value = Yuan | Day | Month | Moment | Percent | Count | Digits | Name | Bilingual
