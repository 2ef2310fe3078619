"""Prompts: what a citizen is asked or told, in data. The screen decides how it looks and speaks.

Each class has one screen module of the same name in screens/. `Prompt[A]` is answered with an A.
Prompts are compared by value: a flow that is replayed must ask the same again.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Generic, Literal, TypeVar

from kiosk.charts import Chart
from kiosk.contract.money import Fen
from kiosk.contract.wire import Language
from kiosk.messages import Message, Part
from kiosk.values import Yuan

A = TypeVar("A")


class Gesture(StrEnum):
    """What can be answered to any prompt whose chrome allows it."""

    BACK = "back"
    FINISH = "finish"  # finish and clear 结束并清除


@dataclass(frozen=True)
class Step:
    """Where in a service the citizen is: shown as dots "2 / 4"."""

    number: int
    of: int


@dataclass(frozen=True)
class Prompt(Generic[A]):
    """Base of all prompts. Those inside a service say its `step`."""


@dataclass(frozen=True)
class Chrome:
    """What stands around a prompt: set by the visit, never by a flow."""

    back: bool = False  # Back is offered
    finish: bool = False  # "finish and clear" is offered
    greeting: Message | None = None  # who is being served, masked
    anew: bool = False  # the same prompt, following the devices: the finger that is on it stays on it
    demo: bool = False


Style = Literal["primary", "secondary", "money"]
"""`money`: the point of no return; the largest target on the screen."""


@dataclass(frozen=True)
class Action:
    """A button. A disabled one stays visible with its reason."""

    key: str
    label: Message
    style: Style = "secondary"
    reason: Message | None = None  # why it cannot be used now; None = enabled
    icon: str = ""

    @property
    def enabled(self) -> bool:
        return self.reason is None


@dataclass(frozen=True)
class Row:
    """A label and its value; `emphasis` for the lines that count."""

    label: Part
    value: Part
    emphasis: bool = False


@dataclass(frozen=True)
class Figure:
    """The hero of a screen: an amount with its label."""

    label: Message
    amount: Yuan
    note: Message | None = None


Tone = Literal["plain", "success", "attention", "refusal"]


@dataclass(frozen=True)
class Note:
    """A remark with colour + icon + word."""

    tone: Tone
    text: Message


# ------------------------------------------------------------------ outside a visit


@dataclass(frozen=True)
class Begin:
    """How a visit was begun: which language was touched, and whether the large-text mode was."""

    language: Language
    elder: bool = False


@dataclass(frozen=True)
class Attract(Prompt[Begin]):
    """The idle screen: what can be done here, and one touch to begin, in either language."""

    services: tuple[Message, ...]
    notices: tuple[Note, ...] = ()
    identifies: bool = True  # card, or code, is of use here now


@dataclass(frozen=True)
class OutOfService(Prompt[None]):
    """Nothing can be done here now: why, where to go instead, and the number for the help desk."""

    reason: Message
    instead: Message
    number: str


@dataclass(frozen=True)
class SettingsError(Prompt[None]):
    """The kiosk is set up wrongly: every error at once, for the installer."""

    errors: tuple[str, ...]


@dataclass(frozen=True)
class FirstRun(Prompt[None]):
    """The kiosk is set up but not enrolled: for the installer, who makes it known to its centre from a shell."""

    kiosk: str  # its id in the settings
    centre: str  # the address of the centre's API
    version: str
    command: str  # what enrols it


@dataclass(frozen=True)
class Updating(Prompt[None]):
    """An update is being installed over this version; nothing can be done here for some minutes."""

    version: str
    instead: Message


# ------------------------------------------------------------------ choosing


@dataclass(frozen=True)
class Tile:
    """A service on the menu. An unavailable one keeps its place, with the reason where its line was."""

    key: str
    group: Literal["look", "money", "print", "guides"]
    icon: str
    name: Message
    line: Message
    reason: Message | None = None

    @property
    def enabled(self) -> bool:
        return self.reason is None


@dataclass(frozen=True)
class Menu(Prompt[str]):
    """The services; answered with a tile's key."""

    title: Message
    tiles: tuple[Tile, ...]
    notices: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Option:
    """One thing to choose; `value` is the answer. `rows` are its facts."""

    title: Message
    value: Any
    line: Part | None = None
    rows: tuple[Row, ...] = ()
    figure: Figure | None = None
    icon: str = ""
    reason: Message | None = None
    badge: Message | None = None  # "less interest"

    @property
    def enabled(self) -> bool:
        return self.reason is None


@dataclass(frozen=True)
class Choose(Prompt[Any]):
    """A list of options, paged when long."""

    title: Message
    options: tuple[Option, ...]
    step: Step | None = None
    explain: Message | None = None
    note: Note | None = None


@dataclass(frozen=True)
class Compare(Prompt[Any]):
    """Two (or three) options side by side with the same rows, so that they can be weighed."""

    title: Message
    options: tuple[Option, ...]
    step: Step | None = None
    explain: Message | None = None
    chart: Chart | None = None


