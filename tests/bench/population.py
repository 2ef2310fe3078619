"""A made-up city for measurements: as many depositors as asked for, each with books, a loan and an agreed quote."""

import json
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Connection, insert

from central.clock import instant
from central.demo.spec import id_number
from central.ledger.bulk import Past, catch_up, load
from central.ledger.house import House
from central.ledger.posting import Line
from central.rules.months import YearMonth, in_month
from central.rules.schedule import Method, plan_for
from central.store import tables
from kiosk.contract.loans import RepaymentMode, RepaymentQuote
from kiosk.contract.money import Fen

FIRST_ACCOUNT = 1_000
FIRST_LOAN = 5_000_000
DEPOSIT = Fen(2_880_00)
OPENING = Fen(90_000_00)
LENT = Fen(500_000_00)
PART = Fen(10_000_00)
MONTHS = 240
RATE = "2.6"


@dataclass(frozen=True)
class Resident:
    """One of them."""

    number: int
    today: date

    @property
    def account_id(self) -> int:
        return FIRST_ACCOUNT + self.number

    @property
    def loan_id(self) -> int:
        return FIRST_LOAN + self.number

    @property
    def contract(self) -> str:
        return f"BENCH-{self.number:07d}"

    @property
    def quote_id(self) -> uuid.UUID:
        return uuid.uuid5(uuid.NAMESPACE_OID, self.contract)

    @property
    def etag(self) -> str:
        return f'"{self.quote_id.hex[:8]}"'

    @property
    def id_number(self) -> str:
        born = date(1960, 1, 1) + timedelta(days=self.number // 400)
        return id_number(born, 100 + self.number % 400 * 2 + 1)


def populate(
    tx: Connection,
    count: int,
    today: date,
    *,
    kiosks: list[str],
    now_ms: int,
    months: int = 6,
    with_loans: bool = True,
    password_hash: str = "none",
    first_month: YearMonth | None = None,
) -> list[Resident]:
    """Write them into a database that has the schema and nobody in it. Resident n's quote belongs to kiosk n mod k."""
    people = [Resident(number, today) for number in range(count)]
    start = first_month or YearMonth.of(today).plus(-months)
    days = [in_month(start.plus(month), 15) for month in range(months)]
    opened = in_month(start, 1)
    _insert(
        tx,
        "person",
        [
            {
                "id": one.number + 1,
                "id_number": one.id_number,
                "name": f"测试{one.number}",
                "born": date(1960, 1, 1),
                "category": "man",
                "password_hash": password_hash,
                "wrong_tries": 0,
            }
            for one in people
        ],
    )
    _insert(
        tx,
        "ledger_account",
        [
            {
                "id": one.account_id,
                "kind": "member",
                "name": f"B{one.number:09d}",
                "balance": 0,
                "carried": 0,
                "version": 1,
            }
            for one in people
        ],
    )
    _insert(tx, "account", [_account(one, opened, days) for one in people])
    history = []
    for one in people:
        history.append(
            Past(
                opened,
                "transfer",
                [Line(one.account_id, "06", OPENING), Line(House.OPENING, "99", Fen(-OPENING))],
            )
        )
        history += [
            Past(day, "deposit", [Line(one.account_id, "01", DEPOSIT), Line(House.BANK, "99", Fen(-DEPOSIT))])
            for day in days
        ]
    kinds = {one.account_id: "member" for one in people}
    if with_loans:
        _insert(
            tx,
            "ledger_account",
            [
                {
                    "id": one.loan_id,
                    "kind": "loan",
                    "name": one.contract,
                    "balance": 0,
                    "carried": 0,
                    "version": 1,
                }
                for one in people
            ],
        )
        _insert(tx, "loan", [_loan(one, opened) for one in people])
        history += [
            Past(opened, "disbursement", [Line(one.loan_id, "01", Fen(-LENT)), Line(House.BANK, "99", LENT)])
            for one in people
        ]
        kinds |= {one.loan_id: "loan" for one in people}
    load(tx, history, kinds)
    if with_loans and kiosks:
        _insert(
            tx, "quote", [_quote(one, kiosks[one.number % len(kiosks)], len(days), now_ms) for one in people]
        )
    catch_up(tx, "person", "ledger_account")
    return people


def _insert(tx: Connection, table: str, rows: list[dict[str, object]]) -> None:
    for start in range(0, len(rows), 20_000):
        tx.execute(insert(tables.metadata.tables[table]), rows[start : start + 20_000])


def _account(one: Resident, opened: date, days: list[date]) -> dict[str, object]:
    return {
        "id": one.account_id,
        "number": f"B{one.number:09d}",
        "person_id": one.number + 1,
        "state": "01",
        "freeze": "0",
        "employer": "测试用工单位",
        "opened_on": opened,
        "deposit_base": 1_200_000,
        "employer_rate": "12",
        "person_rate": "12",
        "monthly_deposit": DEPOSIT,
        "paid_up_to": str(YearMonth.of(days[-1])),
        "payout_card": None,
        "interest_from": opened,
        "interest_opening": 0,
    }


def _loan(one: Resident, opened: date) -> dict[str, object]:
    plan = plan_for(LENT, Decimal(RATE), MONTHS, Method.EQUAL_INSTALMENT)
    next_due = one.today + timedelta(days=12)
    return {
        "id": one.loan_id,
        "contract": one.contract,
        "borrower_id": one.number + 1,
        "state": "normal",
        "principal": LENT,
        "second_home": False,
        "rate": RATE,
        "method": "01",
        "months": MONTHS + 6,
        "months_left": MONTHS,
        "level": plan.level,
        "disbursed_on": opened,
        "due_day": next_due.day,
        "last_due": one.today - timedelta(days=18),
        "next_due": next_due,
        "next_number": 7,
        "early_count": 0,
        "property": "测试路",
    }


def _quote(one: Resident, kiosk_id: str, deposits: int, now_ms: int) -> dict[str, object]:
    valid_ms = now_ms + 3_600_000
    before = Fen(OPENING + deposits * DEPOSIT)
    offer = RepaymentQuote(
        quote_id=one.quote_id,
        etag=one.etag,
        contract=one.contract,
        extent="part",
        mode=RepaymentMode.REDUCE,
        principal=PART,
        interest=Fen(13_00),
        total=Fen(PART + 13_00),
        account_after=Fen(before - PART - 13_00),
        balance_before=LENT,
        balance_after=Fen(LENT - PART),
        instalment_before=Fen(1),
        instalment_after=Fen(1),
        months_before=MONTHS,
        months_after=MONTHS,
        last_due_before=None,
        last_due_after=None,
        interest_saved=Fen(0),
        valid_until=instant(valid_ms),
    )
    plan = {
        "level": 1,
        "months": MONTHS,
        "pays_current": False,
        "next_interest": None,
        "mode": "reduce",
        "next_due": (one.today + timedelta(days=12)).isoformat(),
    }
    return {
        "id": one.quote_id,
        "kind": "repayment",
        "kiosk_id": kiosk_id,
        "person_id": one.number + 1,
        "account_id": one.account_id,
        "loan_id": one.loan_id,
        "account_version": 1 + 1 + deposits,
        "loan_version": 2,
        "etag": one.etag,
        "body": offer.model_dump_json(),
        "plan": json.dumps(plan),
        "created_ms": now_ms,
        "valid_until_ms": valid_ms,
        "authorised_ms": now_ms,
    }
