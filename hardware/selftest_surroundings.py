"""What `python -m hardware test` does with speaker, presence sensor, cabinet, lights and UPS: look and listen."""

from collections.abc import Callable, Mapping
from typing import Any

from hardware.device import Command, Kind, Status
from hardware.lights.interface import Glow, Place
from hardware.speaker.interface import Speech, Spoken, Withheld

Verdict = tuple[bool, str]

LIGHT_S = 1.0
HELLO = (Speech("您好，这是声音测试，一二三四五。"), Speech("Hello, this is a sound test.", language="en"))
PERSONAL = Speech("这句话只能在耳机里听到。", personal=True)


def _speaker(driver: Any, command: Command) -> Verdict:
    """Both languages aloud; then something personal, which is heard with a headset only."""
    for speech in HELLO:
        outcome = driver.say(speech, command)
        if not isinstance(outcome, Spoken):
            return False, outcome.fault.value
    match driver.say(PERSONAL, command):
        case Spoken():
            return True, "played; the last sentence is for the headset only: listen"
        case Withheld():
            return True, "played; without a headset nothing personal is said: listen"
        case trouble:
            return False, str(trouble.fault.value)


def _presence(driver: Any, command: Command) -> Verdict:
    """Until the sensor has seen somebody come or go."""
    first = driver.somebody(command)
    if first is None:
        return False, "the sensor does not tell"
    while not command.expired:
        if driver.somebody(command) is (not first):
            return True, "somebody came" if not first else "somebody went"
        command.wait(0.1)
    return False, f"it said {'somebody' if first else 'nobody'} all the time"


def _cabinet(driver: Any, command: Command) -> Verdict:
    """What the contacts say now."""
    return _told(driver.status(command))


def _lights(driver: Any, command: Command) -> Verdict:
    """Each light in turn."""
    shown = []
    for place in Place:
        if driver.show(place, Glow.STEADY, command):
            shown.append(place.value)
            command.wait(LIGHT_S)
            driver.show(place, Glow.OFF, command)
    return (True, f"lit one after another: {', '.join(shown)}: look") if shown else (False, "no light obeys")


def _ups(driver: Any, command: Command) -> Verdict:
    """What the UPS says now."""
    return _told(driver.status(command))


def _told(status: Status) -> Verdict:
    words = " ".join(f"{key}={word}" for key, word in sorted(status.detail.items()) if key != "why")
    return status.usable, " ".join(
        word for word in (status.fault.value if status.fault else "", words) if word
    )


TESTS: Mapping[str, tuple[str, Callable[[Any, Command], Verdict]]] = {
    Kind.SPEAKER.value: ("Speaking Chinese, English, and a sentence for the headset.", _speaker),
    Kind.PRESENCE.value: ("Step before the kiosk, or away from it.", _presence),
    Kind.CABINET.value: ("Asking door and tamper contact.", _cabinet),
    Kind.LIGHTS.value: ("Lighting one light after another.", _lights),
    Kind.UPS.value: ("Asking the UPS.", _ups),
}
"""By kind: what the installer is to do, and the test."""
