"""The real centre in a simulated world: its operations, ledger, quotes, payouts and bank, in virtual time."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, update

from central import payouts
from central.bank import BankAnswer, BankLine, Behaviour, Payout, SimulatedBank
from central.refusals import Refused
from central.store import tables
from kiosk.contract.money import Fen
from kiosk.contract.operations import Operation, OperationKind, OperationState
from kiosk.contract.papers import PendingPaper
from kiosk.exchange import NotFound, Refusal
from kiosk.operation_states import Draft, Submission
from tests.integrity.real_centre import Books
from tests.integrity.virtual_time import EPOCH


class WorldClock:
    """central.clock.Clock that shows a world's time."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def now_ms(self) -> int:
        return int((EPOCH.timestamp() + self.now_s) * 1000)


class Died(Exception):
    """The centre's process is gone, in mid-relay."""


class FragileBank:
    """The simulated bank, before and after whose work the centre may die."""

    def __init__(self, clock: WorldClock, chance: random.Random) -> None:
        moods = {}

        def mood(payout: Payout) -> Behaviour:
            return moods.setdefault(payout.reference, chance.choice(list(Behaviour)))

        self.inner = SimulatedBank(clock, mood, late_ms=5_000)
        self.mishap: Callable[[str], bool] = lambda what: False

    def pay(self, payout: Payout) -> BankAnswer:
        if self.mishap("centre_dies"):
            raise Died
        answer = self.inner.pay(payout)
        if self.mishap("centre_dies"):
            raise Died
        return answer

    def query(self, reference: UUID) -> BankAnswer:
        return self.inner.query(reference)

    def late_answers(self) -> list[BankAnswer]:
        return self.inner.late_answers()

    def statement(self, day: date) -> list[BankLine]:
        return self.inner.statement(day)


@dataclass
class RealOffer:
    """A quote of the real centre."""

    books: Books
    drafted: Draft

    def draft(self) -> Draft:
        return self.drafted

    def authorise(self) -> None:
        self.books.authorise(self.drafted)


@dataclass
class RealCentre:
    """tests.integrity.world.Centre over real books; `kiosks` are those of one world."""

    books: Books
    chance: random.Random
    clock: WorldClock
    bank: FragileBank
    retirees: list[str]
    anchored: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    kiosks: set[str] = field(default_factory=set)

    @property
    def now_s(self) -> float:
        return self.clock.now_s

    @now_s.setter
    def now_s(self, value: float) -> None:
        self.clock.now_s = max(self.clock.now_s, value)

    def join(self, name: str, balance: int) -> None:
        """Everybody has been written into the books already."""

    def _persons(self, name: str) -> list[int]:
        number = int(name.rpartition("-")[2])
        return [self.books.persons[f"borrower-{number}"], self.books.persons[self.retirees[number]]]

    def open_operations(self, name: str) -> tuple[PendingPaper, ...]:
        with self.books.centre.database.read() as tx:
            rows = tx.execute(
                select(tables.operation).where(
                    tables.operation.c.person_id.in_(self._persons(name)),
                    tables.operation.c.kiosk_id.in_(self.kiosks),
                    tables.operation.c.seen_ms.is_(None),
                    tables.operation.c.state != "refused",
                )
            ).all()
        return tuple(
            PendingPaper(
                operation_id=row.id,
                kind=OperationKind(row.kind),
                state=OperationState(row.state),
                submitted_at=EPOCH,
            )
            for row in rows
        )

    def quote(self, name: str, kind: OperationKind, kiosk: str) -> RealOffer | None:
        number = int(name.rpartition("-")[2])
        closing = kind is OperationKind.CLOSURE
        key = self.retirees[number] if closing else f"borrower-{number}"
        amount = None if closing else Fen(self.chance.randrange(1, 100_000))
        try:
            return RealOffer(self.books, self.books.quoted(key, kiosk, amount))
        except Refused:
            return None

    def submit(self, submission: Submission, kiosk: str) -> Operation | Refusal:
        return self.books.submit(submission, kiosk)

    def find(self, operation_id: UUID, kiosk: str) -> Operation | NotFound:
        return self.books.find(operation_id, kiosk)

    async def relay(self, up: Callable[[], bool], mishap: Callable[[str], bool]) -> None:
        self.bank.mishap = mishap
        try:
            payouts.relay(self.books.centre)
        except Died:
            pass
        self.bank.mishap = lambda what: False

    def mark_seen(self, operation_id: UUID) -> None:
        with self.books.centre.database.write() as tx:
            tx.execute(
                update(tables.operation)
                .where(tables.operation.c.id == operation_id)
                .values(seen_ms=self.clock.now_ms())
            )

    def states(self) -> dict[UUID, OperationState]:
        with self.books.centre.database.read() as tx:
            rows = tx.execute(select(tables.operation).where(tables.operation.c.kiosk_id.in_(self.kiosks)))
            return {row.id: OperationState(row.state) for row in rows}

    def moved(self, operation_id: UUID) -> int:
        return self.books.taken(operation_id)[1]

    def broken_books(self) -> list[str]:
        return self.books.findings()

    def day_totals(self) -> dict[str, int]:
        with self.books.centre.database.read() as tx:
            rows = tx.execute(
                select(tables.operation.c.kiosk_id, func.sum(tables.operation.c.amount).label("amount"))
                .where(tables.operation.c.kiosk_id.in_(self.kiosks), tables.operation.c.state == "confirmed")
                .group_by(tables.operation.c.kiosk_id)
            )
            return {row.kiosk_id: int(row.amount) for row in rows}