@dataclass(frozen=True)
class Period:
    """A span of days, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class ChoosePeriod(Prompt[Period]):
    """A preset, or two dates by touch, within bounds."""

    title: Message
    presets: tuple[tuple[Message, Period], ...]
    earliest: date
    latest: date
    step: Step | None = None


# ------------------------------------------------------------------ entering


@dataclass(frozen=True)
class EnterDigits(Prompt[str]):
    """Digits on the screen's own keypad; `masked` for a password. Answered when all are in."""

    title: Message
    length: int
    masked: bool = False
    group: int = 0  # digits in a group, 0 = none
    explain: Message | None = None
    note: Note | None = None
    step: Step | None = None


@dataclass(frozen=True)
class EnterAmount(Prompt[Fen]):
    """An amount within bounds that are stated before anything is typed."""

    title: Message
    minimum: Fen
    maximum: Fen
    multiple_of: Fen
    quick: tuple[tuple[Message, Fen], ...] = ()
    explain: Message | None = None
    note: Note | None = None
    step: Step | None = None


# ------------------------------------------------------------------ showing and deciding


@dataclass(frozen=True)
class Facts(Prompt[str]):
    """Figures and what can be done with them; answered with an action's key."""

    title: Message
    figure: Figure | None = None
    rows: tuple[Row, ...] = ()
    more: tuple[tuple[Message, tuple[Row, ...]], ...] = ()  # further cards with a heading
    notes: tuple[Note, ...] = ()
    actions: tuple[Action, ...] = ()
    step: Step | None = None
    chart: Chart | None = None


@dataclass(frozen=True)
class Column:
    label: Message
    amount: bool = False  # right-aligned in tabular figures


@dataclass(frozen=True)
class Table(Prompt[str]):
    """Rows that may fill several pages; `summary` stays in sight."""

    title: Message
    columns: tuple[Column, ...]
    rows: tuple[tuple[Part, ...], ...]
    summary: tuple[Row, ...] = ()
    actions: tuple[Action, ...] = ()
    empty: Message | None = None
    step: Step | None = None
    chart: Chart | None = None


@dataclass(frozen=True)
class CheckItem:
    text: Message
    passed: bool
    detail: Message | None = None
    source: Message | None = None


@dataclass(frozen=True)
class Checklist(Prompt[str]):
    """What must be so, and whether it is; every refusal says what to do instead."""

    title: Message
    items: tuple[CheckItem, ...]
    note: Note | None = None
    actions: tuple[Action, ...] = ()
    step: Step | None = None


@dataclass(frozen=True)
class Consent(Prompt[Literal[True]]):
    """Plain sentences to agree to; the button says what is agreed."""

    title: Message
    paragraphs: tuple[Message, ...]
    agree: Message
    step: Step | None = None


@dataclass(frozen=True)
class GuideSection:
    heading: Message
    items: tuple[Part, ...]
    numbered: bool = False
    icon: str = ""


@dataclass(frozen=True)
class Guide(Prompt[str]):
    """A business guide with the code that opens it on a phone; paged, answered with an action's key."""

    title: Part
    line: Part
    sections: tuple[GuideSection, ...]
    code_text: str  # what the QR code says
    actions: tuple[Action, ...] = ()


class OutcomeKind(StrEnum):
    DONE = "done"
    PENDING = "pending"  # being processed; never called failed
    REFUSED = "refused"  # the centre said no; nothing has moved
    TROUBLE = "trouble"  # a device or the line


@dataclass(frozen=True)
class Outcome(Prompt[str]):
    """How it ended: what happened, what to do next, the number to quote."""

    kind: OutcomeKind
    title: Message
    figure: Figure | None = None
    rows: tuple[Row, ...] = ()
    explain: tuple[Message, ...] = ()
    number: str | None = None  # business number or fault number
    number_label: Message | None = None
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class Preview(Prompt[str]):
    """The paper before it is printed: one PNG a page, and what it `says` for who cannot look at them."""

    title: Message
    pages: tuple[bytes, ...] = field(repr=False)
    actions: tuple[Action, ...] = ()
    explain: Message | None = None
    says: tuple[Part, ...] = field(default=(), repr=False)


# ------------------------------------------------------------------ hands and waiting


Hand = Literal["id_card", "joint_card", "phone_code", "guide_code", "take_card", "take_paper"]


@dataclass(frozen=True)
class Present(Prompt[None]):
    """What the hand should do, with a picture for this kiosk's own layout. A device answers, not a touch."""

    hand: Hand
    title: Message
    explain: Message
    note: Note | None = None  # what went wrong the last time
    step: Step | None = None


@dataclass(frozen=True)
class Working(Prompt[None]):
    """The kiosk is busy: what it is doing, and after a while what else the citizen can do."""

    title: Message
    explain: Message | None = None
