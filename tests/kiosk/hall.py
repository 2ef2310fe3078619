"""A kiosk with staff before it: devices held in memory, a centre of a table, and answers from a script."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kiosk.centre_port import LinePort
from kiosk.enrolment import ID_FILE, KEY_FILE
from kiosk.events import catalogue
from kiosk.exchange import Exchange
from kiosk.flows.supervisor.console import Ending, Workshop
from kiosk.health import HealthBoard
from kiosk.idle import Idle
from kiosk.journal import Journal
from kiosk.operations import Operations
from kiosk.prompts import Choose, EnterDigits, Facts, Gesture, Outcome, Prompt, Table
from kiosk.runtime import AsyncioRuntime
from kiosk.service_switch import ServiceSwitch
from kiosk.settings import load
from kiosk.supervisor import Supervisor
from tests.journeys.held_devices import devices
from tests.journeys.lobby import SILENCE, ScriptedCitizen
from tests.journeys.table_centre import TableCentre, TableLine
from tests.journeys.virtual_time import run_virtually
from tests.kiosk.test_staff import two_staff

NOW = datetime(2026, 11, 22, tzinfo=UTC)


class Hall:
    """A kiosk with staff before it: `script` are their answers, in order; then they finish."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = load(overrides={"kiosk": {"data": str(folder)}})
        self.centre = TableCentre()
        self.centre.instead["POST /v1/kiosks/current/heartbeat"] = {"time": "2026-11-22T00:00:00Z"}
        self.devices = devices()
        self.endings: list[Ending] = []
        self.key = Ed25519PrivateKey.generate()
        pem = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / KEY_FILE).write_bytes(pem)
        (folder / ID_FILE).write_text("TEST-01")
        self.staff = two_staff(folder)
        self.shown: list[Prompt[Any]] = []
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.stopped: list[Any] = []
        self.disk_fails = False
        self.took_s = 0.0

    def visit(self, *script: Any) -> None:
        """Let staff do what the script says."""
        run_virtually(self._visit(list(script)))

    async def _visit(self, script: list[Any]) -> None:
        def answer(prompt: Prompt[Any]) -> Any:
            if not isinstance(prompt, EnterDigits | Choose | Facts | Table | Outcome):
                return SILENCE
            if not script:
                return Gesture.FINISH
            given = script.pop(0)
            if callable(given):
                given(board)
                return SILENCE
            if isinstance(given, str) and isinstance(prompt, Choose) and given not in set(Gesture):
                return next(o.value for o in prompt.options if getattr(o.value, "key", o.value) == given)
            return given

        board = HealthBoard()
        citizen = ScriptedCitizen(answer)
        journal = Journal(self.folder / "journal.db")
        runtime = AsyncioRuntime()
        line = TableLine(self.centre)
        operations = Operations(
            journal, Exchange(journal, LinePort(line), runtime), runtime, lambda id_: None
        )
        switch = ServiceSwitch(self.folder, board, journal.event, lambda: not journal.broken)
        switch.restore()
        shop = Workshop(
            self.settings, citizen, line, self.devices, operations, board, journal, self.staff, switch,
            self.endings.append,
        )  # type: ignore[arg-type]  # fmt: skip
        if self.disk_fails:
            journal._submit(journal._store.close).result()
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            await Supervisor(shop).serve(Idle(citizen, self.settings.timeouts))
            self.took_s = loop.time() - began
            self.shown = citizen.shown
            if self.disk_fails:
                return
            names = {kind.number: kind.name for kind in catalogue().values()}
            rows = await journal.recent(1000)
            self.events = [(names[row[2]], json.loads(row[3])) for row in reversed(rows)]
            self.stopped.append(board.health.stopped)
        finally:
            await runtime.close()
            journal.close()

    def actions(self) -> list[str]:
        """What the journal says staff did."""
        return [fields["action"] for name, fields in self.events if name == "supervisor-action"]

    def named(self, name: str) -> list[dict[str, Any]]:
        """The fields of the events of a name."""
        return [fields for found, fields in self.events if found == name]
