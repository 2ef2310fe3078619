"""Closing an account: the checklist, the amount to the day, and a bank that answers late, twice, never or no."""

import pytest
from sqlalchemy import func, select

from central import payouts
from central.bank import BankAnswer, BankOutcome, Behaviour, SimulatedBank
from central.ledger.house import House
from central.store.tables import audit, entry, operation, outbox, posting
from kiosk.contract.money import parse_yuan
from tests.central.kit import BY_KEY, Kiosk, assert_sound, make_centre, problem, served


def fen(text: str) -> int:
    return parse_yuan(text, signed=True)


def failed(quote: dict) -> list[str]:
    return [check["code"] for check in quote["checks"] if not check["passed"]]


@pytest.mark.parametrize(
    ("key", "fails"),
    [
        ("retires-now", []),
        ("retires-this-month", []),
        ("woman-50", []),
        ("woman-55", []),
        ("retired-early", []),
        ("retires-next-month", ["age"]),
        ("woman-unknown", ["age"]),
        ("jia", ["age", "loan-settled"]),
        ("yi", ["age", "loan-settled"]),
        ("retired-with-loan", ["loan-settled"]),
        ("retired-no-card", ["payout-card"]),
        ("retired-frozen", ["not-frozen"]),
        ("closed", ["account-state"]),
        ("settled", ["age"]),
    ],
)
def test_the_checklist(kiosk, key, fails):
    kiosk.login(key)
    quote = kiosk.call("POST", "/v1/account/closure-quotes", {}).json()
    assert [check["code"] for check in quote["checks"]] == [
        "age",
        "account-state",
        "not-frozen",
        "loan-settled",
        "nothing-in-flight",
        "payout-card",
    ]
    assert failed(quote) == fails
    assert quote["eligible"] is (not fails)
    age = quote["checks"][0]
    assert age["retires"] and age["category"] == BY_KEY[key].category
    if key == "retired-early":
        assert age["source"] == "social-insurance"


def test_who_is_not_eligible_is_refused_however_it_is_sent(kiosk):
    kiosk.login("retires-next-month")
    response = kiosk.close(kiosk.agreed_closure())
    assert (response.status_code, problem(response)) == (422, "not-eligible")


def test_the_amount_is_the_balance_and_its_interest_to_the_day(kiosk):
    kiosk.login("retires-now")
    account = kiosk.call("GET", "/v1/account").json()
    quote = kiosk.agreed_closure()
    assert (quote["balance"], quote["interest"]) == (account["balance"], account["accrued_interest"])
    assert fen(quote["payout"]) == fen(quote["balance"]) + fen(quote["interest"])


def test_closed_paid_and_empty(kiosk, database, centre):
    kiosk.login("retires-now")
    quote = kiosk.agreed_closure()
    response = kiosk.close(quote)
    answer = response.json()
    assert (response.status_code, answer["state"], answer["amount"]) == (201, "confirmed", quote["payout"])
    account = kiosk.call("GET", "/v1/account").json()
    assert (account["state"], account["balance"], account["closed_on"]) == ("05", "0.00", "2026-11-20")
    last = kiosk.call("GET", "/v1/account/entries?from=2026-11-20").json()["entries"]
    assert [one["kind"] for one in last] == ["09", "12"]
    assert_sound(database)
    again = kiosk.close(kiosk.agreed_closure())
    assert problem(again) == "account-closed"
    bank = centre.bank
    assert bank.calls.count(bank.calls[0]) == 1


@pytest.mark.parametrize(
    ("key", "behaviour", "first", "tries"),
    [
        ("bank-late", Behaviour.LATE, 202, 1),
        ("bank-silent", Behaviour.SILENT, 202, 1),
        ("bank-never", Behaviour.NEVER, 202, 2),
        ("bank-twice", Behaviour.TWICE, 201, 1),
    ],
)
def test_whatever_the_bank_does_it_pays_once(kiosk, database, centre, clock, key, behaviour, first, tries):
    assert BY_KEY[key].bank is behaviour
    kiosk.login(key)
    quote, operation_id = kiosk.agreed_closure(), kiosk.new_key()
    answer = kiosk.close(quote, operation_id)
    assert answer.status_code == first
    assert_sound(database)
    for _ in range(5):  # the relay comes by again and again, also after all is settled
        clock.advance(seconds=30)
        payouts.relay(centre)
    found = kiosk.call("GET", f"/v1/operations/{operation_id}", token=None)
    kiosk.token = None
    found = kiosk.call("GET", f"/v1/operations/{operation_id}")
    assert found.json()["state"] == "confirmed"
    assert kiosk.close(quote, operation_id).status_code == 201
    bank = centre.bank
    assert isinstance(bank, SimulatedBank)
    assert bank.calls.count(operation_id) == tries, "asked by our id before it is told again"
    paid = bank.statement(centre.today())
    assert [(line.reference, line.amount) for line in paid] == [(operation_id, fen(quote["payout"]))]
    assert_sound(database)


