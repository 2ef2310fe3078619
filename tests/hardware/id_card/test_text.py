from contextlib import suppress
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.id_card.interface import CardKind, IdCard
from hardware.id_card.text import (
    LAYOUTS,
    TEXT_BYTES,
    BadText,
    build,
    fields_of,
    kind_of,
    parse,
)
from tests.hardware.id_card.samples import SAMPLES

PHOTO = bytes(range(256)) * 4


@pytest.mark.parametrize("kind", CardKind)
def test_every_field_of_every_layout_comes_back(kind: CardKind) -> None:
    assert set(SAMPLES[kind]) == set(LAYOUTS[kind])
    block = build(kind, SAMPLES[kind])
    assert len(block) == TEXT_BYTES
    assert kind_of(block) is kind
    assert fields_of(block) == SAMPLES[kind]


@pytest.mark.parametrize("kind", CardKind)
def test_fields_do_not_overlap(kind: CardKind) -> None:
    taken = sorted([*LAYOUTS[kind].values(), (248, 250)])
    assert all(end <= start for (_, end), (start, _) in pairwise(taken))


def test_a_resident_card_is_where_the_standard_puts_it() -> None:
    block = build(CardKind.RESIDENT, SAMPLES[CardKind.RESIDENT])
    assert block[0:6] == "测试甲".encode("utf-16-le")
    assert block[122:158] == "11010519491231002X".encode("utf-16-le")
    assert block[204:208] == "长期".encode("utf-16-le")
    assert block[248:250] == b" \0"


def test_what_a_visit_gets() -> None:
    assert parse(build(CardKind.RESIDENT, SAMPLES[CardKind.RESIDENT]), PHOTO) == IdCard(
        CardKind.RESIDENT, "测试甲", "11010519491231002X", None
    )
    permit = parse(build(CardKind.HMT_PERMIT, SAMPLES[CardKind.HMT_PERMIT]), PHOTO)
    assert permit.valid_until == date(2029, 1, 1)
    foreigner = parse(build(CardKind.FOREIGNER_2023, SAMPLES[CardKind.FOREIGNER_2023]), PHOTO)
    assert foreigner.name == "SAMPLE, WITH A VERY LONG TESTER NAME THAT RUNS"
    assert (
        parse(build(CardKind.FOREIGNER_2017, SAMPLES[CardKind.FOREIGNER_2017]), PHOTO).name
        == "SAMPLE, TESTER C"
    )


@pytest.mark.parametrize("name", ["䶮㛃", "𬭚𠮷𱁬", "\ue000某", "阿·卜"])
def test_rare_characters_survive(name: str) -> None:
    card = parse(build(CardKind.RESIDENT, {**SAMPLES[CardKind.RESIDENT], "name": name}), PHOTO)
    if "\ue000" in name:
        assert not card.name_intact
    assert card.name == name


def test_half_a_surrogate_pair_is_shown_and_flagged() -> None:
    block = bytearray(build(CardKind.RESIDENT, SAMPLES[CardKind.RESIDENT]))
    block[2:4] = b"\x00\xd8"
    card = parse(bytes(block), PHOTO)
    assert "\ufffd" in card.name
    assert not card.name_intact


def test_a_card_tells_nothing_in_a_log_line() -> None:
    card = parse(build(CardKind.RESIDENT, SAMPLES[CardKind.RESIDENT]), PHOTO)
    assert repr(card) == "IdCard(kind=<CardKind.RESIDENT: 'resident'>)"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id_number", "1101051949123100"),
        ("id_number", "11010519491231002x"),
        ("id_number", "１１０１０５１９４９１２３１００２１"),
        ("valid_until", "20250230"),
        ("valid_until", "永久"),
        ("valid_until", ""),
        ("name", ""),
        ("name", "甲\n乙"),
    ],
)
def test_a_field_that_cannot_be_is_refused_by_name_only(field: str, value: str) -> None:
    with pytest.raises(BadText) as refusal:
        parse(build(CardKind.RESIDENT, {**SAMPLES[CardKind.RESIDENT], field: value}), PHOTO)
    assert str(refusal.value) == field


def test_a_field_that_does_not_fit_cannot_be_built() -> None:
    with pytest.raises(BadText):
        build(CardKind.RESIDENT, {"name": "甲" * 16})


def test_a_short_photo_is_refused() -> None:
    with pytest.raises(BadText):
        parse(build(CardKind.RESIDENT, SAMPLES[CardKind.RESIDENT]), PHOTO[:-1])


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=300), st.binary(max_size=10))
def test_no_bytes_break_the_parser(block: bytes, photo: bytes) -> None:
    with suppress(BadText):
        parse(block, photo)
