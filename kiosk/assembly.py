"""Puts a kiosk together: journal, line, devices, terminal and voice, around one window."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Any, Protocol, cast

from hardware.device import Device, Kind, Status
from hardware.last_faults import FILE as LAST_FAULTS
from hardware.last_faults import LastFaults
from hardware.speaker.interface import Cue
from kiosk.centre_port import LinePort
from kiosk.contract.catalogue import load_catalogue
from kiosk.documents.a4.press import press
from kiosk.enrolment import load_identity
from kiosk.exchange import Exchange
from kiosk.flows.supervisor.console import Ending, Workshop
from kiosk.health import HealthBoard
from kiosk.heartbeat import beat, product_version
from kiosk.journal import Journal, JournalBroken
from kiosk.line import Line
from kiosk.logs import log
from kiosk.messages import Part, msg
from kiosk.operations import Operations
from kiosk.resolver import Resolver
from kiosk.runtime import AsyncioRuntime
from kiosk.service_switch import ServiceSwitch
from kiosk.services import services
from kiosk.settings import ROOT, Settings
from kiosk.staff import Staff
from kiosk.stage import Preferences, Stage
from kiosk.supervisor import Supervisor
from kiosk.terminal import Parts, Terminal
from kiosk.voice import Said, Voice, VoiceKey


class Window(Stage, Protocol):
    """A stage with all that happens around prompts: what the voice follows, what staff touch, what fails."""

    preferences: Preferences
    on_error: Callable[[Exception], None]
    on_secret: Callable[[], None]
    on_screen: Callable[[tuple[Part, ...]], None]
    on_focus: Callable[[tuple[Part, ...]], None]
    on_voice_key: Callable[[str], None]
    on_sound: Callable[[Cue], None]

    def caption(self, part: Part | None, rate: float) -> None:
        """What the voice begins to say, at so many times its usual pace; None when it is silent."""
        ...


@dataclass(frozen=True)
class Surroundings:
    """What the kiosk stands among: `url` is where it asks the centre, `site` where phones find the centre's pages;
    `said` hears what the voice says, `end` is how staff end the program."""

    url: str
    site: str
    said: Callable[[Said], None]
    end: Callable[[Ending], None]


def assemble(
    settings: Settings,
    devices: Mapping[Kind, Device[Any]],
    stage: Window,
    around: Surroundings,
    cleanup: AsyncExitStack,
) -> tuple[Coroutine[Any, Any, None], ...]:
    """Build the parts; what they hold open ends with `cleanup`. Returns what is to run beside the window.

    Raises JournalBroken and NotEnrolled.
    """
    board = HealthBoard()
    loop = asyncio.get_running_loop()

    def broken(problem: JournalBroken) -> None:
        loop.call_soon_threadsafe(board.stop, msg("out-of-service.journal"))

    journal = Journal(settings.data / "journal.db", on_broken=broken)
    cleanup.callback(journal.close)
    journal.event("terminal-start", version=product_version())
    cleanup.callback(journal.event, "terminal-stop", disposition="stopped")
    runtime = AsyncioRuntime()
    cleanup.push_async_callback(runtime.close)
    line = Line(around.url, load_identity(settings.data), ca=settings.centre.ca)
    exchange = Exchange(journal, LinePort(line), runtime)
    resolver = Resolver(journal, exchange, runtime)
    operations = Operations(journal, exchange, runtime, resolver.follow)

    last_faults = LastFaults(settings.data / LAST_FAULTS)

    def changed(kind: Kind, old: Status, new: Status) -> None:
        board.report_device(kind, new)
        last_faults.note(kind, new, runtime.now())
        words = {"device": kind.value, "old": old.state.value, "new": new.state.value}
        fault = {"fault": new.fault.value} if new.fault else {}
        journal.event("device-changed", **words, **fault)
        log().info("device-changed", device=kind.value, state=new.state.value, **fault)

    cleanup.push_async_callback(_close, devices)
    for device in devices.values():
        device.on_change = changed
        device.start()
    if Kind.A4_PRINTER in devices:
        loop.run_in_executor(None, lambda: press().warm())
    switch = ServiceSwitch(settings.data, board, journal.event, lambda: not journal.broken)
    switch.restore()
    staff = Staff(settings.data)
    parts = Parts(
        settings=settings,
        stage=stage,
        line=line,
        devices=devices,
        operations=operations,
        services=services(load_catalogue(ROOT / "config" / "services"), around.site),
        board=board,
        event=journal.event,
        supervisor=Supervisor(
            Workshop(settings, stage, line, devices, operations, board, journal, staff, switch, around.end)
        ),
    )

    terminal = Terminal(parts)
    stage.on_error = terminal.abort
    stage.on_secret = terminal.call_staff
    voice = Voice(devices.get(Kind.SPEAKER), on_said=around.said, on_saying=stage.caption)
    cleanup.callback(voice.stop)
    stage.on_screen = lambda words: voice.screen(stage.preferences, words)
    stage.on_focus = voice.focus
    stage.on_sound = voice.cue
    stage.on_voice_key = lambda name: voice.key(cast("VoiceKey", name))

    async def serve() -> None:
        with suppress(JournalBroken):  # the board knows it: the kiosk is out of service
            await resolver.recover()
        await terminal.run()

    heart = beat(line, board, journal, operations)
    listen = (voice.follow_headset(),) if Kind.SPEAKER in devices else ()
    return serve(), heart, *listen


async def _close(devices: Mapping[Kind, Device[Any]]) -> None:
    """Let go of all devices at once: one that hangs must not use up the time of the others."""
    with ThreadPoolExecutor(max(1, len(devices)), thread_name_prefix="close") as closing:
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(closing, device.close) for device in devices.values()))
