"""The first run: a kiosk that is not enrolled says how, and begins by itself once it is."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kiosk import first_run
from kiosk.enrolment import ID_FILE, KEY_FILE
from kiosk.prompts import FirstRun, Prompt
from kiosk.settings import DEFAULT_FILE, Settings, load


class Glass:
    """A stage that only remembers."""

    def __init__(self) -> None:
        self.shown: list[Prompt[Any]] = []
        self.drawn = asyncio.Event()

    def show(self, prompt: Prompt[Any], *rest: Any) -> None:
        self.shown.append(prompt)
        self.drawn.set()


def settings(folder: Path) -> Settings:
    return load(DEFAULT_FILE, {"kiosk": {"data": str(folder)}})


def enrol(folder: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / KEY_FILE).write_bytes(pem)
    (folder / ID_FILE).write_text("K-000000000001")


async def test_an_enrolled_kiosk_begins_at_once(tmp_path: Path) -> None:
    enrol(tmp_path)
    glass = Glass()
    await asyncio.wait_for(first_run.until_enrolled(settings(tmp_path), glass, "run --enrol CODE"), 10)  # type: ignore[arg-type]
    assert glass.shown == []


async def test_one_that_is_not_says_how_and_goes_on_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_run, "LOOK_AGAIN_S", 0.01)
    glass = Glass()
    waiting = asyncio.create_task(first_run.until_enrolled(settings(tmp_path), glass, "run --enrol CODE"))  # type: ignore[arg-type]
    await asyncio.wait_for(glass.drawn.wait(), 10)
    (prompt,) = glass.shown
    assert isinstance(prompt, FirstRun)
    assert "--enrol CODE" in prompt.command
    assert not waiting.done()
    enrol(tmp_path)
    await asyncio.wait_for(waiting, 10)
    assert len(glass.shown) == 1
