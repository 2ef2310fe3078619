"""Reading the number of a bank card by its chip (PBOC 3.0 / EMV), given a way to send it an APDU.

No transaction is made and nothing is authenticated: the number only says which account to look up, and the
citizen proves to be its owner by the query password. Track 2 (tag 57) holds more than the number; what is more
never leaves `number_in`.
"""

import re
from collections.abc import Callable, Iterator

from hardware.joint_card import tlv

PSE = b"1PAY.SYS.DDF01"  # the directory of a card put in
PPSE = b"2PAY.SYS.DDF01"  # the directory of a card held to the reader
KNOWN_AIDS = tuple(
    bytes.fromhex(aid)
    for aid in (
        "A000000333010101",  # UnionPay debit
        "A000000333010102",  # UnionPay credit
        "A000000333010103",  # UnionPay quasi-credit
        "A000000333010106",  # UnionPay electronic cash
        "A0000000031010",  # Visa
        "A0000000041010",  # Mastercard
    )
)
"""Asked one by one when a card has no directory."""

MAX_RECORDS = 64
MAX_CANDIDATES = 10
MAX_RESPONSES = 16
"""How often a card may say that there is more to fetch before it is taken for broken."""

_NUMBER = re.compile(r"[0-9]{12,19}")

_TOLD = {
    0x9F66: bytes.fromhex(
        "26000000"
    ),  # terminal transaction qualifiers: contact and contactless chip, no PIN
    0x9F1A: bytes.fromhex("0156"),  # country: China
    0x5F2A: bytes.fromhex("0156"),  # currency: yuan
    0x9F37: bytes.fromhex("948C1041"),  # unpredictable number; nothing is signed with it here
}
"""What a card is told when its PDOL asks; everything else is zeros, for there is no transaction."""

Transmit = Callable[[bytes], bytes]
"""Sends a command APDU, returns the response with its two status bytes; raises what the transport raises."""


class Unreadable(Exception):
    """The chip answers, but not as the standards say. The message never holds what it said."""


class NotABankCard(Exception):
    """The chip knows no bank card's application."""


