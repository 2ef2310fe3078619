"""How the kiosk is: what every device says, whether the centre answers, and what that means for each service."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal

from hardware.device import NOT_INSTALLED, Kind, Status
from kiosk.faults import advice
from kiosk.messages import Message, msg


class Need(StrEnum):
    """What a service cannot do without."""

    CENTRE = "centre"
    IDENTIFICATION = "identification"  # at least one way to say who one is
    RECEIPT_PRINTER = "receipt_printer"
    PRINTER = "printer"  # for slips or for A4, either


IDENTIFIERS = (Kind.ID_CARD, Kind.JOINT_CARD, Kind.SCANNER)


@dataclass(frozen=True)
class Health:
    """One picture of the whole kiosk."""

    centre: Literal["up", "down", "unknown"] = "unknown"
    devices: Mapping[Kind, Status] = field(default_factory=dict)
    stopped: Message | None = None
    """Out of service: switched so by staff, or because the journal cannot be trusted any more."""

    def of(self, kind: Kind) -> Status:
        """A device's status; one that is not in the settings is not installed."""
        return self.devices.get(kind, NOT_INSTALLED)


def missing(need: Need, health: Health) -> Message | None:
    """Why a need is not met now, in words for the citizen; None when it is."""
    match need:
        case Need.CENTRE:
            return msg("need.centre") if health.centre == "down" else None
        case Need.IDENTIFICATION:
            usable = any(health.of(kind).usable for kind in IDENTIFIERS)
            return None if usable else msg("need.identification")
        case Need.RECEIPT_PRINTER:
            status = health.of(Kind.RECEIPT_PRINTER)
            if status.usable:
                return None
            if status.fault:
                return advice(Kind.RECEIPT_PRINTER, status.fault).citizen
            return msg("need.receipt-printer")
        case Need.PRINTER:
            usable = any(health.of(kind).usable for kind in (Kind.RECEIPT_PRINTER, Kind.A4_PRINTER))
            return None if usable else missing(Need.RECEIPT_PRINTER, health)


class HealthBoard:
    """Where devices and the line report, and where the terminal looks. Changes wake whoever waits.

    `report_*` may be called from any thread; everything else belongs to the loop's.
    """

    def __init__(self) -> None:
        self.health = Health()
        self._changed = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def report_device(self, kind: Kind, status: Status) -> None:
        """A device has changed."""
        self._loop.call_soon_threadsafe(self._set_device, kind, status)

    def report_centre(self, up: bool) -> None:
        """The centre has answered, or has not."""
        self._loop.call_soon_threadsafe(self._set, "centre", "up" if up else "down")

    def stop(self, reason: Message | None) -> None:
        """Take the kiosk out of service, or (None) back into it."""
        self._set("stopped", reason)

    def changed(self) -> Coroutine[Any, Any, None]:
        """Returns as soon as the health is another than at the time of the call, however soon that is."""
        return self._other_than(self.health)

    async def _other_than(self, known: Health) -> None:
        while self.health is known:
            self._changed.clear()
            await self._changed.wait()

    def _set_device(self, kind: Kind, status: Status) -> None:
        self._set("devices", {**self.health.devices, kind: status})

    def _set(self, name: str, value: object) -> None:
        if getattr(self.health, name) != value:
            self.health = replace(self.health, **{name: value})  # type: ignore[arg-type]
            self._changed.set()
