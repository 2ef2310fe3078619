"""Enrolment: what goes wrong on this side costs no code of the centre's."""

from pathlib import Path

import pytest

from kiosk import enrolment
from kiosk.enrolment import ID_FILE, KEY_FILE, NotEnrolled, enrol, load_identity

CODE = "ABCDEFGH12"


def test_a_folder_that_keeps_nothing_is_found_before_the_code_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(enrolment, "_post", lambda url, *rest: asked.append(url))
    (tmp_path / "file").write_text("")
    with pytest.raises(NotEnrolled, match="nothing can be kept"):
        enrol("http://127.0.0.1:9", CODE, "TEST-01", tmp_path / "file" / "data")
    assert asked == []


def test_a_key_of_another_user_is_not_taken_for_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(NotEnrolled, match=f"{KEY_FILE} does not belong"):
        load_identity(tmp_path)


def test_an_empty_folder_says_how_to_enrol(tmp_path: Path) -> None:
    with pytest.raises(NotEnrolled, match="--enrol CODE"):
        load_identity(tmp_path)
    assert not (tmp_path / ID_FILE).exists()
