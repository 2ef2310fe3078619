"""The real centre for tests of integrity: rich citizens, a policy without limits, and books proved by `reconcile`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import ColumnElement, Connection, bindparam, distinct, exists, func, insert, select, update

from central import closure, operations, repayment, repayment_quotes
from central.bank import Bank, SimulatedBank
from central.centre import Centre
from central.clock import Clock, SystemClock, day_of
from central.demo.citizens import PASSWORD, citizens
from central.demo.create import bank_behaviour, fill
from central.demo.spec import AccountSpec, Citizen, LoanSpec, born_to_retire, card_number, id_number, yuan
from central.ledger.reconcile import reconcile
from central.policy import Policy, load
from central.refusals import Refused
from central.rules.dated import Dated
from central.rules.months import YearMonth
from central.rules.retirement import Category
from central.store import schema, tables
from central.store.database import Database
from central.visits import Visitor
from kiosk.contract.loans import QuoteRequest, RepaymentMode
from kiosk.contract.money import Fen
from kiosk.contract.operations import Operation, OperationKind
from kiosk.contract.problems import Problem
from kiosk.contract.signing import public_key_to_wire
from kiosk.contract.wire import ProblemDetail
from kiosk.exchange import NotFound, Refusal
from kiosk.line import Identity
from kiosk.operation_states import Draft, Submission

LOAN_MONTHS = 6


def unlimited() -> Policy:
    """Any part, as often as one likes: so that a few citizens serve thousands of operations."""
    policy = load()
    rows = tuple(
        Dated(
            row.since,
            replace(
                row.value,
                minimum_instalments_paid=0,
                at_least_one_instalment=False,
                minimum=Fen(1),
                multiple=None,
                days_around_due=None,
                per_month=None,
                in_all=None,
                retain=Fen(0),
            ),
        )
        for row in policy.early_repayment
    )
    return replace(policy, early_repayment=rows)


def borrowers(count: int) -> list[Citizen]:
    """Plainly synthetic people with a full account and a large loan; short, for a quote is as long as its schedule."""
    return [
        Citizen(
            f"borrower-{number}",
            "测试甲",
            id_number(date(1985, 1, 1) + timedelta(days=number), 101),
            card_number(1000 + number),
            "",
            "",
            account=AccountSpec(months=2, opening=yuan(9_000_000)),
            loans=(LoanSpec(yuan(9_500_000), LOAN_MONTHS, due=1, due_in_days=20),),
        )
        for number in range(count)
    ]


def retirees(count: int, today: date) -> list[Citizen]:
    """People who may close their account today."""
    born = born_to_retire(Category.MAN, YearMonth.of(today).plus(-2))
    return [
        Citizen(
            f"retiree-{number}",
            "测试乙",
            id_number(born.replace(day=1 + number // 400), 1 + 2 * (number % 400)),
            card_number(3000 + number),
            "",
            "",
            born_moves=True,
            account=AccountSpec(months=2, opening=yuan(50_000)),
        )
        for number in range(count)
    ]


_AUTHORISE = (
    update(tables.quote)
    .where(tables.quote.c.id == bindparam("quote"))
    .values(authorised_ms=bindparam("now_ms"))
)


class Taken(NamedTuple):
    """Postings of an operation that were not taken back, and the fen that left its account by them."""

    postings: int
    amount: int


NOTHING = Taken(0, 0)


@dataclass
class Books:
    """A centre with its people, and short ways to what a test needs of it."""

    centre: Centre
    people: dict[str, Citizen]
    persons: dict[str, int] = field(default_factory=dict)
    contracts: dict[str, str] = field(default_factory=dict)
    running: operations.InFlight = field(default_factory=operations.InFlight)

    def enrol(self, name: str = "test kiosk") -> Identity:
        """A kiosk with its key, written straight into the database."""
        key = Ed25519PrivateKey.generate()
        kiosk_id = f"K-{key.public_key().public_bytes_raw().hex()[:12]}"
        with self.centre.database.write() as tx:
            tx.execute(
                insert(tables.kiosk).values(
                    id=kiosk_id,
                    name=name,
                    public_key=public_key_to_wire(key.public_key()),
                    enrolled_ms=self.centre.now_ms(),
                )
            )
        return Identity(kiosk_id, key)

    def agreed(self, key: str, kiosk_id: str, amount: Fen | None = None) -> Draft:
        """A quote that the password has agreed to: a part of the loan, or (without an amount) the closure."""
        (draft,) = self.agreed_all([(key, amount)], kiosk_id)
        return draft

    def agreed_all(self, wishes: Iterable[tuple[str, Fen | None]], kiosk_id: str) -> list[Draft]:
        """The same for several people, in one transaction."""
        with self.centre.database.write() as tx:
            drafts = [self._quote(tx, key, kiosk_id, amount) for key, amount in wishes]
            self._authorise(tx, drafts)
        return drafts

    def quoted(self, key: str, kiosk_id: str, amount: Fen | None = None) -> Draft:
        """A quote that nobody has agreed to yet. Raises central.refusals.Refused."""
        with self.centre.database.write() as tx:
            return self._quote(tx, key, kiosk_id, amount)

    def authorise(self, draft: Draft) -> None:
        """The password has agreed to it."""
        with self.centre.database.write() as tx:
            self._authorise(tx, [draft])

    def _authorise(self, tx: Connection, drafts: list[Draft]) -> None:
        now_ms = self.centre.now_ms()
        tx.execute(
            _AUTHORISE, [{"quote": UUID(draft.body["quote_id"]), "now_ms": now_ms} for draft in drafts]
        )

    def _quote(self, tx: Connection, key: str, kiosk_id: str, amount: Fen | None) -> Draft:
        visitor = Visitor(self.persons[key], kiosk_id, self.people[key].name, self.people[key].id_number)
        if amount is None:
            closing = closure.give_quote(tx, self.centre, visitor)
            if not closing.eligible:
                raise Refused(Problem.NOT_ELIGIBLE)
            body = {"quote_id": str(closing.quote_id)}
            return Draft(OperationKind.CLOSURE, "/v1/account/closures", body, closing.etag, closing.payout)
        contract = self.contracts[key]
        request = QuoteRequest(extent="part", amount=amount, mode=RepaymentMode.REDUCE)
        part = repayment_quotes.give_quote(tx, self.centre, visitor, contract, request)
        body = {"quote_id": str(part.quote_id)}
        path = f"/v1/loans/{contract}/repayments"
        return Draft(OperationKind.REPAYMENT, path, body, part.etag, part.total)

    def submit(
        self, submission: Submission, kiosk_id: str, running: operations.InFlight | None = None
    ) -> Operation | Refusal:
        """What the centre's endpoints do with a request, without HTTP around it. A `running` of its own makes the
        call one of another worker process."""
        key, body = submission.operation_id, {"if_match": submission.if_match, **submission.body}
        request = operations.Submission(
            key, submission.kind, kiosk_id, submission.path, operations.canonical(body)
        )
        agreed: dict[str, Any] = {
            "operation_id": key,
            "kiosk_id": kiosk_id,
            "quote_id": UUID(submission.body["quote_id"]),
            "if_match": submission.if_match,
        }

        def execute(tx: Connection) -> operations.Outcome:
            if submission.kind is OperationKind.CLOSURE:
                return closure.carry_out(tx, self.centre, **agreed)
            contract = submission.path.split("/")[3]
            return repayment.carry_out(tx, self.centre, **agreed, contract=contract)

        try:
            answer = operations.submit(self.centre, running or self.running, request, execute)
        except Refused as refused:
            return Refusal(refused.problem)
        if answer.status < 400:
            return Operation.model_validate_json(answer.body)
        detail = ProblemDetail.model_validate_json(answer.body)
        return Refusal(Problem(detail.type.rpartition("/")[2]), detail)

    def find(self, operation_id: UUID, kiosk_id: str) -> Operation | NotFound:
        """GET by id."""
        with self.centre.database.read() as tx:
            try:
                return operations.by_id(tx, operation_id, kiosk_id=kiosk_id, person_id=None)
            except Refused:
                return NotFound()

    def taken(self, operation_id: UUID) -> Taken:
        """What an operation has taken."""
        return self._taken(tables.posting.c.operation_id == operation_id).get(operation_id, NOTHING)

    def all_taken(self) -> Mapping[UUID, Taken]:
        """The same for every operation that has a posting."""
        return defaultdict(lambda: NOTHING, self._taken(tables.posting.c.operation_id.is_not(None)))

    def _taken(self, which: ColumnElement[bool]) -> dict[UUID, Taken]:
        settling = tables.posting.alias("settling")
        void = exists().where(settling.c.settles == tables.posting.c.id, settling.c.phase == "void")
        left = -func.sum(tables.entry.c.amount).filter(
            tables.ledger_account.c.kind == "member", tables.entry.c.amount < 0
        )
        query = (
            select(
                tables.posting.c.operation_id,
                func.count(distinct(tables.posting.c.id)),
                func.coalesce(left, 0),
            )
            .join(tables.entry, tables.entry.c.posting_id == tables.posting.c.id)
            .join(tables.ledger_account, tables.ledger_account.c.id == tables.entry.c.account_id)
            .where(which, tables.posting.c.phase.in_(("single", "pending")), ~void)
            .group_by(tables.posting.c.operation_id)
        )
        with self.centre.database.read() as tx:
            return {i: Taken(postings, int(amount)) for i, postings, amount in tx.execute(query)}

    def findings(self) -> list[str]:
        """Every invariant that the centre can prove by itself and that does not hold."""
        with self.centre.database.read() as tx:
            return [f"{found.invariant} {found.rule}: {found.rows}" for found in reconcile(tx)]


def people_of(borrowing: int, retiring: int, today: date) -> list[Citizen]:
    """Everybody of a test, after the demonstration's own citizens."""
    return [*citizens(today), *borrowers(borrowing), *retirees(retiring, today)]


