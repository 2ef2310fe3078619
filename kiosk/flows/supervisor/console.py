"""What the supervisor's pages may use: prompts, devices, the journal. The counterpart of a visit, for staff."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from hardware.device import Device, Kind
from kiosk.documents.letterhead import Desk
from kiosk.health import HealthBoard
from kiosk.idle import Idle
from kiosk.journal import Journal
from kiosk.leaving import Cancelled
from kiosk.line import Line
from kiosk.messages import Message, Part, msg
from kiosk.operations import Operations
from kiosk.prompts import Action, Chrome, Gesture, Note, Outcome, OutcomeKind, Prompt, Row, Working
from kiosk.service_switch import ServiceSwitch
from kiosk.settings import Settings
from kiosk.staff import Member, Role, Staff
from kiosk.stage import Preferences, Stage, put
from kiosk.values import Name

STAFF_IDLE_S = 180.0
"""Staff look into the cabinet in between; then the pages close by themselves. Who has not signed in yet may be a child
at play: then the kiosk is as quickly back for citizens as after any visit."""

A = TypeVar("A")

Ending = Literal["restart", "shutdown"]


@dataclass(frozen=True)
class Workshop:
    """All that the pages reach; put together once, in kiosk/assembly.py. `end` ends the program."""

    settings: Settings
    stage: Stage
    line: Line
    devices: Mapping[Kind, Device[Any]]
    operations: Operations
    board: HealthBoard
    journal: Journal
    staff: Staff
    switch: ServiceSwitch
    end: Callable[[Ending], None]


@dataclass
class Console:
    """One opening of the pages, by one of the staff."""

    shop: Workshop
    idle: Idle
    member: Member | None = None
    preferences: Preferences = field(default_factory=Preferences)

    @property
    def engineer(self) -> bool:
        """Whether the engineer's pages are open too."""
        return self.member is not None and self.member.role is Role.ENGINEER

    async def ask(self, prompt: Prompt[A], *, back: bool = True) -> A | None:
        """The answer to a prompt, None for Back. Raises Cancelled (finish), TimedOut."""
        reply = self._show(prompt, Chrome(back=back, finish=True))
        try:
            answer: A | Gesture = await self._wait(reply)
            return _judged(answer)
        finally:
            reply.cancel()

    async def ask_living(self, make: Callable[[], Awaitable[Prompt[A]]]) -> A | None:
        """Like `ask`; the prompt is made anew whenever the health of the kiosk has changed, and shown when it then
        says something else. That is no sign of life: the quiet counts on."""
        shown, reply = None, None
        try:
            while True:
                changed = asyncio.ensure_future(self.shop.board.changed())
                either = None
                try:
                    prompt = await make()
                    again = reply is not None
                    if prompt != shown or reply is None:
                        if reply:
                            reply.cancel()
                        shown = prompt
                        reply = self._show(prompt, Chrome(back=True, finish=True, anew=again))
                    either = asyncio.ensure_future(
                        asyncio.wait({reply, changed}, return_when=asyncio.FIRST_COMPLETED)
                    )
                    await self._wait(either, fresh=not again)
                    if reply.done():
                        answer: A | Gesture = reply.result()
                        return _judged(answer)
                finally:
                    changed.cancel()
                    if either:
                        either.cancel()
        finally:
            if reply:
                reply.cancel()

    async def _wait(self, reply: "asyncio.Future[Any]", *, fresh: bool = True) -> Any:
        limit_s = STAFF_IDLE_S if self.member else None
        return await self.idle.wait(reply, self.preferences, limit_s, fresh=fresh)

    async def tell(
        self,
        kind: OutcomeKind,
        title: Message,
        *explain: Message,
        rows: tuple[Row, ...] = (),
        number: str | None = None,
    ) -> None:
        """How something ended, until it is acknowledged."""
        done = (Action("done", msg("supervisor.continue"), "primary", icon="check"),)
        label = msg("number.fault") if number else None
        await self.ask(Outcome(kind, title, None, rows, explain, number, label, done), back=False)

    async def sure(self, deed: Message, title: Message, *explain: Message) -> bool:
        """Ask before a deed that cannot be undone by another touch."""
        actions = (
            Action("no", msg("supervisor.no"), "secondary", icon="x"),
            Action("yes", deed, "primary", icon="check"),
        )
        return await self.ask(Outcome(OutcomeKind.TROUBLE, title, explain=explain, actions=actions)) == "yes"

    def working(self, title: Message) -> None:
        """Say what the kiosk is doing; nothing can be touched meanwhile."""
        self._show(Working(title), Chrome())

    def show(self, prompt: Prompt[Any]) -> None:
        """Show a prompt that a device answers, not a touch."""
        self._show(prompt, Chrome())

    def journal(self, action: str, kind: Kind | None = None) -> None:
        """Write down what staff did."""
        device = {"device": kind.value} if kind else {}
        self.shop.journal.event("supervisor-action", action=action, **device)

    def desk(self) -> Desk:
        """Where and when a slip for staff is made."""
        return Desk.at(self.shop.settings, self.preferences.language)

    def _show(self, prompt: Prompt[Any], chrome: Chrome) -> "asyncio.Future[Any]":
        self.shop.journal.event("prompt-shown", prompt=type(prompt).__name__)
        return put(self.shop.stage, prompt, chrome, self.preferences)


def _judged(answer: A | Gesture) -> A | None:
    if answer is Gesture.FINISH:
        raise Cancelled
    return None if isinstance(answer, Gesture) else answer


def plain(text: str) -> Message:
    """A word of the machine's own (a serial number, a setting) as a label or a value."""
    return msg("text", text=Name(text, personal=False))


def attention(text: Message) -> Note:
    """A remark that staff should not overlook."""
    return Note("attention", text)


def row(key: str, value: Part, *, strong: bool = False) -> Row:
    """A line of `supervisor.<key>`."""
    return Row(msg(f"supervisor.{key}"), value, strong)
