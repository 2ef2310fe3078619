"""Loans, the bounds stated before anything is typed, and early repayment to the fen."""

from datetime import date

import pytest
from sqlalchemy import select, update

from central.repayment_terms import PROBLEMS
from central.rules.repayment_checks import Reason
from central.store.tables import account, loan_plan
from kiosk.contract.money import parse_yuan
from tests.central.kit import assert_sound, problem

ONE = "/v1/loans/{}"


def fen(text: str) -> int:
    return parse_yuan(text, signed=True)


def test_every_reason_of_the_rule_is_told_as_a_problem():
    assert set(PROBLEMS) == set(Reason), "central/repayment_terms.py says which problem of the contract it is"


@pytest.mark.parametrize(
    ("key", "index", "state", "refusals"),
    [
        ("jia", 0, "normal", []),
        ("yi", 0, "normal", ["not-the-borrower"]),
        ("two-loans", 0, "normal", []),
        ("two-loans", 1, "normal", []),
        ("equal-principal", 0, "normal", []),
        ("arrears", 0, "arrears", ["loan-in-arrears"]),
        ("frozen", 0, "normal", ["account-frozen"]),
        ("settled", 0, "settled", ["loan-settled"]),
        ("first-unpaid", 0, "normal", ["too-early"]),
        ("repaid", 0, "normal", ["once-a-month"]),
        ("last-one", 0, "normal", []),
        ("poor", 0, "normal", []),
    ],
)
def test_what_may_be_repaid_today(kiosk, key, index, state, refusals):
    kiosk.login(key)
    loan = kiosk.loan(index)
    assert loan["state"] == state
    assert loan["terms"]["refusals"] == refusals
    assert loan["terms"]["allowed"] is (not refusals)
    response = kiosk.quote_part("20000.00", contract=loan["contract"])
    if refusals:
        assert (response.status_code, problem(response)) == (422, refusals[0])
        assert (
            problem(kiosk.call("POST", f"/v1/loans/{loan['contract']}/repayment-quotes", {"extent": "full"}))
            == refusals[0]
        )


def test_the_stated_bounds_are_the_bounds(kiosk):
    """The least and the most are quoted; a fen less or more is refused, with the bounds."""
    for key in ("jia", "equal-principal", "pays-off"):
        kiosk.login(key)
        loan = kiosk.loan()
        terms = loan["terms"]
        least, most = fen(terms["part_minimum"]), fen(terms["part_maximum"])
        for amount in (least, most):
            assert kiosk.quote_part(f"{amount // 100}.{amount % 100:02d}").status_code == 201, key
        for amount, types in (
            (least - 1, {"amount-too-small"}),
            (most + 1, {"amount-too-large", "payoff-only"}),
        ):
            response = kiosk.quote_part(f"{amount // 100}.{amount % 100:02d}")
            assert problem(response) in types, key
            assert response.json()["minimum"] == terms["part_minimum"]


@pytest.mark.parametrize(
    "amount", ["0.00", "-1.00", "1.001", "1e5", "１００", "", "99999999999999999999.00", "NaN"]
)
def test_amounts_that_are_none(kiosk, amount):
    kiosk.login("jia")
    response = kiosk.quote_part(amount)
    assert (response.status_code, problem(response)) in ((400, "malformed"), (422, "amount-too-small"))


def test_a_part_needs_amount_and_mode_and_all_takes_neither_into_account(kiosk):
    kiosk.login("pays-off")
    contract = kiosk.loan()["contract"]
    path = f"/v1/loans/{contract}/repayment-quotes"
    assert problem(kiosk.call("POST", path, {"extent": "part", "amount": "20000.00"})) == "malformed"
    assert problem(kiosk.call("POST", path, {"extent": "part", "mode": "reduce"})) == "malformed"
    full = kiosk.call("POST", path, {"extent": "full"}).json()
    assert full["mode"] is None and full["balance_after"] == "0.00" and full["months_after"] == 0


@pytest.mark.parametrize("mode", ["reduce", "shorten"])
def test_a_part_is_booked_as_quoted(kiosk, database, mode):
    kiosk.login("jia")
    before, account_before = kiosk.loan(), kiosk.call("GET", "/v1/account").json()
    quote = kiosk.agreed_part("60000.00", mode)
    answer = kiosk.repay(quote)
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/operations/{answer.json()['operation_id']}"
    after, account_after = kiosk.loan(), kiosk.call("GET", "/v1/account").json()
    assert fen(before["balance"]) - fen(after["balance"]) == fen(quote["principal"]) == 60_000_00
    assert fen(account_before["balance"]) - fen(account_after["balance"]) == fen(quote["total"])
    assert fen(quote["total"]) == fen(quote["principal"]) + fen(quote["interest"])
    assert (after["instalment"], after["months_left"], after["last_due"]) == (
        quote["instalment_after"],
        quote["months_after"],
        quote["last_due_after"],
    )
    rows = kiosk.call("GET", f"/v1/loans/{before['contract']}/schedule").json()["rows"]
    assert sum(fen(row["principal"]) for row in rows) == fen(after["balance"])
    assert rows[-1]["balance"] == "0.00" and len(rows) == after["months_left"]
    assert answer.json()["receipt_number"].startswith("20261120")
    entry = kiosk.call("GET", "/v1/account/entries?from=2026-11-20").json()["entries"][-1]
    assert (entry["kind"], fen(entry["amount"])) == ("11", -fen(quote["total"]))
    assert_sound(database)


