"""A SAM_V module at the far end of a pseudo-terminal: the real driver talks to it as to a device."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from hardware.id_card import frames
from hardware.id_card.frames import Result
from hardware.id_card.interface import CardKind
from hardware.id_card.text import LONG_TERM, PHOTO_BYTES, build
from hardware.simulated_line import Listener, SimulatedLine

NAME_LETTERS, NAME_REST_LETTERS = 35, 11
"""Where a foreigner's name stands on the card of 2023."""

SAM_NUMBER = (5, 3, 20260101, 12345678, 987654321)


class Scenario(StrEnum):
    """What can be made to go wrong. Each lasts until `recover`."""

    SILENT = "silent"
    NOISE = "noise"  # line noise before every answer, which a driver must survive
    BAD_CHECKSUM = "bad_checksum"
    SELF_TEST_FAILED = "self_test_failed"
    NOT_AUTHORISED = "not_authorised"
    UNREADABLE = "unreadable"
    PULLED = "pulled"  # the card leaves in the middle of the next reading
    TWO_CARDS = "two_cards"
    WRONG_KIND = "wrong_kind"  # a card of another make: a travel card, a door key
    UNPLUGGED = "unplugged"


@dataclass(frozen=True)
class ChipCard:
    """What is in a simulated card's chip."""

    text: bytes = field(repr=False)
    photo: bytes = field(repr=False, default=bytes(PHOTO_BYTES))

    @classmethod
    def of(cls, name: str, id_number: str, valid_until: str = LONG_TERM) -> Self:
        """The card of whoever has this number: its first digit says of which kind. Birth and sex follow from its 18
        characters; a foreigner's long name is cut, as on the card."""
        fields = {
            "name": name,
            "id_number": id_number,
            "birth": id_number[6:14],
            "sex": "1" if int(id_number[16]) % 2 else "2",
            "valid_from": "20200101",
            "valid_until": valid_until,
        }
        match id_number[0]:
            case "9":
                kind = CardKind.FOREIGNER_2023
                fields |= {
                    "name": name[:NAME_LETTERS],
                    "name_rest": name[NAME_LETTERS:][:NAME_REST_LETTERS],
                    "country": "XYZ",
                }
            case "8":
                kind = CardKind.HMT_PERMIT
            case _:
                kind = CardKind.RESIDENT
                fields |= {"nation": "01"}
        return cls(build(kind, fields))


class SimulatedSamV:
    """The module and the one place on it where a card can lie. `port` is a stable name, also after a replug.

    With `baud` answers take the time that they take on a line of that speed.
    """

    def __init__(self, baud: int | None = None) -> None:
        self._baud = baud
        self._lock = threading.Lock()
        self._card: ChipCard | None = None
        self._selected = False
        self._was_read = False
        self._scenario: Scenario | None = None
        self._line = SimulatedLine("sam_v", self._listener)
        self.port = self._line.port

    def insert(self, card: ChipCard) -> None:
        """Lay a card on the reader."""
        with self._lock:
            self._card, self._selected, self._was_read = card, False, False

    def remove(self) -> None:
        """Lift whatever lies there."""
        with self._lock:
            self._lift()

    @property
    def holds_card(self) -> bool:
        """Whether a card lies on the reader."""
        return self._card is not None

    def fail(self, scenario: str) -> None:
        """Let something go wrong from now on. Raises ValueError for a name that is not in Scenario."""
        chosen = Scenario(scenario)
        self.recover()
        with self._lock:
            self._scenario = chosen
        if chosen is Scenario.UNPLUGGED:
            self._line.unplug()

    def recover(self) -> None:
        """Let everything work again."""
        with self._lock:
            was, self._scenario = self._scenario, None
        if was is Scenario.UNPLUGGED:
            self._line.plug_in()

    def close(self) -> None:
        """Switch the module off for good."""
        self._line.close()

    def _lift(self) -> None:
        self._card, self._selected, self._was_read = None, False, False

    def _listener(self) -> Listener:
        decoder = frames.Decoder()
        return lambda data: (part for body in decoder.feed(data) for part in self._answer(body))

    def _answer(self, body: bytes) -> Iterable[bytes]:
        with self._lock:
            scenario = self._scenario
            result, data = self._obey(body[:2])
        answer = frames.encode(bytes([0, 0, result]) + data)
        match scenario:
            case Scenario.SILENT:
                return
            case Scenario.NOISE:
                yield bytes.fromhex("00FFAAAA 55 AAAAAA9669 0508 00")
            case Scenario.BAD_CHECKSUM:
                answer = answer[:-1] + bytes([answer[-1] ^ 0xFF])
        if self._baud is None:
            yield answer
            return
        for start in range(0, len(answer), 64):
            part = answer[start : start + 64]
            time.sleep(len(part) * 10 / self._baud)  # a byte is 10 bits on an 8N1 line
            yield part

    def _obey(self, command: bytes) -> tuple[int, bytes]:
        """The result and the data that the module answers; called with the lock held."""
        if self._scenario is Scenario.SELF_TEST_FAILED:
            return Result.SELF_TEST_FAILED, b""
        if self._scenario is Scenario.NOT_AUTHORISED:
            return Result.NOT_AUTHORISED, b""
        match command:
            case frames.STATUS:
                return Result.OK, b""
            case frames.SAM_ID:
                sizes = (2, 2, 4, 4, 4)
                number = (part.to_bytes(size, "little") for part, size in zip(SAM_NUMBER, sizes, strict=True))
                return Result.OK, b"".join(number)
            case frames.FIND_CARD:
                self._selected = False
                found = self._card is not None and not self._was_read
                return (Result.CARD_FOUND, bytes(4)) if found else (Result.NO_CARD, b"")
            case frames.SELECT_CARD if self._scenario is Scenario.WRONG_KIND:
                return Result.UNKNOWN_CARD, b""
            case frames.SELECT_CARD:
                self._selected = self._card is not None and self._scenario is not Scenario.TWO_CARDS
                return (Result.OK, bytes(8)) if self._selected else (Result.SELECT_FAILED, b"")
            case frames.READ_TEXT_AND_PHOTO:
                return self._read()
            case frames.READ_NEWEST_ADDRESS:
                there = self._card is not None and (self._selected or self._was_read)
                return (Result.NOT_ON_CARD if there else Result.READ_FAILED), b""
            case _:
                return Result.BAD_COMMAND, b""

    def _read(self) -> tuple[int, bytes]:
        if self._scenario is Scenario.PULLED:
            self._lift()
        card = self._card
        if card is None or not self._selected or self._scenario is Scenario.UNREADABLE:
            return Result.READ_FAILED, b""
        self._was_read = True
        lengths = len(card.text).to_bytes(2, "big") + len(card.photo).to_bytes(2, "big")
        return Result.OK, lengths + card.text + card.photo
