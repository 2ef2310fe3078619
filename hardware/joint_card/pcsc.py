"""Driver for PC/SC readers, contact and contactless.

It uses the calls of WinSCard themselves: pyscard's monitor threads do not survive the death of pcscd. A context
that a call finds broken is thrown away and made anew at the next call, so that a restarted pcscd or a reader
plugged back is taken up without anybody's doing.
"""

from typing import Any

from smartcard import scard

from hardware.cards import CardFault, NoCard
from hardware.device import Command, DeviceFault, Fault, State, Status
from hardware.joint_card import emv
from hardware.joint_card.interface import JointCard, JointCardRead

LOOK_EVERY_MS = 100
"""How often a waiting driver looks whether it was called off; a card is noticed at once all the same."""
REMOVAL_SHOWS_S = 1.0
"""pcscd asks a reader for its card every 0.4 s: so long a card that was pulled may seem to be there."""

_PNP = "\\\\?PnP?\\Notification"
"""The name of the reader that is no reader: its state changes when readers come and go."""

_SERVICE_DOWN = {
    scard.SCARD_E_NO_SERVICE,
    scard.SCARD_E_SERVICE_STOPPED,
    scard.SCARD_E_INVALID_HANDLE,
    scard.SCARD_F_COMM_ERROR,
    scard.SCARD_F_INTERNAL_ERROR,
}
_READER_GONE = {
    scard.SCARD_E_UNKNOWN_READER,
    scard.SCARD_E_READER_UNAVAILABLE,
    scard.SCARD_E_NO_READERS_AVAILABLE,
}
_CARD_GONE = {scard.SCARD_W_REMOVED_CARD, scard.SCARD_E_NO_SMARTCARD}
_CARD_MUTE = {scard.SCARD_W_UNRESPONSIVE_CARD, scard.SCARD_W_UNPOWERED_CARD}


class _CallFailed(Exception):
    """A PC/SC call returned an error."""

    def __init__(self, result: int) -> None:
        super().__init__(f"{result & 0xFFFFFFFF:08X}")
        self.result = result


