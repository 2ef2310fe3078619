"""Which driver is which: the names of config/kiosk.toml, imported only when they are chosen.

A driver's options are the keyword arguments of its constructor and are checked against them.
"""

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Any

from pydantic import ConfigDict, ValidationError, validate_call

from hardware.device import Device, Driver, Kind

NONE = "none"

DRIVERS: Mapping[Kind, Mapping[str, str]] = {
    Kind.ID_CARD: {"sam_v": "hardware.id_card.sam_v:SamV"},
    Kind.JOINT_CARD: {
        "pcsc": "hardware.joint_card.pcsc:Pcsc",
        "xfs4iot": "hardware.xfs4iot.card_reader:XfsCardReader",
    },
    Kind.SCANNER: {
        "camera": "hardware.scanner.camera:CameraScanner",
        "serial": "hardware.scanner.serial_scanner:SerialScanner",
        "wedge": "hardware.scanner.wedge:WedgeScanner",
        "xfs4iot": "hardware.xfs4iot.scanner:XfsScanner",
    },
    Kind.RECEIPT_PRINTER: {
        f"escpos_{way}": f"hardware.receipt_printer.drivers:open_printer:{way}"
        for way in ("tcp", "serial", "file", "usb")
    }
    | {"xfs4iot": "hardware.xfs4iot.printer:XfsPrinter"},
    Kind.A4_PRINTER: {"cups": "hardware.a4_printer.cups_printer:CupsPrinter"},
    Kind.SPEAKER: {"espeak": "hardware.speaker.espeak:EspeakSpeaker"},
    Kind.PRESENCE: {
        "contact": "hardware.presence.contact:ContactPresence",
        "xfs4iot": "hardware.xfs4iot.auxiliaries:XfsPresence",
    },
    Kind.CABINET: {
        "contact": "hardware.cabinet.contact:ContactCabinet",
        "xfs4iot": "hardware.xfs4iot.auxiliaries:XfsCabinet",
    },
    Kind.LIGHTS: {
        "leds": "hardware.lights.leds:LedLights",
        "xfs4iot": "hardware.xfs4iot.auxiliaries:XfsLights",
    },
    Kind.UPS: {"nut": "hardware.ups.nut:NutUps", "xfs4iot": "hardware.xfs4iot.auxiliaries:XfsUps"},
}
"""`module:callable`, and after a second colon the callable's first argument."""


class BadDevice(Exception):
    """A device table of the settings that cannot be: every mistake, each with its place."""

    def __init__(self, errors: tuple[str, ...]) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors


def _maker(place: str) -> Callable[..., Driver]:
    module, name, *first = place.split(":")
    maker = getattr(import_module(module), name)
    return partial(maker, *first) if first else maker


def _strict(maker: Callable[..., Driver]) -> Callable[..., Driver]:
    """The same, but it raises ValidationError for options that its signature does not have."""
    check = validate_call(config=ConfigDict(strict=True))
    if not isinstance(maker, type):
        return check(maker)
    cls: type[Any] = maker
    construct = check(cls.__init__)  # pydantic checks functions, not classes

    def make(**options: Any) -> Driver:
        made: Driver = object.__new__(cls)
        construct(made, **options)
        return made

    return make


def make_device(
    kind_name: str,
    driver: str,
    options: Mapping[str, Any],
) -> Device[Driver] | None:
    """The device that a table of the settings describes; None when its driver is "none". Nothing is opened
    yet. Raises BadDevice."""
    if kind_name not in tuple(Kind):
        raise BadDevice((f"devices.{kind_name}: no such kind of device; allowed: {', '.join(DRIVERS)}",))
    kind = Kind(kind_name)
    if driver == NONE:
        return None
    drivers = DRIVERS.get(kind, {})
    if driver not in drivers:
        allowed = ", ".join((NONE, *drivers))
        raise BadDevice((f"devices.{kind}.driver: {driver!r} is not known; allowed: {allowed}",))
    make = _strict(_maker(drivers[driver]))
    try:
        return Device(kind, make(**options))
    except ValidationError as problem:
        raise BadDevice(
            tuple(
                f"devices.{kind}.{'.'.join(str(part) for part in error['loc'])}: {error['msg']}"
                for error in problem.errors()
            )
        ) from None
    except ValueError as problem:
        raise BadDevice((f"devices.{kind}: {problem}",)) from None
