"""The demo: an embedded centre, simulated far ends, the cable between, and the bench page over all of it."""

import asyncio
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import requests

from bench.cable import Cable
from bench.centre import EmbeddedCentre
from bench.hands import Hands
from central.demo.citizens import CITIZENS
from central.demo.listing import rows
from hardware.a4_printer.daemons import unavailable as a4_unavailable
from kiosk.enrolment import enrol
from kiosk.staff import Role, Staff
from kiosk.voice import Said

if TYPE_CHECKING:
    from bench.page import Controls, Statuses

STAFF = (("100001", Role.OPERATOR), ("200002", Role.ENGINEER))
"""The demo's staff: five touches on the emblem ask for the number, then for the PIN."""

STAFF_PIN = "482913"

PHONE_CODE_MARK = "GJJ1:"
HEARD_PIECES = 2000
"""What the voice has said lately; the bench shows it to those who test without sight."""


class Demo:
    """Everything that stands in for the lobby."""

    def __init__(self, centre: EmbeddedCentre, *, a4: bool = False) -> None:
        """Begin: the kiosk is enrolled as soon as the centre is up, meanwhile. `a4`: with an A4 printer if it runs."""
        self._centre, self._data = centre, centre.folder / "kiosk"
        self.heard: deque[Said] = deque(maxlen=HEARD_PIECES)
        self.citizens = rows(CITIZENS)
        clerk = ThreadPoolExecutor(1, thread_name_prefix="enrolment")
        self._enrolled = clerk.submit(self._enrol)
        clerk.shutdown(wait=False)
        without = a4_unavailable() if a4 else None
        if without:
            sys.stderr.write(f"The demo has no A4 printer: {without}\n")
        self.hands = Hands(self.citizens, a4=a4 and not without)

    @classmethod
    @contextmanager
    def begin(cls, centre: EmbeddedCentre, *, a4: bool = False) -> Iterator["Demo"]:
        """A demo whose devices end with the context."""
        demo = cls(centre, a4=a4)
        with closing(demo.hands):
            yield demo

    async def connect(self) -> tuple[Cable, str]:
        """Lay the cable to the centre, once this kiosk is enrolled there; the URL at the cable's end.
        Raises NoCentre, NotEnrolled."""
        await asyncio.to_thread(self.enrolled)
        cable = Cable(int(self.site_url.rsplit(":", 1)[1]))
        return cable, f"http://127.0.0.1:{await cable.open()}"

    def enrolled(self) -> None:
        """Wait until the centre knows this kiosk. Raises NoCentre, NotEnrolled."""
        self._enrolled.result()

    @property
    def site_url(self) -> str:
        """Where phones find the centre's pages. Waits for the centre; raises NoCentre."""
        return self._centre.ready()

    def _enrol(self) -> None:
        answer = requests.post(f"{self.site_url}/demo/enrolment-codes", timeout=5)
        enrol(self.site_url, answer.json()["code"], "DEMO-01", self._data)

    def _add_staff(self) -> None:
        staff = Staff(self._data)
        for number, role in STAFF:
            staff.add(number, role, STAFF_PIN)

    def overrides(self) -> dict[str, Any]:
        """Settings of the demo that win over the file's."""
        return {
            "kiosk": {"data": str(self._data)},
            "devices": self.hands.settings(),
        }

    async def serve(self, port: int, cable: Cable, controls: "Controls", statuses: "Statuses") -> None:
        """The bench page on loopback, until cancelled."""
        await asyncio.to_thread(self._add_staff)
        import uvicorn  # late, as the page below: the window need not wait for a web server

        from bench.page import make_app

        app = make_app(self.hands, cable, self.citizens, controls, statuses, self._phone_code, self.heard)
        config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off")
        server = uvicorn.Server(config)
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # the kiosk's own are in force
        try:
            await server.serve()
        finally:
            server.should_exit = True

    def _phone_code(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """What a citizen's phone would show: asked of the centre directly, not over the kiosk's cable."""
        answer = requests.post(f"{self.site_url}/demo/phone-codes", json=dict(body), timeout=5)
        answer.raise_for_status()
        return {"text": PHONE_CODE_MARK + answer.json()["code"]}
