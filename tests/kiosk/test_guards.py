"""What can still be done with whatever is broken: every set of devices, with and without the centre."""

from itertools import combinations
from typing import Literal

import pytest

from hardware.device import Fault, Kind, State, Status
from kiosk.contract.catalogue import load_catalogue
from kiosk.guards import Situation, between_visits
from kiosk.health import Health
from kiosk.messages import msg
from kiosk.prompts import Attract, OutOfService
from kiosk.services import services, tile
from kiosk.settings import ROOT

READERS = {Kind.ID_CARD, Kind.JOINT_CARD, Kind.SCANNER}
PRINTERS = {Kind.RECEIPT_PRINTER, Kind.A4_PRINTER}
KINDS = sorted(READERS | PRINTERS)
BROKEN = [set(chosen) for count in range(len(KINDS) + 1) for chosen in combinations(KINDS, count)]
SERVICES = services(load_catalogue(ROOT / "config" / "services"), "https://centre.example")
WITHOUT_ANYTHING = {"guides"}
ON_PAPER = {"statement", "certificates"}


def health(broken: set[Kind], centre: Literal["up", "down"] = "up") -> Health:
    out = Status(State.OUT_OF_SERVICE, Fault.HARDWARE)
    return Health(centre, {kind: out if kind in broken else Status(State.READY) for kind in KINDS})


@pytest.mark.parametrize("centre", ["up", "down"])
@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: "+".join(sorted(broken)) or "nothing")
def test_everything_that_can_still_work_does(broken: set[Kind], centre: Literal["up", "down"]) -> None:
    now = health(broken, centre)
    expected = set(WITHOUT_ANYTHING)
    if centre == "up" and READERS - broken:
        expected |= set(SERVICES) - ON_PAPER
        if PRINTERS - broken:
            expected |= ON_PAPER
    offered = {key for key, service in SERVICES.items() if tile(service, now).enabled}
    assert offered == expected
    shown = between_visits(Situation((), False, now), tuple(SERVICES.values()), msg("text", text="x"))
    assert isinstance(shown, Attract)
    assert [name.key for name in shown.services] == [f"service.{key}" for key in SERVICES if key in expected]
    assert bool(shown.notices) == (offered != set(SERVICES)), (
        "what is not offered has its reason on the idle screen"
    )
    assert shown.identifies == (offered != WITHOUT_ANYTHING), "nobody is asked for a card that is of no use"


def test_the_reason_is_the_first_that_stands_in_the_way() -> None:
    now = health(set(KINDS), "down")
    shown = between_visits(Situation((), False, now), tuple(SERVICES.values()), msg("text", text="x"))
    assert isinstance(shown, Attract)
    assert [note.text.key for note in shown.notices] == ["need.centre"]


def test_staff_and_a_stop_go_before_what_works() -> None:
    everything, window = tuple(SERVICES.values()), msg("text", text="x")
    assert between_visits(Situation((), True, health(set())), everything, window) is None
    stopped = Health("up", health(set()).devices, msg("out-of-service.cleaning"))
    shown = between_visits(Situation((), False, stopped), everything, window)
    assert isinstance(shown, OutOfService)
    assert shown.reason.key == "out-of-service.cleaning"
