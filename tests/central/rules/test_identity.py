"""Identity numbers: those of the standard, the permits, the foreigner cards, and every way to be wrong."""

from datetime import date

import pytest

from central.rules.identity import (
    Fault,
    Identity,
    Invalid,
    Kind,
    Sex,
    check_character,
    icao_check_digit,
    mask,
    read,
)

TODAY = date(2026, 11, 22)

VALID = [
    ("11010519491231002X", Kind.RESIDENT, "1949-12-31", Sex.FEMALE),
    ("440524188001010014", Kind.RESIDENT, "1880-01-01", Sex.MALE),
    ("34052419800101001X", Kind.RESIDENT, "1980-01-01", Sex.MALE),
    ("513101198201130014", Kind.RESIDENT, "1982-01-13", Sex.MALE),
    ("370101190102039973", Kind.RESIDENT, "1901-02-03", Sex.MALE),
    ("440308199901101512", Kind.RESIDENT, "1999-01-10", Sex.MALE),
    ("120103198806018241", Kind.RESIDENT, "1988-06-01", Sex.FEMALE),
    ("210202200002290013", Kind.RESIDENT, "2000-02-29", Sex.MALE),
    ("83000019870607103X", Kind.HMT_PERMIT, "1987-06-07", Sex.MALE),
    ("830000199201300022", Kind.HMT_PERMIT, "1992-01-30", Sex.FEMALE),
    ("810000199408230021", Kind.HMT_PERMIT, "1994-08-23", Sex.FEMALE),
    ("810000199002281013", Kind.HMT_PERMIT, "1990-02-28", Sex.MALE),
    ("820000198501010020", Kind.HMT_PERMIT, "1985-01-01", Sex.FEMALE),
    ("932682198501010017", Kind.FOREIGNER, "1985-01-01", Sex.MALE),
    ("911124198108030024", Kind.FOREIGNER, "1981-08-03", Sex.FEMALE),
    ("931012199012010018", Kind.FOREIGNER, "1990-12-01", Sex.MALE),
    ("210202196409201319", Kind.RESIDENT, "1964-09-20", Sex.MALE),
    ("210202196501011315", Kind.RESIDENT, "1965-01-01", Sex.MALE),
    ("210202197011151328", Kind.RESIDENT, "1970-11-15", Sex.FEMALE),
    ("210203197609010315", Kind.RESIDENT, "1976-09-01", Sex.MALE),
    ("210204197503010321", Kind.RESIDENT, "1975-03-01", Sex.FEMALE),
    ("210211198812240022", Kind.RESIDENT, "1988-12-24", Sex.FEMALE),
    ("210281199912315013", Kind.RESIDENT, "1999-12-31", Sex.MALE),
]


@pytest.mark.parametrize(("number", "kind", "born", "sex"), VALID)
def test_valid(number: str, kind: Kind, born: str, sex: Sex) -> None:
    assert read(number, TODAY) == Identity(number, kind, date.fromisoformat(born), sex)


