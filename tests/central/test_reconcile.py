"""The proof of the books proves something: each invariant is broken by hand, and found."""

import json
import subprocess
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from central.ledger.house import House
from central.ledger.posting import Booking, Held, LedgerBroken, Line, book
from central.ledger.reconcile import reconcile
from central.store.schema import IMMUTABLE
from central.store.tables import (
    account,
    audit,
    audit_head,
    entry,
    interest_settlement,
    ledger_account,
    loan,
    operation,
    outbox,
    posting,
)
from kiosk.contract.money import Fen
from tests.central.kit import TODAY, assert_sound

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def busy(kiosk, database):
    """Books in which something has happened, without the guards of the database itself."""
    kiosk.login("jia")
    kiosk.repay(kiosk.agreed_part())
    unknown = {"contract": kiosk.loan()["contract"], "quote_id": str(UUID(int=1)), "etag": '"x"'}
    assert kiosk.repay(unknown).status_code == 412
    for key in ("retires-now", "bank-late", "bank-refuses"):
        kiosk.login(key)
        kiosk.close(kiosk.agreed_closure())
    assert_sound(database)
    with database.write() as tx:
        for table in IMMUTABLE:
            if database.is_sqlite:
                tx.execute(text(f"DROP TRIGGER {table}_no_update"))
                tx.execute(text(f"DROP TRIGGER {table}_no_delete"))
            else:
                tx.execute(text(f"DROP TRIGGER {table}_written_once ON {table}"))
        if not database.is_sqlite:
            tx.execute(text("SET session_replication_role = replica"))
        raw = tx.connection.dbapi_connection
    if database.is_sqlite:
        raw.execute("PRAGMA foreign_keys = OFF")  # takes effect between transactions only
    return database


def one(tx, query):
    return tx.execute(query.limit(1)).scalar_one()


REPAID = select(operation.c.id).where(operation.c.kind == "repayment", operation.c.state == "confirmed")
PAID_OUT = select(operation.c.id).where(operation.c.kind == "closure", operation.c.state == "confirmed")
PENDING = select(operation.c.id).where(operation.c.state == "pending")
REFUSED = select(operation.c.id).where(operation.c.kind == "repayment", operation.c.state == "refused")


def lose_an_entry(tx):
    tx.execute(
        delete(entry).where(entry.c.id == one(tx, select(entry.c.id).where(entry.c.account_id == House.BANK)))
    )


def change_an_entry(tx):
    tx.execute(
        update(entry).where(entry.c.id == one(tx, select(entry.c.id))).values(amount=entry.c.amount + 1)
    )


def lose_all_entries_of_a_posting(tx):
    tx.execute(delete(entry).where(entry.c.posting_id == one(tx, select(posting.c.id))))


def change_a_balance(tx):
    tx.execute(
        update(ledger_account).where(ledger_account.c.id == 101).values(balance=ledger_account.c.balance + 1)
    )


def change_a_carried_part(tx):
    tx.execute(
        update(ledger_account).where(ledger_account.c.id == 101).values(carried=ledger_account.c.carried - 1)
    )


def overdraw(tx):
    tx.execute(
        update(entry)
        .where(entry.c.id == one(tx, select(entry.c.id).where(entry.c.account_id == 101)))
        .values(balance=-1)
    )


def swap_two_days(tx):
    interest = (entry.c.account_id == 101, entry.c.code == "09", entry.c.on == date(2025, 6, 30))
    tx.execute(update(entry).where(*interest).values(on=date(2024, 1, 1)))


def book_an_operation_twice(tx):
    again = {"kind": "repayment", "phase": "single", "on": TODAY, "booked_ms": 0}
    tx.execute(insert(posting).values(operation_id=one(tx, REPAID), **again))
    posting_id = one(tx, select(posting.c.id).order_by(posting.c.id.desc()))
    same = {
        "posting_id": posting_id,
        "on": TODAY,
        "code": "99",
        "carried": 0,
        "correction": False,
        "earns": True,
    }
    for account_id, amount in ((House.BANK, 5), (House.OPENING, -5)):
        tx.execute(insert(entry).values(account_id=account_id, amount=amount, **same))


def lose_an_operations_posting(tx):
    tx.execute(update(posting).where(posting.c.operation_id == one(tx, REPAID)).values(operation_id=None))


def book_for_an_operation_that_is_not(tx):
    interest = select(posting.c.id).where(posting.c.operation_id.is_(None), posting.c.phase == "single")
    tx.execute(update(posting).where(posting.c.id == one(tx, interest)).values(operation_id=UUID(int=7)))


