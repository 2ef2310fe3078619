"""A bank card's chip in software: enough of PBOC to be read for its number, as awkward as cards are.

On T=0 it makes the reader fetch every answer (61xx) and correct every length (6Cxx), and it asks for a PDOL.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hardware.joint_card.emv import PPSE, PSE
from hardware.joint_card.tlv import build

ATR_T0 = bytes.fromhex("3B640000") + b"PBOC"
AID = bytes.fromhex("A000000333010101")

_PDOL = bytes.fromhex("9F6604 9F0206 9F3704 5F2A02")
_PDOL_BYTES = 16
_OK = b"\x90\x00"
_NOT_FOUND = b"\x6a\x82"
_NO_RECORD = b"\x6a\x83"
_WRONG_LENGTH = b"\x67\x00"
_UNKNOWN_COMMAND = b"\x6d\x00"


@dataclass(frozen=True)
class CardDesign:
    """How a chip is laid out; cards differ, and a reader has to cope with all of it."""

    directory: bytes | None = PSE  # PSE, PPSE, or none at all
    format_77: bool = False
    number_tag: int = 0x5A  # or 0x57: track 2 only
    number_in_options: bool = False  # the number is in the processing options: no records (contactless)
    aid: bytes = AID


def _files(number: str, design: CardDesign) -> Mapping[tuple[int, int], bytes]:
    padded = bytes.fromhex(number + "F" * (len(number) % 2))
    track_2 = number + "D30122200000000000"
    if design.number_tag == 0x5A:
        holder = build(0x5A, padded)
    else:
        holder = build(0x57, bytes.fromhex(track_2 + "F" * (len(track_2) % 2)))
    return {
        (1, 1): build(
            0x70, build(0x61, build(0x4F, design.aid), build(0x50, b"DEBIT"), build(0x87, b"\x01"))
        ),
        (7, 1): build(0x70, build(0x5F20, b"TEST/CARD")),
        (8, 1): build(0x70, holder, build(0x5F24, bytes.fromhex("301231"))),
    }


@dataclass
class VirtualCard:
    """One card in one session; `reset` ends the session, `answer` takes a command APDU."""

    card_number: str = field(repr=False)
    design: CardDesign = CardDesign()
    t0: bool = True
    atr: bytes = ATR_T0
    _waiting: bytes = field(default=b"", repr=False)
    _selected: bytes = field(default=b"", repr=False)

    def reset(self) -> None:
        """Forget what was selected, as when the card is powered again."""
        self._waiting = self._selected = b""

    def answer(self, apdu: bytes) -> bytes:
        """The response APDU."""
        if len(apdu) < 5:
            return _WRONG_LENGTH
        if apdu[:4] == b"\x00\xc0\x00\x00":
            waiting, self._waiting = self._waiting, b""
            return waiting + _OK if len(waiting) == apdu[4] else _WRONG_LENGTH
        data = apdu[5 : 5 + apdu[4]]
        match apdu[:2]:
            case b"\x00\xa4":
                return self._hand_over(self._select(data))
            case b"\x80\xa8":
                return self._hand_over(self._processing_options(data))
            case b"\x00\xb2":
                return self._record(apdu[3] >> 3, apdu[2], apdu[4])
        return _UNKNOWN_COMMAND

    def _hand_over(self, answer: bytes) -> bytes:
        """On T=0 an answer to a command with data has to be fetched."""
        if not self.t0 or len(answer) == 2:
            return answer
        self._waiting = answer[:-2]
        return bytes([0x61, len(self._waiting)])

    def _select(self, name: bytes) -> bytes:
        if name == self.design.aid:
            self._selected = name
            proprietary = build(0xA5, build(0x50, b"DEBIT"), build(0x9F38, _PDOL))
            return build(0x6F, build(0x84, name), proprietary) + _OK
        if name and name == self.design.directory:
            self._selected = name
            if name == PSE:
                proprietary = build(0xA5, build(0x88, b"\x01"), build(0x5F2D, b"zhen"))
            else:
                entry = build(0x61, build(0x4F, self.design.aid), build(0x87, b"\x01"))
                proprietary = build(0xA5, build(0xBF0C, entry))
            return build(0x6F, build(0x84, name), proprietary) + _OK
        return _NOT_FOUND

    def _processing_options(self, data: bytes) -> bytes:
        if self._selected != self.design.aid or data[:2] != bytes([0x83, _PDOL_BYTES]):
            return b"\x69\x85"
        locator = bytes.fromhex("38010100 40010100")
        if not self.design.format_77:
            return build(0x80, b"\x7c\x00", locator) + _OK
        profile = build(0x82, b"\x7c\x00")
        if self.design.number_in_options:
            holder = _files(self.card_number, self.design)[8, 1][2:]
            return build(0x77, profile, holder) + _OK
        return build(0x77, profile, build(0x94, locator)) + _OK

    def _record(self, sfi: int, number: int, le: int) -> bytes:
        directory = self._selected == PSE and sfi == 1
        if not directory and (self._selected != self.design.aid or sfi == 1):
            return _NOT_FOUND
        record = _files(self.card_number, self.design).get((sfi, number))
        if record is None:
            return _NO_RECORD
        if self.t0 and le != len(record):
            return bytes([0x6C, len(record)])
        return record + _OK


CONTACTLESS = CardDesign(directory=PPSE, format_77=True, number_tag=0x57, number_in_options=True)
"""A card as it answers when it is held to the reader."""
