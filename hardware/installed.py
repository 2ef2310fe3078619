"""The devices of a settings file, for the commands of this folder: its [devices.*] tables and nothing else of it."""

import argparse
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hardware.device import Device, reason
from hardware.registry import BadDevice, make_device

ROOT = Path(__file__).parent.parent
DATA = "var"
"""Where a kiosk keeps its files when its settings do not say."""
SETTINGS = ROOT / "config" / "kiosk.toml"


class NoSettings(Exception):
    """The settings file cannot be read; the message says why."""


def add_settings(parser: argparse.ArgumentParser) -> None:
    """The option that says which kiosk is meant."""
    parser.add_argument("--settings", type=Path, default=SETTINGS, metavar="FILE", help="a kiosk's settings")


@contextmanager
def installed(settings: Path) -> Iterator[dict[str, Device[Any] | BadDevice | None]]:
    """Every device table by name: the device, None for driver "none", or what is wrong with the table.

    Nothing is opened yet; all is closed with the context. Raises NoSettings.
    """
    try:
        tables: Any = tomllib.loads(settings.read_text("utf-8")).get("devices", {})
    except OSError as problem:
        raise NoSettings(f"{settings}: {reason(problem)}") from None
    except ValueError as problem:
        raise NoSettings(f"{settings}: not TOML: {problem}") from None
    if not isinstance(tables, dict):
        raise NoSettings(f"{settings}: devices: not a table")
    devices: dict[str, Device[Any] | BadDevice | None] = {}
    try:
        for name, table in tables.items():
            try:
                devices[name] = _made(name, table)
            except BadDevice as problem:
                devices[name] = problem
        yield devices
    finally:
        for device in devices.values():
            if isinstance(device, Device):
                device.close()


def data_folder(settings: Path) -> Path:
    """Where the kiosk of these settings keeps its files."""
    kiosk = tomllib.loads(settings.read_text("utf-8")).get("kiosk", {})
    told = kiosk.get("data", DATA) if isinstance(kiosk, dict) else DATA
    return ROOT / (told if isinstance(told, str) else DATA)


def _made(name: str, table: object) -> Device[Any] | None:
    """The device of one table. Raises BadDevice."""
    if not isinstance(table, dict):
        raise BadDevice((f"devices.{name}: not a table",))
    driver = table.get("driver")
    if not isinstance(driver, str):
        raise BadDevice((f"devices.{name}.driver: a name in quotes that must be given",))
    return make_device(name, driver, {key: value for key, value in table.items() if key != "driver"})
