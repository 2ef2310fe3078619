import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.device import Fault
from hardware.id_card import frames


@pytest.mark.parametrize(
    ("command", "published"),
    [
        (frames.STATUS, "AAAAAA96690003 11FF ED"),
        (frames.SAM_ID, "AAAAAA96690003 12FF EE"),
        (frames.FIND_CARD, "AAAAAA96690003 2001 22"),
        (frames.SELECT_CARD, "AAAAAA96690003 2002 21"),
        (frames.READ_TEXT_AND_PHOTO, "AAAAAA96690003 3001 32"),
        (frames.READ_NEWEST_ADDRESS, "AAAAAA96690003 3003 30"),
        (bytes.fromhex("10FF"), "AAAAAA96690003 10FF EC"),
        (bytes.fromhex("61FF50"), "AAAAAA96690004 61FF50 CA"),
        (bytes.fromhex("00009F00000000"), "AAAAAA96690008 00009F00000000 97"),
        (bytes.fromhex("000080"), "AAAAAA96690004 000080 84"),
    ],
)
def test_frames_equal_the_published_ones(command: bytes, published: str) -> None:
    assert frames.encode(command) == bytes.fromhex(published)


def test_the_read_answer_has_its_published_length() -> None:
    body = bytes.fromhex("000090") + bytes.fromhex("01000400") + bytes(256) + bytes(1024)
    frame = frames.encode(body)
    assert len(frame) == 1295
    assert frame[5:7] == bytes.fromhex("0508")


def decode(stream: bytes) -> list[bytes]:
    decoder = frames.Decoder()
    return [*decoder.feed(stream), *decoder.resync()]


NOISE = st.binary(max_size=40) | st.sampled_from(
    [b"\xaa", b"\xaa" * 7, frames.PREAMBLE, frames.PREAMBLE + b"\x05\x08", frames.PREAMBLE + b"\xff\xff"]
)
BODIES = st.binary(min_size=3, max_size=60)


@settings(max_examples=500, deadline=None)
@given(NOISE, BODIES)
def test_an_answer_behind_noise_is_found(noise: bytes, body: bytes) -> None:
    assert body in decode(noise + frames.encode(body))


@settings(max_examples=200, deadline=None)
@given(st.lists(BODIES, max_size=4), st.data())
def test_answers_come_through_however_the_stream_is_cut(bodies: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(frames.encode(body) for body in bodies)
    decoder, found, at = frames.Decoder(), [], 0
    while at < len(stream):
        step = data.draw(st.integers(1, 40))
        found += decoder.feed(stream[at : at + step])
        at += step
    assert found == bodies
    assert not decoder.damaged


@settings(max_examples=500, deadline=None)
@given(BODIES, st.data())
def test_a_changed_byte_is_never_taken_for_an_answer(body: bytes, data: st.DataObject) -> None:
    frame = bytearray(frames.encode(body))
    at = data.draw(st.integers(0, len(frame) - 1))
    frame[at] ^= data.draw(st.integers(1, 255))
    # A changed length may make a frame that is sound by chance; never the one that was sent.
    assert body not in decode(bytes(frame)) or at < len(frames.PREAMBLE)


def test_a_frame_that_never_ends_takes_no_memory() -> None:
    decoder = frames.Decoder()
    for _ in range(1000):
        assert not list(decoder.feed(frames.PREAMBLE + b"\xff\xff" + bytes(1000)))
    assert len(decoder._buffer) < 2 * frames.MAX_LENGTH


def test_an_answer_shows_no_data() -> None:
    assert repr(frames.answer_of(b"\0\0\x90secret")) == "Answer(90, 6 bytes)"


@pytest.mark.parametrize("data", [b"", b"\x01\x00\x04", bytes.fromhex("01000400") + bytes(1279)])
def test_lengths_that_do_not_add_up_are_refused(data: bytes) -> None:
    with pytest.raises(frames.BadFrame):
        frames.card_of(data)


def test_refusals_are_named() -> None:
    assert frames.fault_of(0x66) is Fault.SAM_REFUSED
    assert frames.fault_of(0x41) is Fault.CARD_UNREADABLE
    assert frames.fault_of(0x40) is Fault.CARD_WRONG_KIND
    assert frames.fault_of(0x21) is Fault.PROTOCOL
