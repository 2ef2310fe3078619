"""What stands behind the simulated services: one device of each class, what it holds, what is wrong with it."""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hardware.joint_card.virtual_card import VirtualCard
from hardware.xfs4iot.messages import Payload

Tell = Callable[[str], Awaitable[None]]
"""Sends an event of the running command, by name."""


class Scenario(StrEnum):
    """What can be made to go wrong. Each lasts until `recover`."""

    SILENT = "silent"  # commands are acknowledged and never end
    NOT_READY = "not_ready"
    OFFLINE = "offline"
    HARDWARE_ERROR = "hardware_error"
    FRAUD = "fraud"  # the device sees that somebody is tampering with it
    BABBLING = "babbling"  # what it sends is no message
    PROVIDER_DEAD = "provider_dead"
    CARD_JAM = "card_jam"
    CARD_COLLISION = "card_collision"
    WRONG_WAY = "wrong_way"
    PULLED = "pulled"
    PAPER_OUT = "paper_out"  # in the middle of the next slip
    PAPER_JAM = "paper_jam"


_WORDS: Mapping[Scenario | None, str] = {
    Scenario.OFFLINE: "offline",
    Scenario.HARDWARE_ERROR: "hardwareError",
    Scenario.FRAUD: "fraudAttempt",
}
"""What Common.Status says of every device; any other time they are online."""


class Fails(Exception):
    """Ends a command with a completion code, and for commandErrorCode an error code."""

    def __init__(self, code: str, error_code: str | None = None) -> None:
        super().__init__(code)
        self.code, self.error_code = code, error_code


@dataclass
class Devices:
    """What the simulated devices hold and have done; to be changed and looked at from any thread."""

    changed: asyncio.Condition
    """Held, and notified, by whoever changes what a command may be waiting for."""
    scenario: Scenario | None = None
    card: VirtualCard | None = field(default=None, repr=False)
    ejected: int = 0
    """How often a card was moved to the exit."""
    code: str | None = field(default=None, repr=False)
    paper: str = "full"
    paper_waits: bool = False
    printed: list[bytes] = field(default_factory=list, repr=False)
    forms: list[Mapping[str, Any]] = field(default_factory=list, repr=False)
    lights: dict[str, str] = field(default_factory=dict)
    auxiliaries: dict[str, Any] = field(
        default_factory=lambda: {
            "proximitySensor": "notPresent",
            "cabinetFrontDoor": "closed",
            "tamperSensor": "off",
            "headsetMicrophoneSensor": "notPresent",
            "UPS": {"low": False, "engaged": False, "powering": False, "recovered": False},
        }
    )

    def status(self, service: str) -> Payload:
        """The payload of Common.Status for a service."""
        status: dict[str, Any] = {"common": {"device": _WORDS.get(self.scenario, "online")}}
        match service:
            case "CardReader":
                jammed = self.scenario is Scenario.CARD_JAM
                media = "jammed" if jammed else "present" if self.card else "notPresent"
                status["cardReader"] = {"media": media, "chipPower": "noCard"}
            case "Printer":
                status["printer"] = {
                    "media": "present" if self.paper_waits else "notPresent",
                    "paper": {"upper": self.paper},
                }
            case "Auxiliaries":
                status["auxiliaries"] = self.auxiliaries
        return status

    async def obey(self, name: str, payload: Payload, tell: Tell) -> Payload:
        """Do a device's command; its answer. Raises Fails."""
        match name:
            case "CardReader.ReadRawData":
                await tell("CardReader.InsertCardEvent")
                async with self.changed:
                    await self.changed.wait_for(lambda: self.card is not None)
                await tell("CardReader.MediaInsertedEvent")
                return self._raw_data()
            case "CardReader.ChipIO":
                if self.scenario is Scenario.PULLED:
                    self.card = None
                if self.card is None:
                    raise Fails("commandErrorCode", "noMedia")
                response = self.card.answer(base64.b64decode(payload["chipData"]))
                return {
                    "chipProtocol": payload["chipProtocol"],
                    "chipData": base64.b64encode(response).decode(),
                }
            case "CardReader.Move":
                if self.card is None:
                    raise Fails("commandErrorCode", "noMedia")
                self.ejected += 1
                return {}
            case "BarcodeReader.Read":
                async with self.changed:
                    await self.changed.wait_for(lambda: self.code is not None)
                data = base64.b64encode((self.code or "").encode()).decode()
                return {"readOutput": [{"symbology": "qrCode", "barcodeData": data, "symbologyName": "QR"}]}
            case "Printer.PrintRaw" | "Printer.PrintForm":
                return self._print(name, payload)
            case "Printer.ControlMedia":
                if not self.paper_waits:
                    raise Fails("commandErrorCode", "noMediaPresent")
                self.paper_waits = False
                return {}
            case "Lights.SetLight":
                self.lights |= {
                    light: state["flashRate"]
                    for light, places in payload.items()
                    for state in places.values()
                }
                return {}
            case "Auxiliaries.SetAuxiliaries":
                self.auxiliaries |= payload
                return {}
        raise Fails("unsupportedCommand")

    def _raw_data(self) -> Payload:
        match self.scenario:
            case Scenario.CARD_JAM:
                raise Fails("commandErrorCode", "mediaJam")
            case Scenario.CARD_COLLISION:
                raise Fails("commandErrorCode", "cardCollision")
            case Scenario.WRONG_WAY:
                return {"chip": [{"status": "dataMissing"}]}
        card = self.card
        assert card is not None
        card.reset()
        return {"chip": [{"data": base64.b64encode(card.atr).decode()}]}

    def _print(self, name: str, payload: Payload) -> Payload:
        if self.scenario is Scenario.PAPER_OUT:
            self.paper = "out"
        if self.paper == "out":
            raise Fails("commandErrorCode", "paperOut")
        if self.scenario is Scenario.PAPER_JAM:
            raise Fails("commandErrorCode", "paperJammed")
        if name == "Printer.PrintRaw":
            self.printed.append(base64.b64decode(payload["data"]))
        else:
            self.forms.append(payload)
        self.paper_waits = True
        return {}
