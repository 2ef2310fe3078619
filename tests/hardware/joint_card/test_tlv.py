import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.joint_card import tlv
from hardware.joint_card.tlv import BadTlv, Tlv

TAGS = st.sampled_from([0x4F, 0x50, 0x57, 0x5A, 0x84, 0x87, 0x5F20, 0x9F38, 0x9F66, 0xDF21])


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(TAGS, st.binary(max_size=600)), max_size=5))
def test_what_was_built_is_parsed(objects: list[tuple[int, bytes]]) -> None:
    data = b"".join(tlv.build(tag, value) for tag, value in objects)
    assert tlv.parse(data) == [Tlv(tag, value) for tag, value in objects]


def test_lengths_of_one_and_two_bytes() -> None:
    assert tlv.build(0x70, bytes(127))[:2] == b"\x70\x7f"
    assert tlv.build(0x70, bytes(128))[:3] == b"\x70\x81\x80"
    assert tlv.build(0x70, bytes(300))[:4] == b"\x70\x82\x01\x2c"


def test_inner_objects_are_found() -> None:
    data = tlv.build(
        0x6F, tlv.build(0x84, b"name"), tlv.build(0xA5, tlv.build(0xBF0C, tlv.build(0x9F38, b"pdol")))
    )
    assert tlv.find(data, 0x9F38) == b"pdol"
    assert tlv.find(data, 0x5A) is None


def test_padding_between_objects_is_skipped() -> None:
    assert tlv.parse(b"\0\0\x4f\x01A\xff\x50\x01B\0") == [Tlv(0x4F, b"A"), Tlv(0x50, b"B")]


@pytest.mark.parametrize(
    "data", ["4F", "4F05AA", "9F", "9F38", "5F8101", "4F80", "4F83000001", "4F82FF", "4F84FFFFFFFF"]
)
def test_what_is_no_tlv_is_refused(data: str) -> None:
    with pytest.raises(BadTlv):
        tlv.parse(bytes.fromhex(data))


def test_endless_nesting_is_refused() -> None:
    data = b"A"
    for _ in range(20):
        data = tlv.build(0x70, data)
    with pytest.raises(BadTlv):
        tlv.find(data, 0x5A)


def test_a_value_does_not_show() -> None:
    assert repr(Tlv(0x5A, b"6217")) == "Tlv(tag=90)"


def test_data_object_list() -> None:
    assert tlv.tags_and_lengths(bytes.fromhex("9F6604 9F0206 9A03")) == [(0x9F66, 4), (0x9F02, 6), (0x9A, 3)]
    with pytest.raises(BadTlv):
        tlv.tags_and_lengths(bytes.fromhex("9F66"))
