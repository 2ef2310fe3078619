"""Policy by date."""

import pytest

from central.rules.dated import Dated, NoPolicyError, in_force, spans
from tests.central.rules.worked import day

ROWS = [Dated(day("2015-01-01"), "a"), Dated(day("2020-01-01"), "b"), Dated(day("2025-01-01"), "c")]


@pytest.mark.parametrize(
    ("on", "value"),
    [("2015-01-01", "a"), ("2019-12-31", "a"), ("2020-01-01", "b"), ("2025-01-01", "c"), ("2099-01-01", "c")],
)
def test_a_row_holds_until_the_next(on: str, value: str) -> None:
    assert in_force(ROWS, day(on)) == value


def test_nothing_on_record() -> None:
    with pytest.raises(
        NoPolicyError, match=r"^nothing is on record for 2014-12-31: the rows begin on 2015-01-01$"
    ):
        in_force(ROWS, day("2014-12-31"))
    with pytest.raises(NoPolicyError, match=r"^nothing is on record for 2014-12-31: there are no rows$"):
        in_force([], day("2014-12-31"))


SPANS = [
    ("2019-12-30", "2020-01-02", [("2019-12-30", "2020-01-01", "a"), ("2020-01-01", "2020-01-02", "b")]),
    ("2020-01-01", "2020-01-02", [("2020-01-01", "2020-01-02", "b")]),
    ("2019-12-30", "2020-01-01", [("2019-12-30", "2020-01-01", "a")]),
    (
        "2019-01-01",
        "2026-01-01",
        [
            ("2019-01-01", "2020-01-01", "a"),
            ("2020-01-01", "2025-01-01", "b"),
            ("2025-01-01", "2026-01-01", "c"),
        ],
    ),
    ("2020-01-01", "2020-01-01", [("2020-01-01", "2020-01-01", "b")]),
]


@pytest.mark.parametrize(("start", "end", "stretches"), SPANS)
def test_stretches_under_one_value(start: str, end: str, stretches: list[tuple[str, str, str]]) -> None:
    assert spans(ROWS, day(start), day(end)) == [
        (day(since), day(until), value) for since, until, value in stretches
    ]
