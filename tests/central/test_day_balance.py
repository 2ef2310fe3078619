"""The day-end balance: every way in which the bank's file or a kiosk's journal can differ from the books is found."""

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

from central.bank import BankLine, BankOutcome
from central.batch import command as day_end
from central.batch.command import close_day
from central.ledger.day_balance import (
    BankDifference,
    BookedPayout,
    KioskDay,
    against_bank,
    against_kiosks,
    bank_differences,
    kiosk_days,
    total_told,
)
from central.store.tables import audit
from central.store.tables import kiosk as kiosk_table
from kiosk.contract.kiosks import DayTotal
from kiosk.contract.money import Fen, parse_yuan
from kiosk.contract.operations import DAY_TOTALS_TOLD
from tests.central.kit import TODAY

ROOT = Path(__file__).resolve().parents[2]
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
ONE, TWO = UUID(int=1), UUID(int=2)
PAID = BookedPayout(Fen(100_00), BankOutcome.DONE, TODAY)
VOID = BookedPayout(Fen(100_00), BankOutcome.REFUSED, None)
PENDING = BookedPayout(Fen(100_00), None, None)


def line(reference: UUID = ONE, amount: int = 100_00, on: date = TODAY) -> BankLine:
    return BankLine(reference, Fen(amount), on)


def of(found) -> set[BankDifference]:
    return {difference for difference, _ in found}


# ------------------------------------------------------------------ the bank's file: the rule


@pytest.mark.parametrize(
    ("lines", "booked", "expected"),
    [
        ([line()], {ONE: PAID}, set()),
        ([], {}, set()),
        ([line()], {}, {BankDifference.NOT_OURS}),
        ([line(), line()], {ONE: PAID}, {BankDifference.TWICE}),
        ([line()], {ONE: VOID}, {BankDifference.VOID_HERE}),
        ([line()], {ONE: PENDING}, {BankDifference.PENDING_HERE}),
        ([line(amount=99_99)], {ONE: PAID}, {BankDifference.OTHER_AMOUNT}),
        ([], {ONE: PAID}, {BankDifference.NEVER_PAID}),
        ([], {ONE: PENDING, TWO: VOID}, set()),  # nobody says that it was paid
        ([line(), line(amount=1)], {ONE: VOID}, set(BankDifference) - {BankDifference.NOT_OURS,
            BankDifference.PENDING_HERE, BankDifference.NEVER_PAID}),
    ],
)  # fmt: skip
def test_each_difference_has_its_name(lines, booked, expected):
    assert of(bank_differences(TODAY, lines, booked)) == expected


def test_what_crossed_midnight_is_found_in_the_file_of_the_other_day():
    """The bank paid before midnight and was heard after it."""
    late = {ONE: PAID}
    assert of(bank_differences(YESTERDAY, [line(on=YESTERDAY)], late)) == set()
    assert of(bank_differences(TODAY, [], late)) == {BankDifference.NEVER_PAID}
    assert of(bank_differences(TODAY, [line(on=YESTERDAY)], late)) == set()


def test_a_payment_repeated_on_another_day_is_still_the_second():
    twice = [line(on=YESTERDAY), line()]
    assert of(bank_differences(TODAY, twice, {ONE: PAID})) == {BankDifference.TWICE}
    assert of(bank_differences(TOMORROW, twice, {ONE: PAID})) == set()  # not that day's business


def test_a_row_says_who_said_what():
    ((_, row),) = bank_differences(TODAY, [line(), line()], {ONE: PAID})
    assert row == f"operation {ONE}: bank 100.00 + 100.00, books 100.00"


# ------------------------------------------------------------------ the bank's file: against real books


@pytest.fixture
def paid(kiosk):
    """Two closures that the bank has carried out, one that it has not answered, and one that it has refused."""
    done = {}
    for key in ("retires-now", "woman-50", "bank-late", "bank-refuses"):
        kiosk.login(key)
        done[key] = UUID(kiosk.close(kiosk.agreed_closure()).json()["operation_id"])
    return done


