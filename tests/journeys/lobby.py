"""What stands around a headless visit: one kiosk without a window, and a scripted citizen."""

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from hardware.device import Kind
from kiosk.centre_port import LinePort
from kiosk.contract.catalogue import load_catalogue
from kiosk.exchange import Exchange
from kiosk.health import HealthBoard
from kiosk.journal import Journal
from kiosk.operations import Operations
from kiosk.prompts import Begin, Chrome, Prompt
from kiosk.resolver import Resolver
from kiosk.runtime import AsyncioRuntime
from kiosk.services import Service, services
from kiosk.settings import ROOT, Settings, load
from kiosk.stage import Preferences, Reply, Sound
from kiosk.terminal import Parts, Terminal
from kiosk.visit import Visit
from tests.journeys.canary import CANARY_CARD, CANARY_ID, CANARY_NAME, CANARY_PASSWORD
from tests.journeys.held_devices import HeldDevice, devices
from tests.journeys.table_centre import TableCentre, TableLine

GUIDE_HOST = "http://127.0.0.1:8800/"

# ------------------------------------------------------------------ the citizen


Answer = Callable[[Prompt[Any]], Any]
SILENCE = object()
"""The citizen does nothing."""


class ScriptedCitizen:
    """kiosk.stage.Stage as one citizen: answers each prompt as `answer` says, and remembers what was shown."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.on_activity: Callable[[], None] = lambda: None
        self.on_listening: Callable[[], None] = lambda: None
        self.preferences = Preferences()
        self.shown: list[Prompt[Any]] = []
        self.chromes: list[Chrome] = []
        self.warnings: list[int | None] = []
        self.sounds: list[Sound] = []

    def show(self, prompt: Prompt[Any], chrome: Chrome, preferences: Preferences, reply: Reply) -> None:
        self.shown.append(prompt)
        self.preferences = preferences
        self.chromes.append(chrome)
        answer = self.answer(prompt)
        if answer is not SILENCE:
            loop = asyncio.get_running_loop()
            loop.call_soon(self.on_activity)
            loop.call_soon(reply, answer)

    def warn(self, seconds_left: int | None) -> None:
        self.warnings.append(seconds_left)

    def sound(self, sound: Sound) -> None:
        self.sounds.append(sound)

    def names(self) -> list[str]:
        """The prompts that were shown, by class."""
        return [type(prompt).__name__ for prompt in self.shown]


# ------------------------------------------------------------------ one kiosk


@dataclass
class Lobby:
    """A kiosk without a window: one terminal, one journal, one citizen after another."""

    folder: Path
    centre: TableCentre = field(default_factory=TableCentre)
    devices: dict[Kind, HeldDevice] = field(default_factory=devices)
    settings: Settings = field(default_factory=cache(load))
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    terminals: list[Terminal] = field(default_factory=list)

    async def serve(
        self, citizen: ScriptedCitizen, beside: Callable[[HealthBoard], Awaitable[None]] | None = None
    ) -> "Afterwards":
        """One whole visit, with whatever happens `beside` it. Returns what is left of it."""
        made: list[weakref.ref[Visit]] = []
        async with self._terminal(citizen) as terminal:
            happening = asyncio.ensure_future(beside(terminal.board)) if beside else None
            with watching(made):
                await terminal.serve(Begin("zh"), Preferences())
            if happening:
                happening.cancel()
            del terminal
        return Afterwards(self, citizen, made)

    async def run_until(self, citizen: ScriptedCitizen, condition: Callable[[], bool]) -> None:
        """Let the terminal run, attract screen and all, until `condition` holds."""
        async with self._terminal(citizen) as terminal:
            running = asyncio.ensure_future(terminal.run())
            while not condition():  # noqa: ASYNC110 - time is virtual: this costs nothing
                await asyncio.sleep(1)
            running.cancel()
            await asyncio.wait({running})

    @asynccontextmanager
    async def _terminal(self, citizen: ScriptedCitizen) -> AsyncIterator[Terminal]:
        board = HealthBoard()
        for kind, device in self.devices.items():
            board.report_device(kind, device.status)
        journal = Journal(self.folder / "journal.db")
        runtime = AsyncioRuntime()
        line = TableLine(self.centre)
        exchange = Exchange(journal, LinePort(line), runtime)
        resolver = Resolver(journal, exchange, runtime)

        def event(name: str, **fields: Any) -> object:
            self.events.append((name, fields))
            return journal.event(name, **fields)

        parts = Parts(
            settings=self.settings,
            stage=citizen,
            line=line,
            devices=self.devices,  # type: ignore[arg-type]
            operations=Operations(journal, exchange, runtime, resolver.follow),
            services=menu(),
            board=board,
            event=event,
        )
        self.terminals.append(Terminal(parts))
        try:
            yield self.terminals[-1]
        finally:
            await runtime.close()
            journal.close()


@cache
def menu() -> Mapping[str, Service]:
    """The services that the product has."""
    return services(load_catalogue(ROOT / "config" / "services"), GUIDE_HOST)


@contextmanager
def watching(made: "list[weakref.ref[Visit]]") -> Iterator[None]:
    """Keep a weak hold on every visit that is made."""
    original = Visit.__init__

    def init(self: Visit, **parts: Any) -> None:
        made.append(weakref.ref(self))
        original(self, **parts)

    Visit.__init__ = init  # type: ignore[method-assign]
    try:
        yield
    finally:
        Visit.__init__ = original  # type: ignore[method-assign]


@dataclass
class Afterwards:
    """What is left when the citizen has gone."""

    lobby: Lobby
    citizen: ScriptedCitizen
    visits: "list[weakref.ref[Visit]]"

    def assert_wiped(self) -> None:
        """One visit, ended once, gone from memory; the journal tells nothing about the citizen."""
        names = [name for name, _ in self.lobby.events]
        assert names.count("session-begin") == names.count("session-end") == 1
        gc.collect()  # only now: the loop's threads have ended, and hold no error that leads to the visit
        assert [visit() for visit in self.visits] == [None], "a visit is still in memory"
        written = str(self.lobby.events) + (self.lobby.folder / "journal.db").read_bytes().decode("latin-1")
        for canary in (CANARY_ID, CANARY_CARD, CANARY_PASSWORD, CANARY_NAME):
            assert canary not in written
            assert canary.encode().decode("latin-1") not in written

    @property
    def disposition(self) -> str:
        """How the visit ended, as the journal has it."""
        return next(fields["disposition"] for name, fields in self.lobby.events if name == "session-end")
