"""The account as its owner sees it: every figure follows from the entries."""

from datetime import date, timedelta

import pytest

from central.rules.account_interest import Movement, Parts, settle
from kiosk.contract.money import Fen, format_yuan, parse_yuan
from tests.central.kit import BY_KEY, PEOPLE, TODAY, problem

WITH_ACCOUNT = [citizen.key for citizen in PEOPLE if citizen.account is not None]
READABLE = [key for key in WITH_ACCOUNT if BY_KEY[key].wrong_tries < 5]


def fen(text: str) -> int:
    return parse_yuan(text, signed=True)


def all_entries(kiosk, query: str = "from=2020-01-01&to=2030-01-01") -> dict:
    """Every page put together."""
    page = kiosk.call("GET", f"/v1/account/entries?{query}&limit=100").json()
    entries = list(page["entries"])
    while page["next_cursor"]:
        page = kiosk.call("GET", f"/v1/account/entries?{query}&limit=100&cursor={page['next_cursor']}").json()
        entries += page["entries"]
    return {**page, "entries": entries}


def test_every_demonstration_account_adds_up(kiosk, centre):
    """Balance = carried over + current year = the last entry; opening + entries = closing; interest as settled."""
    for key in READABLE:
        kiosk.login(key)
        account = kiosk.call("GET", "/v1/account").json()
        assert fen(account["balance"]) == fen(account["carried_over"]) + fen(account["current_year"]), key
        found = all_entries(kiosk)
        assert fen(found["opening"]) == 0
        running = 0
        for entry in found["entries"]:
            running += fen(entry["amount"])
            assert fen(entry["balance"]) == running >= 0, (key, entry)
        assert running == fen(found["closing"]) == fen(account["balance"]), key
        assert len(found["entries"]) == found["count"]
        assert fen(found["total_in"]) - fen(found["total_out"]) == running


def test_accrued_interest_is_what_the_rules_say_of_the_entries(kiosk, centre):
    for key in ("jia", "hundreds", "sealed", "new", "withdrawer"):
        kiosk.login(key)
        account = kiosk.call("GET", "/v1/account").json()
        since = max(date(2026, 7, 1), date.fromisoformat(account["opened_on"]))
        found = all_entries(kiosk, f"from={since}&to=2026-11-20")
        (settlement,) = settle(
            Parts(Fen(fen(found["opening"]))),
            since,
            TODAY,
            [Movement(date.fromisoformat(one["on"]), Fen(fen(one["amount"]))) for one in found["entries"]],
            centre.policy.deposit_rates,
        )
        assert account["accrued_interest"] == format_yuan(settlement.interest), key


def test_interest_is_credited_on_every_30_june(kiosk):
    kiosk.login("jia")
    interest = [one for one in all_entries(kiosk)["entries"] if one["kind"] == "09"]
    assert [one["on"] for one in interest] == ["2024-06-30", "2025-06-30", "2026-06-30"]
    assert all(fen(one["amount"]) > 0 for one in interest)


@pytest.mark.parametrize("copies", ["sqlite"], indirect=True)
def test_any_period_adds_up(kiosk):
    kiosk.login("hundreds")
    everything = all_entries(kiosk)["entries"]
    for since, until in [
        ("2025-01-01", "2025-12-31"),
        ("2026-06-30", "2026-06-30"),
        ("2019-01-01", "2019-12-31"),
    ]:
        found = all_entries(kiosk, f"from={since}&to={until}")
        assert found["entries"] == [one for one in everything if since <= one["on"] <= until]
        moved = sum(fen(one["amount"]) for one in found["entries"])
        assert fen(found["opening"]) + moved == fen(found["closing"])


def test_hundreds_of_entries_come_in_pages_of_at_most_a_hundred(kiosk):
    kiosk.login("hundreds")
    query = "from=2020-01-01&to=2030-01-01"
    first = kiosk.call("GET", f"/v1/account/entries?{query}&limit=100").json()
    assert len(first["entries"]) == 100 and first["next_cursor"] and first["count"] > 200
    small = kiosk.call("GET", f"/v1/account/entries?{query}&limit=7").json()
    second = kiosk.call("GET", f"/v1/account/entries?{query}&limit=7&cursor={small['next_cursor']}").json()
    assert small["entries"] + second["entries"] == first["entries"][:14]


def test_without_a_period_it_is_the_last_year(kiosk):
    kiosk.login("jia")
    found = kiosk.call("GET", "/v1/account/entries").json()
    assert (found["from"], found["to"]) == (str(TODAY - timedelta(days=365)), str(TODAY))


def test_states_are_told(kiosk):
    expected = {
        "frozen": ("06", True),
        "part-frozen": ("01", True),
        "sealed": ("02", False),
        "closed": ("05", False),
    }
    for key, (state, frozen) in expected.items():
        kiosk.login(key)
        account = kiosk.call("GET", "/v1/account").json()
        assert (account["state"], account["frozen"]) == (state, frozen), key
    assert account["balance"] == account["accrued_interest"] == "0.00"
    assert account["closed_on"] is not None


def test_nothing_full_is_shown(kiosk):
    for key in ("jia", "foreigner", "duo"):
        kiosk.login(key)
        text = kiosk.call("GET", "/v1/account").text
        assert BY_KEY[key].card_number not in text and BY_KEY[key].id_number not in text
        assert BY_KEY[key].name not in text


def test_somebody_without_an_account_is_told_so(kiosk):
    kiosk.login("no-account")
    for path in ("/v1/account", "/v1/account/entries", "/v1/loans"):
        response = kiosk.call("GET", path)
        assert (response.status_code, problem(response)) == (404, "not-found")
