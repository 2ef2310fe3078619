"""The out-of-service switch: what staff have set lasts, whatever became of the file."""

from pathlib import Path
from typing import Any

import pytest

from kiosk import service_switch
from kiosk.health import HealthBoard
from kiosk.service_switch import FILE, ServiceSwitch


def switch(folder: Path, events: list[tuple[str, Any]]) -> tuple[ServiceSwitch, HealthBoard]:
    board = HealthBoard()
    made = ServiceSwitch(
        folder, board, lambda name, **fields: events.append((name, *fields.values())), lambda: True
    )
    made.restore()
    return made, board


@pytest.mark.parametrize("kept", [b"", b"\xff\xfe\x00", b"no-such-reason"])
async def test_a_reason_that_cannot_be_read_is_still_one(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / FILE).write_bytes(kept)
    made, board = switch(tmp_path, [])
    assert made.reason == "maintenance"
    assert board.health.stopped


async def test_a_file_that_may_not_be_read_does_not_keep_the_kiosk_from_starting(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    made, board = switch(tmp_path, [])
    assert made.reason == "maintenance"
    assert board.health.stopped


async def test_what_could_not_be_kept_has_not_ended_the_reason_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[tuple[str, Any]] = []
    made, _ = switch(tmp_path, events)
    made.stop("cleaning")

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(service_switch, "write_private", full)
    with pytest.raises(OSError, match="No space"):
        made.stop("moving")
    assert made.reason == "cleaning"
    assert events == [("out-of-service-begin", "cleaning")]
