"""Identity numbers: citizens, residents from Hong Kong, Macao and Taiwan, and foreign permanent residents.

Sources: GB 11643-1999 (citizen identity number) with the check character of ISO 7064 MOD 11-2; the residence
permits of 2018 for Hong Kong, Macao and Taiwan; the foreign permanent resident card of 2023 (eighteen digits
from 9) and the one before it (three letters, twelve digits, check digit of ICAO Doc 9303).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
ICAO_WEIGHTS = (7, 3, 1)

# GB/T 2260: first and last code of each of its blocks
_PROVINCE_BLOCKS = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71))
PROVINCES = frozenset(str(code) for first, last in _PROVINCE_BLOCKS for code in range(first, last + 1))
PERMIT_REGIONS = frozenset({"810000", "820000", "830000"})
FOREIGNER_DIGIT = "9"

EARLIEST_BIRTH = date(1800, 1, 1)  # the standard's own sample was born in 1880

_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_FIFTEEN = re.compile(r"[0-9]{15}")
_OLD_FOREIGNER = re.compile(r"[A-Z]{3}[0-9]{12}")


class Kind(StrEnum):
    RESIDENT = "resident"
    HMT_PERMIT = "hmt-permit"
    FOREIGNER = "foreigner"


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class Fault(StrEnum):
    """What can be wrong with an identity number."""

    EMPTY = "empty"
    CHARACTERS = "characters"
    LENGTH = "length"
    REGION = "region"
    BIRTH_DATE = "birth-date"
    FUTURE = "future"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Identity:
    """A valid number in the form to store: half-width, upper case, fifteen digits upgraded to eighteen."""

    number: str
    kind: Kind
    born: date
    sex: Sex | None  # the old foreigner card does not tell


@dataclass(frozen=True, slots=True)
class Invalid:
    """Why a text is no identity number; `detail` is a sentence in English."""

    fault: Fault
    detail: str


def read(text: str, today: date, earliest_birth: date = EARLIEST_BIRTH) -> Identity | Invalid:
    """Read a number as typed or scanned; full-width characters, a small x and outer spaces are forgiven."""
    number = unicodedata.normalize("NFKC", text).strip().upper()
    if not number:
        return Invalid(Fault.EMPTY, "the number is empty")
    if _OLD_FOREIGNER.fullmatch(number):
        return _read_old_foreigner(number, today)
    if _FIFTEEN.fullmatch(number):
        if _kind(number) is not Kind.RESIDENT:  # permits and foreigners' cards never had fifteen digits
            return Invalid(Fault.REGION, f"no region has the code {number[:6]}")
        body = f"{number[:6]}19{number[6:]}"
        number = body + check_character(body)
    if len(number) != 18:
        return Invalid(Fault.LENGTH, f"a number has 18 characters (old ones 15), this has {len(number)}")
    if not _EIGHTEEN.fullmatch(number):
        return Invalid(Fault.CHARACTERS, "only digits are allowed, and X in the last place")
    kind = _kind(number)
    if kind is None:
        return Invalid(Fault.REGION, f"no region has the code {number[:6]}")
    born = _birth(number[6:14], today, earliest_birth)
    if isinstance(born, Invalid):
        return born
    if (expected := check_character(number[:17])) != number[17]:
        return Invalid(Fault.CHECK, f"the last character should be {expected}")
    return Identity(number, kind, born, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def check_character(first_seventeen: str) -> str:
    """The eighteenth character for the first seventeen digits: ISO 7064 MOD 11-2."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first_seventeen, strict=True))
    return CHECK_CHARACTERS[total % 11]


def mask(number: str) -> str:
    """For screens and paper: the first three and the last two characters (210************15)."""
    return number[:3] + "*" * (len(number) - 5) + number[-2:] if len(number) > 5 else "*" * len(number)


def _kind(number: str) -> Kind | None:
    if number[:6] in PERMIT_REGIONS:
        return Kind.HMT_PERMIT
    if number[0] == FOREIGNER_DIGIT and number[1:3] in PROVINCES:
        return Kind.FOREIGNER
    return Kind.RESIDENT if number[:2] in PROVINCES else None


def _birth(yyyymmdd: str, today: date, earliest: date) -> date | Invalid:
    written = f"{yyyymmdd[:4]}-{yyyymmdd[4:6]}-{yyyymmdd[6:]}"
    try:
        born = date.fromisoformat(written)
    except ValueError:
        return Invalid(Fault.BIRTH_DATE, f"the birth date {written} does not exist")
    if born > today:
        return Invalid(Fault.FUTURE, f"the birth date {written} lies in the future")
    if born < earliest:
        return Invalid(Fault.BIRTH_DATE, f"the birth date {written} lies before {earliest}")
    return born


def _read_old_foreigner(number: str, today: date) -> Identity | Invalid:
    """Three letters of nationality, four digits of region, YYMMDD, a sequence digit and a check digit.

    The century is the latest in which the date is not in the future.
    """
    if number[3:5] not in PROVINCES:
        return Invalid(Fault.REGION, f"no region has the code {number[3:7]}")
    born = _birth("20" + number[7:13], today, EARLIEST_BIRTH)
    if isinstance(born, Invalid):
        born = _birth("19" + number[7:13], today, EARLIEST_BIRTH)
    if isinstance(born, Invalid):
        return born
    if (expected := icao_check_digit(number[:14])) != number[14]:
        return Invalid(Fault.CHECK, f"the last digit should be {expected}")
    return Identity(number, Kind.FOREIGNER, born, None)


def icao_check_digit(text: str) -> str:
    """The check digit of ICAO Doc 9303: weights 7 3 1 repeating, A = 10 ... Z = 35, modulo 10."""
    total = sum(int(character, 36) * ICAO_WEIGHTS[place % 3] for place, character in enumerate(text))
    return str(total % 10)
