"""Drivers by name: each has the verbs of its kind and stands with its options in docs/real-devices.md; a device table
of the settings that cannot be is said at once, with its place and what would be right."""

import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, get_origin

import pytest

from hardware.a4_printer.interface import A4PrinterDriver
from hardware.device import Driver, Kind
from hardware.id_card.interface import IdCardDriver
from hardware.joint_card.interface import JointCardDriver
from hardware.lights.interface import LightsDriver
from hardware.presence.interface import PresenceDriver
from hardware.receipt_printer.interface import PrinterDriver
from hardware.registry import DRIVERS, BadDevice, make_device
from hardware.scanner.interface import ScannerDriver
from hardware.speaker.interface import SpeakerDriver

PAGE = (Path(__file__).parent.parent.parent / "docs" / "real-devices.md").read_text("utf-8")
INTERFACES: dict[Kind, type] = {
    Kind.ID_CARD: IdCardDriver,
    Kind.JOINT_CARD: JointCardDriver,
    Kind.SCANNER: ScannerDriver,
    Kind.RECEIPT_PRINTER: PrinterDriver,
    Kind.A4_PRINTER: A4PrinterDriver,
    Kind.SPEAKER: SpeakerDriver,
    Kind.PRESENCE: PresenceDriver,
    Kind.LIGHTS: LightsDriver,
}
"""Kinds that have verbs of their own; the others only say how they are."""

NAMES = [(kind, name) for kind, drivers in DRIVERS.items() for name in drivers]


def maker(kind: Kind, name: str) -> Callable[..., Any]:
    module, function, *_ = DRIVERS[kind][name].split(":")
    made: Callable[..., Any] = getattr(import_module(module), function)
    return made


def options(kind: Kind, name: str) -> list[str]:
    """What a settings file can give: neither what the registry gives, nor a function, which is for tests."""
    _, _, *given = DRIVERS[kind][name].split(":")
    parameters = list(inspect.signature(maker(kind, name), eval_str=True).parameters.values())[len(given) :]
    return [one.name for one in parameters if get_origin(one.annotation) is not Callable]


@pytest.mark.parametrize(("kind", "name"), NAMES)
def test_a_driver_has_the_verbs_of_its_kind(kind: Kind, name: str) -> None:
    """Where a function makes it, its type is checked instead: it says that it returns the interface."""
    interface, made = INTERFACES.get(kind, Driver), maker(kind, name)
    if not isinstance(made, type):
        assert inspect.signature(made, eval_str=True).return_annotation is interface
        return
    verbs = {verb for one in (interface, Driver) for verb in vars(one) if not verb.startswith("_")}
    for verb in sorted(verbs):
        assert hasattr(made, verb), f"{made.__name__} lacks {verb}()"
        asked = inspect.signature(getattr(interface, verb)).parameters
        assert list(inspect.signature(getattr(made, verb)).parameters) == list(asked), verb


@pytest.mark.parametrize(("kind", "name"), NAMES)
def test_a_driver_and_its_options_stand_in_the_page_for_installers(kind: Kind, name: str) -> None:
    section = next(
        part for part in re.split(r"^## ", PAGE, flags=re.MULTILINE) if f"[devices.{kind}]" in part
    )
    assert f"`{name}`" in section, f"docs/real-devices.md, [devices.{kind}]"
    missing = [option for option in options(kind, name) if f"`{option}`" not in section]
    assert not missing, f"docs/real-devices.md, [devices.{kind}], does not name {missing} of {name}"


@pytest.mark.parametrize(
    ("kind", "driver", "options", "said"),
    [
        ("toaster", "none", {}, "devices.toaster: no such kind of device; allowed: "),
        ("id_card", "junk", {}, "devices.id_card.driver: 'junk' is not known; allowed: none, sam_v"),
        ("id_card", "sam_v", {}, "devices.id_card.port: Missing required argument"),
        ("id_card", "sam_v", {"port": "/dev/x", "baud": 0}, "devices.id_card.baud: "),
        ("id_card", "sam_v", {"port": "/dev/x", "baud": "fast"}, "devices.id_card.baud: "),
        ("id_card", "sam_v", {"port": "/dev/x", "poll_s": 0}, "devices.id_card.poll_s: "),
        ("receipt_printer", "escpos_tcp", {"port": 70000}, "devices.receipt_printer.port: "),
        (
            "receipt_printer",
            "escpos_serial",
            {"path": "/dev/x", "baud": -1},
            "devices.receipt_printer.baud: ",
        ),
    ],
)
def test_a_mistake_has_its_place(kind: str, driver: str, options: dict[str, Any], said: str) -> None:
    with pytest.raises(BadDevice) as caught:
        make_device(kind, driver, options)
    assert caught.value.errors[0].startswith(said), caught.value.errors


WHOLE_KIOSK = """
import pkgutil, sys
from importlib import import_module
import kiosk
for module in pkgutil.walk_packages(kiosk.__path__, "kiosk."):
    if not module.name.endswith("__main__"):
        import_module(module.name)
print("\\n".join(sys.modules))
"""


def test_the_kiosk_loads_no_driver_by_itself() -> None:
    """Neither directly, which the import rules forbid, nor through an interface."""
    done = subprocess.run([sys.executable, "-c", WHOLE_KIOSK], capture_output=True, text=True, check=True)
    drivers = {place.split(":")[0] for drivers in DRIVERS.values() for place in drivers.values()}
    assert "kiosk.assembly" in done.stdout.split()
    assert not drivers & set(done.stdout.split())
