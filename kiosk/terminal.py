"""The terminal: attract, visit, attract again, for as long as it runs.

Between visits the guards decide what is shown. A visit is one object; when it ends, for whatever reason, it is
dropped, the centre is told, and a card or paper left behind is called out.
"""

import asyncio
import gc
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from hardware.device import Device, DeviceFault, Kind
from kiosk import central
from kiosk.documents.a4.press import forget as forget_papers
from kiosk.documents.letterhead import Desk
from kiosk.events import error_fields
from kiosk.faults import advice
from kiosk.flows.identify import identify
from kiosk.flows.outcomes import refused, unfinished
from kiosk.guards import Situation, between_visits
from kiosk.health import HealthBoard
from kiosk.idle import Idle, patience
from kiosk.journal import JournalBroken
from kiosk.leaving import BackOut, Cancelled, CentralUnreachable, DeviceLost, Leave
from kiosk.line import Line, Refused, Unreachable
from kiosk.messages import Message, msg
from kiosk.operations import Operations
from kiosk.prompts import Action, Begin, Chrome, Menu, Note, Outcome, OutcomeKind, Present, Prompt, Working
from kiosk.services import Service, tile
from kiosk.settings import Settings
from kiosk.stage import Preferences, Stage, put
from kiosk.supervisor import Supervisor
from kiosk.values import Bilingual
from kiosk.visit import Event, Visit

CARD_POLL_S = 0.5
FORGET_TOUCHES_S = 120.0
"""A text size or language that was set on the idle screen and not used is forgotten after this long."""

FORGET_S = 3.0
"""How long the end of a visit waits for the centre: a visit that is not ended there runs out by itself."""

CENTRE_NUMBER = "800"
UNEXPECTED_NUMBER = "999"


@dataclass(frozen=True)
class Parts:
    """What a terminal is made of; put together once, in kiosk/assembly.py."""

    settings: Settings
    stage: Stage
    line: Line
    devices: Mapping[Kind, Device[Any]]
    operations: Operations
    services: Mapping[str, Service]
    board: HealthBoard
    event: Event
    supervisor: Supervisor | None = None


