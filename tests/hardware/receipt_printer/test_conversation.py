"""Questions and answers one by one, with the printer's side played by hand over TCP."""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from hardware.device import Command
from hardware.receipt_printer.conversation import CLEAR_BUFFERS, Conversation
from hardware.receipt_printer.transport import TcpTransport

PROOF = b"\x00"
CLEARED = b"\x37\x25\x00"
SOON_S = 2.0

Ends = tuple[Conversation, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        talk = Conversation(TcpTransport(*listener.getsockname()), answer_s=0.2)
        talk.open(Command(SOON_S))
        with closing(talk), listener.accept()[0] as printer:
            printer.settimeout(SOON_S)
            yield talk, printer


def test_a_proof_is_waited_for(ends: Ends) -> None:
    talk, printer = ends
    talk.request_proof(Command(SOON_S))
    assert printer.recv(3) == b"\x1dr\x01"
    assert not talk.wait_for_proof(0.05, Command(SOON_S))
    printer.send(PROOF)
    assert talk.wait_for_proof(SOON_S, Command(SOON_S))


def test_a_late_answer_to_an_earlier_job_does_not_speak_for_a_later_one(ends: Ends) -> None:
    talk, printer = ends
    talk.request_proof(Command(SOON_S))
    talk.request_proof(Command(SOON_S))
    printer.send(PROOF)
    assert not talk.wait_for_proof(0.1, Command(SOON_S))
    printer.send(PROOF)
    assert talk.wait_for_proof(SOON_S, Command(SOON_S))


def test_an_answer_that_nobody_asked_for_proves_nothing(ends: Ends) -> None:
    talk, printer = ends
    printer.send(PROOF)
    assert not talk.wait_for_proof(0.1, Command(SOON_S))


def test_a_job_starts_with_the_earlier_ones_settled(ends: Ends) -> None:
    talk, printer = ends

    def clear_when_asked() -> None:
        received = b""
        while CLEAR_BUFFERS not in received:
            received += printer.recv(64)
        printer.send(CLEARED)

    talk.request_proof(Command(SOON_S))
    hand = threading.Thread(target=clear_when_asked)
    hand.start()
    talk.start_job(Command(SOON_S))
    hand.join()
    talk.request_proof(Command(SOON_S))
    printer.send(PROOF)
    assert talk.wait_for_proof(SOON_S, Command(SOON_S))


def test_a_proof_counts_that_came_just_before_the_buffer_was_cleared(ends: Ends) -> None:
    talk, printer = ends
    talk.request_proof(Command(SOON_S))
    printer.send(PROOF + CLEARED)
    assert talk.clear()
    assert talk.proven


def test_a_late_answer_is_not_taken_for_the_next_one(ends: Ends) -> None:
    talk, printer = ends
    printer.send(b"\x16")  # cover open, to a question that was given up
    while not select.select([talk.transport._fd], [], [], SOON_S)[0]:  # type: ignore[attr-defined]
        pass
    answers = talk.ask_status(Command(SOON_S), full=False)
    assert answers.silent


@pytest.mark.parametrize(
    ("sent", "name"), [(b"_TM-T88\x00", "TM-T88"), (b"_\x01A\xffB\x00", "A\ufffdB"), (b"", "")]
)
def test_the_name_of_the_model(ends: Ends, sent: bytes, name: str) -> None:
    talk, printer = ends
    printer.send(sent)
    assert talk.ask_name(Command(SOON_S)) == name
