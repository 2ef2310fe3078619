from collections.abc import Iterator

import pytest

from hardware.device import Command, Fault, State
from hardware.ups.judge import judge
from hardware.ups.nut import NutUps
from hardware.ups.simulator import NAME, Scenario, SimulatedUps


@pytest.fixture
def upsd() -> Iterator[SimulatedUps]:
    upsd = SimulatedUps()
    yield upsd
    upsd.close()


def test_mains_and_battery(upsd: SimulatedUps) -> None:
    ups = NutUps(NAME, port=upsd.port)
    assert ups.status(Command(1)).state is State.READY
    upsd.fail(Scenario.ON_BATTERY)
    assert (ups.status(Command(1)).state, ups.status(Command(1)).fault) == (State.DEGRADED, Fault.ON_BATTERY)
    upsd.fail(Scenario.BATTERY_LOW)
    assert (ups.status(Command(1)).state, ups.status(Command(1)).fault) == (
        State.OUT_OF_SERVICE,
        Fault.BATTERY_LOW,
    )
    upsd.recover()
    assert ups.status(Command(1)).state is State.READY


@pytest.mark.parametrize("scenario", [Scenario.STALE, Scenario.NONSENSE, Scenario.DRIPPING])
def test_upsd_without_an_answer(scenario: Scenario, upsd: SimulatedUps) -> None:
    upsd.fail(scenario)
    assert NutUps(NAME, port=upsd.port).status(Command(1)).fault is Fault.NO_ANSWER


def test_another_name_or_nobody(upsd: SimulatedUps) -> None:
    assert NutUps("another", port=upsd.port).status(Command(1)).fault is Fault.NO_ANSWER
    port = upsd.port
    upsd.close()
    assert NutUps(NAME, port=port).status(Command(1)).fault is Fault.DISCONNECTED


def test_a_name_that_would_be_a_command() -> None:
    with pytest.raises(ValueError, match="no name"):
        NutUps("kiosk ups.status\nFSD kiosk")


def test_a_battery_to_be_replaced_is_told_on_mains() -> None:
    status = judge(on_battery=False, battery_low=True, detail={})
    assert (status.state, status.fault) == (State.DEGRADED, Fault.BATTERY_LOW)
