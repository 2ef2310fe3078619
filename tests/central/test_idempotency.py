"""The idempotency contract, row by row, on both databases."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from central import repayment
from central.batch import days
from central.clock import day_of
from central.store.tables import audit, entry, operation, outbox, posting
from tests.central.kit import Kiosk, assert_sound, problem

REPAY = "/v1/loans/{}/repayments"


@pytest.fixture
def borrower(kiosk: Kiosk) -> Kiosk:
    kiosk.login("jia")
    return kiosk


def counts(database) -> tuple[int, int]:
    """(operations, postings)."""
    with database.read() as tx:
        return (
            tx.execute(select(func.count()).select_from(operation)).scalar_one(),
            tx.execute(select(func.count()).select_from(posting)).scalar_one(),
        )


def test_no_key_is_refused_and_nothing_happens(borrower, database):
    quote = borrower.agreed_part()
    before = counts(database)
    response = borrower.call(
        "POST", REPAY.format(quote["contract"]), {"quote_id": quote["quote_id"]}, if_match=quote["etag"]
    )
    assert (response.status_code, problem(response)) == (400, "idempotency-key-missing")
    assert counts(database) == before


@pytest.mark.parametrize(
    "key", ["1", "not-a-uuid", "x" * 65, "{0190a0f0-0000-7000-8000-000000000001}", "🙂"[:0] or " "]
)
def test_a_key_that_is_no_uuid_is_refused(borrower, key):
    quote = borrower.agreed_part()
    response = borrower.repay(quote, key=key)
    assert (response.status_code, problem(response)) == (400, "idempotency-key-invalid")


def test_a_key_of_a_thousand_characters_is_400_as_fineract_case_four(borrower):
    response = borrower.repay(borrower.agreed_part(), key="a" * 1000)
    assert (response.status_code, problem(response)) == (400, "idempotency-key-invalid")


def test_the_same_request_again_is_answered_the_same_and_booked_once(borrower, database):
    quote, key = borrower.agreed_part(), borrower.new_key()
    first = borrower.repay(quote, key)
    after = counts(database)
    again = borrower.repay(quote, key)
    assert first.status_code == again.status_code == 201
    assert again.content == first.content
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert counts(database) == after
    assert_sound(database)


def test_the_retry_needs_no_visit_and_may_come_years_later(borrower, clock, database):
    quote, key = borrower.agreed_part(), borrower.new_key()
    first = borrower.repay(quote, key)
    borrower.call("DELETE", "/v1/visits/current")
    borrower.token = None
    clock.advance(days=1000)
    assert borrower.repay(quote, key).content == first.content


def test_same_key_other_amount_is_422_as_fineract_case_one(borrower, database):
    quote, key = borrower.agreed_part("50000.00"), borrower.new_key()
    assert borrower.repay(quote, key).status_code == 201
    after = counts(database)
    other = dict(quote, quote_id="00000000-0000-4000-8000-000000000001")
    response = borrower.repay(other, key)
    assert (response.status_code, problem(response)) == (422, "idempotency-key-reused")
    assert quote["contract"] not in response.text and "50000" not in response.text
    assert counts(database) == after


def test_same_key_other_account_is_422_and_says_nothing_of_the_first_as_fineract_case_two(
    borrower, new_kiosk, database
):
    quote, key = borrower.agreed_part(), borrower.new_key()
    first = borrower.repay(quote, key).json()
    borrower.login("pays-off")
    other = borrower.agreed_part("2000.00")
    response = borrower.repay(other, key)
    assert (response.status_code, problem(response)) == (422, "idempotency-key-reused")
    for secret in (first["number"], first["contract"], first["receipt_number"], first["account_masked"]):
        assert secret not in response.text
    assert_sound(database)


def test_a_malformed_body_is_not_stored_and_may_be_corrected_as_fineract_case_three(borrower):
    quote, key = borrower.agreed_part(), borrower.new_key()
    wrong = borrower.repay(quote, key, body={"quote_id": "nonsense"})
    assert (wrong.status_code, problem(wrong)) == (400, "malformed")
    assert borrower.repay(quote, key).status_code == 201


def test_a_failure_of_the_moment_is_not_cached_as_fineract_2985(borrower, database, clock):
    """Closed for the day-end batch: nothing is decided, so the same key succeeds once it is over."""
    today = day_of(clock.now_ms())
    quote, key = borrower.agreed_part(), borrower.new_key()
    with database.write() as tx:
        days.begin(tx, days.DAY_END, today, clock.now_ms())
    response = borrower.repay(quote, key)
    assert (response.status_code, problem(response)) == (503, "unavailable")
    assert int(response.headers["retry-after"]) > 0
    with database.write() as tx:
        days.finish(tx, days.DAY_END, today, clock.now_ms())
    assert borrower.repay(quote, key).status_code == 201


def test_the_same_key_from_another_kiosk_is_422_and_goes_into_the_audit_chain(borrower, new_kiosk, database):
    quote, key = borrower.agreed_part(), borrower.new_key()
    assert borrower.repay(quote, key).status_code == 201
    thief = new_kiosk()
    response = thief.repay(quote, key)
    assert (response.status_code, problem(response)) == (422, "idempotency-key-reused")
    with database.read() as tx:
        events = tx.execute(select(audit.c.event).where(audit.c.chain == thief.kiosk_id)).scalars().all()
    assert "key-reused" in events


def test_the_same_key_for_another_path_is_422(borrower):
    quote, key = borrower.agreed_part(), borrower.new_key()
    assert borrower.repay(quote, key).status_code == 201
    response = borrower.call(
        "POST", "/v1/account/closures", {"quote_id": quote["quote_id"]}, key=key, if_match=quote["etag"]
    )
    assert (response.status_code, problem(response)) == (422, "idempotency-key-reused")


def test_a_key_in_flight_is_409_with_retry_after(borrower, monkeypatch):
    quote, key = borrower.agreed_part(), borrower.new_key()
    inside, go_on = threading.Event(), threading.Event()
    really = repayment.carry_out

    def slowly(*args, **kwargs):
        inside.set()
        assert go_on.wait(30)
        return really(*args, **kwargs)

    monkeypatch.setattr(repayment, "carry_out", slowly)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(borrower.repay, quote, key)
        assert inside.wait(30)
        second = borrower.repay(quote, key)
        go_on.set()
        assert first.result().status_code == 201
    assert (second.status_code, problem(second)) == (409, "idempotency-in-flight")
    assert second.headers["retry-after"] == "1"


def test_a_business_refusal_is_stored_and_answered_for_ever(borrower, database, clock):
    quote, key = borrower.agreed_part(), borrower.new_key()
    assert borrower.repay(quote).status_code == 201
    refused = borrower.repay(quote, key)
    assert (refused.status_code, problem(refused)) == (412, "quote-stale")
    assert refused.json()["operation_id"] == str(key)
    clock.advance(days=40)
    again = borrower.repay(quote, key)
    assert again.content == refused.content
    assert again.headers["idempotency-replayed"] == "true"
    borrower.token = None  # the visit is long over; the kiosk asks for itself
    found = borrower.call("GET", f"/v1/operations/{key}")
    assert (found.status_code, found.json()["state"]) == (200, "refused")
    assert found.json()["problem"] == "quote-stale"
    assert_sound(database)


def test_a_crash_before_the_commit_leaves_nothing_and_the_retry_succeeds(borrower, database, monkeypatch):
    quote, key = borrower.agreed_part(), borrower.new_key()
    before = counts(database)

    def crash(*_args, **_kwargs):
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr("central.operations.audit.append", crash)
        response = borrower.repay(quote, key)
    assert (response.status_code, problem(response)) == (500, "internal")
    assert "power cut" not in response.text
    assert counts(database) == before
    assert borrower.repay(quote, key).status_code == 201
    assert_sound(database)


def test_everything_of_an_operation_is_one_transaction(borrower, database):
    """Operation, entries, audit row: all there after the answer, and for a closure the outbox row too."""
    quote, key = borrower.agreed_part(), borrower.new_key()
    borrower.repay(quote, key)
    borrower.login("retires-now")
    closing, closing_key = borrower.agreed_closure(), borrower.new_key()
    borrower.close(closing, closing_key)
    with database.read() as tx:
        for one in (key, closing_key):
            posted = tx.execute(select(posting.c.id).where(posting.c.operation_id == one)).scalars().all()
            assert posted
            assert (
                tx.execute(
                    select(func.sum(entry.c.amount)).where(entry.c.posting_id.in_(posted))
                ).scalar_one()
                == 0
            )
            assert tx.execute(select(func.count()).where(audit.c.operation_id == one)).scalar_one() >= 1
        assert (
            tx.execute(select(outbox.c.kind).where(outbox.c.operation_id == closing_key)).scalar_one()
            == "payout"
        )
    assert_sound(database)


def test_many_threads_with_one_key_book_once(borrower, database):
    quote, key = borrower.agreed_part(), borrower.new_key()
    before = counts(database)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: borrower.repay(quote, key), range(32)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert counts(database) == (before[0] + 1, before[1] + 1)
    assert_sound(database)


def test_many_keys_for_one_quote_book_once(borrower, database):
    """A double tap that made two ids, two kiosks' worth of impatience: the quote is carried out once."""
    quote = borrower.agreed_part()
    before = counts(database)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: borrower.repay(quote), range(16)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes.count(201) == 1
    assert set(codes) <= {201, 409, 412}
    assert counts(database)[1] == before[1] + 1
    assert_sound(database)
