"""The catalogues: both languages complete, the same braces, and no key that nobody uses."""

import re
from pathlib import Path

import pytest

from kiosk.contract.operations import OperationKind, OperationState
from kiosk.contract.problems import Problem
from kiosk.messages import LANGUAGES, MissingText, braces, known, msg, text, texts
from kiosk.values import Name

ROOT = Path(__file__).parent.parent.parent


def test_both_languages_have_the_same_keys_and_braces() -> None:
    chinese, english = texts("zh"), texts("en")
    assert set(chinese) == set(english)
    for key in chinese:
        assert braces(chinese[key]) == braces(english[key]), key


def test_no_text_is_empty_and_each_is_in_its_language() -> None:
    hanzi = re.compile(r"[\u4e00-\u9fff]")
    for key, value in texts("zh").items():
        assert value.strip(), key
        plain = re.sub(r"\{\w+\}", "", value)
        assert hanzi.search(plain) or not re.search(r"[A-Za-z]{4,}", plain) or key.startswith("screen."), key
    for key, value in texts("en").items():
        assert value.strip(), key
        assert not hanzi.search(value) or key.startswith("screen."), key


def test_every_literal_key_in_the_code_has_a_text() -> None:
    known = set(texts("zh"))
    used = set()
    for file in (*ROOT.glob("kiosk/**/*.py"), *ROOT.glob("screens/**/*.py")):
        used |= set(re.findall(r'\bmsg\(\s*"([^"{]+)"', file.read_text("utf-8")))
    used -= {"welcome"}  # an example in a docstring
    assert used - known == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_key_or_value_is_found_not_shown(language: str) -> None:
    with pytest.raises(MissingText):
        text(msg("no.such.key"), language)  # type: ignore[arg-type]
    with pytest.raises(MissingText):
        text(msg("visit.greeting"), language)  # type: ignore[arg-type]


def test_braces_in_a_value_are_only_text() -> None:
    assert "{x}" in text(msg("visit.greeting", name=Name("{x}")), "en")


def test_every_refusal_of_the_contract_has_its_words() -> None:
    for problem in Problem:
        assert known(f"refusal.{problem}"), problem
        assert known(f"refusal.{problem}.instead"), problem


@pytest.mark.parametrize("kind", OperationKind)
def test_every_kind_of_operation_has_its_words(kind: OperationKind) -> None:
    for key in (f"supervisor.kind.{kind}", *(f"operation.{kind}.{state}" for state in OperationState)):
        assert known(key), key
