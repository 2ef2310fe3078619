"""A smart card reader with a card in it, at the far end of a pseudo-terminal.

It speaks serial CCID, so that the real pcscd drives it with the real libccid, and needs no network.
"""

import threading
from collections.abc import Callable, Iterable
from enum import StrEnum

from hardware.joint_card import ccid
from hardware.joint_card.ccid import Ask, Icc
from hardware.joint_card.virtual_card import VirtualCard
from hardware.simulated_line import Listener, SimulatedLine

FIRMWARE = b"SIMULATED-1.00"
T0_PARAMETERS = bytes.fromhex("1100000A00")
ASKED_WITHIN_S, PAUSE_S = 1.0, 0.1
"""pcscd asks a reader every 0.4 s whether a card is in it; an exchange takes a few milliseconds."""


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
        self.on_service = on_service
        self._lock = threading.Lock()
        self._card: VirtualCard | None = None
        self._powered = False
        self._scenario: Scenario | None = None
        self._commands_until_pulled = 0
        self._asked = threading.Event()
        self._line = SimulatedLine("card_reader", self._listener)
        self.port = self._line.port

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
            self._wait_for_a_pause()
            self._line.unplug()
        elif chosen is Scenario.SERVICE_DOWN:
            self.on_service(False)

    def recover(self) -> None:
        """Let everything work again."""
        with self._lock:
            was, self._scenario = self._scenario, None
        if was is Scenario.UNPLUGGED:
            self._line.plug_in()
            # pcscd opens the port of a serial reader once; after a replug it has to be restarted.
            self.on_service(False)
            self.on_service(True)
        elif was is Scenario.SERVICE_DOWN:
            self.on_service(True)

    def close(self) -> None:
        """Switch the reader off for good."""
        self._line.close()

    def _wait_for_a_pause(self) -> None:
        """Right behind an exchange: libccid, which waits for an answer on a serial line that is gone, waits for ever,
        and takes a whole core for it (it reads the end of the line again and again)."""
        self._asked.clear()
        waiting_s = ASKED_WITHIN_S
        while self._asked.wait(waiting_s):
            self._asked.clear()
            waiting_s = PAUSE_S

    def _listener(self) -> Listener:
        """A reader that was just plugged in powers no card."""
        self._powered = False
        buffer = bytearray()

        def listen(data: bytes) -> Iterable[bytes]:
            buffer.extend(data)
            while (taken := ccid.take(buffer)) is not None:
                frame, message = taken
                self._asked.set()
                with self._lock:
                    answer = b"" if self._scenario is Scenario.SILENT else frame + self._answer(message)
                yield answer

        return listen

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
