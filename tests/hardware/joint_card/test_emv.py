import pytest

from hardware.joint_card import emv, tlv
from hardware.joint_card.virtual_card import CONTACTLESS, CardDesign, VirtualCard

NUMBER = "6217000000000000004"
DESIGNS = {
    "a contact card": CardDesign(),
    "format 77": CardDesign(format_77=True),
    "track 2 only": CardDesign(number_tag=0x57),
    "a contactless card": CONTACTLESS,
    "no directory": CardDesign(directory=None),
    "no directory, a rarer application": CardDesign(directory=None, aid=bytes.fromhex("A000000333010106")),
    "an application that only the directory names": CardDesign(aid=bytes.fromhex("A00000033301010355")),
}


@pytest.mark.parametrize("t0", [True, False])
@pytest.mark.parametrize("design", DESIGNS.values(), ids=list(DESIGNS))
def test_every_design_is_read(design: CardDesign, t0: bool) -> None:
    card = VirtualCard(NUMBER, design, t0=t0)
    assert emv.read_card_number(card.answer, t0) == NUMBER


@pytest.mark.parametrize("number", ["621700000004", "6217000000000004", NUMBER])
def test_numbers_of_all_lengths(number: str) -> None:
    assert emv.read_card_number(VirtualCard(number).answer, True) == number
    assert emv.read_card_number(VirtualCard(number, CardDesign(number_tag=0x57)).answer, True) == number


def test_commands_are_those_of_the_standard() -> None:
    sent: list[bytes] = []
    card = VirtualCard(NUMBER)

    def transmit(apdu: bytes) -> bytes:
        sent.append(apdu)
        return card.answer(apdu)

    emv.read_card_number(transmit, True)
    assert sent[0] == bytes.fromhex("00A404000E") + b"1PAY.SYS.DDF01"
    assert sent[1][:4] == bytes.fromhex("00C00000")
    assert bytes.fromhex("00B2010C00") in sent
    assert bytes.fromhex("00A4040008A000000333010101") in sent
    assert any(apdu[:2] == b"\x80\xa8" and apdu[5:7] == b"\x83\x10" for apdu in sent)


def test_track_2_never_leaves() -> None:
    track_2 = tlv.build(0x70, tlv.build(0x57, bytes.fromhex(NUMBER + "D3012220000000000")))
    assert emv.number_in(track_2) == NUMBER


def test_the_number_tag_comes_before_track_2() -> None:
    both = tlv.build(0x57, bytes.fromhex("6200000000000012D3012220")) + tlv.build(
        0x5A, bytes.fromhex(NUMBER + "F")
    )
    assert emv.number_in(tlv.build(0x70, both)) == NUMBER


@pytest.mark.parametrize(
    "value", ["", "1234", "ABCDEF1234567890", "12345678901234567890", "62170000000F0004"]
)
def test_what_is_no_card_number_is_refused(value: str) -> None:
    with pytest.raises(tlv.BadTlv):
        emv.number_in(tlv.build(0x5A, bytes.fromhex(value)))


def test_pdol() -> None:
    assert emv.pdol_data(bytes.fromhex("9F6604 9F0206 5F2A02 9F3402")) == bytes.fromhex(
        "26000000 000000000000 0156 0000"
    )
    with pytest.raises(tlv.BadTlv):
        emv.pdol_data(bytes.fromhex("9F66FF"))


def test_file_locator() -> None:
    assert list(emv.records(bytes.fromhex("08010200 10040400"))) == [(1, 1), (1, 2), (2, 4)]
    for bad in ("080102", "08000100", "0801FF00", "09010100"):
        with pytest.raises(tlv.BadTlv):
            list(emv.records(bytes.fromhex(bad)))


def test_another_chip_is_not_a_bank_card() -> None:
    with pytest.raises(emv.NotABankCard):
        emv.read_card_number(lambda apdu: b"\x6a\x82", True)


@pytest.mark.parametrize(
    "answer",
    [b"", b"\x90", b"\x61\x10", b"\x6c\x10", b"\x90\x00", b"\x70\x7f\x90\x00", b"\xff" * 256 + b"\x90\x00"],
)
def test_a_chip_that_talks_nonsense_is_unreadable(answer: bytes) -> None:
    with pytest.raises(emv.Unreadable):
        emv.read_card_number(lambda apdu: answer, True)


def test_a_second_application_serves_when_the_first_fails() -> None:
    first = VirtualCard(NUMBER, CardDesign(directory=None, aid=emv.KNOWN_AIDS[0]))
    second = VirtualCard(NUMBER, CardDesign(directory=None, aid=emv.KNOWN_AIDS[1]), t0=False)
    first.t0 = False

    def transmit(apdu: bytes) -> bytes:
        if apdu[:2] == b"\x00\xa4":
            first.reset()
            second.reset()
        answer = second.answer(apdu)
        if answer[-2:] == b"\x90\x00":
            return answer
        return first.answer(apdu) if apdu[1] == 0xA4 else b"\x69\x85"

    assert emv.read_card_number(transmit, False) == NUMBER
