"""How tests ask `python -m central calculate`, and the loans that they ask about."""

import json
import shlex
from typing import Any

import pytest

from central.calculate import main

LOAN = "--principal 600000 --rate 2.6 --months 300 --method equal-instalment"
FALLING = "--principal 300000 --rate 2.6 --months 240 --method equal-principal"
OLD_LOAN = "--principal 600000 --rate 2.85 --months 300 --method equal-instalment"


class FixedClock:
    """2026-11-22, noon in Shanghai."""

    def now_ms(self) -> int:
        return 1_795_320_000_000


def ask(capsys: pytest.CaptureFixture[str], command: str) -> dict[str, Any]:
    assert main([*shlex.split(command), "--format", "json"], FixedClock()) == 0
    written = capsys.readouterr()
    assert written.err == ""
    answer: dict[str, Any] = json.loads(written.out)
    return answer


def refuse(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as stop:
        main(arguments, FixedClock())
    written = capsys.readouterr()
    assert stop.value.code == 2
    assert written.out == ""
    assert written.err.endswith("\n")
    assert written.err.count("\n") == 1
    return written.err


def unquoted(line: str) -> str:
    """Releases of Python differ in whether they list choices in quotation marks."""
    return line.replace("'", "")
