"""A SAM_V module at the far end of a pseudo-terminal: the real driver talks to it as to a device."""

import os
import pty
import select
import tempfile
import threading
import time
import tty
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Self

from hardware.id_card import frames
from hardware.id_card.frames import Result
from hardware.id_card.interface import CardKind
from hardware.id_card.text import LONG_TERM, PHOTO_BYTES, build

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
    UNPLUGGED = "unplugged"


@dataclass(frozen=True)
class ChipCard:
    """What is in a simulated card's chip."""

    text: bytes = field(repr=False)
    photo: bytes = field(repr=False, default=bytes(PHOTO_BYTES))

    @classmethod
    def resident(cls, name: str, id_number: str, valid_until: str = LONG_TERM) -> Self:
        """A resident's card; birth and sex follow from the 18 characters of the number."""
        fields = {
            "name": name,
            "id_number": id_number,
            "birth": id_number[6:14],
            "sex": "1" if int(id_number[16]) % 2 else "2",
            "nation": "01",
            "valid_from": "20200101",
            "valid_until": valid_until,
        }
        return cls(build(CardKind.RESIDENT, fields))


class SimulatedSamV:
    """The module and the one place on it where a card can lie. `port` is a stable name, also after a replug.

    With `baud` answers take the time that they take on a line of that speed.
    """

    def __init__(self, baud: int | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="sam_v-")
        self.port = str(Path(self._folder.name) / "sam_v")
        self._baud = baud
        self._lock = threading.Lock()
        self._card: ChipCard | None = None
        self._selected = False
        self._was_read = False
        self._scenario: Scenario | None = None
        self._stop_r, self._stop_w = os.pipe()
        self._master = -1
        self._slave = -1
        self._thread: threading.Thread | None = None
        self._plug_in()

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
            self._unplug()

    def recover(self) -> None:
        """Let everything work again."""
        with self._lock:
            was, self._scenario = self._scenario, None
        if was is Scenario.UNPLUGGED:
            self._plug_in()

    def close(self) -> None:
        """Switch the module off for good."""
        self._unplug()
        for end in (self._stop_r, self._stop_w):
            os.close(end)
        self._folder.cleanup()

    def _lift(self) -> None:
        self._card, self._selected, self._was_read = None, False, False

    def _plug_in(self) -> None:
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        Path(self.port).symlink_to(os.ttyname(self._slave))
        self._thread = threading.Thread(
            target=self._serve, args=(self._master,), name="sam_v-simulator", daemon=True
        )
        self._thread.start()

    def _unplug(self) -> None:
        if self._thread is None:
            return
        os.write(self._stop_w, b".")
        self._thread.join()
        self._thread = None
        os.read(self._stop_r, 1)
        Path(self.port).unlink()
        os.close(self._master)
        os.close(self._slave)

    def _serve(self, master: int) -> None:
        decoder = frames.Decoder()
        while True:
            ready, _, _ = select.select([master, self._stop_r], [], [])
            if self._stop_r in ready:
                return
            for body in decoder.feed(os.read(master, 4096)):
                for part in self._answer(body):
                    with suppress(BlockingIOError):  # a serial line nobody reads loses what is sent
                        os.write(master, part)

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
