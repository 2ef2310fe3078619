"""Speaker, presence, cabinet, lights and UPS; and what the worker says of a driver that hangs in the kernel."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from hardware.cabinet.contact import ContactCabinet
from hardware.contacts import SimulatedContact
from hardware.device import Command, Driver, Fault, Kind, State, Status
from hardware.lights.interface import Glow, Place
from hardware.lights.leds import LedLights
from hardware.presence.contact import ContactPresence
from hardware.scratch import Scratch
from hardware.speaker import simulator as speaker
from hardware.speaker.espeak import EspeakSpeaker
from hardware.speaker.interface import Speech
from hardware.speaker.simulator import SimulatedSoundCard
from hardware.ups import simulator as ups
from hardware.ups.nut import NutUps
from hardware.ups.simulator import NAME, SimulatedUps
from hardware.xfs4iot.auxiliaries import XfsCabinet, XfsLights, XfsPresence, XfsUps
from hardware.xfs4iot.simulator import Scenario, SimulatedProvider
from tests.hardware.faults.scene import ANSWER_S, SCENES, Scene, Stage, fault_of, run_out, status_of

HELLO = Speech("您好")


class Serviced(Protocol):
    """A driver of an XFS4IoT service, as the class makes it."""

    def __call__(self, uri: str) -> Any:
        """The driver for the publisher at `uri`."""
        ...


def behind_a_service(made: Serviced, scenario: Scenario) -> Scene:
    """What it says of itself when this goes wrong."""

    def play(stage: Stage) -> Fault | None:
        provider = stage.use(SimulatedProvider())
        driver = stage.use(made(provider.uri))
        assert status_of(driver).state is State.READY
        provider.fail(scenario)
        return status_of(driver).fault

    return play


SERVICED: dict[Kind, Serviced] = {
    Kind.PRESENCE: XfsPresence,
    Kind.CABINET: XfsCabinet,
    Kind.LIGHTS: XfsLights,
    Kind.UPS: XfsUps,
}
SCENES |= {
    (kind, fault): behind_a_service(made, scenario)
    for kind, made in SERVICED.items()
    for fault, scenario in {
        Fault.DISCONNECTED: Scenario.PROVIDER_DEAD,
        Fault.NO_ANSWER: Scenario.SILENT,
        Fault.PROTOCOL: Scenario.BABBLING,
        Fault.HARDWARE: Scenario.HARDWARE_ERROR,
    }.items()
}


def playing(scenario: speaker.Scenario, seconds: float) -> Scene:
    """The sound card fails."""

    def play(stage: Stage) -> Fault | None:
        card = stage.use(SimulatedSoundCard())
        card.fail(scenario)
        return fault_of(EspeakSpeaker(card.player).say(HELLO, Command(seconds)))

    return play


SCENES |= {
    (Kind.SPEAKER, Fault.HARDWARE): playing(speaker.Scenario.BROKEN, ANSWER_S),
    (Kind.SPEAKER, Fault.NO_ANSWER): playing(speaker.Scenario.HANGING, 0.5),
}


def with_contact(fault: str) -> Scene:
    """A contact of the cabinet closes."""

    def play(stage: Stage) -> Fault | None:
        folder = stage.use(Scratch("contacts")).path
        contacts = {name: SimulatedContact(folder / name) for name in ("door", "tamper")}
        cabinet = ContactCabinet(*(str(contact.contact.path) for contact in contacts.values()))
        assert status_of(cabinet).state is State.READY
        contacts[fault].set(True)
        return status_of(cabinet).fault

    return play


def on_the_ups(scenario: ups.Scenario) -> Scene:
    """The mains fail, and then the battery."""

    def play(stage: Stage) -> Fault | None:
        upsd = stage.use(SimulatedUps())
        upsd.fail(scenario)
        return status_of(NutUps(NAME, port=upsd.port)).fault

    return play


SCENES |= {
    (Kind.CABINET, Fault.DOOR_OPEN): with_contact("door"),
    (Kind.CABINET, Fault.TAMPERED): with_contact("tamper"),
    (Kind.UPS, Fault.ON_BATTERY): on_the_ups(ups.Scenario.ON_BATTERY),
    (Kind.UPS, Fault.BATTERY_LOW): on_the_ups(ups.Scenario.BATTERY_LOW),
}


def hanging(kind: Kind, use: Callable[[Path], tuple[Driver, Callable[[Command], object]]]) -> Scene:
    """The kernel does not answer for a contact or a light: a FIFO holds whoever opens it."""

    def play(stage: Stage) -> Fault | None:
        path = stage.use(Scratch("stuck")).path / "stuck"
        os.mkfifo(path)
        driver, verb = use(path)
        try:
            return run_out(kind, driver, verb)
        finally:
            os.close(os.open(path, os.O_RDWR | os.O_NONBLOCK))  # lets go of whoever waits

    return play


def presence(path: Path) -> tuple[Driver, Callable[[Command], object]]:
    """A presence sensor behind a file."""
    driver = ContactPresence(str(path))
    return driver, driver.somebody


def cabinet(path: Path) -> tuple[Driver, Callable[[Command], object]]:
    """A door contact behind a file."""
    driver = ContactCabinet(door=str(path))
    return driver, driver.status


def headset(path: Path) -> tuple[Driver, Callable[[Command], object]]:
    """The jack of a headset behind a file."""
    driver = EspeakSpeaker(headset=str(path))
    return driver, driver.headset


def light(path: Path) -> tuple[Driver, Callable[[Command], object]]:
    """A light, of which the kernel takes no word."""
    led = path.parent
    path.rename(led / "trigger")
    path.symlink_to(led / "trigger")
    driver = LedLights({"scanner": led.name}, folder=str(led.parent))
    return driver, lambda command: driver.show(Place.SCANNER, Glow.STEADY, command)


SCENES |= {
    (Kind.PRESENCE, Fault.HUNG): hanging(Kind.PRESENCE, presence),
    (Kind.CABINET, Fault.HUNG): hanging(Kind.CABINET, cabinet),
    (Kind.SPEAKER, Fault.HUNG): hanging(Kind.SPEAKER, headset),
    (Kind.LIGHTS, Fault.HUNG): hanging(Kind.LIGHTS, light),
}


class InTheKernel:
    """A driver whose question the kernel does not answer: it reads from a pipe into which nobody writes.

    The drivers of ID card reader, scanner and UPS have no far end that could hold them like this: every wait of
    theirs is bounded. What is left is a kernel driver that hangs, and the worker's word on it is the same for all.
    """

    def __init__(self) -> None:
        self._read, self._write = os.pipe()

    def status(self, command: Command) -> Status:
        """Comes back when it is closed."""
        os.read(self._read, 1)
        return Status(State.READY)

    def close(self) -> None:
        """Let go of whoever waits."""
        os.write(self._write, b".")


def in_the_kernel(kind: Kind) -> Scene:
    """The worker waits for a driver of this kind."""

    def play(stage: Stage) -> Fault | None:
        driver = stage.use(InTheKernel())
        return run_out(kind, driver, driver.status)

    return play


SCENES |= {(kind, Fault.HUNG): in_the_kernel(kind) for kind in (Kind.ID_CARD, Kind.SCANNER, Kind.UPS)}
