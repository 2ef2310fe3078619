"""What a check of the books has found."""

from collections.abc import Iterable
from dataclasses import dataclass

EXIT_FOUND = 1
"""The exit status of a command that has found something: whoever runs it every day is told by that."""

MAX_SHOWN = 20
"""Rows of one finding that are listed; the count is of all."""


@dataclass(frozen=True)
class Finding:
    """One invariant that does not hold: which, what it says, and the rows against it."""

    invariant: str
    rule: str
    count: int
    rows: tuple[str, ...]


def finding(invariant: str, rule: str, wrong: Iterable[str]) -> Finding | None:
    """The finding over rows that break a rule; None when there are none."""
    rows: list[str] = []
    count = 0
    for count, row in enumerate(wrong, start=1):
        if count <= MAX_SHOWN:
            rows.append(row)
    return Finding(invariant, rule, count, tuple(rows)) if count else None