def test_shortening_keeps_the_instalment_and_reducing_the_term(kiosk):
    kiosk.login("jia")
    loan = kiosk.loan()
    reduce, shorten = kiosk.quote_part(mode="reduce").json(), kiosk.quote_part(mode="shorten").json()
    assert reduce["months_after"] == loan["months_left"] > shorten["months_after"]
    assert fen(reduce["instalment_after"]) < fen(loan["instalment"]) == fen(shorten["instalment_after"])
    assert fen(shorten["interest_saved"]) > fen(reduce["interest_saved"]) > 0


def test_a_payoff_settles_the_loan(kiosk, database):
    kiosk.login("pays-off")
    loan = kiosk.loan()
    quote = kiosk.call("POST", f"/v1/loans/{loan['contract']}/repayment-quotes", {"extent": "full"}).json()
    assert quote["total"] == loan["terms"]["payoff"]
    kiosk.password(authorises=quote["quote_id"])
    assert kiosk.repay(quote).json()["balance_after"] == "0.00"
    after = kiosk.loan()
    assert (after["state"], after["balance"], after["next_due"], after["instalment"]) == (
        "settled",
        "0.00",
        None,
        "0.00",
    )
    assert after["terms"]["refusals"] == ["loan-settled"]
    assert_sound(database)


def test_the_last_instalment_can_only_be_paid_off(kiosk):
    kiosk.login("last-one")
    terms = kiosk.loan()["terms"]
    assert terms["allowed"] and not terms["part_allowed"] and terms["payoff_affordable"]
    assert problem(kiosk.quote_part("100.00")) == "payoff-only"


def test_too_little_on_the_account_is_said_with_what_there_is(kiosk):
    kiosk.login("poor")
    loan = kiosk.loan()
    assert not loan["terms"]["part_allowed"] and not loan["terms"]["payoff_affordable"]
    response = kiosk.call("POST", f"/v1/loans/{loan['contract']}/repayment-quotes", {"extent": "full"})
    assert problem(response) == "insufficient-balance"
    assert response.json()["maximum"] == loan["terms"]["available"]


def test_arrears_are_shown_with_their_penalty(kiosk):
    kiosk.login("arrears")
    loan = kiosk.loan()
    assert loan["overdue_periods"] == 2
    assert fen(loan["overdue"]) > 0 and fen(loan["penalty"]) > 0


def test_a_quote_without_the_second_password_is_not_carried_out(kiosk):
    kiosk.login("jia")
    quote = kiosk.quote_part().json()
    response = kiosk.repay(quote)
    assert (response.status_code, problem(response)) == (403, "visit-not-verified")
    assert kiosk.password("000000", authorises=quote["quote_id"]).status_code == 403
    assert problem(kiosk.repay(quote)) == "visit-not-verified"


def test_if_match_is_required_and_has_to_match(kiosk):
    kiosk.login("jia")
    quote = kiosk.agreed_part()
    path = f"/v1/loans/{quote['contract']}/repayments"
    response = kiosk.call("POST", path, {"quote_id": quote["quote_id"]}, key=kiosk.new_key())
    assert (response.status_code, problem(response)) == (428, "precondition-required")
    for wrong in ('"x"', "*", quote["etag"].strip('"')):
        response = kiosk.repay(quote, if_match=wrong)
        assert (response.status_code, problem(response)) == (412, "quote-stale")


def test_a_quote_goes_stale_when_the_books_change(kiosk):
    kiosk.login("jia")
    first, second = kiosk.agreed_part("50000.00"), kiosk.agreed_part("60000.00")
    assert kiosk.repay(second).status_code == 201
    response = kiosk.repay(first)
    assert (response.status_code, problem(response)) == (412, "quote-stale")


def test_a_quote_expires_and_never_outlives_its_day(kiosk, clock):
    kiosk.login("jia")
    quote = kiosk.agreed_part()
    clock.advance(seconds=601)
    response = kiosk.repay(quote)
    assert (response.status_code, problem(response)) == (412, "quote-expired")
    clock.advance(seconds=(23 * 60 + 55 - 10 * 60 - 10) * 60)  # five to midnight
    kiosk.login("jia")
    assert kiosk.quote_part().json()["valid_until"] == "2026-11-20T16:00:00Z"


def test_a_quote_is_worth_nothing_at_another_kiosk_or_loan(kiosk, new_kiosk):
    kiosk.login("two-loans")
    quote = kiosk.agreed_part("10000.00")
    assert problem(new_kiosk().repay(quote)) == "quote-stale"
    other = dict(quote, contract=kiosk.loan(1)["contract"])
    assert problem(kiosk.repay(other)) == "quote-stale"


