import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.receipt_printer.emulator import Cut, Feed, Reader, StrictError, TextLine, read_all

WIDTH = 576


@pytest.mark.parametrize(
    ("data", "offset"),
    [
        (b"\x1b@abc\x07", 5),  # a control character
        (b"\x1b@\x1b\x99", 2),  # an unknown command
        (b"\x1c.\xd6\xd0\n", 2),  # hanzi outside Chinese mode
        (b"\x1c&\x82\x30\xb7\x31\n", 2),  # a four-byte character
        (b"\x1ba\x09", 0),  # a parameter out of range
        (b"\x1b$\xff\xff", 0),  # a position off the paper
        (b"\x1dv0\x00\x01\x00\x10\x00\x01", 0),  # a picture that ends too early
        (b"abc", 3),  # a line without its end
        (b"abc\x1dVB\x00", 3),  # a cut in the middle of a line
        (b"\x1dV\x00\x00", 0),  # a cut that does not feed
        (b"\x1d(k\x03\x001Q0", 0),  # a QR code without data
    ],
)
def test_a_byte_that_nothing_explains_is_an_error_with_its_offset(data: bytes, offset: int) -> None:
    with pytest.raises(StrictError) as caught:
        read_all(data)
    assert caught.value.offset == offset


def test_a_line_that_is_too_wide_goes_on_and_is_noticed() -> None:
    first, second = read_all(b"x" * 49 + b"\n")
    assert isinstance(first, TextLine)
    assert isinstance(second, TextLine)
    assert (len(first.glyphs), len(second.glyphs), second.overflowed) == (48, 1, True)


def test_bytes_may_arrive_one_by_one() -> None:
    data = b"\x1b@\x1c&\xd3\xe0\xb6\xee\x1c. 1\n\x1dVB\x00"
    reader, buffer, events = Reader(WIDTH), bytearray(), []
    for byte in data:
        buffer.append(byte)
        while (done := reader.step(buffer)) is not None:
            events += done
    assert events == read_all(data)
    assert [type(event) for event in events] == [TextLine, Feed, Cut]


def test_a_printer_without_chinese_prints_boxes() -> None:
    buffer = bytearray(b"\x1c&\xd3\xe0\n")
    reader, events = Reader(WIDTH, chinese_font=False), []
    while (done := reader.step(buffer)) is not None:
        events += done
    assert isinstance(events[0], TextLine)
    assert events[0].glyphs[0].character == "□"


@given(
    st.lists(
        st.one_of(st.binary(max_size=6), st.sampled_from([b"\x1b", b"\x1c", b"\x1d", b"\x1d(k", b"\x1dv0\0"]))
    )
)
def test_any_bytes_are_read_to_their_end_or_named_as_wrong(parts: list[bytes]) -> None:
    reader, buffer = Reader(WIDTH), bytearray(b"".join(parts))
    total = len(buffer)
    while buffer:
        left = len(buffer)
        try:
            if reader.step(buffer) is None:
                break
        except StrictError as error:
            assert 0 <= error.offset < total
        assert len(buffer) < left
