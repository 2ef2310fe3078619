"""The whole program around the window, without devices, when its records cannot be kept. Run by test_window.py."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import run_kiosk
from kiosk.enrolment import ID_FILE, KEY_FILE
from kiosk.journal import Journal
from kiosk.settings import load
from screens.window import KioskStage
from tests.screens.window_scripts import until

SAID = "本机记录故障，已停止服务"
NOBODY_LISTENS = "http://127.0.0.1:9"


@contextlib.asynccontextmanager
async def program(folder: Path) -> AsyncIterator[tuple[KioskStage, "asyncio.Task[int]"]]:
    """An enrolled kiosk whose data lie in `folder`; it must end well."""
    key = Ed25519PrivateKey.generate()
    (folder / KEY_FILE).write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / ID_FILE).write_text("TEST-01")
    settings = load(
        overrides={
            "kiosk": {"data": str(folder)},
            "centre": {"url": NOBODY_LISTENS},
            "panel": {"full_screen": False},
        }
    )
    stages: list[KioskStage] = []
    make = run_kiosk._window

    def kept(settings: Any) -> KioskStage:
        stages.append(make(settings))
        return stages[-1]

    with patch.object(run_kiosk, "_window", kept):
        running = asyncio.create_task(run_kiosk._run(settings, {}, None, 0))
        await until(lambda: bool(stages))
    try:
        yield stages[0], running
    finally:
        stages[0].stop()
        assert await running == 0


def says_so(stage: KioskStage) -> bool:
    shown = stage.controls()
    return shown["screen"] == "OutOfService" and SAID in shown["texts"]


async def without_a_journal_it_says_so_and_stays() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "journal.db").write_bytes(b"this is no journal" * 100)
        async with program(folder) as (stage, running):
            await until(lambda: says_so(stage) or running.done())
            assert not running.done()


async def a_journal_that_breaks_takes_it_out_of_service_and_not_down() -> None:
    journals: list[Journal] = []

    class Kept(Journal):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            journals.append(self)

    def beats() -> bool:
        return any(getattr(task.get_coro(), "__name__", "") == "beat" for task in asyncio.all_tasks())

    with (
        TemporaryDirectory() as name,
        patch("kiosk.assembly.Journal", Kept),
        patch("kiosk.heartbeat.BEAT_WHEN_DOWN_S", 0.05),
    ):
        async with program(Path(name)) as (stage, running):
            await until(lambda: stage.controls()["screen"] == "Attract" and beats())
            journals[0]._submit(journals[0]._store.close).result()  # as if the disk were gone
            await until(lambda: not beats() or running.done())
            await until(lambda: says_so(stage) or running.done())
            assert not running.done()