class Pcsc:
    """The reader whose name contains `reader`; the first there is when `reader` is empty."""

    def __init__(self, reader: str = "") -> None:
        self._wanted = reader
        self._context: Any = None

    def status(self, command: Command) -> Status:
        """Whether pcscd and the reader are there; `detail` has the reader's name."""
        try:
            name = self._reader()
            self._state(name, scard.SCARD_STATE_UNAWARE)
        except DeviceFault as fault:
            self.close()
            down = fault.fault is Fault.CARD_SERVICE_DOWN
            why = f"pcscd does not answer ({fault.detail})" if down else fault.detail
            words = {"reader": self._wanted, "why": why}
            return Status(State.DISCONNECTED, fault.fault, {key: word for key, word in words.items() if word})
        return Status(State.READY, None, {"reader": name})

    def read(self, command: Command) -> JointCardRead:
        """Wait for a card and read its number. A card that is in already is read at once."""
        try:
            name = self._reader()
            state = self._wait_for(name, True, command)
            if state is None:
                return NoCard()
            if state & scard.SCARD_STATE_MUTE:
                return CardFault(Fault.CARD_WRONG_WAY)
            return self._read_card(name, command)
        except DeviceFault as fault:
            self.close()  # a context in which a call has failed may hold the next one up for ever
            return CardFault(fault.fault, fault.detail)

    def present(self, command: Command) -> bool | None:
        """Whether a card is in the reader now."""
        try:
            return bool(self._state(self._reader(), scard.SCARD_STATE_UNAWARE) & scard.SCARD_STATE_PRESENT)
        except DeviceFault:
            self.close()
            return None

    def close(self) -> None:
        """Let go of pcscd."""
        context, self._context = self._context, None
        if context is not None:
            scard.SCardReleaseContext(context)

    def _call(self, result: int) -> None:
        """Sort an error out. Raises DeviceFault when it is not about a card, else _CallFailed."""
        if result == scard.SCARD_S_SUCCESS:
            return
        if result in _SERVICE_DOWN:
            self.close()
            raise DeviceFault(Fault.CARD_SERVICE_DOWN, f"{result & 0xFFFFFFFF:08X}")
        if result in _READER_GONE:
            raise DeviceFault(Fault.DISCONNECTED, f"{result & 0xFFFFFFFF:08X}")
        raise _CallFailed(result)

    def _reader(self) -> str:
        """The name of the reader, with a context that works. Raises DeviceFault."""
        try:
            return self._look_for_reader()
        except DeviceFault as fault:
            # The context may be from before a restart of pcscd: a new one tells.
            if fault.fault is not Fault.CARD_SERVICE_DOWN:
                raise
            return self._look_for_reader()

    def _look_for_reader(self) -> str:
        try:
            if self._context is None:
                result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
                self._call(result)
                self._context = context
            result, names = scard.SCardListReaders(self._context, [])
            self._call(result)
        except _CallFailed as failed:
            self.close()
            raise DeviceFault(Fault.CARD_SERVICE_DOWN, str(failed)) from None
        for name in names:
            if self._wanted in name:
                return str(name)
        raise DeviceFault(Fault.DISCONNECTED, "no such reader")

    def _state(self, name: str, known: int, timeout_ms: int = 0) -> int:
        """The reader's state, at once or as soon as it is not `known` any more. Raises DeviceFault."""
        watched = [(name, known), (_PNP, scard.SCARD_STATE_UNAWARE)]
        result, states = scard.SCardGetStatusChange(
            self._context, timeout_ms, watched[: 2 if timeout_ms else 1]
        )
        try:
            self._call(result)
        except _CallFailed as failed:
            if failed.result != scard.SCARD_E_TIMEOUT:
                # When pcscd dies during this call, libpcsclite returns errors that are about anything.
                self.close()
                raise DeviceFault(Fault.CARD_SERVICE_DOWN, str(failed)) from None
            return known
        state = int(states[0][1])
        if state & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE):
            raise DeviceFault(Fault.DISCONNECTED, f"state {state:X}")
        return state & ~int(scard.SCARD_STATE_CHANGED)

    def _wait_for(self, name: str, there: bool, command: Command) -> int | None:
        """Wait until a card is there, or is not; the state then, or None when the deadline came first."""
        state = self._state(name, scard.SCARD_STATE_UNAWARE)
        while bool(state & scard.SCARD_STATE_PRESENT) is not there:
            left_ms = int(command.remaining_s() * 1000)
            if left_ms <= 0:
                return None
            state = self._state(name, state, min(LOOK_EVERY_MS, left_ms))
        return state

    def _read_card(self, name: str, command: Command) -> JointCardRead:
        try:
            result, card, protocol = scard.SCardConnect(
                self._context,
                name,
                scard.SCARD_SHARE_EXCLUSIVE,
                scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1,
            )
            self._call(result)
            try:
                return self._read_chip(card, protocol, command)
            finally:
                # Nothing is asked of the card here: it may be gone, and pcscd shall find that out by itself. When
                # it fails to power a card down it marks the slot as empty, and then misses the next card.
                scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)
        except (_CallFailed, emv.Unreadable) as error:
            # A card that is being pulled fails in any of many ways: what counts is whether it is still there.
            if self._wait_for(name, False, Command(min(REMOVAL_SHOWS_S, command.remaining_s()))) is not None:
                return CardFault(Fault.CARD_REMOVED, str(error))
            return CardFault(_fault_of(error), str(error))
        except emv.NotABankCard:
            return CardFault(Fault.CARD_WRONG_KIND)

    def _read_chip(self, card: Any, protocol: int, command: Command) -> JointCard:
        t0 = protocol == scard.SCARD_PROTOCOL_T0

        def transmit(apdu: bytes) -> bytes:
            if command.remaining_s() <= 0:
                raise emv.Unreadable("deadline")
            result, answer = scard.SCardTransmit(
                card, scard.SCARD_PCI_T0 if t0 else scard.SCARD_PCI_T1, list(apdu)
            )
            self._call(result)
            return bytes(answer)

        return JointCard(emv.read_card_number(transmit, t0))


def _fault_of(error: _CallFailed | emv.Unreadable) -> Fault:
    if isinstance(error, _CallFailed):
        if error.result in _CARD_GONE:
            return Fault.CARD_REMOVED
        if error.result in _CARD_MUTE:
            return Fault.CARD_WRONG_WAY
    return Fault.CARD_UNREADABLE
