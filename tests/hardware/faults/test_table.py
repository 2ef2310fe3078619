"""Every row of the fault table is made on the wire, and the driver names it; no row is there that none can name."""

from collections.abc import Iterator
from contextlib import ExitStack
from unittest.mock import patch

import pytest

from hardware.a4_printer.simulator import SimulatedA4Printer
from hardware.xfs4iot import client
from kiosk.faults import TABLE, Advice
from tests.hardware.faults import card_readers, printers, scanners, surroundings
from tests.hardware.faults.scene import SCENES, Stage

MODULES = (card_readers, printers, scanners, surroundings)


@pytest.fixture(scope="module")
def spooler() -> Iterator[list[SimulatedA4Printer]]:
    """The CUPS of all scenes that need one; it is started for the first."""
    made: list[SimulatedA4Printer] = []
    yield made
    for simulated in made:
        simulated.close()


@pytest.fixture
def stage(spooler: list[SimulatedA4Printer]) -> Iterator[Stage]:
    with ExitStack() as stack:
        stack.enter_context(
            patch.object(client, "STATUS_TIMEOUT_S", 0.8)
        )  # of a service that does not answer

        def well() -> SimulatedA4Printer:
            if not spooler:
                spooler.append(SimulatedA4Printer())
            stack.callback(spooler[0].recover)
            return spooler[0]

        yield Stage(stack, well)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.number}-{row.kind.value}-{row.fault.value}")
def test_a_row_is_made_on_the_wire(row: Advice, stage: Stage) -> None:
    assert (row.kind, row.fault) in SCENES, "nothing shows that this ever happens"
    assert SCENES[row.kind, row.fault](stage) is row.fault


def test_every_scene_plays_a_row() -> None:
    assert set(SCENES) <= {(row.kind, row.fault) for row in TABLE}
