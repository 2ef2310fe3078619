"""The bank that holds the fund's money: a port that a centre fills with its own connector, and a simulated one."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from central.clock import Clock, day_of
from kiosk.contract.money import Fen


@dataclass(frozen=True)
class Payout:
    """Pay `amount` to a card. `reference` is ours, for ever: the bank carries each reference out at most once."""

    reference: UUID
    card_number: str
    name: str
    amount: Fen


@dataclass(frozen=True)
class Collection:
    """Take an instalment from a card (代扣). `reference` is ours, and carried out at most once."""

    reference: UUID
    card_number: str
    amount: Fen


class BankOutcome(StrEnum):
    """What the bank says about a reference."""

    DONE = "done"
    REFUSED = "refused"  # definite: it has not paid and never will under this reference
    PROCESSING = "processing"
    NOT_RECEIVED = "not-received"  # definite: it has never heard of it


@dataclass(frozen=True)
class BankAnswer:
    """An answer about one reference."""

    reference: UUID
    outcome: BankOutcome


@dataclass(frozen=True)
class BankLine:
    """One line of the bank's file of a day (T+1 对账): what it paid."""

    reference: UUID
    amount: Fen
    on: date


class BankSilent(Exception):
    """No answer came in time: what happened is not known."""


class Bank(Protocol):
    """What the centre asks of its bank. Every call may raise BankSilent."""

    def pay(self, payout: Payout) -> BankAnswer:
        """Carry it out unless this reference has been already; the same answer again in that case."""
        ...

    def query(self, reference: UUID) -> BankAnswer:
        """What became of a reference."""
        ...

    def collect(self, demand: Collection) -> BankAnswer:
        """Take money from a card, unless this reference has been carried out; DONE or REFUSED."""
        ...

    def late_answers(self) -> Iterable[BankAnswer]:
        """Answers that came by themselves since the last call; one may come twice."""
        ...

    def statement(self, day: date) -> list[BankLine]:
        """What the bank paid on a day."""
        ...


class Behaviour(StrEnum):
    """How the simulated bank treats a payout."""

    PROMPT = "prompt"
    LATE = "late"  # takes it, answers "processing" until `late_ms` have passed
    TWICE = "twice"  # answers, and answers again by itself
    SILENT = "silent"  # carries it out and the answer is lost; a query tells
    NEVER = "never"  # is lost before the bank: no answer, and a query has not heard of it
    REFUSE = "refuse"


@dataclass
class _Taken:
    payout: Payout
    at_ms: int
    behaviour: Behaviour
    refused: bool = False


class SimulatedBank:
    """A bank in memory whose `behaviour` decides how each payout goes; its effects are there to be counted."""

    def __init__(
        self,
        clock: Clock,
        behaviour: Callable[[Payout], Behaviour] = lambda _: Behaviour.PROMPT,
        late_ms: int = 3000,
        pays: Callable[[Collection], bool] = lambda _: True,
    ) -> None:
        self._clock = clock
        self._behaviour = behaviour
        self._late_ms = late_ms
        self._pays = pays
        self.collected: dict[UUID, Collection] = {}
        self._taken: dict[UUID, _Taken] = {}
        self._late: list[BankAnswer] = []
        self._lock = threading.Lock()
        self.calls: list[UUID] = []

    def pay(self, payout: Payout) -> BankAnswer:
        with self._lock:
            self.calls.append(payout.reference)
            known = self._taken.get(payout.reference)
            if known is not None:
                return self._answer(known)
            behaviour = self._behaviour(payout)
            first_try = self.calls.count(payout.reference) == 1
            if behaviour is Behaviour.NEVER and first_try:
                raise BankSilent
            taken = _Taken(payout, self._clock.now_ms(), behaviour, refused=behaviour is Behaviour.REFUSE)
            self._taken[payout.reference] = taken
            if behaviour is Behaviour.SILENT:
                raise BankSilent
            answer = self._answer(taken)
            if behaviour is Behaviour.TWICE:
                self._late.append(answer)
            return answer

    def query(self, reference: UUID) -> BankAnswer:
        with self._lock:
            taken = self._taken.get(reference)
            if taken is None:
                return BankAnswer(reference, BankOutcome.NOT_RECEIVED)
            return self._answer(taken)

    def collect(self, demand: Collection) -> BankAnswer:
        with self._lock:
            if demand.reference not in self.collected and not self._pays(demand):
                return BankAnswer(demand.reference, BankOutcome.REFUSED)
            self.collected.setdefault(demand.reference, demand)
            return BankAnswer(demand.reference, BankOutcome.DONE)

    def late_answers(self) -> list[BankAnswer]:
        with self._lock:
            late, self._late = self._late, []
            return late

    def statement(self, day: date) -> list[BankLine]:
        with self._lock:
            return [
                BankLine(taken.payout.reference, taken.payout.amount, day)
                for taken in self._taken.values()
                if not taken.refused and day_of(taken.at_ms) == day
            ]

    def _answer(self, taken: _Taken) -> BankAnswer:
        if taken.refused:
            outcome = BankOutcome.REFUSED
        elif taken.behaviour is Behaviour.LATE and self._clock.now_ms() - taken.at_ms < self._late_ms:
            outcome = BankOutcome.PROCESSING
        else:
            outcome = BankOutcome.DONE
        return BankAnswer(taken.payout.reference, outcome)