def test_the_banks_file_and_the_books_agree(paid, database, centre):
    both = {paid["retires-now"], paid["woman-50"]}
    lines = [one for one in centre.bank.statement(TODAY) if one.reference in both]
    assert {one.reference for one in lines} == both
    pays_late = line(paid["bank-late"])
    pays_after_all = line(paid["bank-refuses"])
    with database.read() as tx:
        assert against_bank(tx, TODAY, lines) == []
        for wrong, difference in (
            (lines[:1], BankDifference.NEVER_PAID),
            ([*lines, lines[0]], BankDifference.TWICE),
            ([lines[0], line(lines[1].reference, lines[1].amount + 1)], BankDifference.OTHER_AMOUNT),
            ([*lines, line()], BankDifference.NOT_OURS),
            ([*lines, pays_late], BankDifference.PENDING_HERE),
            ([*lines, pays_after_all], BankDifference.VOID_HERE),
        ):
            found = {one.rule: one for one in against_bank(tx, TODAY, wrong)}
            assert difference.value in found, (difference, found)
            assert (found[difference.value].invariant, found[difference.value].count) == ("I12", 1)


# ------------------------------------------------------------------ the kiosks' journals


def beat(kiosk, *totals: tuple[date, int, str], tells: bool = True, unknown: int = 0, head: str = "0" * 64):
    body = {
        "version": "1",
        "journal_head": head,
        "journal_sequence": 0,
        "unknown_operations": unknown,
        "devices": {},
    }
    if tells:
        body["day_totals"] = [{"day": str(day), "operations": n, "amount": yuan} for day, n, yuan in totals]
    assert kiosk.call("POST", "/v1/kiosks/current/heartbeat", body).status_code == 200


@pytest.fixture
def repaid(kiosk) -> str:
    """A repayment at this kiosk; its amount in yuan."""
    kiosk.login("jia")
    amount: str = kiosk.repay(kiosk.agreed_part()).json()["amount"]
    return amount


def differing(database, day: date = TODAY) -> tuple[str, ...]:
    with database.read() as tx:
        found = against_kiosks(kiosk_days(tx, day))
    return found.rows if found else ()


def test_a_kiosk_that_says_what_the_books_say(kiosk, database, repaid):
    beat(kiosk, (TODAY, 1, repaid))
    assert differing(database) == ()
    with database.read() as tx:
        (one,) = kiosk_days(tx, TODAY)
        assert kiosk_days(tx, YESTERDAY) == []
    assert (one.kiosk_id, one.told, one.booked.amount) == (kiosk.kiosk_id, one.booked, parse_yuan(repaid))


@pytest.mark.parametrize(
    ("operations", "amount"), [(0, "0.00"), (2, "1.00"), (1, "0.01")], ids=["less", "more", "other amount"]
)
def test_a_kiosk_that_says_something_else_is_found(kiosk, database, repaid, operations, amount):
    beat(kiosk, *([(TODAY, operations, amount)] if operations else []), unknown=1)
    (row,) = differing(database)
    assert (
        f"kiosk {kiosk.kiosk_id}: journal {operations} operations {amount}, books 1 operations {repaid}"
        in row
    )
    assert "1 outcomes unknown to it" in row and "last heard 2026-11-20" in row


def test_a_kiosk_that_knows_of_what_the_books_do_not_is_found(kiosk, database):
    """The centre was restored to an earlier moment, or somebody has written into a journal."""
    beat(kiosk, (TODAY, 1, "5.00"))
    (row,) = differing(database)
    assert "journal 1 operations 5.00, books 0 operations 0.00" in row


def test_a_kiosk_that_has_told_nothing_is_found(kiosk, database, repaid):
    (row,) = differing(database)
    assert "has not told its total" in row
    beat(kiosk, tells=False)  # a program from before the totals
    assert "has not told its total" in differing(database)[0]


@pytest.mark.parametrize("health", ["{}", "nonsense"])
def test_a_heartbeat_that_cannot_be_read_is_found(kiosk, database, repaid, health):
    """And keeps nobody from the day of the other kiosks, nor this one from the next beat."""
    with database.write() as tx:
        tx.execute(update(kiosk_table).values(health=health))
    (row,) = differing(database)
    assert f"kiosk {kiosk.kiosk_id}: journal is not known: its last heartbeat cannot be read, books 1" in row
    assert "cannot be read, books 0" in differing(database, YESTERDAY)[0], "who knows what it would say?"
    with database.write() as tx:
        tx.execute(update(kiosk_table).values(revoked_ms=1))
    assert differing(database, YESTERDAY) == ()
    with database.write() as tx:
        tx.execute(update(kiosk_table).values(revoked_ms=None))
    beat(kiosk, (TODAY, 1, repaid))
    assert differing(database) == ()


