"""The parsers that read what strangers send, each as a function of bytes, with sound inputs to begin from.

A target raises nothing: the refusals that its parser documents are caught here, and any other exception is a defect.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from hardware.a4_printer import answer
from hardware.id_card import frames, text
from hardware.id_card.interface import CardKind
from hardware.id_card.text import PHOTO_BYTES, TEXT_BYTES
from hardware.joint_card import emv, tlv
from hardware.joint_card.virtual_card import CONTACTLESS, CardDesign, VirtualCard
from hardware.receipt_printer.replies import split_replies
from hardware.receipt_printer.status import Answers, Presenter, decode
from hardware.scanner.interface import Decoded, ScanFault, admit
from hardware.scanner.payload import text_of
from hardware.scanner.serial_scanner import LONGEST_CODE_BYTES, CodeAssembler
from hardware.scanner.wedge import Typed, key
from hardware.xfs4iot import messages
from tests.hardware.id_card.samples import SAMPLES

CARD_NUMBER = "6217000000000000004"
MOST_APDUS = 3000


@dataclass(frozen=True)
class Target:
    """A parser: `run` gives it any bytes, `seeds` are some that it reads well."""

    run: Callable[[bytes], None]
    seeds: Sequence[bytes]


def card_image(data: bytes) -> None:
    """The chip of an ID card, text and photo."""
    with suppress(text.BadText):
        card = text.parse(data[:TEXT_BYTES], data[TEXT_BYTES:] or bytes(PHOTO_BYTES))
        card.name.encode()
        assert card.id_number.isascii()


def module_frames(data: bytes) -> None:
    """The line of an ID card reader, cut at the first byte's length."""
    decoder = frames.Decoder()
    step = 1 + (data[0] if data else 0)
    bodies = [body for at in range(0, len(data), step) for body in decoder.feed(data[at : at + step])]
    for body in (*bodies, *decoder.resync()):
        with suppress(frames.BadFrame):
            answer = frames.answer_of(body)
            frames.fault_of(answer.result)
            with suppress(frames.BadFrame):
                frames.card_of(answer.data)
            frames.sam_id_of(answer.data)


def tlv_objects(data: bytes) -> None:
    """What a chip's records are made of."""
    for read in (tlv.parse, tlv.tags_and_lengths, emv.pdol_data, emv.number_in):
        with suppress(tlv.BadTlv):
            read(data)
    with suppress(tlv.BadTlv):
        list(tlv.walk(data))
    with suppress(tlv.BadTlv):
        list(emv.records(data))


def chip(data: bytes) -> None:
    """A chip that answers with these pieces, each after its length, or like a sound card where a length is 255."""
    card, calls, rest = VirtualCard(CARD_NUMBER), 0, memoryview(data)

    def transmit(apdu: bytes) -> bytes:
        nonlocal calls, rest
        calls += 1
        assert calls < MOST_APDUS, "a chip can keep the reader busy for ever"
        if not rest or rest[0] == 0xFF:
            rest = rest[1:]
            return card.answer(apdu)
        size = rest[0]
        piece, rest = bytes(rest[1 : 1 + size]), rest[1 + size :]
        return piece

    with suppress(emv.Unreadable, emv.NotABankCard):
        number = emv.read_card_number(transmit, t0=len(data) % 2 == 0)
        assert number.isdigit()
        assert 12 <= len(number) <= 19


def qr_payload(data: bytes) -> None:
    """The bytes of a code, to text, to a verdict."""
    assert isinstance(admit(text_of(data)), Decoded | ScanFault)


def scanner_line(data: bytes) -> None:
    """A serial scanner's line; nothing longer than allowed is kept."""
    assembler = CodeAssembler()
    step = 1 + (data[0] if data else 0)
    for at in range(0, len(data), step):
        for code in assembler.feed(data[at : at + step], float(at)):
            assert not isinstance(code, bytes) or len(code) <= LONGEST_CODE_BYTES
    assembler.feed(b"", float(len(data) + 1))


def wedge_keys(data: bytes) -> None:
    """Key codes and what became of the keys."""
    typed = Typed()
    for code, value in zip(data[::2], data[1::2], strict=False):
        typed, line = key(typed, code, value % 4 - 1)
        assert line is None or line


def printer_replies(data: bytes) -> None:
    """What a receipt printer sends back."""
    replies, rest = split_replies(data)
    assert len(rest) < 80
    assert len(replies) <= len(data)
    for presenter in Presenter:
        padded = data.ljust(8, b"\0")
        decode(Answers(*padded[:4], full=bytes(padded[4:8])), presenter)


