"""The API and `python -m central calculate` give the same figures, for loans and accounts drawn at random."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, update

from central import accounts, closure, loans, repayment_quotes
from central.bank import SimulatedBank
from central.calculate import main as calculate
from central.centre import Centre
from central.demo.create import write
from central.demo.spec import AccountSpec, Citizen, LoanSpec, id_number, yuan
from central.policy import load
from central.refusals import Refused
from central.rules.dated import Dated
from central.rules.loan_rates import LoanRate
from central.store import schema
from central.store.database import Database
from central.store.tables import person
from central.visits import Visitor
from kiosk.contract.loans import QuoteRequest, RepaymentMode
from kiosk.contract.money import Fen, format_yuan
from tests.central.kit import TODAY, Clock

BORN = date(1980, 1, 1)
ME = id_number(BORN, 101)

LOANS = st.builds(
    LoanSpec,
    principal=st.integers(50_000, 1_000_000).map(yuan),
    months=st.integers(2, 360),
    due=st.integers(1, 300),
    due_in_days=st.integers(1, 28),
    method=st.sampled_from(["equal-instalment", "equal-principal"]),
).filter(lambda spec: spec.due < spec.months)
RATES = st.integers(0, 600).map(lambda hundredths: Decimal(hundredths) / 100)


class Over(Exception):
    """Ends an example: its transaction is rolled back, and the next begins with empty books."""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('figures')}/books.db")
    schema.create(database)
    yield database
    database.close()


@contextmanager
def city(
    books: Database, rate: Decimal, *, loan: LoanSpec | None, account: AccountSpec
) -> Iterator[tuple[Connection, Centre]]:
    """One citizen, in a city whose loans have always had one rate, so that nothing is re-priced on the way."""
    constant = Dated(date(1990, 1, 1), LoanRate(rate, rate, rate, rate))
    policy = replace(load(), loan_rates=(constant,))
    me = Citizen(
        "me", "测试甲", ME, "6299990000000000006", "", "", account=account, loans=(loan,) if loan else ()
    )
    clock = Clock()
    with suppress(Over), books.write() as tx:
        write(tx, [me], TODAY, policy, password_hash="none")
        yield tx, Centre(books, SimulatedBank(clock), policy, clock)
        raise Over


VISITOR = Visitor(1, "K-test", "测试甲", ME)


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    """What the command line says."""
    assert calculate([*arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def terms_of(spec: LoanSpec, rate: Decimal) -> list[str]:
    return [
        "--principal",
        format_yuan(spec.principal),
        "--rate",
        str(rate),
        "--months",
        str(spec.months),
        "--method",
        spec.method,
        "--after",
        str(spec.due),
    ]


ONE_AT_A_TIME = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@ONE_AT_A_TIME
@given(spec=LOANS, rate=RATES, share=st.integers(1, 99), mode=st.sampled_from(list(RepaymentMode)))
def test_early_repayment(spec, rate, share, mode, books, capsys):
    with city(books, rate, loan=spec, account=AccountSpec(opening=yuan(2_000_000))) as (tx, centre):
        debt = loans.of_person(tx, 1)[0][0]
        amount = Fen(debt.owed * share // 100)
        request = QuoteRequest(extent="part", amount=amount, mode=mode)
        try:
            quote = repayment_quotes.give_quote(tx, centre, VISITOR, debt.row.contract, request)
        except Refused:
            assume(False)  # below one instalment, or the last one: test_loans has those
        days = (TODAY - debt.last_due).days
    theirs = asked(
        capsys,
        "early-repayment",
        *terms_of(spec, rate),
        "--days",
        str(days),
        "--amount",
        format_yuan(amount),
        "--mode",
        mode.value,
    )
    assert {
        "balance_before": format_yuan(quote.balance_before),
        "balance_after": format_yuan(quote.balance_after),
        "principal_now": format_yuan(quote.principal),
        "interest_now": format_yuan(quote.interest),
        "total_now": format_yuan(quote.total),
        "instalment": format_yuan(quote.instalment_after or Fen(0)),
        "remaining_months": quote.months_after,
        "interest_saved": format_yuan(quote.interest_saved),
    }.items() <= theirs.items()


@ONE_AT_A_TIME
@given(spec=LOANS, rate=RATES)
def test_payoff_and_schedule(spec, rate, books, capsys):
    with city(books, rate, loan=spec, account=AccountSpec(opening=yuan(2_000_000))) as (tx, centre):
        debt = loans.of_person(tx, 1)[0][0]
        quote = repayment_quotes.give_quote(
            tx, centre, VISITOR, debt.row.contract, QuoteRequest(extent="full")
        )
        rows = loans.schedule(debt).rows
        days = (TODAY - debt.last_due).days
    theirs = asked(capsys, "payoff", *terms_of(spec, rate), "--days", str(days))
    schedule = asked(capsys, "schedule", *terms_of(spec, rate)[:-2])
    assert theirs == {
        "balance": format_yuan(quote.principal),
        "interest": format_yuan(quote.interest),
        "payoff": format_yuan(quote.total),
    }
    assert [
        (row.number, format_yuan(row.principal), format_yuan(row.interest), format_yuan(row.balance))
        for row in rows
    ] == [
        (row["number"], row["principal"], row["interest"], row["balance"])
        for row in schedule["rows"][spec.due :]
    ]


@ONE_AT_A_TIME
@given(
    opening=st.integers(0, 300_000).map(yuan),
    base=st.integers(2_000, 40_000).map(yuan),
    rate=st.integers(5, 12),
    months=st.integers(1, 40),
)
def test_interest_to_the_day(opening, base, rate, months, books, capsys):
    spec = AccountSpec(opening=opening, base=base, rate=rate, months=months)
    with city(books, Decimal("2.6"), loan=None, account=spec) as (tx, centre):
        claim = closure.examine(tx, centre, 1)
        since = claim.fund.row.interest_from
        found = accounts.entries(tx, 1, since, TODAY, limit=100)
        shown = accounts.view(tx, 1, TODAY, centre.policy)
    moves = [f"{entry.on}:{format_yuan(entry.amount)}" for entry in found.entries]
    theirs = asked(
        capsys,
        "interest",
        "--opening",
        format_yuan(found.opening),
        "--from",
        str(since),
        "--to",
        str(TODAY),
        *(part for move in moves for part in ("--entry", move)),
    )
    assert theirs["interest"] == format_yuan(claim.interest) == format_yuan(shown.accrued_interest)
    assert theirs["closing"] == format_yuan(claim.payout)


@ONE_AT_A_TIME
@given(
    born=st.dates(date(1955, 1, 1), date(2000, 12, 31)),
    category=st.sampled_from(["man", "woman-55", "woman-50"]),
)
def test_retirement(born, category, books, capsys):
    with city(books, Decimal("2.6"), loan=None, account=AccountSpec()) as (tx, centre):
        tx.execute(update(person).values(born=born, category=category))
        quote = closure.give_quote(tx, centre, VISITOR)
    theirs = asked(capsys, "retirement", "--born", f"{born:%Y-%m}", "--category", category)
    age = quote.checks[0]
    assert age.retires == theirs["retires"]
    assert age.passed is (theirs["retires"] <= f"{TODAY:%Y-%m}")


def test_the_days_of_a_loan_are_counted_from_its_last_due_date(books):
    spec = LoanSpec(yuan(500_000), 240, due=30, due_in_days=12)
    with city(books, Decimal("2.6"), loan=spec, account=AccountSpec()) as (tx, _):
        debt = loans.of_person(tx, 1)[0][0]
    assert debt.row.next_due == TODAY + timedelta(days=12)
    assert debt.last_due == date(2026, 11, 2)
