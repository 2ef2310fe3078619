"""The statutory retirement age: sixty-one points of the table, the window around it, and contributions."""

from datetime import date

import pytest

from central.rules.months import YearMonth
from central.rules.retirement import Category, contribution_months, has_reached, retirement, retirement_day

TABLE = {
    Category.MAN: """
        1964-12 60y0m 2024-12   1965-01 60y1m 2025-02   1965-04 60y1m 2025-05   1965-05 60y2m 2025-07
        1965-08 60y2m 2025-10   1965-09 60y3m 2025-12   1965-12 60y3m 2026-03   1966-01 60y4m 2026-05
        1966-12 60y6m 2027-06   1967-06 60y8m 2028-02   1968-01 60y10m 2028-11  1968-12 61y0m 2029-12
        1969-01 61y1m 2030-02   1970-05 61y5m 2031-10   1971-09 61y9m 2033-06   1972-12 62y0m 2034-12
        1974-03 62y4m 2036-07   1975-10 62y9m 2038-07   1976-04 62y10m 2039-02  1976-08 62y11m 2039-07
        1976-09 63y0m 2039-09   1976-12 63y0m 2039-12   1977-01 63y0m 2040-01   1990-06 63y0m 2053-06
    """,
    Category.WOMAN_55: """
        1969-12 55y0m 2024-12   1970-01 55y1m 2025-02   1970-04 55y1m 2025-05   1970-05 55y2m 2025-07
        1970-09 55y3m 2025-12   1971-04 55y4m 2026-08   1972-11 55y9m 2028-08   1973-01 55y10m 2028-11
        1974-08 56y2m 2030-10   1976-02 56y7m 2032-09   1978-07 57y2m 2035-09   1980-12 57y9m 2038-09
        1981-04 57y10m 2039-02  1981-08 57y11m 2039-07  1981-09 58y0m 2039-09   1981-12 58y0m 2039-12
        1982-01 58y0m 2040-01
    """,
    Category.WOMAN_50: """
        1974-12 50y0m 2024-12   1975-01 50y1m 2025-02   1975-02 50y1m 2025-03   1975-03 50y2m 2025-05
        1975-11 50y6m 2026-05   1975-12 50y6m 2026-06   1976-01 50y7m 2026-08   1976-12 51y0m 2027-12
        1977-07 51y4m 2028-11   1978-03 51y8m 2029-11   1979-10 52y5m 2032-03   1981-05 53y3m 2034-08
        1982-02 53y7m 2035-09   1983-08 54y4m 2037-12   1984-02 54y7m 2038-09   1984-08 54y10m 2039-06
        1984-10 54y11m 2039-09  1984-11 55y0m 2039-11   1984-12 55y0m 2039-12   1985-01 55y0m 2040-01
    """,
}


def points() -> list[tuple[Category, str, str, str]]:
    rows = []
    for category, text in TABLE.items():
        words = text.split()
        rows += [(category, *words[place : place + 3]) for place in range(0, len(words), 3)]
    return rows


def month(text: str) -> YearMonth:
    return YearMonth.of(date.fromisoformat(f"{text}-01"))


def test_the_table_is_whole() -> None:
    assert len(points()) == 61


@pytest.mark.parametrize(("category", "born", "age", "retires"), points())
def test_point_of_the_table(category: Category, born: str, age: str, retires: str) -> None:
    when = retirement(month(born), category)
    assert f"{when.age_years}y{when.age_months}m" == age
    assert str(when.retires) == retires


@pytest.mark.parametrize(
    ("category", "last_step", "old_age", "most"),
    [
        (Category.MAN, "1976-09", 60, 36),
        (Category.WOMAN_55, "1981-09", 55, 36),
        (Category.WOMAN_50, "1984-11", 50, 60),
    ],
)
def test_month_by_month_the_delay_grows_by_one_and_stops(
    category: Category, last_step: str, old_age: int, most: int
) -> None:
    """Every band of birth months waits one month longer than the one before; nobody born later retires earlier."""
    band = 2 if category is Category.WOMAN_50 else 4
    first = YearMonth(2025 - old_age, 1)
    delays = [retirement(first.plus(offset), category).delay_months for offset in range(480)]
    assert delays == [min(offset // band + 1, most) for offset in range(480)]
    assert delays.index(most) == month(last_step).ordinal - first.ordinal
    assert retirement(first.plus(-1), category).delay_months == 0


DAYS = [
    ("1965-01-31", Category.MAN, "2025-02-28"),
    ("1964-12-31", Category.MAN, "2024-12-31"),
    ("1964-02-29", Category.MAN, "2024-02-29"),
    ("1968-02-29", Category.MAN, "2028-12-29"),
    ("1972-02-29", Category.WOMAN_55, "2027-09-29"),
    ("1975-01-30", Category.WOMAN_50, "2025-02-28"),
]


@pytest.mark.parametrize(("born", "category", "retires"), DAYS)
def test_the_day_is_clipped_to_the_month(born: str, category: Category, retires: str) -> None:
    assert retirement_day(date.fromisoformat(born), category) == date.fromisoformat(retires)


def test_the_month_decides() -> None:
    born = date(1965, 1, 31)
    assert not has_reached(born, Category.MAN, date(2025, 1, 31))
    assert has_reached(born, Category.MAN, date(2025, 2, 1))
    assert has_reached(born, Category.MAN, date(2026, 1, 1))


WINDOWS = [
    # born, category: earliest (three years, but not before the old age), latest
    ("1966-01", Category.MAN, "2026-01", "2029-05"),
    ("1976-09", Category.MAN, "2036-09", "2042-09"),
    ("1990-06", Category.MAN, "2050-06", "2056-06"),
    ("1985-01", Category.WOMAN_50, "2037-01", "2043-01"),  # the old age, 50, is five years before
    ("1964-12", Category.MAN, "2024-12", "2027-12"),
]


@pytest.mark.parametrize(("born", "category", "earliest", "latest"), WINDOWS)
def test_the_flexible_window(born: str, category: Category, earliest: str, latest: str) -> None:
    when = retirement(month(born), category)
    assert (str(when.earliest), str(when.latest)) == (earliest, latest)


CONTRIBUTIONS = [(2024, 180), (2029, 180), (2030, 186), (2031, 192), (2038, 234), (2039, 240), (2060, 240)]


@pytest.mark.parametrize(("year", "months"), CONTRIBUTIONS)
def test_contributions(year: int, months: int) -> None:
    assert contribution_months(year) == months


def test_contributions_follow_the_year_of_retirement() -> None:
    assert retirement(month("1966-01"), Category.MAN).contribution_months == 180
    assert retirement(month("1970-05"), Category.MAN).contribution_months == 192