class Terminal:
    """One kiosk, serving one citizen after another."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._idle = Idle(parts.stage, parts.settings.timeouts)
        centre = parts.settings.centre
        self._session = 0
        self._serving: asyncio.Task[None] | None = None
        self._switching_off = False
        self._staff = asyncio.Event()
        self._left_cards: set[Kind] = set()
        """Readers with a card in them that nobody took when it was called for."""
        self._window = msg("out-of-service.window", window=Bilingual(centre.window_zh, centre.window_en))

    @property
    def board(self) -> HealthBoard:
        """Where devices and the line report."""
        return self._parts.board

    async def run(self) -> None:
        """Serve until cancelled."""
        gc.freeze()  # the program itself stays: nobody need search it after each visit
        while True:
            preferences = Preferences(language=self._parts.settings.language)
            begun = await self._wait_for_citizen(preferences)
            if self._staff.is_set() and self._parts.supervisor:
                await self._until_done(self._parts.supervisor.serve(self._idle))
            elif begun:
                await self._until_done(self.serve(begun, preferences))
            self._staff.clear()

    async def _until_done(self, work: Coroutine[Any, Any, None]) -> None:
        self._serving = asyncio.ensure_future(work)
        try:
            await asyncio.wait({self._serving})
        except asyncio.CancelledError:
            self._switching_off = True  # the kiosk is: the visit ends while its devices are there
            self._serving.cancel()
            await asyncio.wait({self._serving})
            raise
        self._serving = None
        # An error that was raised on the way and the frames that it passed hold each other, and through them the visit:
        # it must not live on until the interpreter happens to look.
        gc.collect()

    def call_staff(self) -> None:
        """The touches that only staff know. In a visit, and without a supervisor, they do nothing."""
        if self._parts.supervisor and self._serving is None:
            self._staff.set()

    def abort(self, error: Exception) -> None:
        """The window has failed in mid-visit: end the visit and begin afresh. Nothing is lost: what was submitted
        is followed by the resolver."""
        self._parts.event("program-error", **error_fields(error))
        if self._serving:
            self._serving.cancel()

    async def _wait_for_citizen(self, preferences: Preferences) -> Begin | None:
        """Show what the guards say until somebody begins, and let them set their `preferences` on it. None when staff
        have come, or nobody was at it for a while: what was set is to be forgotten."""
        parts = self._parts
        self._idle.touched()
        while (left_s := FORGET_TOUCHES_S - self._idle.quiet_s()) > 0:
            situation = Situation((), supervisor=self._staff.is_set(), health=parts.board.health)
            prompt = between_visits(situation, tuple(parts.services.values()), self._window)
            if prompt is None:
                return None
            if begun := await self._begun_or_changed(prompt, preferences, left_s):
                return begun
        return None

    async def _begun_or_changed(
        self, prompt: Prompt[Any], preferences: Preferences, most_s: float
    ) -> Begin | None:
        """The answer of the idle screen; None when what it says is out of date."""
        parts = self._parts
        reply = put(parts.stage, prompt, Chrome(), preferences)
        others = {asyncio.ensure_future(parts.board.changed()), asyncio.ensure_future(self._staff.wait())}
        if parts.supervisor:
            others.add(asyncio.ensure_future(self._staff_card(parts.supervisor)))
        try:
            await asyncio.wait({reply, *others}, return_when=asyncio.FIRST_COMPLETED, timeout=most_s)
            return reply.result() if reply.done() else None
        finally:
            for other in others:
                other.cancel()

    async def _staff_card(self, supervisor: Supervisor) -> None:
        await supervisor.card_laid()
        self.call_staff()

    async def serve(self, begin: Begin, preferences: Preferences) -> None:
        """One visit, from the first touch to the empty screen."""
        parts = self._parts
        self._session += 1
        preferences.language = begin.language
        if begin.elder:
            preferences.elder, preferences.text_size = True, "large"
        visit = Visit(
            stage=parts.stage,
            line=parts.line,
            devices=parts.devices,
            operations=parts.operations,
            idle=self._idle,
            timeouts=parts.settings.timeouts,
            preferences=preferences,
            desk=self._desk,
            event=parts.event,
            session=self._session,
            left_cards=self._left_cards,
        )
        parts.event("session-begin", session=self._session, language=begin.language, elder=begin.elder)
        disposition = "error"
        try:
            await self._menu(visit)
            disposition = "out-of-service"
        except Cancelled:
            disposition = "finished"
        except Leave as leave:
            disposition = leave.reason
        except JournalBroken:
            disposition = "out-of-service"
        except Exception as error:  # the last net: whatever it was, the visit is over and the kiosk goes on
            visit.observe_error(error)
        finally:
            try:
                await self._end(visit)
            finally:
                parts.event("session-end", session=self._session, disposition=disposition)

    def _desk(self, preferences: Preferences) -> Desk:
        large = preferences.elder or preferences.text_size != "normal"
        return Desk.at(self._parts.settings, preferences.language, large=large)

    async def _menu(self, visit: Visit) -> None:
        """The menu, again and again, until the citizen leaves. Ends when the kiosk has gone out of service meanwhile:
        what stands on the idle screen then says why."""
        board, services = self._parts.board, self._parts.services
        chosen: str | None = ""
        while not board.health.stopped:
            offline = (Note("attention", msg("menu.offline")),) if board.health.centre == "down" else ()
            tiles = tuple(tile(service, board.health) for service in services.values())
            menu = Menu(msg("menu.title"), tiles, offline)
            chosen = await visit.present_until(menu, board.changed(), again=chosen is None)
            goes_on = chosen
            while goes_on:
                goes_on = await self._run(visit, services[goes_on])

    async def _run(self, visit: Visit, service: Service) -> str | None:
        """One service, and a face for each way in which it can end early."""
        visit.observe("service-begin", service=service.key)
        disposition = "finished"
        try:
            if service.identified and visit.citizen is None:
                await unfinished(visit, await visit.run(identify))
            return await visit.run(service.flow)
        except BackOut:
            disposition = "cancelled"
        except Refused as refusal:
            disposition = "refused"
            await visit.tell(refused(refusal.problem.value, detail=refusal.detail))
        except CentralUnreachable as lost:
            disposition = lost.reason
            self._parts.board.report_centre(False)
            await visit.tell(
                trouble(msg("centre.unreachable"), msg("centre.unreachable.instead"), CENTRE_NUMBER)
            )
        except DeviceLost as lost:
            disposition = lost.reason
            row = advice(lost.kind, lost.fault)
            await visit.tell(trouble(msg("device.lost"), row.citizen, row.number))
        except Leave as leave:
            disposition = leave.reason
            raise
        except (asyncio.CancelledError, JournalBroken):
            disposition = "error"
            raise
        except Exception as error:
            disposition = "error"
            visit.observe_error(error)
            said = msg("unexpected.submitted" if visit.submitted else "unexpected.instead")
            await visit.tell(trouble(msg("unexpected.title"), said, UNEXPECTED_NUMBER))
        finally:
            visit.observe("service-end", service=service.key, disposition=disposition)
        return None

    async def _end(self, visit: Visit) -> None:
        """Take the visit off the screen, let press and centre forget, and call out a card that was left behind."""
        forgetting = asyncio.ensure_future(_forget(visit.line)) if visit.citizen is not None else None
        # at once: whoever touched "finish" walks off, and neither a slow centre nor a slow reader may keep this on show
        self._parts.stage.show(Working(msg("working.clear")), Chrome(), visit.preferences, lambda value: None)
        if not self._switching_off:  # a dark screen calls nobody back
            for kind, key in ((Kind.ID_CARD, "take.id-card"), (Kind.JOINT_CARD, "take.joint-card")):
                await self._call_out(kind, msg(key), visit.preferences)
        if forgetting:
            await forgetting

    async def _call_out(self, kind: Kind, title: Message, preferences: Preferences) -> None:
        device = self._parts.devices.get(kind)
        if device is None or not device.status.usable:
            return
        called = False
        loop = asyncio.get_running_loop()
        timeouts = self._parts.settings.timeouts
        until = loop.time() + timeouts.paper_s * patience(preferences, timeouts)
        try:
            while await device.run(device.driver.present, 2.0):
                if not called:
                    prompt = Present("take_card", title, msg("take.card.explain"))
                    self._parts.stage.show(prompt, Chrome(), preferences, lambda value: None)
                    self._parts.event("left-behind", what="card")
                called = True
                if loop.time() >= until:
                    self._left_cards.add(kind)
                    return
                await asyncio.sleep(CARD_POLL_S)
            self._left_cards.discard(kind)
        except DeviceFault:
            pass  # its watcher reports it; an empty screen must not wait for a dead reader


async def _forget(line: Line) -> None:
    await asyncio.to_thread(forget_papers)
    try:
        async with asyncio.timeout(FORGET_S):
            await asyncio.to_thread(central.end_visit, line)
    except (Unreachable, Refused, TimeoutError):
        pass  # the token runs out by itself


def trouble(title: Message, explain: Message, number: str) -> Outcome:
    """A device or the line has failed: what to do next, and the number for the help desk."""
    return Outcome(
        OutcomeKind.TROUBLE,
        title,
        explain=(explain,),
        number=number,
        number_label=msg("number.fault"),
        actions=(Action("done", msg("action.menu"), "primary", icon="menu"),),
    )
