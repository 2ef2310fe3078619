"""`run_kiosk.py --check`: settings, devices and centre, in a table that an installer can read."""

import sys
from collections.abc import Mapping
from typing import Any

from hardware.device import Device, Kind
from kiosk.enrolment import NotEnrolled, load_identity
from kiosk.line import Line, Refused, Unreachable
from kiosk.settings import Settings

DEVICE_ANSWER_S = 10.0


def check(settings: Settings, devices: Mapping[Kind, Device[Any]]) -> int:
    """Print a row for each thing; returns 0 when all of them work, else 1."""
    rows = [("settings", "ok", "every value is valid"), _centre(settings)]
    rows += [_device(device) for device in devices.values()]
    rows += [
        (f"device {name}", "none", "not installed, as the settings say")
        for name, table in settings.devices.items()
        if table.driver == "none"
    ]
    width = max(len(name) for name, _, _ in rows)
    for name, state, words in rows:
        sys.stdout.write(f"{name:<{width}}  {state:<7}  {words}\n")
    return 1 if any(state == "FAILED" for _, state, _ in rows) else 0


def _centre(settings: Settings) -> tuple[str, str, str]:
    from kiosk import central
    from kiosk.heartbeat import quiet

    name = f"centre {settings.centre.url}"
    try:
        line = Line(str(settings.centre.url), load_identity(settings.data), ca=settings.centre.ca)
        central.heartbeat(line, quiet())
    except (NotEnrolled, Unreachable, Refused) as problem:
        return (name, "FAILED", str(problem))
    return (name, "ok", "answers, and knows this kiosk")


def _device(device: Device[Any]) -> tuple[str, str, str]:
    try:
        status = device.refresh().result(DEVICE_ANSWER_S)
    except TimeoutError:
        return (f"device {device.kind.value}", "FAILED", "does not answer")
    finally:
        device.close()
    words = ", ".join(
        [status.state.value, *([status.fault.value] if status.fault else [])]
        + [f"{key}={value}" for key, value in sorted(status.detail.items())]
    )
    return (f"device {device.kind.value}", "ok" if status.usable else "FAILED", words)