def promise_another_amount(tx):
    tx.execute(
        update(operation).where(operation.c.id == one(tx, REPAID)).values(amount=operation.c.amount + 1)
    )


def book_a_refused_operation(tx):
    tx.execute(
        update(posting).where(posting.c.operation_id == one(tx, REPAID)).values(operation_id=one(tx, REFUSED))
    )


def reopen_a_closed_account(tx):
    tx.execute(update(account).where(account.c.id == 102).values(state="05", closed_on=date(2020, 1, 1)))


def settle_a_loan_by_word(tx):
    tx.execute(update(loan).where(loan.c.id == 10_010).values(state="settled"))


def print_without_a_receipt_number(tx):
    tx.execute(update(operation).where(operation.c.id == one(tx, REPAID)).values(receipt_number=None))


def rewrite_history(tx):
    tx.execute(update(audit).where(audit.c.sequence == 1).values(detail='{"amount":1}'))


def cut_the_chain_short(tx):
    chain = one(tx, select(audit_head.c.chain).where(audit_head.c.sequence > 1))
    last = one(tx, select(audit_head.c.sequence).where(audit_head.c.chain == chain))
    tx.execute(delete(audit).where(audit.c.chain == chain, audit.c.sequence == last))


def lose_money_in_clearing(tx):
    tx.execute(
        update(operation).where(operation.c.id == one(tx, PENDING)).values(amount=operation.c.amount + 1)
    )


def forget_the_banks_answer(tx):
    tx.execute(update(outbox).where(outbox.c.operation_id == one(tx, PAID_OUT)).values(outcome=None))


def credit_another_interest(tx):
    mine = update(interest_settlement).where(interest_settlement.c.account_id == 101)
    tx.execute(mine.values(interest=interest_settlement.c.interest + 1))


CRIMES = {
    lose_an_entry: "I1",
    change_an_entry: "I1",
    lose_all_entries_of_a_posting: "I1",
    change_a_balance: "I3",
    change_a_carried_part: "I3",
    credit_another_interest: "I3",
    overdraw: "I4",
    swap_two_days: "I4",
    book_an_operation_twice: "I5",
    lose_an_operations_posting: "I5",
    book_for_an_operation_that_is_not: "I5",
    promise_another_amount: "I5",
    book_a_refused_operation: "I6",
    reopen_a_closed_account: "I8",
    settle_a_loan_by_word: "I8",
    print_without_a_receipt_number: "I9",
    rewrite_history: "I10",
    cut_the_chain_short: "I10",
    lose_money_in_clearing: "I11",
    forget_the_banks_answer: "I11",
}


DONE = "(SELECT id FROM operation WHERE kind = 'repayment' AND state = 'confirmed')"
PAID = "(SELECT id FROM operation WHERE kind = 'closure' AND state = 'confirmed')"
WAITS = "(SELECT id FROM operation WHERE state = 'pending')"
NO = "(SELECT id FROM operation WHERE kind = 'closure' AND state = 'refused')"
CLOSED = "(SELECT min(id) FROM account WHERE state = '05')"
LAST_MONTH = "\"on\" = date '2026-10-15'"

