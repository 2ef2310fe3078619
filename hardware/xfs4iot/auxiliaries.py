"""Presence, cabinet and UPS by a kiosk maker's XFS4IoT Auxiliaries, and its Lights."""

from collections.abc import Mapping

from hardware.cabinet import judge as cabinet
from hardware.device import Command, DeviceFault, State, Status
from hardware.lights.interface import Glow, Place
from hardware.ups import judge as ups
from hardware.xfs4iot import messages
from hardware.xfs4iot.client import Service

_DOORS = ("cabinetDoor", "cabinetFrontDoor", "cabinetRearDoor", "cabinetLeftDoor", "cabinetRightDoor")
_TAMPER = ("tamperSensor", "internalTamperSensor")

_LIGHTS: Mapping[Place, str] = {
    Place.ID_CARD: "contactless",
    Place.JOINT_CARD: "cardReader",
    Place.SCANNER: "scanner",
    Place.RECEIPT_PRINTER: "receiptPrinter",
    Place.A4_PRINTER: "documentPrinter",
    Place.IN_SERVICE: "statusInService",
}
_RATES: Mapping[Glow, str] = {Glow.OFF: "off", Glow.STEADY: "continuous", Glow.FLASHING: "medium"}


class _Auxiliaries:
    """An Auxiliaries service; `uri` is the publisher's, or the service's own."""

    def __init__(self, uri: str, ca: str = "") -> None:
        self._service = Service(uri, "Auxiliaries", ca)

    def close(self) -> None:
        """Drop the connection."""
        self._service.close()

    def _look(self, command: Command) -> tuple[Status, messages.Payload]:
        """The service's status, and the auxiliaries it tells of."""
        status, payload = self._service.status(command)
        told = messages.value_at(payload, "auxiliaries")
        return status, told if isinstance(told, Mapping) else {}


class XfsPresence(_Auxiliaries):
    """The proximity sensor."""

    def status(self, command: Command) -> Status:
        """The service's word. What the sensor sees is no part of it: people are not journalled."""
        return self._look(command)[0]

    def somebody(self, command: Command) -> bool | None:
        """Whether somebody is there."""
        return {"present": True, "notPresent": False}.get(str(self._look(command)[1].get("proximitySensor")))


class XfsCabinet(_Auxiliaries):
    """The doors and the tamper sensors."""

    def status(self, command: Command) -> Status:
        """The worst that any door or sensor says."""
        status, told = self._look(command)
        if status.state is not State.READY:
            return status
        doors = [told[door] for door in _DOORS if door in told]
        sensors = [told[sensor] for sensor in _TAMPER if sensor in told]
        door_open = "open" in doors if doors else None
        tampered = "on" in sensors or "tampered" in doors if sensors or doors else None
        return cabinet.judge(door_open, tampered, status.detail)


class XfsUps(_Auxiliaries):
    """The UPS."""

    def status(self, command: Command) -> Status:
        """Mains, battery, or battery low."""
        status, told = self._look(command)
        flags = told.get("UPS")
        if status.state is not State.READY or not isinstance(flags, Mapping):
            return status
        on_battery = flags.get("engaged") is True or flags.get("powering") is True
        return ups.judge(on_battery, flags.get("low") is True, status.detail)


class XfsLights:
    """A Lights service; `uri` is the publisher's, or the service's own."""

    def __init__(self, uri: str, ca: str = "") -> None:
        self._service = Service(uri, "Lights", ca)

    def status(self, command: Command) -> Status:
        """The service's word."""
        return self._service.status(command)[0]

    def show(self, place: Place, glow: Glow, command: Command) -> bool:
        """Set a light."""
        payload = {_LIGHTS[place]: {"default": {"flashRate": _RATES[glow]}}}
        try:
            self._service.ask("Lights.SetLight", payload, command)
        except DeviceFault:
            return False
        return True

    def close(self) -> None:
        """Drop the connection."""
        self._service.close()
