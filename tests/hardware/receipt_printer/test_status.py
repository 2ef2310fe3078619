import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.device import Fault, State
from hardware.receipt_printer.replies import BlockReply, FullStatus, RealTime, Sensor, split_replies
from hardware.receipt_printer.status import Answers, Presenter, decode, paper_waits

WELL = Answers(0x12, 0x12, 0x12, 0x12)
BYTE = st.integers(0, 255)


def full(paper: int = 0, user: int = 0, recoverable: int = 0, unrecoverable: int = 0) -> Answers:
    return Answers(0x12, 0x12, 0x12, 0x12, bytes([paper, user, recoverable, unrecoverable]))


@pytest.mark.parametrize(
    ("answers", "state", "fault"),
    [
        (None, State.DISCONNECTED, Fault.DISCONNECTED),
        (Answers(), State.DISCONNECTED, Fault.NO_ANSWER),
        (WELL, State.READY, None),
        (Answers(0x12, 0x12, 0x12, 0x1E), State.DEGRADED, Fault.PAPER_LOW),
        (Answers(0x1A, 0x32, 0x12, 0x7E), State.OUT_OF_SERVICE, Fault.PAPER_OUT),
        (Answers(0x1A, 0x16, 0x12, 0x12), State.OUT_OF_SERVICE, Fault.COVER_OPEN),
        (Answers(0x1A, 0x52, 0x1A, 0x12), State.OUT_OF_SERVICE, Fault.CUTTER),
        (Answers(0x1A, 0x52, 0x16, 0x12), State.OUT_OF_SERVICE, Fault.JAM),
        (Answers(0x1A, 0x52, 0x52, 0x12), State.OUT_OF_SERVICE, Fault.OVERHEATED),
        (Answers(0x1A, 0x52, 0x32, 0x12), State.OUT_OF_SERVICE, Fault.HARDWARE),
        (Answers(0x1A, 0x12, 0x12, 0x12), State.OUT_OF_SERVICE, Fault.HARDWARE),
        (full(paper=0x01), State.OUT_OF_SERVICE, Fault.PAPER_OUT),
        (full(paper=0x04), State.DEGRADED, Fault.PAPER_LOW),
        (full(user=0x02), State.OUT_OF_SERVICE, Fault.COVER_OPEN),
        (full(recoverable=0x40), State.OUT_OF_SERVICE, Fault.JAM),
        (full(recoverable=0x01), State.OUT_OF_SERVICE, Fault.OVERHEATED),
        (full(unrecoverable=0x01), State.OUT_OF_SERVICE, Fault.CUTTER),
        (full(unrecoverable=0x04), State.OUT_OF_SERVICE, Fault.HARDWARE),
    ],
)
def test_what_the_bits_mean(answers: Answers | None, state: State, fault: Fault | None) -> None:
    status = decode(answers)
    assert (status.state, status.fault) == (state, fault)


def test_the_more_serious_cause_is_told() -> None:
    every = [0x20, 0x04, 0x08, 0x40]  # hardware | jam | cutter | hot, in DLE EOT 3
    answers = Answers(0x1A, 0x76, 0x12 | sum(every), 0x7E)
    told = []
    for error, offline in [
        (0x7E, 0x76),
        (0x5E, 0x76),
        (0x5E, 0x72),
        (0x5A, 0x72),
        (0x52, 0x72),
        (0x52, 0x52),
    ]:
        paper = 0x12 if (error, offline) == (0x52, 0x52) else 0x7E
        told.append(decode(Answers(0x1A, offline, error, paper)).fault)
    assert decode(answers).fault is Fault.HARDWARE
    assert told == [
        Fault.HARDWARE,
        Fault.COVER_OPEN,
        Fault.JAM,
        Fault.CUTTER,
        Fault.PAPER_OUT,
        Fault.OVERHEATED,
    ]


def test_what_was_not_answered_is_unknown() -> None:
    detail = decode(Answers(printer=0x12)).detail
    assert (detail["paper"], detail["cover"], detail["cutter"], detail["head"]) == ("unknown",) * 4


@pytest.mark.parametrize(
    ("answers", "presenter", "waits"),
    [
        (WELL, Presenter.NONE, None),
        (WELL, Presenter.FULL_STATUS, None),
        (full(paper=0x20), Presenter.FULL_STATUS, True),
        (full(), Presenter.FULL_STATUS, False),
        (WELL, Presenter.PAPER_BIT, True),
        (Answers(0x12, 0x12, 0x12, 0x52), Presenter.PAPER_BIT, False),
        (Answers(), Presenter.PAPER_BIT, None),
    ],
)
def test_paper_in_the_mouth(answers: Answers, presenter: Presenter, waits: bool | None) -> None:
    assert paper_waits(answers, presenter) is waits


def test_an_empty_mouth_is_not_an_empty_roll() -> None:
    empty_mouth = Answers(0x12, 0x12, 0x12, 0x52)
    assert decode(empty_mouth, Presenter.PAPER_BIT).state is State.READY


@given(st.one_of(st.none(), BYTE), BYTE, BYTE, BYTE, st.one_of(st.none(), st.binary(min_size=4, max_size=4)))
def test_any_answers_have_exactly_one_meaning(
    printer: int | None, offline: int, error: int, paper: int, rest: bytes | None
) -> None:
    for presenter in Presenter:
        status = decode(Answers(printer, offline, error, paper, rest), presenter)
        assert (status.fault is None) == (status.state is State.READY)


def test_answers_are_told_apart() -> None:
    received = b"\x12\x00\x37\x25\x00_TM\x00\x10\x0f\x20\x00\x40\x01\x11\x13\x1e\x0f"
    replies, rest = split_replies(received)
    assert replies == [
        RealTime(0x12),
        Sensor(0x00),
        BlockReply(b"\x25"),
        BlockReply(b"TM"),
        FullStatus(b"\x20\x00\x40\x01"),
        RealTime(0x1E),
        Sensor(0x0F),
    ]
    assert rest == b""


@given(st.binary(max_size=40), st.data())
def test_how_the_bytes_were_cut_up_does_not_matter(received: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(received)))
    first, rest = split_replies(received[:cut])
    second, end = split_replies(rest + received[cut:])
    assert (first + second, end) == split_replies(received)


@given(st.binary(max_size=300))
def test_noise_is_survived(received: bytes) -> None:
    _, rest = split_replies(received)
    assert len(rest) < 80