def service_message(data: bytes) -> None:
    """A message of an XFS4IoT service."""
    with suppress(messages.BadMessage):
        messages.parse(data)
    with suppress(messages.BadMessage):
        messages.parse(data.decode("utf-8", "replace"))


def ipp_answer(data: bytes) -> None:
    """An answer of CUPS or of a printer."""
    with suppress(answer.NotIpp):
        answer.decode(data)


def chip_talk(design: CardDesign) -> bytes:
    """All that a sound card says while it is read, as `chip` takes it."""
    said = bytearray()

    def transmit(apdu: bytes) -> bytes:
        answer = VirtualCard.answer(card, apdu)
        said.extend(bytes([len(answer)]) + answer)
        return answer

    card = VirtualCard(CARD_NUMBER, design)
    emv.read_card_number(transmit, t0=True)
    return bytes(said) + b"\xff" * (len(said) % 2)


def service_messages() -> Iterator[bytes]:
    """One message of each type, in both styles."""
    for header in (
        {"type": "acknowledge"},
        {"type": "event"},
        {"type": "event", "requestId": None},
        {"type": "unsolicited"},
        {"type": "completion", "completionCode": "success"},
        {"type": "completion"},
    ):
        payload = {
            "completionCode": "commandErrorCode",
            "errorCode": "paperOut",
            "chip": [{"data": "O2QAAA=="}],
        }
        full = {"name": "CardReader.ReadRawData", "requestId": 3, "version": "2.0", **header}
        yield json.dumps({"header": full, "payload": payload}).encode()


IMAGES = tuple(text.build(kind, SAMPLES[kind]) for kind in CardKind)
ANSWER = bytes.fromhex("000090") + bytes.fromhex("01000400") + IMAGES[0] + bytes(PHOTO_BYTES)
RECORD = tlv.build(
    0x70, tlv.build(0x57, bytes.fromhex(CARD_NUMBER + "D3012220000000000")), tlv.build(0x5A, b"\x62\x17")
)
DIRECTORY = tlv.build(
    0x6F, tlv.build(0x84, emv.PSE), tlv.build(0xA5, tlv.build(0xBF0C, tlv.build(0x9F38, b"\x9f\x66\x04")))
)

TARGETS: dict[str, Target] = {
    "card_image": Target(card_image, IMAGES),
    "module_frames": Target(
        module_frames,
        (
            b"\x10" + frames.encode(ANSWER),
            b"\x00" + frames.encode(bytes.fromhex("000080")) + frames.encode(bytes.fromhex("00009F00000000")),
            b"\xff" + frames.encode(bytes.fromhex("000090") + bytes(16)),
        ),
    ),
    "tlv_objects": Target(
        tlv_objects, (RECORD, DIRECTORY, bytes.fromhex("9F6604 9F0206 5F2A02"), b"\x08\x01\x02\x00")
    ),
    "chip": Target(
        chip, (chip_talk(CardDesign()), chip_talk(CardDesign(format_77=True)), chip_talk(CONTACTLESS))
    ),
    "qr_payload": Target(
        qr_payload,
        (
            b"GJJ1:ABCDEFGH",
            "住房公积金 张三".encode(),
            "赵䶮 0042".encode("gb18030"),
            "カタカナ".encode("shift_jis"),
            "Jürgen €".encode("cp1252"),
            b"\xef\xbb\xbfmarked",
            "\u202eabc\u200b".encode(),
        ),
    ),
    "scanner_line": Target(
        scanner_line, (b"\x05GJJ1:ABCDEFGH\r\nnext\r", b"\xffno end", b"\x01" + b"x" * 2200 + b"\n")
    ),
    "wedge_keys": Target(wedge_keys, (bytes.fromhex("2a021e021e012a01 1c02 1c01"), bytes(range(256)))),
    "printer_replies": Target(
        printer_replies,
        (b"\x12\x00\x37\x25\x00_TM\x00\x10\x0f\x20\x00\x40\x01\x11\x13\x1e\x0f", b"\x12\x12\x12\x12"),
    ),
    "service_message": Target(service_message, tuple(service_messages())),
    "ipp_answer": Target(
        ipp_answer,
        (
            bytes.fromhex("0200000000000001 01 47 0012")
            + b"attributes-charset"
            + b"\0\x05utf-8"
            + b"\x04\x23\0\rprinter-state\0\4\0\0\0\3\x44\0\x15printer-state-reasons\0\4none\x03",
        ),
    ),
}
