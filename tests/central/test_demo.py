"""The demonstration: plainly made up, whole on any day of the year, and listed for who plays it."""

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.bank import Behaviour
from central.demo import CITIZENS, citizens, listing
from central.demo.create import bank_behaviour, fill
from central.policy import load
from central.rules import identity
from central.store import schema
from central.store.database import Database
from tests.central.kit import PEOPLE, TODAY, assert_sound

ROOT = Path(__file__).resolve().parents[2]


def luhn(number: str) -> int:
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[0::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10


def test_everybody_is_made_up_and_their_numbers_are_right():
    assert len(PEOPLE) >= 30
    assert len({citizen.key for citizen in PEOPLE}) == len({c.name for c in PEOPLE}) == len(PEOPLE)
    assert (
        len({citizen.id_number for citizen in PEOPLE}) == len({c.card_number for c in PEOPLE}) == len(PEOPLE)
    )
    for citizen in PEOPLE:
        assert citizen.name.startswith("测试") or "Test" in citizen.name
        read = identity.read(citizen.id_number, TODAY)
        assert isinstance(read, identity.Identity), citizen.key
        man = citizen.category == "man"
        assert read.sex is (identity.Sex.MALE if man else identity.Sex.FEMALE), citizen.key
        assert luhn(citizen.card_number) == 0
        assert citizen.shows_zh and citizen.shows_en


def test_the_branches_are_there():
    names = "".join(citizen.name for citizen in PEOPLE)
    assert "䶮" in names and "𬭚" in names
    assert {citizen.bank for citizen in PEOPLE} == set(Behaviour)
    assert any(len(citizen.loans) == 2 for citizen in PEOPLE)
    assert {citizen.account.state for citizen in PEOPLE if citizen.account} == {"01", "02", "05", "06"}
    assert {citizen.category for citizen in PEOPLE} == {"man", "woman-50", "woman-55", "unknown"}


DAYS = [
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2027, 1, 31),
    date(2027, 3, 1),
    date(2028, 2, 29),
    date(2027, 6, 30),
    date(2027, 7, 1),
    date(2027, 7, 2),
    date(2027, 7, 31),
    date(2027, 8, 1),
    date(2026, 10, 1),
]


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_it_is_whole_on_any_day(today, tmp_path):
    database = Database(f"sqlite:///{tmp_path}/any.db")
    schema.create(database)
    fill(database, citizens(today), today, load(), password_hash="none")
    assert_sound(database)
    database.close()


@settings(max_examples=200, deadline=None)
@given(today=st.dates(date(2026, 1, 1), date(2040, 12, 31)))
def test_who_is_born_around_retirement_is_so_on_any_day(today):
    from central.rules.months import YearMonth
    from central.rules.retirement import Category, has_reached, retirement

    by_key = {citizen.key: citizen for citizen in citizens(today)}
    for key, category, reached in (
        ("retires-next-month", Category.MAN, False),
        ("bank-late", Category.MAN, None),
        ("woman-50", Category.WOMAN_50, None),
        ("woman-55", Category.WOMAN_55, None),
    ):
        number = by_key[key].id_number
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        months = retirement(YearMonth.of(born), category).retires.ordinal - YearMonth.of(today).ordinal
        assert -4 <= months <= 5, (key, months)
        if reached is not None:
            assert has_reached(born, category, today) is reached


def test_the_bank_behaves_by_card():
    behave = bank_behaviour(PEOPLE)
    from central.bank import Payout
    from kiosk.contract.money import Fen

    for citizen in PEOPLE:
        assert behave(Payout(None, citizen.card_number, "x", Fen(1))) is citizen.bank
    assert behave(Payout(None, "0" * 19, "x", Fen(1))) is Behaviour.PROMPT


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "central", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_the_list_for_programs():
    rows = json.loads(run("demo", "--list", "--format", "json").stdout)
    assert [row["card_number"] for row in rows] == [citizen.card_number for citizen in CITIZENS]
    assert set(rows[0]) == {"key", "name", "id_number", "card_number", "shows", "born_moves"}


def test_the_page_in_docs_is_the_tables():
    page = (ROOT / "docs" / "demo-citizens.md").read_text(encoding="utf-8")
    assert page == listing.markdown(CITIZENS) == listing.markdown(citizens(TODAY + timedelta(days=400)))


def test_a_database_is_filled_once_and_the_commands_work_on_it(tmp_path):
    url = f"sqlite:///{tmp_path}/demo.db"
    assert run("demo", "--database", url).returncode == 0
    again = run("demo", "--database", url)
    assert (again.returncode, "not empty" in again.stderr) == (2, True)
    assert len(run("enrol-code", "--database", url).stdout.strip()) == 12
    assert (
        len(run("phone-code", "--database", url, "--id-number", CITIZENS[0].id_number).stdout.strip()) == 20
    )
    stranger = run("phone-code", "--database", url, "--id-number", "110105194912310021")
    assert (stranger.returncode, stranger.stdout) == (2, "")
    assert run("unlock", "--database", url, "--id-number", CITIZENS[0].id_number).returncode == 0
    assert run("migrate", "--database", url).stdout.strip().endswith(schema.HEAD)
    assert run("reconcile", "--database", url).returncode == 0
    assert json.loads(run("day-end", "--database", url).stdout)["missed"] == 0
    assert run("reconcile", "--database", url).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("serve", "--database", "sqlite:///:memory:"), "needs a file"),
        (("enrol-code", "--database", "sqlite:///{}/nothing.db"), "central migrate"),
        (("nonsense",), "is no command"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(tmp_path, arguments, says):
    done = run(*(argument.format(tmp_path) for argument in arguments))
    assert done.returncode == 2
    assert says in done.stderr and len(done.stderr.strip().splitlines()) == 1
