"""The day-end batch: what it books, and that a crash at any point changes nothing of the result."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import insert, select, update

from central.bank import BankSilent, SimulatedBank
from central.batch import instalments, interest, repricing
from central.batch.command import close_day
from central.clock import day_of
from central.ledger.house import House
from central.ledger.posting import Booking, Line, book, hold
from central.policy import load
from central.rules.dated import Dated
from central.rules.loan_rates import LoanRate
from central.store.database import Database
from central.store.tables import (
    account,
    batch,
    entry,
    interest_settlement,
    ledger_account,
    loan,
    loan_plan,
    missed,
    nonce,
    offset_agreement,
    posting,
    quote,
    visit,
)
from kiosk.contract.money import Fen
from tests.central.kit import BY_KEY, PEOPLE, assert_sound, make_centre, problem

TABLES = (account, entry, interest_settlement, ledger_account, loan, loan_plan, missed, offset_agreement)
PERSON = {citizen.key: number for number, citizen in enumerate(PEOPLE, start=1)}


def state(database) -> dict[str, list[tuple]]:
    """Everything that the batch may change, without the ids that only say in which order it was written."""
    with database.read() as tx:
        books = {
            table.name: sorted(
                (
                    tuple(
                        row._mapping[column] for column in table.c if column.name not in ("id", "posting_id")
                    )
                    for row in tx.execute(select(table))
                ),
                key=repr,
            )
            for table in TABLES
        }
        books["posting"] = sorted(
            tx.execute(select(posting.c.kind, posting.c.batch_key, posting.c.on)).all(), key=repr
        )
    return books


def run_days(centre, clock, until: date) -> list[dict[str, int]]:
    """Close every day up to and including `until`, each at its end."""
    done = []
    while (today := day_of(clock.ms)) <= until:
        done.append(close_day(centre, today))
        clock.advance(days=1)
    return done


def test_a_month_of_days_keeps_the_books_sound_and_the_loans_going(centre, database, clock, kiosk):
    kiosk.login("jia")
    before = kiosk.loan()
    done = run_days(centre, clock, date(2026, 12, 20))
    assert sum(day["instalments"] for day in done) > 10
    assert_sound(database)
    kiosk.login("jia")
    after = kiosk.loan()
    assert after["months_left"] == before["months_left"] - 1
    assert after["next_due"] > before["next_due"]


def test_interest_of_30_june_is_settled_once(centre, database, clock, kiosk):
    kiosk.login("jia")
    clock.set_day(date(2027, 6, 30))
    kiosk.login("jia")
    before = kiosk.call("GET", "/v1/account").json()
    clock.set_day(date(2027, 7, 1))
    kiosk.login("jia")
    expected = kiosk.call("GET", "/v1/account").json()["accrued_interest"]
    clock.set_day(date(2027, 6, 30))
    assert interest.run(centre, date(2027, 6, 30)) > 30
    assert interest.run(centre, date(2027, 6, 30)) == 0
    clock.set_day(date(2027, 7, 1))
    kiosk.login("jia")
    after = kiosk.call("GET", "/v1/account").json()
    assert after["accrued_interest"] == "0.00"
    assert after["current_year"] == "0.00" and after["carried_over"] == after["balance"]
    entries = kiosk.call("GET", "/v1/account/entries?from=2027-06-30").json()["entries"]
    assert [(one["kind"], one["on"], one["amount"]) for one in entries] == [("09", "2027-06-30", expected)]
    assert before["balance"] != after["balance"]
    assert_sound(database)


def test_an_unsettled_year_keeps_a_closure_waiting(centre, database, clock, kiosk):
    clock.set_day(date(2027, 7, 2))
    kiosk.login("retires-now")
    response = kiosk.call("POST", "/v1/account/closure-quotes", {})
    assert problem(response) == "closed-for-batch"
    interest.run(centre, date(2027, 7, 1))
    assert kiosk.call("POST", "/v1/account/closure-quotes", {}).status_code == 201
    assert_sound(database)


def test_the_new_rate_holds_from_1_january(centre, database, clock, kiosk):
    """A loan still at an older rate takes the one in force; what was paid out this year keeps its own."""
    with database.write() as tx:
        tx.execute(update(loan).where(loan.c.id == 10_010).values(rate="2.85"))
    kiosk.login("jia")
    before = kiosk.loan()
    clock.set_day(date(2026, 12, 31))
    assert close_day(centre, date(2026, 12, 31))["repriced"] == 1
    assert repricing.run(centre, date(2027, 1, 1)) == 0
    kiosk.login("jia")
    after = kiosk.loan()
    assert (before["rate"], after["rate"]) == ("2.85", "2.6")
    assert after["version"] != before["version"]
    with database.read() as tx:
        plan = tx.execute(select(loan_plan)).one()
    assert (plan.reason, plan.rate, plan.on) == ("repricing", "2.6", date(2027, 1, 1))
    assert_sound(database)


def test_interest_agreed_for_the_next_instalment_outlives_the_turn_of_the_year(centre, database):
    """As after a part repaid where centres charge the whole balance at once: the next instalment has the rest of it."""
    due_on(database, date(2027, 1, 15))
    with database.write() as tx:
        tx.execute(update(loan).where(loan.c.id == 10_010).values(rate="2.85", next_interest=7))
    assert repricing.run(centre, date(2027, 1, 1)) == 1
    with database.read() as tx:
        found = tx.execute(select(loan.c.rate, loan.c.next_interest).where(loan.c.id == 10_010)).one()
    assert found == ("2.6", 7)


def due_on(database, day: date) -> None:
    """Every loan's next instalment."""
    with database.write() as tx:
        tx.execute(
            update(loan)
            .where(loan.c.state == "normal")
            .values(next_due=day, due_day=day.day, last_due=day - timedelta(days=31))
        )