def test_a_bank_that_refuses_gives_everything_back(kiosk, database):
    kiosk.login("bank-refuses")
    before = kiosk.call("GET", "/v1/account").json()
    key = kiosk.new_key()
    response = kiosk.close(kiosk.agreed_closure(), key)
    assert (response.status_code, problem(response)) == (422, "payout-refused")
    after = kiosk.call("GET", "/v1/account").json()
    assert after == before
    entries = kiosk.call("GET", "/v1/account/entries?from=2026-11-20").json()["entries"]
    assert [(one["kind"], one["correction"]) for one in entries] == [
        ("09", False),
        ("12", False),
        ("12", True),
        ("09", True),
    ]
    found = kiosk.call("GET", f"/v1/operations/{key}").json()
    assert (found["state"], found["problem"]) == ("refused", "payout-refused")
    assert_sound(database)
    again = kiosk.agreed_closure()
    assert again["eligible"], "a new intent may try again"


def test_a_refusal_costs_no_interest(kiosk, database, clock, centre):
    """The days on which the money stood in clearing earn as if nothing had happened."""
    kiosk.login("bank-refuses")
    kiosk.close(kiosk.agreed_closure())
    clock.advance(days=5)
    kiosk.login("bank-refuses")
    account = kiosk.call("GET", "/v1/account").json()
    days = 5 * fen(account["balance"]) * 15 / (360 * 1000)
    clock.advance(days=-5)
    kiosk.login("bank-refuses")
    earlier = kiosk.call("GET", "/v1/account").json()
    assert abs(fen(account["accrued_interest"]) - fen(earlier["accrued_interest"]) - days) <= 1


def test_while_the_bank_is_silent_nothing_else_moves(kiosk, new_kiosk, database):
    kiosk.login("bank-late")
    assert kiosk.close(kiosk.agreed_closure()).status_code == 202
    elsewhere = new_kiosk()
    answer = elsewhere.identify("bank-late").json()
    assert [one["state"] for one in answer["open_operations"]] == ["pending"]
    elsewhere.password()
    quote = elsewhere.agreed_closure()
    assert "nothing-in-flight" in failed(quote)
    assert problem(elsewhere.close(quote)) == "operation-in-flight"
    account = elsewhere.call("GET", "/v1/account").json()
    assert (account["balance"], account["accrued_interest"], account["state"]) == ("0.00", "0.00", "02")
    assert_sound(database)


def test_pending_money_stands_in_clearing(kiosk, database):
    kiosk.login("bank-late")
    quote = kiosk.agreed_closure()
    kiosk.close(quote)
    with database.read() as tx:
        held = tx.execute(
            select(func.sum(entry.c.amount)).where(entry.c.account_id == House.PAYOUT_CLEARING)
        ).scalar_one()
    assert held == fen(quote["payout"])


def test_a_bank_that_contradicts_itself_moves_nothing_and_is_written_down(kiosk, database, centre):
    kiosk.login("retires-now")
    key = kiosk.new_key()
    kiosk.close(kiosk.agreed_closure(), key)
    with database.write() as tx:
        assert payouts.settle(tx, centre, BankAnswer(key, BankOutcome.REFUSED)) is False
    with database.read() as tx:
        assert tx.execute(select(operation.c.state).where(operation.c.id == key)).scalar_one() == "confirmed"
        events = tx.execute(select(audit.c.event).where(audit.c.operation_id == key)).scalars().all()
    assert "bank-contradicts-itself" in events
    assert_sound(database)


def test_the_attempt_is_on_record_before_the_bank_hears_of_it(kiosk, database, database_url, clock):
    """The centre dies in the middle of the call: after the restart it asks by our id and does not tell again."""

    class Dying(SimulatedBank):
        def pay(self, payout):
            super().pay(payout)
            raise RuntimeError  # the process is gone; only the bank knows

    bank = Dying(clock)
    with served(make_centre(database, clock, bank=bank)) as client:
        doomed = Kiosk(client, clock, kiosk.kiosk_id, kiosk.key)
        doomed.login("retires-now")
        quote, key = doomed.agreed_closure(), doomed.new_key()
        assert doomed.close(quote, key).status_code == 202
    with database.read() as tx:
        row = tx.execute(
            select(outbox.c.attempts, outbox.c.outcome).where(outbox.c.operation_id == key)
        ).one()
    assert tuple(row) == (1, None)
    clock.advance(seconds=60)
    alive = SimulatedBank(clock)
    alive._taken = bank._taken  # the same bank, met again after the restart
    payouts.relay(make_centre(database, clock, bank=alive))
    assert alive.calls == [], "it was asked, not told again"
    kiosk.token = None
    assert kiosk.call("GET", f"/v1/operations/{key}").json()["state"] == "confirmed"
    assert_sound(database)


def test_nothing_to_pay_needs_no_bank(kiosk, database, centre):
    """A zero balance at the age: closed at once."""
    from sqlalchemy import update

    from central.store.tables import person

    with database.write() as tx:
        tx.execute(update(person).where(person.c.name == "测试庚").values(retired_on=centre.today()))
    kiosk.login("zero")
    response = kiosk.close(kiosk.agreed_closure())
    assert (response.status_code, response.json()["amount"]) == (201, "0.00")
    assert kiosk.call("GET", "/v1/account").json()["state"] == "05"
    assert centre.bank.calls == []
    with database.read() as tx:
        assert (
            tx.execute(
                select(func.count()).select_from(posting).where(posting.c.kind == "closure")
            ).scalar_one()
            == 1
        )
    assert_sound(database)
