"""Driver for ID card readers built on a SAM_V module behind a serial port."""

import termios
import time

import serial

from hardware.cards import CardFault, NoCard
from hardware.device import Command, DeviceFault, Fault, State, Status, reason
from hardware.id_card import frames, text
from hardware.id_card.frames import Answer, Result
from hardware.id_card.interface import IdCard, IdCardRead
from hardware.options import Baud, PollSeconds

ANSWER_TIMEOUT_S = 1.0
READ_TIMEOUT_S = 3.0
"""A read takes the module about a second, and the line 0.11 s at 115200 baud or 1.35 s at 9600."""
LOOK_EVERY_S = 0.05
"""How often a waiting driver looks whether it was called off."""
TRIES = 3
"""A card that is being laid down fails once or twice; one that keeps failing is at fault itself."""


class SamV:
    """A SAM_V reader. `port` should be a stable name such as one under /dev/serial/by-id.

    Once a card was read, the module answers "no card" until that card is lifted. Whether it lies there still
    is asked by reading its newest address, which works on a selected card only; modules that cannot do that
    are set up with `tells_lifted=False`, and `present` then answers None.
    """

    def __init__(
        self, port: str, baud: Baud = 115200, poll_s: PollSeconds = 0.3, tells_lifted: bool = True
    ) -> None:
        self._port_name = port
        self._baud = baud
        self._poll_s = poll_s
        self._tells_lifted = tells_lifted
        self._port: serial.Serial | None = None
        self._sam_id: str | None = None
        self._card_was_read = False

    def status(self, command: Command) -> Status:
        """The module's own word on itself; `detail` has the port and the number of the SAM."""
        try:
            result = self._ask(frames.STATUS, command).result
            if result != Result.OK:
                return self._status(State.OUT_OF_SERVICE, frames.fault_of(result))
            if self._sam_id is None:
                answer = self._ask(frames.SAM_ID, command)
                self._sam_id = frames.sam_id_of(answer.data) if answer.result == Result.OK else "unknown"
        except DeviceFault as fault:
            gone = fault.fault in (Fault.DISCONNECTED, Fault.NO_ANSWER)
            return self._status(
                State.DISCONNECTED if gone else State.OUT_OF_SERVICE, fault.fault, fault.detail
            )
        except frames.BadFrame:
            return self._status(State.OUT_OF_SERVICE, Fault.PROTOCOL)
        return self._status(State.READY, None)

    def read(self, command: Command) -> IdCardRead:
        """Poll for a card every `poll_s`, then read it."""
        failures = 0
        try:
            while not command.expired:
                found = self._ask(frames.FIND_CARD, command).result
                if found == Result.CARD_FOUND:
                    outcome = self._read_chip(command)
                    if isinstance(outcome, bytes):
                        return self._card_of(outcome)
                elif found == Result.NO_CARD:
                    failures = 0
                    command.wait(self._poll_s)
                    continue
                else:
                    outcome = CardFault(frames.fault_of(found), f"find {found:02X}")
                failures += 1
                if outcome.fault is Fault.CARD_REMOVED or failures == TRIES:
                    return outcome
                command.wait(self._poll_s)
            return NoCard()
        except DeviceFault as fault:
            # An answer that was cut short by the command's own end says nothing against the module.
            if fault.fault is Fault.NO_ANSWER and command.expired:
                return NoCard()
            return CardFault(fault.fault, fault.detail)

    def present(self, command: Command) -> bool | None:
        """Whether a card lies on the reader now."""
        try:
            if not self._card_was_read:
                return self._ask(frames.FIND_CARD, command).result == Result.CARD_FOUND
            if not self._tells_lifted:
                return None
            answer = self._ask(frames.READ_NEWEST_ADDRESS, command)
        except DeviceFault:
            return None
        self._card_was_read = answer.result in (Result.OK, Result.NOT_ON_CARD)
        return self._card_was_read

    def close(self) -> None:
        """Let go of the port."""
        self._drop()
        self._sam_id, self._card_was_read = None, False

    def _drop(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            try:
                port.close()
            except (OSError, termios.error):
                pass  # the device went first

    def _status(self, state: State, fault: Fault | None, why: str = "") -> Status:
        more = {"sam": self._sam_id, "why": why}
        return Status(
            state, fault, {"port": self._port_name} | {key: word for key, word in more.items() if word}
        )

    def _read_chip(self, command: Command) -> bytes | CardFault:
        self._card_was_read = False
        selected = self._ask(frames.SELECT_CARD, command).result
        if selected != Result.OK:
            return CardFault(frames.fault_of(selected), f"select {selected:02X}")
        answer = self._ask(frames.READ_TEXT_AND_PHOTO, command, READ_TIMEOUT_S)
        if answer.result == Result.OK:
            self._card_was_read = True
            return answer.data
        # Tell a card that was pulled away from one that is damaged: look whether it is still there.
        gone = self._ask(frames.FIND_CARD, command).result == Result.NO_CARD
        fault = Fault.CARD_REMOVED if gone else frames.fault_of(answer.result)
        return CardFault(fault, f"read {answer.result:02X}")

    def _card_of(self, data: bytes) -> IdCard | CardFault:
        try:
            return text.parse(*frames.card_of(data))
        except (frames.BadFrame, text.BadText) as bad:
            return CardFault(Fault.CARD_UNREADABLE, str(bad))

    def _ask(self, body: bytes, command: Command, timeout_s: float = ANSWER_TIMEOUT_S) -> Answer:
        """One command and its answer, repeated when it came damaged. Raises DeviceFault, CommandCancelled.

        It is the command that is repeated and not the whole reading, because a read whose answer was damaged
        was still a success to the module: it would deny the card if it had to find it again.
        """
        damaged: DeviceFault | None = None
        for _ in range(TRIES):
            try:
                return self._ask_once(body, timeout_s, command)
            except frames.BadFrame as bad:
                damaged = DeviceFault(Fault.PROTOCOL, str(bad))
        assert damaged is not None
        raise damaged

    def _ask_once(self, body: bytes, timeout_s: float, command: Command) -> Answer:
        try:
            port = self._open()
            port.reset_input_buffer()  # an answer that came too late must not be taken for this one
            port.write(frames.encode(body))
            return _await_answer(port, timeout_s, command)
        except (OSError, termios.error) as error:  # serial.SerialException is an OSError
            self._drop()
            self._sam_id = None  # it may be another module that comes back
            raise DeviceFault(Fault.DISCONNECTED, reason(error)) from error

    def _open(self) -> serial.Serial:
        if self._port is None:
            self._port = serial.Serial(
                self._port_name,
                self._baud,
                timeout=LOOK_EVERY_S,
                write_timeout=ANSWER_TIMEOUT_S,
                exclusive=True,
            )
        return self._port


def _await_answer(port: serial.Serial, timeout_s: float, command: Command) -> Answer:
    decoder = frames.Decoder()
    until = time.monotonic() + timeout_s
    while time.monotonic() < until and command.remaining_s() > 0:
        data = port.read(1)
        data += port.read(port.in_waiting) if data else b""
        for answer in decoder.feed(data) if data else decoder.resync():
            return frames.answer_of(answer)
        if decoder.damaged and not data:
            break
    if decoder.damaged or decoder.begun:
        raise frames.BadFrame("damaged answer")
    raise DeviceFault(Fault.NO_ANSWER)