def test_a_check_of_the_line_leaves_what_was_told(kiosk, database, repaid):
    beat(kiosk, (TODAY, 1, repaid))
    beat(kiosk, tells=False, head="")
    assert differing(database) == ()


def test_a_refusal_is_in_nobodys_total(kiosk, database, paid):
    with database.read() as tx:
        (one,) = kiosk_days(tx, TODAY)
    assert one.booked.operations == 2  # neither the one that waits nor the one that was given back


def test_a_day_that_is_not_told_any_more_is_not_taken_for_nothing():
    week = [
        DayTotal(day=TODAY - timedelta(days=n), operations=1, amount=Fen(1)) for n in range(DAY_TOTALS_TOLD)
    ]
    long_ago = TODAY - timedelta(days=30)
    assert total_told(week, long_ago) is None
    assert total_told(week[1:], long_ago) == DayTotal.nothing_on(long_ago)
    assert total_told(week, TODAY) == week[0]
    told = KioskDay("K", DayTotal(day=long_ago, operations=2, amount=Fen(2)), total_told(week, long_ago))
    assert against_kiosks([told]) is not None


# ------------------------------------------------------------------ who is told


def test_day_end_writes_down_how_many_kiosks_differ(kiosk, database, centre, repaid):
    assert close_day(centre, TODAY)["kiosks_differ"] == 1
    with database.read() as tx:
        detail = tx.execute(select(audit.c.detail).where(audit.c.event == "day-closed")).scalar_one()
    assert json.loads(detail)["kiosks_differ"] == 1


@pytest.mark.parametrize("copies", ["sqlite"], indirect=True)
def test_day_end_tells_by_its_exit_status(kiosk, database_url, repaid, capsys):
    """Also when it is run again, once the kiosk has told its total."""
    run = ["--database", database_url, "--day", TODAY.isoformat()]
    assert day_end.main(run) == 1
    told = capsys.readouterr()
    assert json.loads(told.out)["kiosks_differ"] == 1 and kiosk.kiosk_id in told.err
    beat(kiosk, (TODAY, 1, repaid))
    assert day_end.main(run) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("copies", ["sqlite"], indirect=True)
def test_the_command_shows_both_sides(kiosk, database_url, tmp_path, paid, centre):
    def run(*more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "central", "reconcile", "--database", database_url, *more]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    done = [line_ for line_ in centre.bank.statement(TODAY) if line_.reference != paid["bank-late"]]
    beat(kiosk, (TODAY, 2, f"{sum(one.amount for one in done) / 100:.2f}"))
    files = [tmp_path / name for name in ("20.csv", "21.csv")]
    for file, lines in zip(files, (done[:1], done[1:]), strict=True):
        rows = "".join(f"{one.reference},{one.amount / 100:.2f},{one.on}\n" for one in lines)
        file.write_text("reference,amount,on\n" + rows)
    of_the_day = ("--day", TODAY.isoformat())
    both = run(*of_the_day, "--bank-file", *map(str, files))
    assert both.returncode == 0, both
    assert "books 2 operations" in both.stdout and "the books are sound" in both.stdout
    one = run(*of_the_day, "--bank-file", str(files[0]), "--format", "json")
    assert one.returncode == 1
    (found,) = json.loads(one.stdout)["findings"]
    assert (found["invariant"], found["rule"]) == ("I12", BankDifference.NEVER_PAID.value)
    assert str(done[1].reference) in found["rows"][0]
    assert run("--bank-file", str(files[0])).returncode == 2  # of which day?
    listed = run(*of_the_day, "--kiosk", kiosk.kiosk_id).stdout.splitlines()[:2]
    assert [row.split()[0] for row in listed] == [str(paid[key]) for key in ("retires-now", "woman-50")]
    assert run("--kiosk", kiosk.kiosk_id).returncode == 2