@pytest.mark.parametrize("frozen", [{"state": "06"}, {"freeze": "1"}])
def test_a_freeze_between_quote_and_submit_is_obeyed(kiosk, database, frozen):
    kiosk.login("jia")
    quote = kiosk.agreed_part()
    with database.write() as tx:
        tx.execute(update(account).where(account.c.id == 101).values(**frozen))
    assert problem(kiosk.repay(quote)) == "account-frozen"


def test_every_change_of_the_plan_is_kept(kiosk, database):
    kiosk.login("jia")
    quote = kiosk.agreed_part("50000.00", "shorten")
    operation_id = kiosk.repay(quote).json()["operation_id"]
    with database.read() as tx:
        plan = tx.execute(select(loan_plan)).one()
    assert (plan.reason, str(plan.operation_id), plan.months) == (
        "early-shorten",
        operation_id,
        quote["months_after"],
    )


def test_once_a_month_says_from_when(kiosk):
    kiosk.login("repaid")
    terms = kiosk.loan()["terms"]
    assert terms["allowed_from"] == "2026-12-01"
    kiosk.login("first-unpaid")
    loan = kiosk.loan()
    assert date.fromisoformat(loan["terms"]["allowed_from"]) > date.fromisoformat(loan["next_due"])


# ------------------------------------------------------------------ whose loan it is


def test_other_peoples_loans_do_not_exist(kiosk):
    kiosk.login("jia")
    contract = kiosk.loan()["contract"]
    kiosk.login("hundreds")
    for method, path, body in (
        ("GET", ONE.format(contract), None),
        ("GET", ONE.format(contract) + "/schedule", None),
        ("POST", ONE.format(contract) + "/repayment-quotes", {"extent": "full"}),
    ):
        response = kiosk.call(method, path, body)
        assert (response.status_code, problem(response)) == (404, "not-found")
        assert response.content == kiosk.call(method, path.replace(contract, "DL2020-00000000"), body).content


def test_a_co_borrower_reads_and_does_nothing(kiosk):
    kiosk.login("yi")
    loan = kiosk.loan()
    assert loan["role"] == "co_borrower"
    assert kiosk.call("GET", ONE.format(loan["contract"])).status_code == 200
    assert kiosk.call("GET", ONE.format(loan["contract"]) + "/schedule").status_code == 200
    assert problem(kiosk.quote_part()) == "not-the-borrower"


def test_operations_are_found_by_their_citizen_anywhere_and_by_nobody_else(kiosk, new_kiosk):
    kiosk.login("jia")
    done = kiosk.repay(kiosk.agreed_part()).json()
    by_id, by_number = f"/v1/operations/{done['operation_id']}", f"/v1/operations?number={done['number']}"
    elsewhere = new_kiosk()
    assert problem(elsewhere.call("GET", by_id)) == "not-found", "another kiosk for itself"
    elsewhere.login("jia")
    assert elsewhere.call("GET", by_id).json()["number"] == done["number"]
    assert elsewhere.call("GET", by_number).json()["operation_id"] == done["operation_id"]
    for other in (kiosk, elsewhere):
        other.login("yi")
        assert problem(other.call("GET", by_id)) == "not-found"
        assert problem(other.call("GET", by_number)) == "not-found"
    kiosk.token = None
    assert kiosk.call("GET", by_id).status_code == 200, "the kiosk that sent it, without a visit"
    assert problem(kiosk.call("GET", by_number)) == "visit-invalid"


def test_the_result_is_offered_at_the_next_visit_until_it_was_handed_over(kiosk, new_kiosk, clock):
    kiosk.login("jia")
    done = kiosk.repay(kiosk.agreed_part()).json()
    elsewhere = new_kiosk()
    offered = elsewhere.identify("jia").json()["open_operations"]
    assert [one["operation_id"] for one in offered] == [done["operation_id"]]
    kiosk.token = None
    papers = f"/v1/operations/{done['operation_id']}/papers"
    assert kiosk.call("POST", papers, {"copy_number": 1}).json()["copies"] == 1
    assert elsewhere.identify("jia").json()["open_operations"] == []
    elsewhere.password()
    assert elsewhere.call("POST", papers, {"copy_number": 2}).json()["copies"] == 2
    assert problem(new_kiosk().call("POST", papers, {"copy_number": 3})) == "not-found"


@pytest.mark.parametrize("copies", ["sqlite"], indirect=True)
def test_the_schedule_is_the_rules(kiosk, centre):
    for key in ("jia", "equal-principal", "poor"):
        kiosk.login(key)
        loan = kiosk.loan()
        rows = kiosk.call("GET", f"/v1/loans/{loan['contract']}/schedule").json()["rows"]
        assert rows[0]["due"] == loan["next_due"] and rows[-1]["due"] == loan["last_due"]
        assert sum(fen(row["principal"]) for row in rows) == fen(loan["balance"])
