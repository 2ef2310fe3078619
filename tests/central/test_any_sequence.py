"""Whatever citizens, banks and days do, in whatever order: the books are sound after every step."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from central import payouts
from central.accounts import CLOSED_STATES
from central.bank import Behaviour, SimulatedBank
from central.batch.command import close_day
from central.clock import day_of
from central.kiosks import new_enrolment_code
from central.ledger.house import House
from central.ledger.posting import Booking, Line, book, hold
from central.store.database import Database
from central.store.tables import account, entry, ledger_account
from kiosk.contract.money import Fen
from tests.central.conftest import Copies
from tests.central.kit import BY_KEY, Clock, Kiosk, assert_sound, make_centre, served

BORROWERS = ("jia", "two-loans", "pays-off", "equal-principal", "last-one", "retired-with-loan")
RETIRED = ("retires-now", "woman-50", "bank-late", "retired-with-loan")


@dataclass(frozen=True)
class RepayPart:
    who: str
    share: int
    mode: str


@dataclass(frozen=True)
class PayOff:
    who: str


@dataclass(frozen=True)
class Close:
    who: str
    bank: Behaviour


@dataclass(frozen=True)
class Deposit:
    who: str
    amount: int


@dataclass(frozen=True)
class Days:
    count: int


STEPS = st.one_of(
    st.builds(
        RepayPart, st.sampled_from(BORROWERS), st.integers(0, 100), st.sampled_from(["reduce", "shorten"])
    ),
    st.builds(PayOff, st.sampled_from(BORROWERS)),
    st.builds(Close, st.sampled_from(RETIRED), st.sampled_from(list(Behaviour))),
    st.builds(Deposit, st.sampled_from((*BORROWERS, *RETIRED)), st.integers(1, 10_000_00)),
    st.builds(Days, st.integers(1, 3)),
)


class World:
    """A centre, a kiosk, and a bank that behaves as the next step says."""

    def __init__(self, database: Database, clock: Clock, kiosk: Kiosk, centre) -> None:
        self.database, self.clock, self.kiosk, self.centre = database, clock, kiosk, centre
        self.behaviour = Behaviour.PROMPT

    def do(self, step) -> None:
        match step:
            case RepayPart(who, share, mode):
                self.kiosk.login(who)
                loan = self.kiosk.loan()
                terms = loan["terms"]
                if terms["allowed"] and terms["part_allowed"]:
                    least, most = (
                        int(terms[name].replace(".", "")) for name in ("part_minimum", "part_maximum")
                    )
                    amount = least + (most - least) * share // 100
                    quote = self.kiosk.agreed_part(f"{amount // 100}.{amount % 100:02d}", mode)
                    assert self.kiosk.repay(quote).status_code == 201
            case PayOff(who):
                self.kiosk.login(who)
                loan = self.kiosk.loan()
                if loan["terms"]["allowed"] and loan["terms"]["payoff_affordable"]:
                    path = f"/v1/loans/{loan['contract']}/repayment-quotes"
                    quote = self.kiosk.call("POST", path, {"extent": "full"}).json()
                    self.kiosk.password(authorises=quote["quote_id"])
                    assert self.kiosk.repay(quote).status_code == 201
            case Close(who, bank):
                self.behaviour = bank
                self.kiosk.login(who)
                quote = self.kiosk.agreed_closure()
                answer = self.kiosk.close(quote)
                assert answer.status_code in ((201, 202, 422) if quote["eligible"] else (422,))
            case Deposit(who, amount):
                self._deposit(list(BY_KEY).index(who) + 101, amount)
            case Days(count):
                for _ in range(count):
                    close_day(self.centre, day_of(self.clock.ms))
                    self.clock.advance(days=1)
                    payouts.relay(self.centre)

    def _deposit(self, account_id: int, amount: int) -> None:
        with self.database.write() as tx:
            mine = select(account.c.state, account.c.pending_operation).where(account.c.id == account_id)
            state, closing = tx.execute(mine).one()
            if state in CLOSED_STATES or closing is not None:
                return  # a deposit for a closed or closing account is sent back to the employer
            held = hold(tx, [account_id])
            lines = [Line(account_id, "01", Fen(amount)), Line(House.BANK, "99", Fen(-amount))]
            book(tx, Booking("deposit", day_of(self.clock.ms), self.clock.ms), lines, held)


SHORT = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LONG = settings(SHORT, max_examples=400)


@pytest.mark.parametrize("copies", ["sqlite"], indirect=True)
@SHORT
@given(steps=st.lists(STEPS, min_size=1, max_size=8))
def test_the_books_are_sound_after_every_step(copies, steps):
    walk(copies, steps)


@pytest.mark.soak
@LONG
@given(steps=st.lists(STEPS, min_size=1, max_size=15))
def test_the_books_are_sound_after_many_more_steps(copies, steps):
    walk(copies, steps)


def walk(copies: Copies, steps: list) -> None:
    url, clock = copies.copy(), Clock()
    database = Database(url)
    world: World
    bank = SimulatedBank(clock, lambda _: world.behaviour, late_ms=90_000_000)
    centre = make_centre(database, clock, bank=bank)
    with served(centre) as client:
        kiosk = Kiosk(client, clock)
        with database.write() as tx:
            kiosk_code = new_enrolment_code(tx, clock.ms)
        kiosk.enrol(kiosk_code)
        world = World(database, clock, kiosk, centre)
        for step in steps:
            world.do(step)
            assert_sound(database)
    past(database, clock)
    database.close()
    copies.drop(url)


def past(database: Database, clock: Clock) -> None:
    """A balance at any past moment follows from the entries alone."""
    with database.read() as tx:
        for account_id in (101, 103):
            for days in (0, 40, 400):
                day = day_of(clock.ms) - timedelta(days=days)
                mine = (entry.c.account_id == account_id, entry.c.on <= day)
                total = tx.execute(
                    select(func.coalesce(func.sum(entry.c.amount), 0)).where(*mine)
                ).scalar_one()
                last = tx.execute(
                    select(entry.c.balance)
                    .where(*mine)
                    .order_by(entry.c.on.desc(), entry.c.id.desc())
                    .limit(1)
                ).scalar_one_or_none()
                assert total == (last or 0)
        stored = tx.execute(select(ledger_account.c.balance).where(ledger_account.c.id == 101)).scalar_one()
        everything = tx.execute(
            select(func.sum(entry.c.amount)).where(entry.c.account_id == 101)
        ).scalar_one()
        assert stored == everything
