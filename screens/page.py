"""A page: what a screen puts between header and footer. How it is laid out, divided and paged is arrange.py."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kiosk.messages import Message, Part
from kiosk.prompts import Step
from screens.widgets.button import Button
from screens.widgets.node import Node


@dataclass
class Page:
    """What a screen shows. Of `flow`, `choices` and `sheets` it has one."""

    title: Part | Node | None = None
    explain: Message | None = None
    step: Step | None = None
    kept: Sequence[Node] = ()  # under the title on every page, whatever the room: what is being entered
    fixed: Sequence[Node] = ()  # under the title on every page, where there is room
    extra: Sequence[Node] = ()  # under what is fixed, if everything then still stands on one page
    scenery: Node | None = None  # fills what is left over; it says nothing
    flow: Sequence[Node] = ()  # one after the other, in columns, over pages
    flow_columns: tuple[int, int] = (1, 2)  # upright, lying
    choices: Sequence[Node] = ()  # a grid of things to touch, over pages
    choice_columns: tuple[int, int] = (1, 2)
    tallest_mm: float = 0  # choices grow to this height when there is room; 0: they do not grow
    most: int = 0  # choices on one page; 0: as many as fit
    sheets: Sequence[Node] = ()  # each takes a page of its own
    side: Node | None = None  # a keypad or a picture: beside on a lying panel, below on an upright one
    side_is_control: bool = True
    side_share: float = 0.5
    pinned: Sequence[Node] = ()  # above the footer
    actions: Sequence[Button] = ()  # secondary, above the footer
    primary: Button | None = None  # in the footer
    centred: bool = False  # a few words in the middle of the glass
    otherwise: "Page | None" = None  # shown in its stead where it takes more than one page


@dataclass
class Turning:
    """Which page of how many is shown; `turn` shows another."""

    number: int
    turn: Callable[[int], None]
    count: int = field(default=1, init=False)
