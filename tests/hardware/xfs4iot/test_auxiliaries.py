from hardware.device import Command, Fault, State
from hardware.lights.interface import Glow, Place
from hardware.xfs4iot.auxiliaries import XfsCabinet, XfsLights, XfsPresence, XfsUps
from hardware.xfs4iot.simulator import Scenario, SimulatedProvider


def test_presence(provider: SimulatedProvider) -> None:
    presence = XfsPresence(provider.uri)
    assert presence.status(Command(3)).state is State.READY
    assert presence.somebody(Command(3)) is False
    provider.devices.auxiliaries["proximitySensor"] = "present"
    assert presence.somebody(Command(3)) is True
    del provider.devices.auxiliaries["proximitySensor"]
    assert presence.somebody(Command(3)) is None
    presence.close()


def test_cabinet(provider: SimulatedProvider) -> None:
    cabinet = XfsCabinet(provider.uri)
    assert cabinet.status(Command(3)).state is State.READY
    provider.devices.auxiliaries["cabinetFrontDoor"] = "open"
    assert cabinet.status(Command(3)).fault is Fault.DOOR_OPEN
    provider.devices.auxiliaries["tamperSensor"] = "on"
    assert cabinet.status(Command(3)).fault is Fault.TAMPERED
    provider.fail(Scenario.PROVIDER_DEAD)
    assert cabinet.status(Command(3)).state is State.DISCONNECTED
    cabinet.close()


def test_ups(provider: SimulatedProvider) -> None:
    ups = XfsUps(provider.uri)
    assert ups.status(Command(3)).state is State.READY
    provider.devices.auxiliaries["UPS"] = {"low": False, "engaged": True, "powering": True}
    assert ups.status(Command(3)).fault is Fault.ON_BATTERY
    provider.devices.auxiliaries["UPS"] = {"low": True, "engaged": True, "powering": True}
    assert ups.status(Command(3)).fault is Fault.BATTERY_LOW
    ups.close()


def test_lights(provider: SimulatedProvider) -> None:
    lights = XfsLights(provider.uri)
    assert lights.status(Command(3)).state is State.READY
    assert lights.show(Place.JOINT_CARD, Glow.FLASHING, Command(3)) is True
    assert lights.show(Place.IN_SERVICE, Glow.STEADY, Command(3)) is True
    assert provider.devices.lights == {"cardReader": "medium", "statusInService": "continuous"}
    provider.fail(Scenario.NOT_READY)
    assert lights.show(Place.JOINT_CARD, Glow.OFF, Command(3)) is False
    lights.close()
