"""Policy by date: each row holds from its day until the next row's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

T = TypeVar("T")


class NoPolicyError(LookupError):
    """The rows on record begin after the day that is asked for."""


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A value and the first day on which it holds."""

    since: date
    value: T


def in_force(rows: Sequence[Dated[T]], day: date) -> T:
    """The value that holds on `day`; rows rise by date. Raises NoPolicyError before the first."""
    held = [row for row in rows if row.since <= day]
    if not held:
        begin = f"the rows begin on {rows[0].since}" if rows else "there are no rows"
        raise NoPolicyError(f"nothing is on record for {day}: {begin}")
    return held[-1].value


def spans(rows: Sequence[Dated[T]], start: date, end: date) -> list[tuple[date, date, T]]:
    """The stretches from `start` up to but not including `end`, each under one value, in order."""
    turns = [row.since for row in rows if start < row.since < end]
    edges = [start, *turns, end]
    return [(since, until, in_force(rows, since)) for since, until in pairwise(edges)]