SMALL_CRIMES = [
    # what it breaks, and the one statement that does it
    ("I1", f"UPDATE posting SET \"on\" = date '2026-01-05' WHERE operation_id = {DONE}"),
    ("I1", f"UPDATE entry SET {LAST_MONTH} WHERE id = (SELECT max(id) FROM entry WHERE account_id = 1)"),
    ("I1", "DELETE FROM posting WHERE id = 1"),
    ("I1", "DELETE FROM ledger_account WHERE id = 1"),
    ("I1", "UPDATE entry SET earns = false WHERE id = (SELECT max(id) FROM entry WHERE account_id = 101)"),
    (
        "I1",
        "UPDATE entry SET correction = true WHERE id = (SELECT max(id) FROM entry WHERE account_id = 101)",
    ),
    ("I3", "UPDATE ledger_account SET balance = NULL WHERE id = 101"),
    ("I3", "UPDATE ledger_account SET kind = 'house' WHERE id = 101"),
    ("I3", "DELETE FROM loan WHERE id = 10010"),
    ("I3", "DELETE FROM interest_settlement WHERE account_id = 101 AND until = date '2026-07-01'"),
    ("I3", "UPDATE interest_settlement SET posting_id = NULL WHERE account_id = 101"),
    ("I3", "UPDATE interest_settlement SET closing = closing + 1 WHERE account_id = 101"),
    ("I3", "UPDATE account SET interest_opening = interest_opening + 1 WHERE id = 101"),
    ("I3", "UPDATE account SET interest_from = date '2025-07-01' WHERE id = 101"),
    ("I4", "UPDATE entry SET balance = NULL WHERE id = (SELECT max(id) FROM entry WHERE account_id = 101)"),
    ("I5", f"UPDATE operation SET amount = NULL WHERE id = {DONE}"),
    ("I5", f"UPDATE operation SET state = 'pending' WHERE id = {DONE}"),
    ("I5", f"UPDATE operation SET kind = 'gift' WHERE id = {DONE}"),
    ("I5", f"UPDATE operation SET person_id = 1 WHERE id = {PAID}"),
    ("I5", f"UPDATE operation SET kiosk_id = 'K-other' WHERE id = {DONE}"),
    ("I5", f"UPDATE posting SET kiosk_id = NULL WHERE operation_id = {DONE}"),
    ("I5", f"UPDATE posting SET phase = 'void' WHERE operation_id = {PAID} AND phase = 'post'"),
    ("I5", f"DELETE FROM posting WHERE operation_id = {PAID} AND phase = 'post'"),
    ("I5", f"UPDATE operation SET view = replace(view, '50065.00', '5.00') WHERE id = {DONE}"),
    ("I5", f"UPDATE operation SET response = replace(response, '50065.00', '5.00') WHERE id = {DONE}"),
    ("I5", f"UPDATE operation SET response = 'lost' WHERE id = {DONE}"),
    ("I5", f"UPDATE operation SET status = 422 WHERE id = {DONE}"),
    ("I6", f"UPDATE operation SET state = 'refused' WHERE id = {PAID}"),
    ("I8", f"UPDATE account SET closed_on = NULL WHERE id = {CLOSED}"),
    ("I8", f"UPDATE account SET state = '01', closed_on = NULL WHERE id = {CLOSED}"),
    ("I8", "UPDATE account SET state = '77' WHERE id = 101"),
    ("I8", "UPDATE loan SET settled_on = NULL WHERE state = 'settled'"),
    ("I9", f"UPDATE operation SET receipt_number = '202611209999999999' WHERE id = {DONE}"),
    ("I9", f"UPDATE operation SET receipt_number = '202611209999999999' WHERE id = {NO}"),
    ("I9", f"UPDATE operation SET receipt_number = NULL WHERE id = {WAITS}"),
    ("I9", f"UPDATE operation SET copies = 3 WHERE id = {DONE}"),
    ("I10", f"UPDATE audit SET operation_id = NULL WHERE operation_id = {DONE}"),
    ("I10", "DELETE FROM operation WHERE kind = 'repayment' AND state = 'refused'"),
    ("I10", "DELETE FROM audit_head WHERE chain = 'centre'"),
    ("I11", f"DELETE FROM outbox WHERE operation_id = {WAITS}"),
    ("I11", f"UPDATE outbox SET next_try_ms = NULL WHERE operation_id = {WAITS}"),
    ("I11", f"UPDATE outbox SET attempts = 0 WHERE operation_id = {PAID}"),
    ("I11", f"UPDATE outbox SET done_ms = NULL WHERE operation_id = {PAID}"),
    (
        "I11",
        f"UPDATE outbox SET payload = replace(payload, '16107297', '26107297') WHERE operation_id = {WAITS}",
    ),
    ("I11", f"UPDATE outbox SET payload = replace(payload, '0400\"', '0401\"') WHERE operation_id = {WAITS}"),
    ("I11", f"UPDATE posting SET settles = NULL WHERE operation_id = {PAID}"),
    ("I11", f"UPDATE posting SET operation_id = NULL WHERE operation_id = {NO} AND phase = 'pending'"),
    ("I11", "UPDATE account SET pending_operation = NULL WHERE pending_operation IS NOT NULL"),
    ("I11", f"UPDATE account SET pending_operation = {DONE} WHERE id = 101"),
]


class TakenBack(Exception):
    """Ends a crime: its transaction is rolled back."""


def found_after(database, crime):
    """What reconcile says of books in which a crime has been committed; they are whole again afterwards."""
    with suppress(TakenBack), database.write() as tx:
        crime(tx)
        findings = reconcile(tx)
        raise TakenBack
    return findings


def by_statement(statement, *, is_sqlite):
    said = statement.replace("date '", "'") if is_sqlite else statement

    def crime(tx):
        assert tx.execute(text(said)).rowcount > 0, statement

    return crime