class SilentOnce(SimulatedBank):
    """Does not answer the first time that it is asked for an instalment."""

    asked = False

    def collect(self, collection):
        self.asked, first = True, not self.asked
        if first:
            raise BankSilent
        return super().collect(collection)


LATE = [
    # days closed, on which day, and the bank; what the first of each comes to is what all must come to
    ("every day", [(date(2026, 12, 31), 0), (date(2027, 1, 31), 0)], SimulatedBank),
    ("the old year late", [(date(2027, 1, 5), 0), (date(2027, 1, 31), 0)], SimulatedBank),
    ("the bank silent", [(date(2026, 12, 31), 0), (date(2027, 1, 1), 0), (date(2027, 1, 31), 0)], SilentOnce),
    ("both late", [(date(2027, 1, 31), 0)], SimulatedBank),
    ("after midnight", [(date(2026, 12, 31), 1), (date(2027, 1, 31), 1)], SimulatedBank),
]


def test_a_day_end_that_is_late_charges_what_was_due(copies, clock):
    """Instalments due in the old year are charged at the old rate, and no other interest comes of any delay."""
    new = Dated(date(2026, 12, 1), LoanRate(*map(Decimal, ("2.0", "2.5", "2.4", "2.9"))))
    policy = load()
    policy = replace(policy, loan_rates=(*policy.loan_rates, new))
    results = {}
    for name, closed, bank in LATE:
        books = Database(copies.copy())
        due_on(books, date(2026, 12, 31))
        centre = make_centre(books, clock, policy=policy, bank=bank(clock))
        for day, days_late in closed:
            clock.set_day(day + timedelta(days=days_late))
            close_day(centre, day)
        with books.read() as tx:
            results[name] = tx.execute(
                select(loan.c.id, loan.c.rate, loan.c.level, loan.c.next_due, ledger_account.c.balance)
                .join(ledger_account, ledger_account.c.id == loan.c.id)
                .where(loan.c.state == "normal")
                .order_by(loan.c.id)
            ).all()
        assert_sound(books)
        books.close()
        copies.drop(books.engine.url.render_as_string(hide_password=False))
    on_time = results.pop("every day")
    assert {row.rate for row in on_time} == {"2", "2.5", "2.9"}
    assert {name for name, result in results.items() if result != on_time} == set()


