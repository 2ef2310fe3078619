"""The demo: an embedded centre, simulated far ends, the cable between, and the bench page over all of it."""

import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import uvicorn

from bench.cable import Cable
from bench.centre import EmbeddedCentre, demo_citizens
from bench.hands import Hands
from bench.page import Controls, Statuses, make_app
from kiosk.enrolment import enrol

PHONE_CODE_MARK = "GJJ1:"


@dataclass
class Demo:
    """Everything that stands in for the lobby."""

    folder: Path
    centre: EmbeddedCentre
    hands: Hands
    citizens: list[dict[str, Any]]

    @classmethod
    @contextmanager
    def prepare(cls) -> Iterator["Demo"]:
        """Start centre and simulators side by side; all of it ends with the context."""
        with tempfile.TemporaryDirectory(prefix="kiosk-demo-") as name, ThreadPoolExecutor(2) as pool:
            folder = Path(name)
            starting = pool.submit(EmbeddedCentre.start, folder)
            citizens = demo_citizens()
            hands = Hands(citizens)
            try:
                centre = starting.result()
                try:
                    data = folder / "kiosk"
                    enrol(f"http://127.0.0.1:{centre.port}", centre.enrolment_code(), "DEMO-01", data)
                    yield cls(folder, centre, hands, citizens)
                finally:
                    centre.stop()
            finally:
                hands.close()

    def overrides(self) -> dict[str, Any]:
        """Settings of the demo that win over the file's."""
        return {
            "kiosk": {"data": str(self.folder / "kiosk")},
            "devices": self.hands.settings(),
        }

    async def serve(self, port: int, cable: Cable, controls: Controls, statuses: Statuses) -> None:
        """The bench page on loopback, until cancelled."""
        app = make_app(self.hands, cable, self.citizens, controls, statuses, self._phone_code)
        config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off")
        server = uvicorn.Server(config)
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # the kiosk's own are in force
        try:
            await server.serve()
        finally:
            server.should_exit = True

    def _phone_code(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """What a citizen's phone would show: asked of the centre directly, not over the kiosk's cable."""
        answer = requests.post(
            f"http://127.0.0.1:{self.centre.port}/demo/phone-codes", json=dict(body), timeout=5
        )
        answer.raise_for_status()
        return {"text": PHONE_CODE_MARK + answer.json()["code"]}


async def open_cable(demo: Demo) -> tuple[Cable, int]:
    """The relay, and the port at which the kiosk finds its centre."""
    cable = Cable(demo.centre.port)
    return cable, await cable.open()
