"""Joint cards by a kiosk maker's card reader: XFS4IoT CardReader, chip only.

ReadRawData waits for the card and powers its chip; the chip is then read by ChipIO with the same rules as behind
PC/SC. A reader that draws cards in is told to give the card back as soon as its number is known.
"""

import base64
import binascii

from hardware.cards import CardFault, NoCard
from hardware.device import Command, CommandCancelled, DeviceFault, Fault, State, Status
from hardware.joint_card import emv
from hardware.joint_card.interface import JointCard, JointCardRead
from hardware.xfs4iot import messages
from hardware.xfs4iot.client import NotDone, Service

CHIP_TIMEOUT_S = 3.0
EJECT_TIMEOUT_S = 5.0

_PRESENT = {"present": True, "entering": True, "latched": True, "jammed": True, "notPresent": False}


class XfsCardReader:
    """A CardReader service; `uri` is the publisher's, or the service's own. `chip_protocol` is what ChipIO is
    told to speak: chipT0, chipT1, chipTypeA, chipTypeB and so on."""

    def __init__(self, uri: str, ca: str = "", chip_protocol: str = "chipT0") -> None:
        self._protocol = chip_protocol
        self._service = Service(uri, "CardReader", ca)

    def status(self, command: Command) -> Status:
        """The service's word; a jammed card puts the reader out of service."""
        status, payload = self._service.status(command)
        media = messages.text_at(payload, "cardReader", "media")
        if media == "jammed":
            return Status(State.OUT_OF_SERVICE, Fault.JAM, {**status.detail, "media": media})
        return Status(status.state, status.fault, {**status.detail, **({"media": media} if media else {})})

    def read(self, command: Command) -> JointCardRead:
        """Wait for a card and read its number."""
        try:
            answer = self._service.ask("CardReader.ReadRawData", {"chip": True}, command)
        except NotDone as no:
            return NoCard() if no.code == "timeOut" else CardFault(no.fault, no.code)
        except CommandCancelled:
            self._give_back()  # a card may have gone in at the last moment
            raise
        except DeviceFault as fault:
            if fault.fault is Fault.NO_ANSWER and command.expired:
                self._give_back()
                return NoCard()
            return CardFault(fault.fault, fault.detail)
        try:
            return self._read_chip(answer, command)
        finally:
            self._give_back()

    def present(self, command: Command) -> bool | None:
        """Whether a card is in the reader or hangs out of it."""
        _, payload = self._service.status(command)
        return _PRESENT.get(messages.text_at(payload, "cardReader", "media") or "")

    def close(self) -> None:
        """Drop the connection."""
        self._service.close()

    def _read_chip(self, answer: messages.Payload, command: Command) -> JointCardRead:
        chips = answer.get("chip")
        chip = chips[0] if isinstance(chips, list) and chips else {}
        if messages.text_at(chip, "status") not in (None, "ok") or messages.text_at(chip, "data") is None:
            return CardFault(Fault.CARD_WRONG_WAY, messages.text_at(chip, "status") or "no chip")

        def transmit(apdu: bytes) -> bytes:
            told = {"chipProtocol": self._protocol, "chipData": base64.b64encode(apdu).decode()}
            result = self._service.ask("CardReader.ChipIO", told, command, timeout_s=CHIP_TIMEOUT_S)
            try:
                return base64.b64decode(messages.text_at(result, "chipData") or "", validate=True)
            except binascii.Error:
                raise emv.Unreadable("not base64") from None

        try:
            return JointCard(emv.read_card_number(transmit, t0=self._protocol == "chipT0"))
        except emv.NotABankCard:
            return CardFault(Fault.CARD_WRONG_KIND)
        except emv.Unreadable as why:
            return CardFault(Fault.CARD_UNREADABLE, str(why))
        except DeviceFault as fault:
            return CardFault(fault.fault, fault.detail)

    def _give_back(self) -> None:
        """Eject the card, also when the reading was called off or took too long: it is the citizen's. A reader that a
        card is only dipped into says that it cannot, and need not."""
        if not self._service.connected:
            return  # a service that does not answer ejects nothing
        try:
            move = {"from": "transport", "to": "exit"}
            self._service.ask("CardReader.Move", move, Command(EJECT_TIMEOUT_S))
        except DeviceFault:
            pass  # what is wrong with the reader shows in its status