def test_what_is_broken_is_found(busy):
    crimes = [(invariant, crime.__name__, crime) for crime, invariant in CRIMES.items()]
    crimes += [(name, said, by_statement(said, is_sqlite=busy.is_sqlite)) for name, said in SMALL_CRIMES]
    missed = {}
    for invariant, name, crime in crimes:
        findings = found_after(busy, crime)
        if invariant not in {finding.invariant for finding in findings if finding.rows}:
            missed[name] = findings
    assert not missed
    assert_sound(busy)


@pytest.mark.parametrize("table", IMMUTABLE)
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_the_database_itself_refuses_to_change_what_is_written_once(database, kiosk, table, verb):
    kiosk.login("jia")
    kiosk.repay(kiosk.agreed_part())
    column = {"audit": "detail", "posting": "kind", "entry": "code", "loan_plan": "reason"}.get(
        table, "interest"
    )
    statement = f"DELETE FROM {table}" if verb == "DELETE" else f"UPDATE {table} SET {column} = {column}"
    with pytest.raises(DBAPIError, match="written once"), database.write() as tx:
        tx.execute(text(statement))


# ------------------------------------------------------------------ the ledger's own refusals

BOOKING = Booking("test", TODAY, 0)


def member(database) -> dict[int, Held]:
    with database.read() as tx:
        row = tx.execute(select(ledger_account).where(ledger_account.c.id == 101)).one()
    return {101: Held(101, "member", Fen(row.balance), Fen(row.carried))}


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [Line(House.BANK, "99", Fen(1))],
        [Line(House.BANK, "99", Fen(1)), Line(House.OPENING, "99", Fen(-2))],
        [Line(101, "11", Fen(-(10**12))), Line(House.BANK, "99", Fen(10**12))],
        [Line(101, "11", Fen(-1), Fen(-(10**12))), Line(House.BANK, "99", Fen(1))],
        [Line(101, "01", Fen(1), Fen(10**12)), Line(House.BANK, "99", Fen(-1))],
    ],
)
def test_books_that_cannot_be_true_are_not_written(database, lines):
    held = member(database)
    with pytest.raises(LedgerBroken), database.write() as tx:
        book(tx, BOOKING, lines, held)
    assert_sound(database)


def test_a_balance_that_moved_in_between_stops_everything(database):
    held = member(database)
    stale = {101: Held(101, "member", Fen(held[101].balance - 5), held[101].carried)}
    with pytest.raises(LedgerBroken), database.write() as tx:
        book(tx, BOOKING, [Line(101, "01", Fen(1)), Line(House.BANK, "99", Fen(-1))], stale)
    assert_sound(database)


def test_a_loan_cannot_be_repaid_beyond_nothing(database):
    with database.read() as tx:
        owed = tx.execute(select(ledger_account.c.balance).where(ledger_account.c.id == 10_010)).scalar_one()
    held = {10_010: Held(10_010, "loan", Fen(owed))}
    lines = [Line(10_010, "05", Fen(-owed + 1)), Line(House.BANK, "99", Fen(owed - 1))]
    with pytest.raises(LedgerBroken), database.write() as tx:
        book(tx, BOOKING, lines, held)


@pytest.mark.parametrize("copies", ["sqlite"], indirect=True)
def test_the_command_tells_by_its_exit_status(database, database_url, tmp_path):
    def run(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "central", "reconcile", "--database", database_url, *more],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    sound = run("--format", "json", "--day", "2026-11-20")
    assert (sound.returncode, json.loads(sound.stdout)["sound"]) == (0, True)
    with database.write() as tx:
        change_a_balance(tx)
    unsound = run("--format", "json")
    assert unsound.returncode == 1
    assert {one["invariant"] for one in json.loads(unsound.stdout)["findings"]} == {"I3"}
    assert "account 101" in run().stdout
    with database.write() as tx:
        tx.execute(text("UPDATE account SET pending_operation = 'no id' WHERE id = 101"))
    unreadable = run()
    assert (unreadable.returncode, unreadable.stderr.count("\n")) == (1, 1)
    assert "cannot be read" in unreadable.stderr
    with database.write() as tx:
        tx.execute(text("UPDATE account SET pending_operation = NULL WHERE id = 101"))
    bank = tmp_path / "bank.csv"
    bank.write_text("reference,amount,on\n")
    assert run("--day", "2026-11-20", "--bank-file", str(bank)).returncode == 1
    bank.write_text("nonsense\n")
    broken = run("--day", "2026-11-20", "--bank-file", str(bank))
    assert (broken.returncode, broken.stdout) == (2, "")
    assert run("--database", f"sqlite:///{tmp_path}/empty.db").returncode == 2
