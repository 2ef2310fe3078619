"""A smart card reader with a card in it, at the far end of a pseudo-terminal.

It speaks serial CCID, so that the real pcscd drives it with the real libccid, and needs no network.
"""

import os
import pty
import select
import tempfile
import threading
import tty
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from hardware.joint_card import ccid
from hardware.joint_card.ccid import Ask, Icc
from hardware.joint_card.virtual_card import VirtualCard

FIRMWARE = b"SIMULATED-1.00"
T0_PARAMETERS = bytes.fromhex("1100000A00")


class Scenario(StrEnum):
    """What can be made to go wrong. Each lasts until `recover`."""

    SILENT = "silent"
    PULLED = "pulled"  # the card leaves in the middle of the next reading
    WRONG_WAY = "wrong_way"  # a card is in, but its chip does not touch the contacts
    WRONG_KIND = "wrong_kind"  # a chip that is no bank card's
    UNREADABLE = "unreadable"  # a bank card that answers nonsense
    UNPLUGGED = "unplugged"
    SERVICE_DOWN = "service_down"  # pcscd dies


class SimulatedCardReader:
    """A reader with one slot. `port` is a stable name, also after a replug.

    `on_service` is called with False when pcscd should die and with True when it should come back.
    """

    def __init__(self, on_service: Callable[[bool], None] = lambda up: None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="card_reader-")
        self.port = str(Path(self._folder.name) / "card_reader")
        self.on_service = on_service
        self._lock = threading.Lock()
        self._card: VirtualCard | None = None
        self._powered = False
        self._scenario: Scenario | None = None
        self._commands_until_pulled = 0
        self._stop_r, self._stop_w = os.pipe()
        self._master = -1
        self._slave = -1
        self._thread: threading.Thread | None = None
        self._plug_in()

    def insert(self, card: VirtualCard) -> None:
        """Put a card in."""
        with self._lock:
            card.reset()
            self._card, self._powered = card, False

    def remove(self) -> None:
        """Take the card out."""
        with self._lock:
            self._card, self._powered = None, False

    @property
    def holds_card(self) -> bool:
        """Whether a card is in the reader."""
        return self._card is not None

    def fail(self, scenario: str) -> None:
        """Let something go wrong from now on. Raises ValueError for a name that is not in Scenario."""
        chosen = Scenario(scenario)
        self.recover()
        with self._lock:
            self._scenario = chosen
            self._commands_until_pulled = 2
        if chosen is Scenario.UNPLUGGED:
            self._unplug()
        elif chosen is Scenario.SERVICE_DOWN:
            self.on_service(False)

    def recover(self) -> None:
        """Let everything work again."""
        with self._lock:
            was, self._scenario = self._scenario, None
        if was is Scenario.UNPLUGGED:
            self._plug_in()
            # pcscd opens the port of a serial reader once; after a replug it has to be restarted.
            self.on_service(False)
            self.on_service(True)
        elif was is Scenario.SERVICE_DOWN:
            self.on_service(True)

    def close(self) -> None:
        """Switch the reader off for good."""
        self._unplug()
        for end in (self._stop_r, self._stop_w):
            os.close(end)
        self._folder.cleanup()

    def _plug_in(self) -> None:
        self._powered = False
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        Path(self.port).symlink_to(os.ttyname(self._slave))
        self._thread = threading.Thread(
            target=self._serve, args=(self._master,), name="card-reader-simulator", daemon=True
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
        buffer = bytearray()
        while True:
            ready, _, _ = select.select([master, self._stop_r], [], [])
            if self._stop_r in ready:
                return
            buffer += os.read(master, 4096)
            while (taken := ccid.take(buffer)) is not None:
                frame, message = taken
                with self._lock:
                    answer = b"" if self._scenario is Scenario.SILENT else frame + self._answer(message)
                with suppress(BlockingIOError):  # a serial line nobody reads loses what is sent
                    os.write(master, answer)

    @property
    def _icc(self) -> Icc:
        if self._card is None:
            return Icc.ABSENT
        return Icc.ACTIVE if self._powered else Icc.INACTIVE

    def _answer(self, message: ccid.Message) -> bytes:
        """The framed answer of the reader; called with the lock held."""
        match message.kind:
            case Ask.ESCAPE:
                return ccid.answer(message, self._icc, FIRMWARE if message.data == b"\x02" else b"")
            case Ask.SLOT_STATUS:
                return ccid.answer(message, self._icc)
            case Ask.POWER_OFF:
                self._powered = False
                return ccid.answer(message, self._icc)
            case Ask.POWER_ON:
                if self._card is None or self._scenario is Scenario.WRONG_WAY:
                    return ccid.answer(message, self._icc, error=ccid.CARD_MUTE)
                self._card.reset()
                self._powered = True
                return ccid.answer(message, self._icc, self._card.atr)
            case Ask.GET_PARAMETERS | Ask.SET_PARAMETERS | Ask.RESET_PARAMETERS:
                return ccid.answer(message, self._icc, T0_PARAMETERS)
            case Ask.TRANSFER:
                return self._transfer(message)
            case _:
                return b""

    def _transfer(self, message: ccid.Message) -> bytes:
        if self._scenario is Scenario.PULLED:
            self._commands_until_pulled -= 1
            if self._commands_until_pulled < 0:
                self._card, self._powered = None, False
        if self._card is None or not self._powered:
            return ccid.answer(message, self._icc, error=ccid.CARD_MUTE)
        match self._scenario:
            case Scenario.WRONG_KIND:
                response = b"\x6a\x82"
            case Scenario.UNREADABLE if message.data[1:2] != b"\xa4":
                response = b"\x70\x7f\x90\x00"
            case _:
                response = self._card.answer(message.data)
        return ccid.answer(message, self._icc, response)
