"""A history of what clients asked and heard, and whether one true order of events explains it (after Jepsen)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Outcome = Literal["ok", "fail"]


@dataclass(frozen=True)
class Asked:
    """One operation as its client saw it. Instants in nanoseconds; `heard` is when the outcome was certain."""

    operation_id: UUID
    account: str
    amount: int
    invoked: int
    heard: int
    outcome: Outcome
    account_after: int | None = None
    was_unknown: bool = False


@dataclass(frozen=True)
class Booked:
    """What the ledger has of an operation: its place in the order, and the account's balance after it."""

    place: int
    amount: int
    balance: int


def faults(history: Iterable[Asked], ledger: Mapping[UUID, list[Booked]]) -> list[str]:
    """Everything that one true order cannot explain; empty when there is nothing."""
    found = []
    by_account: dict[str, list[tuple[int, Asked]]] = defaultdict(list)
    heard_of = set()
    for asked in history:
        heard_of.add(asked.operation_id)
        booked = ledger.get(asked.operation_id, [])
        if asked.outcome == "fail" and booked:
            found.append("an operation that failed was booked")
        if asked.outcome == "ok":
            if len(booked) != 1:
                found.append(f"an operation that succeeded was booked {len(booked)} times")
                continue
            if booked[0].amount != asked.amount:
                found.append("another amount was booked than agreed")
            if asked.account_after is not None and asked.account_after != booked[0].balance:
                found.append("a client heard of a balance that never was")
            by_account[asked.account].append((booked[0].place, asked))
    if set(ledger) - heard_of:
        found.append("an operation was booked that nobody asked for")
    for placed in by_account.values():
        found += _out_of_order([asked for _, asked in sorted(placed, key=lambda pair: pair[0])])
    return found


def _out_of_order(in_ledger: list[Asked]) -> list[str]:
    """An operation whose outcome was heard before another was asked for must come before it in the ledger."""
    latest = 0
    found = []
    for asked in in_ledger:
        if asked.heard < latest:
            found.append("the ledger's order is not the order in time")
        latest = max(latest, asked.invoked)
    return found