class Refused(Exception):
    """The chip answered a command with an error."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status


class Chip:
    """Commands to a chip. With T=0 a command with data carries no Le, and the answer has to be fetched."""

    def __init__(self, transmit: Transmit, t0: bool) -> None:
        self._transmit = transmit
        self._le = b"" if t0 else b"\0"

    def select(self, name: bytes) -> bytes:
        """SELECT by name; the file control information. Raises Refused, Unreadable."""
        return self._send(b"\x00\xa4\x04\x00" + bytes([len(name)]) + name + self._le)

    def record(self, sfi: int, number: int) -> bytes:
        """READ RECORD. Raises Refused, Unreadable."""
        return self._send(bytes([0x00, 0xB2, number, sfi << 3 | 4, 0x00]))

    def processing_options(self, pdol_data: bytes) -> bytes:
        """GET PROCESSING OPTIONS. Raises Refused, Unreadable."""
        told = tlv.build(0x83, pdol_data)
        return self._send(b"\x80\xa8\x00\x00" + bytes([len(told)]) + told + self._le)

    def _send(self, apdu: bytes) -> bytes:
        data = b""
        for _ in range(MAX_RESPONSES):
            answer = self._transmit(apdu)
            if len(answer) < 2:
                raise Unreadable("no status")
            data += answer[:-2]
            match answer[-2], answer[-1]:
                case 0x90, 0x00:
                    return data
                case 0x61, more:
                    apdu = bytes([0x00, 0xC0, 0x00, 0x00, more])
                case 0x6C, right:
                    le_at = 5 + apdu[4] if len(apdu) > 5 else 4
                    apdu = apdu[:le_at] + bytes([right])
                case first, second:
                    raise Refused(first << 8 | second)
        raise Unreadable("endless answer")


def read_card_number(transmit: Transmit, t0: bool) -> str:
    """The number of the card behind `transmit`. Raises NotABankCard, Unreadable, and what `transmit` raises."""
    chip = Chip(transmit, t0)
    known_here = False
    for aid in _candidates(chip):
        try:
            information = chip.select(aid)
        except Refused:
            continue
        known_here = True
        try:
            for data in _files(chip, information):
                if number := number_in(data):
                    return number
        except (Refused, tlv.BadTlv):
            continue  # another application on the card may do
    if known_here:
        raise Unreadable("no number")
    raise NotABankCard


def number_in(data: bytes) -> str | None:
    """The card number in a record: tag 5A, else the digits of tag 57 before its separator. Raises BadTlv."""
    if (number := tlv.find(data, 0x5A)) is not None:
        digits = number.hex().rstrip("f")
    elif (track_2 := tlv.find(data, 0x57)) is not None:
        digits = track_2.hex().partition("d")[0]
    else:
        return None
    if not _NUMBER.fullmatch(digits):
        raise tlv.BadTlv("card number")
    return digits


def pdol_data(pdol: bytes) -> bytes:
    """What to tell a card that asks for `pdol`. Raises BadTlv when it asks for more than an APDU carries."""
    parts = []
    for tag, length in tlv.tags_and_lengths(pdol):
        told = _TOLD.get(tag, b"")[:length]
        parts.append(told + bytes(length - len(told)))
    data = b"".join(parts)
    if len(data) > 250:
        raise tlv.BadTlv("PDOL")
    return data


def records(afl: bytes) -> Iterator[tuple[int, int]]:
    """The (file, record) pairs that an application file locator lists, four bytes an entry. Raises BadTlv."""
    if len(afl) % 4:
        raise tlv.BadTlv("AFL")
    count = 0
    for sfi_byte, first, last, _ in zip(*[iter(afl)] * 4, strict=True):
        for number in range(first, last + 1):
            count += 1
            if count > MAX_RECORDS or not number or sfi_byte & 7:
                raise tlv.BadTlv("AFL")
            yield sfi_byte >> 3, number


def _candidates(chip: Chip) -> list[bytes]:
    """The applications to try: the directory's by priority, then the known ones that it does not name."""
    found: list[tuple[int, bytes]] = []
    for directory in (PSE, PPSE):
        try:
            information = chip.select(directory)
            found += _entries(information)
            if (sfi := tlv.find(information, 0x88)) and 1 <= sfi[0] <= 30:
                for number in range(1, MAX_RECORDS):
                    found += _entries(chip.record(sfi[0], number))
        except (Refused, tlv.BadTlv):
            pass
        if found:
            break
    by_priority = [aid for _, aid in sorted(found, key=lambda entry: entry[0])]
    return list(dict.fromkeys([*by_priority[:MAX_CANDIDATES], *KNOWN_AIDS]))


def _entries(data: bytes) -> list[tuple[int, bytes]]:
    """(priority, application) of every directory entry; 0 means no priority, and comes last."""
    entries = []
    for entry in tlv.walk(data):
        if entry.tag == 0x61 and (aid := tlv.find(entry.value, 0x4F)) and 5 <= len(aid) <= 16:
            priority = (tlv.find(entry.value, 0x87) or b"\0")[0] & 0x0F
            entries.append((priority or 16, aid))
    return entries


def _files(chip: Chip, information: bytes) -> Iterator[bytes]:
    """Everything an application tells about the card, part by part as it is needed."""
    answer = chip.processing_options(pdol_data(tlv.find(information, 0x9F38) or b""))
    options = tlv.parse(answer)
    if not options:
        raise tlv.BadTlv("processing options")
    if options[0].tag == 0x80:  # format 1: two bytes of profile, then the locator
        locator = options[0].value[2:]
    else:  # format 2; a contactless card may hold the number here already
        yield answer
        locator = tlv.find(answer, 0x94) or b""
    for sfi, number in records(locator):
        yield chip.record(sfi, number)
