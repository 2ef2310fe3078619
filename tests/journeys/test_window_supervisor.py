"""Staff at the real window: in by the corner, a test print, out of service, and a restart."""

from contextlib import suppress
from pathlib import Path

import pytest
import requests

from bench.demo import STAFF, STAFF_PIN
from scripts.display import VirtualDisplay
from tour.citizen import Citizen
from tour.glass import Glass
from tour.kiosk import DemoKiosk, KioskGone

pytestmark = pytest.mark.window

SIZE = (1080, 1920)
EMBLEM = (60, 90)
EXIT_RESTART = 75


def test_staff_come_in_test_the_printer_stop_the_service_and_restart(tmp_path: Path) -> None:
    with VirtualDisplay(*SIZE) as display:
        glass = Glass(display.name)
        kiosk = DemoKiosk(display.name, SIZE, tmp_path / "kiosk.log")
        try:
            staff = Citizen(kiosk, glass)
            for _ in range(4):
                glass.tap(*EMBLEM)
            glass.settle()
            assert kiosk.shown().screen == "Attract", "four touches open nothing"
            glass.tap(*EMBLEM)
            staff.wait_for("supervisor.number", screen="EnterDigits")
            staff.confirm(STAFF[0][0])
            staff.wait_for("supervisor.pin")
            staff.confirm(STAFF_PIN)
            staff.wait_for("supervisor.title")
            staff.touch("supervisor.devices")
            staff.wait_for("device.receipt_printer")
            staff.touch("device.receipt_printer")
            staff.wait_for("supervisor.state")
            before = kiosk.slips()
            staff.touch("supervisor.test")
            staff.wait_for("supervisor.test-passed")
            assert kiosk.slips() == before + 1
            staff.touch("supervisor.continue")
            staff.touch("screen.back")
            staff.wait_for("supervisor.devices")
            staff.touch("screen.back")
            staff.wait_for("supervisor.title")
            staff.touch("supervisor.service")
            staff.touch("out-of-service.cleaning")
            staff.wait_for("supervisor.stopped")
            staff.touch("supervisor.continue")
            staff.wait_for("supervisor.title")
            staff.touch("screen.finish")
            staff.wait_for("out-of-service.cleaning", screen="OutOfService")
            for _ in range(5):
                glass.tap(*EMBLEM)
            staff.wait_for("supervisor.number")
            staff.confirm(STAFF[0][0])
            staff.wait_for("supervisor.pin")
            staff.confirm(STAFF_PIN)
            staff.wait_for("supervisor.title")
            staff.touch("supervisor.restart")
            staff.wait_for("supervisor.restart.sure")
            with suppress(requests.ConnectionError, KioskGone):  # it ends while it is being looked at
                staff.touch("supervisor.restart")
            assert kiosk.process.wait(20) == EXIT_RESTART
        finally:
            if kiosk.process.poll() is None:
                kiosk.close()
            glass.close()