def test_what_is_booked_after_midnight_is_of_the_day_that_is_closed(centre, database, clock):
    day = date(2026, 11, 26)
    due_on(database, day)
    for citizen in ("jia", "two-loans"):
        agree(database, citizen, loan_of(database, citizen), "monthly")
    clock.set_day(day + timedelta(days=1))
    with database.write() as tx:  # somebody was faster than the batch
        lines = [Line(101, "01", Fen(100)), Line(House.BANK, "99", Fen(-100))]
        book(tx, Booking("deposit", day + timedelta(days=1), clock.ms), lines, hold(tx, [101]))
    close_day(centre, day)
    with database.read() as tx:
        booked = select(entry.c.on).where(entry.c.on >= day, entry.c.code == "11")
        of = {name: booked.where(entry.c.account_id == 100 + PERSON[name]) for name in ("jia", "two-loans")}
        assert set(tx.execute(of["jia"]).scalars()) == {day + timedelta(days=1)}
        assert set(tx.execute(of["two-loans"]).scalars()) == {day}
    assert_sound(database)


def test_the_turn_of_the_year_comes_after_the_last_instalments(centre, clock):
    assert repricing.turn_of(date(2026, 12, 30)) == date(2026, 1, 1)
    assert repricing.turn_of(date(2026, 12, 31)) == date(2027, 1, 1)
    assert interest.last_settlement_day(date(2026, 6, 29)) == date(2025, 7, 1)
    assert interest.last_settlement_day(date(2026, 6, 30)) == date(2026, 7, 1)


def test_a_card_that_does_not_pay_leaves_an_arrear(database, clock, kiosk):
    centre = make_centre(database, clock, bank=SimulatedBank(clock, pays=lambda _: False))
    kiosk.login("due-soon")
    due = kiosk.loan()
    clock.set_day(date.fromisoformat(due["next_due"]))
    close_day(centre, day_of(clock.ms))
    clock.advance(days=1)
    kiosk.login("due-soon")
    after = kiosk.loan()
    assert (after["state"], after["overdue"], after["overdue_periods"]) == ("arrears", due["instalment"], 1)
    assert after["balance"] == due["balance"]
    assert after["terms"]["refusals"] == ["loan-in-arrears"]
    assert_sound(database)


def agree(database, citizen: str, loan_id: int, kind: str, **more) -> None:
    with database.write() as tx:
        tx.execute(
            insert(offset_agreement).values(
                loan_id=loan_id,
                person_id=PERSON[citizen],
                kind=kind,
                retained=1,
                signed_on=date(2026, 1, 1),
                **more,
            )
        )


def loan_of(database, citizen: str) -> int:
    with database.read() as tx:
        return (
            tx.execute(select(loan.c.id).where(loan.c.borrower_id == PERSON[citizen]).order_by(loan.c.id))
            .scalars()
            .first()
        )


def test_a_monthly_agreement_takes_it_from_the_fund_account_first(centre, database, clock, kiosk):
    agree(database, "poor", loan_of(database, "poor"), "monthly")
    kiosk.login("poor")
    due, before = kiosk.loan(), kiosk.call("GET", "/v1/account").json()
    clock.set_day(date.fromisoformat(due["next_due"]))
    run = close_day(centre, day_of(clock.ms))
    assert run["missed"] == 0
    kiosk.login("poor")
    after = kiosk.call("GET", "/v1/account").json()
    assert after["balance"] == "0.01", "all but what the agreement leaves"
    assert before["balance"] != "0.01"
    assert (
        sum(
            one.amount
            for one in centre.bank.collected.values()
            if one.card_number == BY_KEY["poor"].card_number
        )
        > 0
    )
    assert kiosk.loan()["months_left"] == due["months_left"] - 1
    assert_sound(database)


def test_a_yearly_agreement_repays_principal_once_a_year(centre, database, clock, kiosk):
    kiosk.login("pays-off")
    due = kiosk.loan()
    day = date.fromisoformat(due["next_due"])
    agree(database, "pays-off", loan_of(database, "pays-off"), "yearly", mode="shorten", month=day.month)
    late = day + timedelta(days=1)  # the day-end of the due date was missed
    clock.set_day(late)
    assert close_day(centre, late)["offsets"] == 1
    kiosk.login("pays-off")
    assert kiosk.loan()["state"] == "settled", "the account had more than was owed"
    assert_sound(database)


