from pathlib import Path

import pytest

from hardware.cabinet.contact import ContactCabinet
from hardware.contacts import Contact, SimulatedContact
from hardware.device import Command, Fault, State
from hardware.lights.interface import Glow, Place
from hardware.lights.leds import LedLights
from hardware.presence.contact import ContactPresence

SOON = Command(1)


def test_a_word_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "state"
    file.write_text("HEADPHONE=1\n")
    assert Contact(file, "HEADPHONE=1").says() is True
    assert Contact(file, "HEADPHONE=0").says() is False
    assert Contact(tmp_path / "none").says() is None
    assert Contact(tmp_path).says() is None


def test_presence(tmp_path: Path) -> None:
    sensor = SimulatedContact(tmp_path / "value")
    presence = ContactPresence(str(sensor.contact.path))
    assert presence.somebody(SOON) is False
    quiet = presence.status(SOON)
    sensor.set(True)
    assert presence.somebody(SOON) is True
    assert presence.status(SOON) == quiet  # people coming and going are no change of the device
    sensor.break_off()
    assert presence.somebody(SOON) is None
    assert presence.status(SOON).fault is Fault.DISCONNECTED
    sensor.set(False)
    assert presence.status(SOON).state is State.READY


def test_cabinet(tmp_path: Path) -> None:
    door, tamper = SimulatedContact(tmp_path / "door"), SimulatedContact(tmp_path / "tamper")
    cabinet = ContactCabinet(str(door.contact.path), str(tamper.contact.path))
    assert cabinet.status(SOON).state is State.READY
    assert cabinet.status(SOON).detail == {"door": "closed", "tamper": "ok"}
    door.set(True)
    assert (cabinet.status(SOON).state, cabinet.status(SOON).fault) == (State.DEGRADED, Fault.DOOR_OPEN)
    tamper.set(True)
    assert (cabinet.status(SOON).state, cabinet.status(SOON).fault) == (State.OUT_OF_SERVICE, Fault.TAMPERED)
    tamper.set(False)
    door.break_off()
    assert cabinet.status(SOON).detail["door"] == "unknown"
    assert cabinet.status(SOON).state is State.READY
    tamper.break_off()
    assert cabinet.status(SOON).fault is Fault.DISCONNECTED


def test_a_cabinet_with_one_contact(tmp_path: Path) -> None:
    door = SimulatedContact(tmp_path / "door")
    cabinet = ContactCabinet(door=str(door.contact.path), open_word="0")
    assert cabinet.status(SOON).fault is Fault.DOOR_OPEN
    door.set(True)
    assert cabinet.status(SOON).detail == {"door": "closed", "tamper": "unknown"}
    with pytest.raises(ValueError, match="without any contact"):
        ContactCabinet()


def test_lights(tmp_path: Path) -> None:
    led = tmp_path / "green"
    led.mkdir()
    (led / "max_brightness").write_text("255\n")
    (led / "brightness").write_text("0\n")
    lights = LedLights({"id_card": "green"}, folder=str(tmp_path))
    assert lights.status(SOON).state is State.READY
    assert lights.show(Place.ID_CARD, Glow.STEADY, SOON) is True
    assert (led / "brightness").read_text() == "255"
    assert lights.show(Place.ID_CARD, Glow.FLASHING, SOON) is True
    assert (led / "trigger").read_text() == "timer"
    assert lights.show(Place.ID_CARD, Glow.OFF, SOON) is True
    assert ((led / "trigger").read_text(), (led / "brightness").read_text()) == ("none", "0")
    assert lights.show(Place.SCANNER, Glow.STEADY, SOON) is False


def test_a_light_that_is_not_there(tmp_path: Path) -> None:
    lights = LedLights({"scanner": "red"}, folder=str(tmp_path))
    assert lights.status(SOON).detail == {"lights": "1", "missing": "scanner"}
    assert lights.status(SOON).state is State.DEGRADED
    assert lights.show(Place.SCANNER, Glow.STEADY, SOON) is False
    with pytest.raises(ValueError, match="cellar"):
        LedLights({"cellar": "red"})
