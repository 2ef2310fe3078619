"""`python -m hardware probe`: what is attached, who it is, how it is, and what was last wrong with it."""

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any

from hardware.device import Device, Kind
from hardware.installed import NoSettings, add_settings, data_folder, installed
from hardware.last_faults import FILE, LastFault, read

ANSWER_S = 15.0
EXIT_NOT_WELL = 1
EXIT_BAD_INPUT = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    add_settings(parser)
    parser.add_argument("--format", choices=("table", "json"), default="table")


def run(arguments: argparse.Namespace) -> int:
    """One row for each device of the settings; 0 when every installed one can be used."""
    try:
        with installed(arguments.settings) as devices:
            faults = read(data_folder(arguments.settings) / FILE)
            rows = [_row(name, device) | _last(faults, name) for name, device in devices.items()]
    except NoSettings as problem:
        sys.stderr.write(f"{problem}\n")
        return EXIT_BAD_INPUT
    if arguments.format == "json":
        sys.stdout.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    else:
        for row in rows:
            words = " ".join(f"{key}={value}" for key, value in sorted(row["detail"].items()))
            last = f" last fault: {row['last_fault']} {row['last_fault_since']}" if row["last_fault"] else ""
            sys.stdout.write(
                f"{row['device']:<16} {row['state']:<15} {row['fault'] or '-':<20} {words}{last}\n"
            )
    return 0 if all(row["usable"] for row in rows) else EXIT_NOT_WELL


def _last(faults: Mapping[Kind, LastFault], name: str) -> dict[str, str | None]:
    """What was last wrong while the kiosk ran; it may be over."""
    last = faults.get(Kind(name)) if name in tuple(Kind) else None
    return {
        "last_fault": last.fault.value if last else None,
        "last_fault_since": last.since.isoformat(timespec="seconds") if last else None,
    }


def _row(name: str, device: object) -> dict[str, Any]:
    row: dict[str, Any] = {
        "device": name,
        "state": "not_installed",
        "fault": None,
        "detail": {},
        "usable": True,
    }
    if device is None:
        return row
    if not isinstance(device, Device):
        return row | {"state": "bad_settings", "detail": {"why": str(device)}, "usable": False}
    try:
        status = device.refresh().result(ANSWER_S)
    except TimeoutError:
        return row | {"state": "unknown", "fault": "hung", "usable": False}
    return row | {
        "state": status.state.value,
        "fault": status.fault.value if status.fault else None,
        "detail": dict(status.detail),
        "usable": status.usable,
    }