INVALID = [
    ("511324199612163557", Fault.CHECK, "the last character should be 6"),
    ("210204197503010312", Fault.CHECK, "the last character should be 3"),
    ("210202190002290017", Fault.BIRTH_DATE, "the birth date 1900-02-29 does not exist"),
    ("210202197002300015", Fault.BIRTH_DATE, "the birth date 1970-02-30 does not exist"),
    ("210202202702300011", Fault.BIRTH_DATE, "the birth date 2027-02-30 does not exist"),
    ("21020220270228001X", Fault.FUTURE, "the birth date 2027-02-28 lies in the future"),
    ("210202179912310012", Fault.BIRTH_DATE, "the birth date 1799-12-31 lies before 1800-01-01"),
    ("91112419810803002", Fault.LENGTH, "a number has 18 characters (old ones 15), this has 17"),
    ("1101051949123100222", Fault.LENGTH, "a number has 18 characters (old ones 15), this has 19"),
    ("1101051949123100AX", Fault.CHARACTERS, "only digits are allowed, and X in the last place"),
    ("X10105194912310022", Fault.CHARACTERS, "only digits are allowed, and X in the last place"),
    ("110105 9491231002X", Fault.CHARACTERS, "only digits are allowed, and X in the last place"),
    ("१10105194912310022", Fault.CHARACTERS, "only digits are allowed, and X in the last place"),
    ("160105194912310022", Fault.REGION, "no region has the code 160105"),
    ("720105194912310022", Fault.REGION, "no region has the code 720105"),
    ("810001199408230021", Fault.REGION, "no region has the code 810001"),
    ("910012198108030024", Fault.REGION, "no region has the code 910012"),
    ("", Fault.EMPTY, "the number is empty"),
    (" \u3000", Fault.EMPTY, "the number is empty"),
    ("610104620230690", Fault.BIRTH_DATE, "the birth date 1962-02-30 does not exist"),
    ("932682850101001", Fault.REGION, "no region has the code 932682"),  # only citizens had fifteen digits
    ("830000920130002", Fault.REGION, "no region has the code 830000"),
    ("KAZ110090123106", Fault.CHECK, "the last digit should be 5"),
    ("KAZ160090123105", Fault.REGION, "no region has the code 1600"),
    ("KAZ110090023105", Fault.BIRTH_DATE, "the birth date 1990-02-31 does not exist"),
]


@pytest.mark.parametrize(("text", "fault", "detail"), INVALID)
def test_invalid(text: str, fault: Fault, detail: str) -> None:
    assert read(text, TODAY) == Invalid(fault, detail)


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002x",
        " 11010519491231002X\n",
        "１１０１０５１９４９１２３１００２Ｘ",
        "11010519491231002ｘ",
    ],
)
def test_written_otherwise(text: str) -> None:
    assert read(text, TODAY) == read("11010519491231002X", TODAY)


def test_fifteen_digits_become_eighteen() -> None:
    assert read("610104620927690", TODAY) == Identity(
        "610104196209276908", Kind.RESIDENT, date(1962, 9, 27), Sex.FEMALE
    )


OLD_FOREIGNERS = [
    # the latest century in which the date is not in the future
    ("KAZ110090123105", "1990-12-31"),
    ("KAZ110026112207", "2026-11-22"),
    ("KAZ110026112304", "1926-11-23"),
]


@pytest.mark.parametrize(("number", "born"), OLD_FOREIGNERS)
def test_the_old_foreigner_card(number: str, born: str) -> None:
    number = number[:14] + icao_check_digit(number[:14])
    assert read(number.lower(), TODAY) == Identity(number, Kind.FOREIGNER, date.fromisoformat(born), None)


def test_born_today_is_born() -> None:
    body = "21020220261122001"
    assert isinstance(read(body + check_character(body), TODAY), Identity)


def test_the_earliest_birth_is_a_setting() -> None:
    assert isinstance(read("440524188001010014", TODAY, earliest_birth=date(1880, 1, 1)), Identity)
    assert read("440524188001010014", TODAY, earliest_birth=date(1900, 1, 1)) == Invalid(
        Fault.BIRTH_DATE, "the birth date 1880-01-01 lies before 1900-01-01"
    )


@pytest.mark.parametrize("digits", ["1101051949123100", "110105194912310022"])
def test_the_check_character_is_of_seventeen_digits(digits: str) -> None:
    with pytest.raises(ValueError, match="zip"):
        check_character(digits)


def test_check_digits() -> None:
    assert check_character("11010519491231002") == "X"
    assert icao_check_digit("KAZ11009012310") == "5"
    assert icao_check_digit("L898902C3") == "6"  # the passport of ICAO Doc 9303's example


def test_changing_any_digit_is_noticed() -> None:
    number = "210202196409201319"
    for place in range(17):
        for digit in "0123456789":
            if digit != number[place]:
                assert isinstance(read(number[:place] + digit + number[place + 1 :], TODAY), Invalid)


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("210202196409201319", "210*************19"),
        ("KAZ110090123105", "KAZ**********05"),
        ("123456", "123*56"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_masks(number: str, masked: str) -> None:
    assert mask(number) == masked
