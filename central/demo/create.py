"""Writes the demonstration into an empty centre."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, insert

from central import loans
from central.bank import Behaviour, Payout
from central.batch.interest import settlement_key
from central.clock import start_of_day_ms
from central.demo.citizens import PASSWORD
from central.demo.history import AccountHistory, Move, account_history
from central.demo.loan_history import LoanHistory, loan_history
from central.demo.spec import Citizen, LoanSpec
from central.ledger.bulk import Past, catch_up, load
from central.ledger.house import FIRST_OWNED_ID
from central.passwords import MAX_WRONG_TRIES, hashed
from central.policy import Policy
from central.store import tables
from central.store.database import Database

BANK_NAME = "测试银行"
EMPLOYER = "大连测试用工单位"
BANK_LATE_MS = 20_000
LOAN_IDS_FROM = 10_000


def fill(
    database: Database,
    people: Sequence[Citizen],
    today: date,
    policy: Policy,
    password_hash: str | None = None,
) -> None:
    """Everybody, with cards, accounts, loans and balanced books. The database has the schema and nobody in it.

    One hash serves all, for they share one password; tests give a cheaper one.
    """
    with database.write() as tx:
        write(tx, people, today, policy, password_hash or hashed(PASSWORD))


def write(tx: Connection, people: Sequence[Citizen], today: date, policy: Policy, password_hash: str) -> None:
    """The same in a transaction that is somebody else's."""
    _Rows(people, today, policy, password_hash).write(tx)


def bank_behaviour(people: Sequence[Citizen]) -> Callable[[Payout], Behaviour]:
    """How the simulated bank treats a payout, by its card."""
    by_card = {citizen.card_number: citizen.bank for citizen in people}
    return lambda payout: by_card.get(payout.card_number, Behaviour.PROMPT)


class _Rows:
    """The rows of every table, gathered before anything is written."""

    def __init__(self, people: Sequence[Citizen], today: date, policy: Policy, password_hash: str) -> None:
        self.today, self.policy, self.password = today, policy, password_hash
        self.person_ids = {citizen.key: number for number, citizen in enumerate(people, start=1)}
        self.kinds: dict[int, str] = {}
        self.past: list[Past] = []
        self.of: dict[str, list[dict[str, object]]] = {}
        self.settlements: list[tuple[int, AccountHistory]] = []
        for citizen in people:
            self._person(citizen)

    def _add(self, table: str, **values: object) -> None:
        self.of.setdefault(table, []).append(values)

    def _person(self, citizen: Citizen) -> None:
        person_id = self.person_ids[citizen.key]
        number = citizen.id_number
        retired = citizen.retired_months_ago
        self._add(
            "person",
            id=person_id,
            id_number=number,
            name=citizen.name,
            born=date(int(number[6:10]), int(number[10:12]), int(number[12:14])),
            category=citizen.category,
            retired_on=None if retired is None else self.today - timedelta(days=30 * retired),
            password_hash=self.password,
            wrong_tries=citizen.wrong_tries,
            locked_ms=start_of_day_ms(self.today) if citizen.wrong_tries >= MAX_WRONG_TRIES else None,
        )
        self._add("card", number=citizen.card_number, person_id=person_id, bank=BANK_NAME)
        histories = [self._loan(citizen, person_id, index, spec) for index, spec in enumerate(citizen.loans)]
        if citizen.account is not None:
            self._account(citizen, person_id, [move for one in histories for move in one.withdrawals])

    def _account(self, citizen: Citizen, person_id: int, extra: list[Move]) -> None:
        spec = citizen.account
        assert spec is not None
        account_id = FIRST_OWNED_ID + person_id
        history = account_history(account_id, spec, extra, self.today, self.policy)
        number = f"2102{person_id:08d}"
        self._ledger(account_id, "member", number)
        self.past += history.postings
        self.settlements.append((account_id, history))
        self._add(
            "account",
            id=account_id,
            number=number,
            person_id=person_id,
            state=spec.state,
            freeze=spec.freeze,
            employer=f"{EMPLOYER}{person_id % 5 + 1}",
            opened_on=history.opened_on,
            deposit_base=spec.base,
            employer_rate=str(spec.rate),
            person_rate=str(spec.rate),
            monthly_deposit=0 if spec.sealed_months_ago or spec.emptied else spec.monthly_deposit,
            paid_up_to=history.paid_up_to,
            payout_card=citizen.card_number if spec.payout_card else None,
            closed_on=history.closed_on,
            interest_from=history.interest_from,
            interest_opening=history.interest_opening,
        )

    def _loan(self, citizen: Citizen, person_id: int, index: int, spec: LoanSpec) -> LoanHistory:
        loan_id = LOAN_IDS_FROM + person_id * 10 + index
        history = loan_history(loan_id, spec, self.today, self.policy)
        contract = f"DL{history.disbursed.year}-{loan_id:08d}"
        self._ledger(loan_id, "loan", contract)
        self.past += history.postings
        plan = history.plan
        self._add(
            "loan",
            id=loan_id,
            contract=contract,
            borrower_id=person_id,
            state="settled" if plan is None else "arrears" if history.missed else "normal",
            principal=spec.principal,
            second_home=spec.second_home,
            rate=f"{history.rate.normalize():f}",
            method={method.value: code for method, code in loans.METHOD_CODES.items()}[spec.method],
            months=spec.months,
            months_left=plan.months if plan else 0,
            level=plan.level if plan else 0,
            disbursed_on=history.disbursed,
            due_day=history.due_day,
            last_due=history.last_due,
            next_due=history.next_due,
            next_number=history.next_number,
            early_count=int(history.early_on is not None),
            last_early_on=history.early_on,
            property=spec.property,
            settled_on=history.settled_on,
        )
        for row in history.missed:
            self._add(
                "missed",
                loan_id=loan_id,
                number=row.number,
                due=row.due,
                principal=row.principal,
                interest=row.interest,
            )
        if spec.with_co_borrower:
            self._add("co_borrower", loan_id=loan_id, person_id=self.person_ids[spec.with_co_borrower])
        return history

    def _ledger(self, account_id: int, kind: str, name: str) -> None:
        self.kinds[account_id] = kind
        self._add("ledger_account", id=account_id, kind=kind, name=name, balance=0, carried=0)

    def write(self, tx: Connection) -> None:
        for name in ("person", "card", "ledger_account", "account", "loan", "missed", "co_borrower"):
            if rows := self.of.get(name):
                tx.execute(insert(tables.metadata.tables[name]), rows)
        catch_up(tx, "person", "ledger_account")
        postings = load(tx, self.past, self.kinds)
        settlements = [
            {
                "account_id": account_id,
                "until": settlement.until,
                "since": settlement.since,
                "product_sum": settlement.product_sum,
                "interest": settlement.interest,
                "closing": settlement.closing,
                "posting_id": postings.get(settlement_key(account_id, settlement.until)),
            }
            for account_id, history in self.settlements
            for settlement in history.settlements
        ]
        if settlements:
            tx.execute(insert(tables.interest_settlement), settlements)
