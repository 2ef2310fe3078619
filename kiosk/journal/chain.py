"""The hash chain: each event's hash covers the one before, so no event can be changed, left out or put in."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

GENESIS = bytes(32)


@dataclass(frozen=True)
class Head:
    """The last link: how many events there have been, and the hash that stands for all of them."""

    sequence: int
    hash: bytes

    @property
    def hex(self) -> str:
        """As it goes to the centre with each heartbeat."""
        return self.hash.hex()


START = Head(0, GENESIS)

Row = tuple[int, str, int, str, bytes]
"""An event as it is stored: sequence, instant (UTC, ISO 8601), number in the catalogue, fields, hash."""


class ChainBroken(Exception):
    """An event does not follow from the one before. `sequence` is where."""

    def __init__(self, sequence: int, reason: str) -> None:
        super().__init__(f"event {sequence}: {reason}")
        self.sequence = sequence


def link(before: bytes, sequence: int, at: str, number: int, fields: str) -> bytes:
    """The hash of an event. No part can hold a line break, so the parts cannot be shifted against each other."""
    return hashlib.sha256(before + f"{sequence}\n{at}\n{number}\n{fields}".encode()).digest()


def verify(rows: Iterable[Row], start: Head = START) -> Head:
    """Follow the chain from `start` and return its head. Raises ChainBroken."""
    sequence, before = start.sequence, start.hash
    for found, at, number, fields, stored in rows:
        sequence += 1
        if found != sequence:
            raise ChainBroken(sequence, f"event {found} stands in its place")
        before = link(before, sequence, at, number, fields)
        if before != stored:
            raise ChainBroken(sequence, "its hash does not follow from the event before")
    return Head(sequence, before)