def test_a_yearly_agreement_shortens_when_there_is_not_enough(centre, database, clock, kiosk):
    kiosk.login("jia")
    due = kiosk.loan()
    day = date.fromisoformat(due["next_due"])
    agree(database, "jia", loan_of(database, "jia"), "yearly", mode="shorten", month=day.month)
    clock.set_day(day)
    assert close_day(centre, day)["offsets"] == 1
    assert close_day(centre, day) == {}
    kiosk.login("jia")
    after = kiosk.loan()
    assert after["instalment"] == due["instalment"] and after["months_left"] < due["months_left"] - 1
    assert_sound(database)


def test_kiosks_are_told_while_the_batch_runs(centre, database, clock, kiosk, monkeypatch):
    kiosk.login("jia")
    seen = []

    def look(*_args) -> int:
        response = kiosk.quote_part()
        seen.append(
            (problem(response), response.json().get("reopens_at"), response.headers.get("retry-after"))
        )
        return 0

    monkeypatch.setattr(interest, "run", look)
    close_day(centre, day_of(clock.ms))
    assert seen == [("closed-for-batch", "2026-11-20T02:30:00Z", "60")]
    assert kiosk.quote_part().status_code == 201, "and open again when it is done"
    assert kiosk.call("GET", "/v1/account").status_code == 200


class PowerCut(BaseException):
    """Nothing that is left of the process can catch this."""


@contextmanager
def dying_at(database, commit: int):
    """The process dies instead of making its n-th commit."""
    really = database.write
    commits = 0

    @contextmanager
    def write():
        nonlocal commits
        with really() as tx:
            yield tx
            commits += 1
            if commits == commit:
                raise PowerCut

    database.write = write
    try:
        yield
    finally:
        database.write = really


def test_a_crash_at_any_commit_changes_nothing_of_the_result(copies, clock, monkeypatch):
    """30 June with instalments, an agreement and interest, and with small chunks: cut at every commit, run again."""
    monkeypatch.setattr(interest, "CHUNK", 7)
    monkeypatch.setattr(instalments, "CHUNK", 3)
    day = date(2027, 6, 30)

    def prepared(url: str):
        books = Database(url)
        with books.write() as tx:
            tx.execute(
                update(loan)
                .where(loan.c.state == "normal")
                .values(next_due=day, due_day=30, last_due=day - timedelta(days=31))
            )
        agree(books, "jia", loan_of(books, "jia"), "monthly")
        agree(books, "two-loans", loan_of(books, "two-loans"), "yearly", mode="reduce", month=6)
        return books

    clock.set_day(day)
    whole = prepared(copies.copy())
    close_day(make_centre(whole, clock), day)
    expected = state(whole)
    assert_sound(whole)
    whole.close()
    copies.drop(whole.engine.url.render_as_string(hide_password=False))
    commit, cut = 1, True
    while cut:
        books = prepared(copies.copy())
        bank = SimulatedBank(clock)
        cut = False
        with dying_at(books, commit):
            try:
                close_day(make_centre(books, clock, bank=bank), day)
            except PowerCut:
                cut = True
        close_day(make_centre(books, clock, bank=bank), day)
        assert state(books) == expected, f"cut at commit {commit}"
        assert_sound(books)
        books.close()
        copies.drop(books.engine.url.render_as_string(hide_password=False))
        commit += 1 if books.is_sqlite else 4
    assert commit > 20


def test_every_batch_is_on_record(centre, database, clock):
    close_day(centre, day_of(clock.ms))
    with database.read() as tx:
        rows = tx.execute(select(batch.c.kind, batch.c.finished_ms)).all()
    assert {row.kind for row in rows} >= {"day-end", "instalments", "interest", "repricing", "yearly-offset"}
    assert all(row.finished_ms is not None for row in rows)


def test_what_need_not_be_kept_is_forgotten(centre, database, clock, kiosk):
    kiosk.login("jia")
    unused, used = kiosk.quote_part("30000.00").json(), kiosk.agreed_part("40000.00")
    kiosk.repay(used)
    close_day(centre, day_of(clock.ms))
    with database.read() as tx:
        assert len(tx.execute(select(quote.c.id)).all()) == 2, "too young to go"
    clock.advance(days=8)
    close_day(centre, day_of(clock.ms))
    with database.read() as tx:
        assert (
            [str(one) for one in tx.execute(select(quote.c.id)).scalars()]
            == [used["quote_id"]]
            != [unused["quote_id"]]
        )
        assert tx.execute(select(visit)).all() == tx.execute(select(nonce)).all() == []
    assert_sound(database)
