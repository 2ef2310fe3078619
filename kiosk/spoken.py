"""How numbers are said: amounts as people read them, card tails digit by digit. Pure functions, Chinese and English.

The speech engine is given words, not figures, so that every engine says the same.
"""

import re
from datetime import date

from kiosk.contract.money import FEN_PER_YUAN, Fen
from kiosk.contract.wire import Language

_HANZI = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")
_BY_DIGIT = {**dict(zip("0123456789", "零幺二三四五六七八九", strict=True)), ".": "点", "X": "X"}
"""One is said yāo (幺) in numbers that are read digit by digit, so that it is not heard as seven (七)."""

RARE = re.compile("[\u3400-\u4dbf\U00020000-\U000323af\ue000-\uf8ff\U000f0000-\U0010ffff]")
"""The extensions of the Hanzi, A to I, and what has no meaning but its sender's: in no voice's dictionary."""

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth",
    "eight": "eighth", "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
_THOUSANDS = ("", "thousand", "million", "billion", "trillion")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def number(value: int, language: Language) -> str:
    """A whole number of zero or more, below ten to the sixteenth."""
    return _number_zh(value) if language == "zh" else _number_en(value)


def _number_zh(value: int) -> str:
    if value == 0:
        return _HANZI[0]
    groups = []
    while value:
        value, group = divmod(value, 10_000)
        groups.append(group)
    said = ""
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if group == 0:
            continue
        if said and (group < 1000 or groups[place + 1] == 0):
            said += _HANZI[0]
        said += _group_zh(group) + _GROUPS[place]
    return said.removeprefix("一") if said.startswith("一十") else said


def _group_zh(group: int) -> str:
    said, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit == 0:
            gap = bool(said)
            continue
        said += (_HANZI[0] if gap else "") + _HANZI[digit] + _PLACES[place]
        gap = False
    return said


def _number_en(value: int) -> str:
    if value < 20:
        return _ONES[value]
    if value < 100:
        tens, ones = divmod(value, 10)
        return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")
    if value < 1000:
        hundreds, rest = divmod(value, 100)
        return f"{_ONES[hundreds]} hundred" + (f" and {_number_en(rest)}" if rest else "")
    words = []
    place = 0
    while value:
        value, group = divmod(value, 1000)
        if group:
            words.append(f"{_number_en(group)} {_THOUSANDS[place]}".strip())
        place += 1
    last_is_small = words[0].count(" ") == 0 and len(words) > 1 and "hundred" not in words[0]
    words.reverse()
    return " and ".join((" ".join(words[:-1]), words[-1])) if last_is_small else " ".join(words)


def ordinal_en(value: int) -> str:
    """Of a day in its month: first to thirty-first."""
    tens, dash, last = _number_en(value).rpartition("-")
    if last in _ORDINALS:
        return tens + dash + _ORDINALS[last]
    return tens + dash + (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")


def amount(fen: Fen, language: Language) -> str:
    """1234.56 yuan is 一千二百三十四元五角六分, one thousand two hundred and thirty-four yuan fifty-six fen."""
    yuan, rest = divmod(abs(fen), FEN_PER_YUAN)
    minus = "" if fen >= 0 else ("负" if language == "zh" else "minus ")
    if language == "en":
        return minus + f"{_number_en(yuan)} yuan" + (f" {_number_en(rest)} fen" if rest else "")
    jiao, odd = divmod(rest, 10)
    said = f"{_number_zh(yuan)}元" if yuan or not rest else ""
    if jiao:
        said += f"{_HANZI[jiao]}角"
    elif odd and yuan:
        said += _HANZI[0]
    return minus + said + (f"{_HANZI[odd]}分" if odd else "")


def digits(text: str, language: Language) -> str:
    """Digit by digit; stars are said as what they are, hidden, and never counted out."""
    said: list[str] = []
    for char in text:
        if char == "*":
            if not said or said[-1] != _hidden(language):
                said.append(_hidden(language))
        elif char.isdigit() and char.isascii():
            said.append(_BY_DIGIT[char] if language == "zh" else _ONES[int(char)])
        elif char == ".":
            said.append(_BY_DIGIT[char] if language == "zh" else "point")
        elif char.isalnum():
            said.append(char)
    return "".join(said) if language == "zh" else " ".join(said)


def _hidden(language: Language) -> str:
    return "，隐藏，" if language == "zh" else "hidden"


def name(text: str, language: Language) -> str:
    """A name as it is read: what is masked is said to be, and a character that no voice knows is said to be rare."""
    text = text.replace("*", "某" if language == "zh" else " hidden ")
    return RARE.sub("生僻字" if language == "zh" else " rare character ", text)


def decimal(text: str, language: Language) -> str:
    """A plain decimal such as "2.6": two point six, 二点六."""
    whole, _, fraction = text.partition(".")
    said = number(int(whole or 0), language)
    if not fraction:
        return said
    if language == "zh":
        return f"{said}点{''.join(_HANZI[int(digit)] for digit in fraction)}"
    return f"{said} point {' '.join(_ONES[int(digit)] for digit in fraction)}"


def percent(rate: str, language: Language) -> str:
    """A rate in percent."""
    return f"百分之{decimal(rate, 'zh')}" if language == "zh" else f"{decimal(rate, 'en')} percent"


def day(value: date, language: Language) -> str:
    """A date as it is read aloud: 二〇二六年十一月二十二日, the twenty-second of November twenty twenty-six."""
    if language == "en":
        return f"the {ordinal_en(value.day)} of {MONTHS[value.month - 1]} {_year_en(value.year)}"
    return f"{month(f'{value:%Y-%m}', 'zh')}{_number_zh(value.day)}日"


def clock(hour: int, minute: int, language: Language) -> str:
    """A time of day, on the 24-hour clock: 十四点零五分, fourteen oh five."""
    hours, minutes = number(hour, language), number(minute, language)
    if language == "zh":
        return f"{hours}点" + (f"{'零' if minute < 10 else ''}{minutes}分" if minute else "整")
    return f"{hours} {'hundred' if not minute else f'oh {minutes}' if minute < 10 else minutes}"


def month(text: str, language: Language) -> str:
    """A month from "YYYY-MM"."""
    of_year, number_ = text.split("-")
    if language == "en":
        return f"{MONTHS[int(number_) - 1]} {_year_en(int(of_year))}"
    return f"{_year_zh(int(of_year))}年{_number_zh(int(number_))}月"


def year(value: int, language: Language) -> str:
    """A year, in Chinese digit by digit."""
    return _year_en(value) if language == "en" else _year_zh(value)


def _year_zh(value: int) -> str:
    return "".join("〇" if digit == "0" else _HANZI[int(digit)] for digit in str(value))


def _year_en(year: int) -> str:
    century, rest = divmod(year, 100)
    if 2000 <= year < 2010 or (rest == 0 and century % 10 == 0):
        return _number_en(year)
    if rest == 0:
        return f"{_number_en(century)} hundred"
    return f"{_number_en(century)} {'oh ' if rest < 10 else ''}{_number_en(rest)}"
