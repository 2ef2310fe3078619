"""What was confirmed on each day, added up from the journal: for the centre, and for who asks at the kiosk."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from kiosk.contract.money import Fen
from kiosk.contract.operations import DAY_TOTALS_TOLD
from kiosk.journal import Journal
from kiosk.journal import __main__ as tool
from kiosk.journal.database import connect
from kiosk.journal.store import Store
from kiosk.operation_states import Confirm, Intend, Refuse, Send, Submission
from tests.kiosk.operating import DRAFT

FIRST = UUID("01a20285-239f-799e-90ed-a72497493920")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def test_the_tool_adds_up_the_days(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = [
        datetime(2026, 3, 2, 15, 59, tzinfo=UTC),
        datetime(2026, 3, 2, 16, 1, tzinfo=UTC),
    ]  # 23:59 and 00:01
    outcomes = [
        (Confirm(Fen(100_00), "202603020000000001"), at[0]),
        (Confirm(Fen(50_05), "202603020000000002"), at[1]),  # booked before midnight, heard of after it
        (Confirm(Fen(7_00), None), at[1]),
        (Refuse("quote-stale"), at[0]),
    ]
    with closing(connect(path)) as connection:
        for number, (outcome, now) in enumerate(outcomes):
            store = Store(connection, lambda now=now: now)
            i = UUID(int=FIRST.int + number)
            for step in (Intend(Submission.of(i, DRAFT)), Send(), outcome):
                store.advance(i, step)
    assert tool.main(["totals", str(path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2026-03-02  2 operations  150.05",
        "2026-03-03  1 operations  7.00",
    ]
    assert tool.main(["totals", str(path), "--day", "2026-03-02"]) == 0
    *listed, total = capsys.readouterr().out.splitlines()
    assert [line.split()[1:] for line in listed] == [
        ["100.00", "202603020000000001"],
        ["50.05", "202603020000000002"],
    ]
    assert total == "2026-03-02  2 operations  150.05"


async def test_each_heartbeat_tells_the_last_days_totals(path: Path) -> None:
    """Read from the beginning at the first, and from then on only what is new; after a restart the same again."""
    first = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
    journal = Journal(path)

    async def confirm(number: int, day: int) -> None:
        i = UUID(int=FIRST.int + number)
        receipt = f"{first + timedelta(days=day):%Y%m%d}{number:010}"
        for step in (Intend(Submission.of(i, DRAFT)), Send(), Confirm(Fen(number), receipt)):
            await journal.advance(i, step)

    assert await journal.day_totals() == ()
    for day in range(DAY_TOTALS_TOLD + 2):
        await confirm(day + 1, day)
    told = await journal.day_totals()
    assert [total.day.day for total in told] == [10, 9, 8, 7, 6, 5, 4]
    await confirm(100, DAY_TOTALS_TOLD + 1)
    latest, *rest = await journal.day_totals()
    assert (latest.operations, latest.amount) == (2, 109) and tuple(rest) == told[1:]
    journal.close()
    journal = Journal(path)
    assert await journal.day_totals() == (latest, *rest)
    journal.close()
