"""What a kiosk tells its centre with each heartbeat: read from the journal, not remembered."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hardware.device import Kind, State, Status
from kiosk.contract.money import Fen
from kiosk.contract.operation_id import new_operation_id
from kiosk.exchange import Exchange
from kiosk.health import HealthBoard
from kiosk.heartbeat import quiet, vital_signs
from kiosk.journal import Journal
from kiosk.journal.archive import ROOM, folder
from kiosk.operation_states import Confirm, Intend, Send, Submission
from kiosk.operations import Operations
from kiosk.runtime import AsyncioRuntime
from tests.kiosk.operating import DRAFT, ScriptedCentre

AGE = timedelta(minutes=20)


async def test_a_heartbeat_tells_what_is_unknown_how_full_the_journal_is_and_the_days_totals(
    tmp_path: Path,
) -> None:
    path, sent_at = tmp_path / "journal.db", datetime.now(UTC) - AGE
    journal = Journal(path, now=lambda: sent_at)
    runtime = AsyncioRuntime()
    centre: Any = ScriptedCentre()
    operations = Operations(journal, Exchange(journal, centre, runtime), runtime, lambda operation_id: None)
    board = HealthBoard()
    board._set_device(Kind.SPEAKER, Status(State.READY))

    nothing = await vital_signs(board, journal, operations)
    assert (nothing.unknown_operations, nothing.oldest_unknown_s, nothing.day_totals) == (0, None, ())
    assert (nothing.journal_used_percent, nothing.devices) == (0, {"speaker": "ready"})

    folder(path).mkdir()
    for number in range(ROOM // 2):
        (folder(path) / f"{number:012d}-{number:012d}.jsonl.gz").touch()
    for outcome in ((), (Confirm(Fen(5), "202603020000000001"),)):
        operation_id = new_operation_id(0)
        for step in (Intend(Submission.of(operation_id, DRAFT)), Send(), *outcome):
            await journal.advance(operation_id, step)

    told = await vital_signs(board, journal, operations)
    assert told.unknown_operations == 1 and told.oldest_unknown_s is not None
    assert 0 <= told.oldest_unknown_s - AGE.total_seconds() < 60
    assert told.journal_used_percent == 50
    assert (told.journal_sequence, told.journal_head) == (journal.head().sequence, journal.head().hex)
    (total,) = json.loads(told.model_dump_json())["day_totals"]
    assert total == {"day": "2026-03-02", "operations": 1, "amount": "0.05"}
    journal.close()
    await runtime.close()


def test_a_check_of_the_line_claims_nothing_of_the_journal() -> None:
    assert quiet().journal_head == "" and quiet().day_totals is None
