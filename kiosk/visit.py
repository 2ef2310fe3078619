"""One citizen's visit: the only thing a flow can talk to, and the only place where personal data live.

A flow is a coroutine that asks, fetches, submits, reads, scans and prints through its Visit. Back drops the last
answer and runs the flow again from the top over what the visit remembers, so no flow has a back-stack. Leaving
is an exception at the await (kiosk.leaving). Nothing is tidied up field by field: the Visit is dropped, whole.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from hardware.cards import CardFault, NoCard
from hardware.device import Device, DeviceFault, Fault, Kind
from hardware.receipt_printer.interface import NotPrinted, Printed, PrintOutcome, SentToPrinter
from hardware.scanner.interface import Decoded, NothingSeen, ScanFault
from kiosk.contract.operations import OperationKind
from kiosk.contract.papers import PendingPaper
from kiosk.documents.letterhead import Desk
from kiosk.events import error_fields
from kiosk.faults import TRY_AGAIN, advice
from kiosk.handing_over import PaperOutcome, TakenBack, clear_mouth, see_taken
from kiosk.idle import Idle, patience
from kiosk.leaving import BackOut, Cancelled, CentralUnreachable, DeviceLost
from kiosk.line import Line, Refused, Unreachable
from kiosk.memory import Memory, Remembered
from kiosk.messages import Message, msg
from kiosk.operation_states import Draft, Record
from kiosk.operations import Operations, Paper, Result
from kiosk.print_jobs import Paper as PrintedPaper
from kiosk.print_jobs import job_of
from kiosk.prompts import Chrome, Gesture, Note, Present, Prompt, Working
from kiosk.settings import TimeoutSection
from kiosk.stage import Preferences, Stage, put
from kiosk.values import Name

WORKING_AFTER_S = 0.4
"""A fetch that takes longer than this says what it is doing; a quicker one changes nothing on the screen."""

READ_S = 8.0
"""One look for a card or a code; looks follow each other until the citizen goes."""

LOOK_AGAIN_S = 0.5
"""Before the next look: nobody takes a wrong card away faster, and a look at one can be over at once."""

AT_THE_CENTRE = Working(msg("working.centre"), msg("working.centre.long"))

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A")

Event = Callable[..., object]
"""Writes an event of the catalogue (config/events.toml): allow-listed fields only."""


@dataclass(frozen=True)
class _ReadBefore:
    """A card lies there, but the reader gives each card once: it has to be lifted first."""


class _GoBack(Exception):
    """Unwinds a flow to its beginning, to be run again without its last answer."""


@dataclass(frozen=True)
class Citizen:
    """Who is being served, as far as the screen may know."""

    name_masked: str = field(repr=False)
    id_number_masked: str = field(repr=False)


class Visit:
    """What a flow may do. Made for one citizen and dropped after them."""

    def __init__(
        self,
        *,
        stage: Stage,
        line: Line,
        devices: Mapping[Kind, Device[Any]],
        operations: Operations,
        idle: Idle,
        timeouts: TimeoutSection,
        preferences: Preferences,
        desk: Callable[[Preferences], Desk],
        event: Event,
        session: int,
        left_cards: set[Kind],
    ) -> None:
        self.line = line
        self.devices = devices
        self.preferences = preferences
        self._event = event
        self._session = session
        self._left_cards = left_cards
        self.citizen: Citizen | None = None
        self._operations = operations
        self._stage = stage
        self._desk = desk
        self._idle = idle
        self._timeouts = timeouts
        self._memory = Memory()
        self.submitted = False
        """Whether the centre has been asked to change its books in this visit."""

    def observe(self, event: str, **fields: object) -> None:
        """Write an event of this visit into the electronic journal."""
        self._event(event, session=self._session, **fields)

    def observe_error(self, error: Exception) -> None:
        """Write down an error of the program."""
        self._event("program-error", **error_fields(error))

    def desk(self) -> Desk:
        """Where, when and in which language paper is made for this citizen."""
        return self._desk(self.preferences)

    async def run(self, flow: Callable[["Visit"], Awaitable[T]]) -> T:
        """Run a flow to its end, back and forth as the citizen wishes. Raises Leave."""
        self._memory = Memory()
        while True:
            self._memory.rewind()
            try:
                return await flow(self)
            except _GoBack:
                if not self._memory.drop_last_answer():
                    raise BackOut from None

    # ---------------------------------------------------------------- the citizen

    async def ask(self, prompt: Prompt[A]) -> A:
        """Show a prompt and return its answer. Raises Cancelled, TimedOut."""
        if step := self._memory.recall(prompt):
            return step.came  # type: ignore[no-any-return]
        answer = await self.present(prompt, back=not self._memory.sealed)
        self._memory.keep(Remembered(prompt, answer, by_touch=True))
        return answer

    async def tell(self, prompt: Prompt[A]) -> A:
        """Show how something ended: asked like any prompt, but there is no way back from it."""
        return await self.present(prompt, back=False)

    async def present(self, prompt: Prompt[A], *, back: bool = True) -> A:
        """Show a prompt that no replay needs to know of."""
        reply = self._show(prompt, back=back)
        try:
            answer: A = _judged(await self._idle.wait(reply, self.preferences))
            return answer
        finally:
            reply.cancel()

    async def present_until(self, prompt: Prompt[A], changed: Awaitable[Any], *, again: bool) -> A | None:
        """Like `present`, but None as soon as `changed` comes true: what the prompt says is out of date. Shown
        `again` for that reason, it is no sign of life: the quiet before it counts on."""
        reply = self._show(prompt, back=False)
        try:
            came = await self._race(reply, changed, None, fresh=not again)
            return None if came is not reply else _judged(reply.result())
        finally:
            reply.cancel()

    def _show(self, prompt: Prompt[Any], *, back: bool, finish: bool = True) -> "asyncio.Future[Any]":
        greeting = msg("visit.greeting", name=Name(self.citizen.name_masked)) if self.citizen else None
        self.observe("prompt-shown", prompt=type(prompt).__name__)
        chrome = Chrome(back=back, finish=finish, greeting=greeting)
        return put(self._stage, prompt, chrome, self.preferences)

    async def _race(
        self, reply: "asyncio.Future[Any]", work: Awaitable[Any], idle_s: float | None, *, fresh: bool = True
    ) -> "asyncio.Future[Any]":
        """Whichever comes first, the citizen's reply or the work; the other is called off."""
        working = asyncio.ensure_future(work)
        waiting = asyncio.ensure_future(self._idle.wait(reply, self.preferences, idle_s, fresh=fresh))
        try:
            await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if reply.done():  # a touch wins over a device that answers in the same moment
                return reply
            if working.done():
                return working
            waiting.result()
            return reply
        finally:
            for task in (working, waiting):
                if not task.done():
                    task.cancel()

    # ---------------------------------------------------------------- the centre

    async def fetch(self, call: Callable[Concatenate[Line, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask the centre. Raises Refused, CentralUnreachable, Cancelled."""
        what = (call.__name__, args, tuple(sorted(kwargs.items())))
        if step := self._memory.recall(what):
            if step.raised:
                raise step.raised
            return step.came  # type: ignore[no-any-return]
        try:
            came = await self.ask_centre(call, *args, **kwargs)
        except Refused as refusal:
            self._memory.keep(Remembered(what, None, raised=refusal))
            raise
        self._memory.keep(Remembered(what, came))
        return came

    async def ask_centre(
        self, call: Callable[Concatenate[Line, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Like `fetch`, for what no replay needs to know of."""
        try:
            return await self._while_working(asyncio.to_thread(call, self.line, *args, **kwargs))
        except Unreachable as problem:
            raise CentralUnreachable(problem.cause) from None
        except Refused as refusal:
            self.observe("operation-refused", problem=refusal.problem.value)
            raise

    async def make(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What a pure function of the arguments comes to, off the window's thread: a replay works it out again."""
        making = asyncio.to_thread(work, *args, **kwargs)
        return await self._while_working(making, Working(msg("working.paper")))

    async def _while_working(self, work: Awaitable[T], shown: Working = AT_THE_CENTRE) -> T:
        """Wait for work; when it takes long, say so and let the citizen leave."""
        working = asyncio.ensure_future(work)
        try:
            await asyncio.wait({working}, timeout=WORKING_AFTER_S)
            if not working.done():
                reply = self._show(shown, back=False)
                await asyncio.wait({working, reply}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise Cancelled
            return working.result()
        finally:
            working.cancel()

    async def submit(self, draft: Draft) -> Result:
        """Have the centre change its books, once. From here there is no back, no cancel and no idle end until
        the outcome is known or is being processed."""
        self.submitted = True
        self._memory.sealed = True
        self._show(Working(msg("working.submit"), msg("working.submit.long")), back=False, finish=False)
        return await asyncio.shield(asyncio.ensure_future(self._operations.perform(draft)))

    # ---------------------------------------------------------------- devices

    async def read_card(self, kind: Kind, prompt: Present) -> Any:
        """The card's data, once there is one that can be read. Raises DeviceLost, Cancelled, TimedOut."""
        if kind in self._left_cards:
            await self._see_left_card_taken(kind, prompt)

        def taken(came: Any) -> Any:
            return came if not isinstance(came, NoCard | CardFault | _ReadBefore) else None

        return await self._use(kind, "read", prompt, taken)

    async def _see_left_card_taken(self, kind: Kind, prompt: Present) -> None:
        """What an earlier citizen left in the reader is not read: a stranger's wrong passwords would lock it."""
        device = self.devices.get(kind)
        reply = self._show(replace(prompt, note=Note("attention", msg("take.left-card"))), back=True)
        fresh = True
        while device and await self._look(device, "present", reply, fresh=fresh, again=not fresh):
            fresh = False
        self._left_cards.discard(kind)

    async def scan(self, prompt: Present, accept: Callable[[str], T | None], wrong: Message) -> T:
        """What `accept` makes of a code's text; a code it does not know is answered with `wrong`."""

        def taken(came: Any) -> T | Message | None:
            if not isinstance(came, Decoded):
                return None
            accepted = accept(came.text)
            if accepted is None:
                self._event("bad-scan", reason="unknown-code")
            return wrong if accepted is None else accepted

        return await self._use(Kind.SCANNER, "scan", prompt, taken)  # type: ignore[no-any-return]

    async def _use(self, kind: Kind, verb: str, prompt: Present, taken: Callable[[Any], Any]) -> Any:
        """Look again and again until `taken` is satisfied; a Message from it is shown and the look repeated. What
        lies there unchanged has been judged: it is not written down, shown and said at every look."""
        if step := self._memory.recall((kind, verb)):
            return step.came
        device = self.devices.get(kind)
        if device is None:
            raise DeviceLost(kind, Fault.DISCONNECTED)
        reply = self._show(prompt, back=True)
        told: list[Message] = []
        before: Any = None
        fresh = True
        while True:
            came = await self._look(device, verb, reply, fresh=fresh, again=before is not None)
            fresh = False
            if came == before:
                continue
            before = came
            result = taken(came)
            if result is not None and not isinstance(result, Message):
                reply.cancel()
                self._stage.sound("done")  # the hand may leave the reader
                self._memory.keep(Remembered((kind, verb), result))
                return result
            trouble = self._trouble(kind, came) if result is None else result
            if trouble is not None:
                self._stage.sound("wrong")
                # somebody is at it; told again, it may be a card that was left there
                fresh = trouble not in told
                told.append(trouble)
                reply.cancel()
                reply = self._show(replace(prompt, note=Note("attention", trouble)), back=True)

    async def _look(
        self, device: Device[Any], verb: str, reply: "asyncio.Future[Any]", *, fresh: bool, again: bool
    ) -> Any:
        """One look at a device; one that is not `fresh` lets the quiet before it count on."""

        async def look() -> Any:
            await asyncio.sleep(LOOK_AGAIN_S if again else 0)
            came = await device.run(getattr(device.driver, verb), READ_S)
            if isinstance(came, NoCard) and await device.run(device.driver.present, READ_S):
                return _ReadBefore()
            return came

        try:
            first = await self._race(reply, look(), self._timeouts.device_s, fresh=fresh)
            return _judged(first.result())
        except DeviceFault as fault:
            raise self._lost(device.kind, fault.fault) from None

    def _trouble(self, kind: Kind, came: Any) -> Message | None:
        match came:
            case NoCard() | NothingSeen():
                return None
            case _ReadBefore():
                return msg("present.lift-again")
            case CardFault(fault=fault) | ScanFault(fault=fault):
                if fault in TRY_AGAIN:
                    self.observe("fault", fault=advice(kind, fault).number)
                    return advice(kind, fault).citizen
                raise self._lost(kind, fault)
            case _:
                raise self._lost(kind, Fault.PROTOCOL)

    def _lost(self, kind: Kind, fault: Fault) -> DeviceLost:
        self.observe("fault", fault=advice(kind, fault).number)
        return DeviceLost(kind, fault)

    async def print(self, paper: PrintedPaper) -> PaperOutcome:
        """Print, and see the paper into the citizen's hand. How it ends is a value; there is no back from it."""
        self._memory.sealed = True
        kind, job, limit_s = job_of(paper)
        printer = self.devices.get(kind)
        if printer is None:
            return NotPrinted(Fault.DISCONNECTED)
        self._show(Working(msg("working.print")), back=False, finish=False)
        try:
            if kind is Kind.RECEIPT_PRINTER:
                await clear_mouth(printer, self._event)
            printing = asyncio.ensure_future(
                printer.run(lambda command: printer.driver.print(job, command), limit_s)
            )
            outcome: PrintOutcome = await asyncio.shield(printing)
        except DeviceFault as fault:
            outcome = NotPrinted(fault.fault, begun=True)
        if kind is not Kind.RECEIPT_PRINTER or not isinstance(outcome, Printed | SentToPrinter):
            return outcome  # no A4 printer can tell whether its paper was taken
        return outcome if await self._handed_over(printer) else TakenBack()

    async def print_paper(
        self, operation: UUID, kind: OperationKind, make: Callable[[int], PrintedPaper], copy: int = 1
    ) -> PaperOutcome:
        """Print the paper of an operation, journalled before its first byte and after its last.

        `make` is given the copy number that the paper must bear, off the window's thread. Raises JournalBroken.
        """
        number = await self._operations.print_started(operation, copy, kind)
        outcome = await self.print(await asyncio.to_thread(make, number))
        match outcome:
            case Printed():
                await self._operations.printed(operation)
            case NotPrinted(begun=False):
                await self._operations.print_missed(operation)
            case _:  # also of one that was pulled back: the citizen has none
                await self._operations.print_unsure(operation)
        return outcome

    async def close_paper(self, operation: UUID) -> None:
        """The citizen has been told, and has the paper or did not want it. Raises JournalBroken."""
        await self._operations.close(operation)

    async def known_here(self, number: str) -> tuple[Record, ...]:
        """What this kiosk's journal says of a business number. Raises JournalBroken."""
        return await self._operations.known_here(number)

    async def papers_owed(self, open_operations: tuple[PendingPaper, ...]) -> tuple[Paper, ...]:
        """Papers of earlier visits that may not have come out. Raises JournalBroken."""
        return await self._operations.unfinished_papers(open_operations)

    async def _handed_over(self, printer: Device[Any]) -> bool:
        try:
            return await see_taken(
                printer,
                lambda prompt: self._show(prompt, back=False, finish=False),
                self._event,
                self._timeouts.paper_s * patience(self.preferences, self._timeouts),
            )
        except DeviceFault as fault:
            self.observe("fault", fault=advice(printer.kind, fault.fault).number)
            return True


def _judged(answer: Any) -> Any:
    if answer is Gesture.FINISH:
        raise Cancelled
    if answer is Gesture.BACK:
        raise _GoBack
    return answer