def write(database: Database, people: list[Citizen], today: date) -> None:
    """The schema and the people, into an empty database."""
    schema.create(database)
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    fill(database, people, today, unlimited(), cheap)


def books(
    database: Database, people: list[Citizen], clock: Clock | None = None, bank: Bank | None = None
) -> Books:
    """A centre over a database that `write` has filled."""
    clock = clock or SystemClock()
    bank = bank or SimulatedBank(clock, bank_behaviour(people))
    centre = Centre(database, bank, unlimited(), clock, site_url="http://centre.test")
    with database.read() as tx:
        by_card = {row.number: row.person_id for row in tx.execute(select(tables.card))}
        by_person = {row.borrower_id: row.contract for row in tx.execute(select(tables.loan))}
    persons = {citizen.key: by_card[citizen.card_number] for citizen in people}
    contracts = {key: by_person[person] for key, person in persons.items() if person in by_person}
    return Books(centre, {citizen.key: citizen for citizen in people}, persons, contracts)


def today() -> date:
    """The day by the real clock, for centres in a process of their own."""
    return day_of(SystemClock().now_ms())


@contextmanager
def filled(url: str, borrowing: int, retiring: int, *, flawed: bool = False) -> Iterator[Books]:
    """A fresh centre over an empty database; in the end its books must be sound, or if it is flawed, must not."""
    database = Database(url)
    people = people_of(borrowing, retiring, today())
    write(database, people, today())
    made = books(database, people)
    yield made
    assert bool(made.findings()) == flawed, made.findings()
    database.close()
