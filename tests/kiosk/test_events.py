"""The catalogue: only what it names can be written, and nothing that identifies a citizen fits anywhere."""

import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.events import FIELD_TYPES, BadEvent, catalogue, catalogue_page, encode

DOCS = Path(__file__).parent.parent.parent / "docs"

digits = st.text("0123456789")
id_numbers = st.builds(
    lambda region, year, rest, check: f"{region}{year}{rest}{check}",
    st.sampled_from([11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 44, 50, 51, 61, 62, 65, 71, 81, 82, 83]).flatmap(
        lambda province: st.integers(100, 9999).map(lambda rest: f"{province}{rest:04d}")
    ),
    st.dates().map(lambda day: f"{day:%Y%m%d}".rjust(8, "1")),
    st.integers(0, 999).map(lambda number: f"{number:03d}"),
    st.sampled_from("0123456789X"),
)
phones = st.integers(30, 99).flatmap(lambda a: st.integers(0, 10**8 - 1).map(lambda b: f"1{a}{b:08d}"))
cards = st.integers(0, 10**17 - 1).map(lambda rest: f"62{rest:017d}")
names = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=4)
personal = st.one_of(id_numbers, phones, cards, names)


@given(personal)
def test_no_field_takes_a_name_or_a_number_of_a_person(value: str) -> None:
    for kind in catalogue().values():
        for field in kind.fields:
            assert not field.allows(value), (kind.name, field.name, value)


@given(st.one_of(id_numbers, phones, cards).filter(str.isdigit))
def test_no_count_takes_a_number_of_a_person(value: str) -> None:
    counts = [name for name in FIELD_TYPES if name not in ("fen", "seconds")]
    assert not any(FIELD_TYPES[name].allows(int(value)) for name in counts)


def test_amounts_stand_in_events_of_operations_only() -> None:
    with_amount = {
        kind.name for kind in catalogue().values() if any(field.type == "fen" for field in kind.fields)
    }
    assert with_amount == {"operation-intent", "operation-settled", "operation-amount-differs"}


@pytest.mark.parametrize(
    ("name", "fields", "complaint"),
    [
        ("session-begin", {"session": 1, "language": "zh"}, "elder is missing"),
        ("session-begin", {"session": 1, "language": "fr", "elder": False}, "language must be zh | en"),
        ("session-begin", {"session": -1, "language": "zh", "elder": False}, "session must be count"),
        ("session-begin", {"session": True, "language": "zh", "elder": False}, "session must be count"),
        ("session-begin", {"session": 1, "language": "zh", "elder": 1}, "elder must be flag"),
        (
            "session-begin",
            {"session": 1, "language": "zh", "elder": False, "who": "x"},
            "no such field: who",
        ),
        ("operation-sent", {"operation": "not a uuid", "attempt": 1}, "operation must be operation"),
    ],
)
def test_what_the_catalogue_does_not_name_is_refused(
    name: str, fields: dict[str, object], complaint: str
) -> None:
    with pytest.raises(BadEvent, match=complaint.replace("|", r"\|")):
        catalogue()[name].check(fields)


def test_a_complaint_never_repeats_the_value() -> None:
    with pytest.raises(BadEvent) as refused:
        catalogue()["bad-scan"].check({"reason": "11010519491231002X"})
    assert "1101" not in str(refused.value)


def test_an_optional_field_may_be_left_out_or_none() -> None:
    kind = catalogue()["operation-intent"]
    fields = {"operation": uuid.UUID(int=1), "kind": "document", "fingerprint": "0" * 64}
    assert "amount" not in kind.check(fields) and "amount" not in kind.check(fields | {"amount": None})


def test_fields_have_one_spelling() -> None:
    kind = catalogue()["operation-sent"]
    one = kind.check({"operation": uuid.UUID(int=1), "attempt": 2})
    other = kind.check({"attempt": 2, "operation": uuid.UUID(int=1)})
    assert encode(one) == encode(other)
    assert encode(one) == '{"operation":"00000000-0000-0000-0000-000000000001","attempt":2}'


def test_every_beginning_has_an_end() -> None:
    begun = {kind.begins.name for kind in catalogue().values() if kind.begins}
    assert begun == {kind.ends.name for kind in catalogue().values() if kind.ends}


def test_the_page_in_the_docs_is_the_catalogue() -> None:
    assert (DOCS / "journal.md").read_text("utf-8") == catalogue_page()


def _written(folder: Path, text: str) -> Path:
    file = folder / "events.toml"
    file.write_text(text, "utf-8")
    return file


BEGIN = '[[event]]\nnumber = 1\nname = "a-begin"\nbegins = "a"\ntext = ""\nfields = { a = "count" }\n'
PAIRS = '[pairs]\na = { key = ["a"], survives = false }\n'


@pytest.mark.parametrize(
    "text",
    [
        PAIRS + BEGIN.replace('"count"', '"text"'),
        PAIRS + BEGIN + BEGIN.replace("number = 1", "number = 2"),
        PAIRS + BEGIN + BEGIN.replace("a-begin", "b-begin"),
        PAIRS + BEGIN.replace('a = "count"', 'b = "count"'),
        PAIRS + BEGIN.replace("begins", "ends"),
    ],
    ids=["free text", "name twice", "number twice", "no key", "an end without a disposition"],
)
def test_a_catalogue_that_contradicts_itself_is_refused(tmp_path: Path, text: str) -> None:
    assert catalogue(_written(tmp_path, PAIRS + BEGIN))  # the same without the mistake
    (tmp_path / "bad").mkdir()
    with pytest.raises(BadEvent):
        catalogue(_written(tmp_path / "bad", text))
