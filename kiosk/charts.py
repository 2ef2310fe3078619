"""Charts in data: what is drawn, and what a voice says for it. The screen decides how each looks.

A chart never carries colour: layers differ by pattern and name, bars by their label.
"""

from dataclasses import dataclass
from datetime import date

from kiosk.contract.money import Fen
from kiosk.messages import Message, Part


@dataclass(frozen=True)
class BalanceCourse:
    """A balance over time: `amounts[n]` holds from `days[n]` until the next day of the list, the last until `until`."""

    title: Message
    says: Message
    days: tuple[date, ...]
    amounts: tuple[Fen, ...]
    until: date


@dataclass(frozen=True)
class Layer:
    """What one part of every year's payments goes to."""

    name: Message
    amounts: tuple[Fen, ...]


@dataclass(frozen=True)
class YearlySums:
    """Sums by year, layers one on another, the first at the foot."""

    title: Message
    says: Message
    years: tuple[int, ...]
    layers: tuple[Layer, ...]


@dataclass(frozen=True)
class Bar:
    """A bar `size` long, with its value in words. `before` is how it is now: drawn hatched."""

    name: Message
    value: Part
    size: int
    before: bool = False


@dataclass(frozen=True)
class Bars:
    """The same figure in several cases, to be weighed: bars of one scale, from zero."""

    title: Message
    says: Message
    bars: tuple[Bar, ...]


Chart = BalanceCourse | YearlySums | Bars
