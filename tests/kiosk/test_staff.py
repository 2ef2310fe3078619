"""The staff file: who gets in by which PIN, how guessing is stopped, and what does not lie in the file."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk import staff as staff_module
from kiosk.settings import DEFAULT_FILE
from kiosk.staff import LOCKED_S, MOST_TRIES, BadStaff, LockedOut, Member, Role, Staff, WrongPin

OPERATOR, ENGINEER, PIN = "100001", "200002", "482913"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real cost is argon2's business; here it would only cost minutes."""
    cheap = staff_module.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(staff_module, "_hasher", lambda: cheap)
    staff_module._nobodys_pin.cache_clear()


def two_staff(folder: Path, now: Callable[[], datetime] = lambda: NOW) -> Staff:
    staff = Staff(folder, now)
    staff.add(OPERATOR, Role.OPERATOR, PIN)
    staff.add(ENGINEER, Role.ENGINEER, PIN, "210202196409201319")
    return staff


def test_the_right_pin_opens_and_nothing_else(tmp_path: Path) -> None:
    staff = two_staff(tmp_path)
    found = staff.sign_in(OPERATOR, PIN)
    assert isinstance(found, Member)
    assert found.role is Role.OPERATOR
    assert isinstance(staff.sign_in(OPERATOR, "482914"), WrongPin)
    assert isinstance(staff.sign_in("999999", PIN), WrongPin)


def test_five_wrong_tries_lock_and_a_restart_does_not_unlock(tmp_path: Path) -> None:
    clock = [NOW]
    staff = two_staff(tmp_path, lambda: clock[0])
    for _ in range(MOST_TRIES - 1):
        assert isinstance(staff.sign_in(OPERATOR, "000000"), WrongPin)
        staff = Staff(tmp_path, lambda: clock[0])
    assert isinstance(staff.sign_in(OPERATOR, "000000"), LockedOut)
    again = Staff(tmp_path, lambda: clock[0])
    assert isinstance(again.sign_in(OPERATOR, PIN), LockedOut)
    assert isinstance(again.sign_in(ENGINEER, PIN), Member), "one lock must not lock everybody"
    clock[0] = NOW + timedelta(seconds=LOCKED_S)
    assert isinstance(again.sign_in(OPERATOR, PIN), Member)


def test_unknown_numbers_lock_like_known_ones(tmp_path: Path) -> None:
    staff = two_staff(tmp_path)
    answers = [staff.sign_in("999999", PIN) for _ in range(MOST_TRIES)]
    assert [type(answer) for answer in answers] == [WrongPin] * (MOST_TRIES - 1) + [LockedOut]


def test_no_lock_tells_which_numbers_exist(tmp_path: Path) -> None:
    staff = two_staff(tmp_path)
    for number in range(300001, 300011):
        assert isinstance(staff.sign_in(str(number), PIN), WrongPin)
    for number in (OPERATOR, "300099"):
        answers = [type(staff.sign_in(number, "000000")) for _ in range(MOST_TRIES)]
        assert answers == [WrongPin] * (MOST_TRIES - 1) + [LockedOut]


def test_a_thief_who_tries_many_numbers_fills_no_disk_and_frees_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staff_module, "MOST_STRANGERS", 5)
    staff = two_staff(tmp_path)
    for _ in range(MOST_TRIES):
        staff.sign_in(OPERATOR, "000000")
    for number in range(300001, 300021):
        staff.sign_in(str(number), PIN)
    kept = json.loads((tmp_path / "staff-tries.json").read_text())
    assert list(kept) == [OPERATOR, *(str(number) for number in range(300016, 300021))]
    assert isinstance(staff.sign_in(OPERATOR, PIN), LockedOut)


def test_a_try_counts_before_it_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    staff = two_staff(tmp_path)

    def power_cut(hashed: str, pin: str) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(staff_module, "_matches", power_cut)
        for _ in range(MOST_TRIES):
            with pytest.raises(KeyboardInterrupt):
                staff.sign_in(OPERATOR, PIN)
    assert isinstance(Staff(tmp_path, lambda: NOW).sign_in(OPERATOR, PIN), LockedOut)


def test_no_pin_and_no_card_number_lies_in_the_file(tmp_path: Path) -> None:
    staff = two_staff(tmp_path)
    kept = (tmp_path / "staff.json").read_text()
    assert PIN not in kept
    assert "210202196409201319" not in kept
    assert (tmp_path / "staff.json").stat().st_mode & 0o077 == 0
    assert staff.is_card("210202196409201319")
    assert not staff.is_card("210202196409201318")


@pytest.mark.parametrize(
    ("number", "pin"),
    [("1", PIN), (OPERATOR, "1234"), (OPERATOR, "111111"), (OPERATOR, "123456"), (OPERATOR, OPERATOR)],
)
def test_what_anybody_would_guess_is_no_pin(tmp_path: Path, number: str, pin: str) -> None:
    with pytest.raises(BadStaff):
        Staff(tmp_path).add(number, Role.OPERATOR, pin)


def test_the_command_adds_lists_and_removes_in_the_folder_of_the_settings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(DEFAULT_FILE.read_text().replace('data = "var"', f'data = "{tmp_path / "data"}"'))
    where = ["--settings", str(file)]
    assert staff_module.main([*where, "add", ENGINEER, "--role", "engineer"], io.StringIO(PIN + "\n")) == 0
    assert isinstance(Staff(tmp_path / "data").sign_in(ENGINEER, PIN), Member)
    assert staff_module.main([*where, "list"]) == 0
    assert capsys.readouterr().out == f"{ENGINEER} engineer\n"
    assert staff_module.main([*where, "remove", ENGINEER]) == 0
    assert staff_module.main([*where, "remove", ENGINEER]) == 1
    assert staff_module.main(["--settings", str(tmp_path / "none.toml"), "list"]) == 1
    assert "none.toml" in capsys.readouterr().err


def test_a_pin_that_is_typed_is_asked_for_twice_and_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Keyboard(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("KIOSK_KIOSK__DATA", str(tmp_path))
    for typed, done in (([PIN, "482914"], 1), ([PIN, PIN], 0)):
        monkeypatch.setattr("getpass.getpass", lambda question, typed=typed: typed.pop(0))
        assert staff_module.main(["add", OPERATOR, "--role", "operator"], Keyboard()) == done
        assert bool(Staff(tmp_path).members()) is not bool(done)


def test_what_did_not_fit_takes_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    two_staff(tmp_path)
    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        Staff(tmp_path).remove(OPERATOR)
    assert sorted(tmp_path.iterdir()) == before


def test_what_root_writes_belongs_to_the_folders_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[int, int]] = []
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("os.fchown", lambda handle, user, group: given.append((user, group)))
    two_staff(tmp_path)
    whose = tmp_path.stat()
    assert set(given) == {(whose.st_uid, whose.st_gid)}


def test_with_a_disk_that_takes_nothing_staff_get_in_and_a_thief_still_has_five_tries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = two_staff(tmp_path)

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(staff_module, "write_private", full)
    assert isinstance(staff.sign_in(ENGINEER, PIN), Member)
    answers = [type(staff.sign_in(OPERATOR, "000000")) for _ in range(MOST_TRIES)]
    assert answers == [WrongPin] * (MOST_TRIES - 1) + [LockedOut]
    assert isinstance(staff.sign_in(OPERATOR, PIN), LockedOut)
    monkeypatch.undo()
    assert isinstance(staff.sign_in(OPERATOR, PIN), LockedOut), "still, once the disk takes something again"


def test_a_clock_that_is_set_back_does_not_lock_for_longer(tmp_path: Path) -> None:
    clock = [NOW + timedelta(days=1000)]
    staff = two_staff(tmp_path, lambda: clock[0])
    for _ in range(MOST_TRIES):
        staff.sign_in(OPERATOR, "000000")
    clock[0] = NOW
    half_an_hour = timedelta(seconds=LOCKED_S)
    assert staff.sign_in(OPERATOR, PIN) == LockedOut(NOW + half_an_hour)
    clock[0] = NOW + half_an_hour - timedelta(seconds=1)
    assert staff.sign_in(OPERATOR, PIN) == LockedOut(NOW + half_an_hour)
    clock[0] = NOW + half_an_hour
    assert isinstance(staff.sign_in(OPERATOR, PIN), Member)


def test_tries_that_cannot_be_read_let_nobody_in_until_somebody_unlocks(tmp_path: Path) -> None:
    staff = two_staff(tmp_path)
    (tmp_path / "staff-tries.json").write_text("{")
    with pytest.raises(BadStaff):
        staff.sign_in(ENGINEER, PIN)
    staff.unlock(ENGINEER)
    assert isinstance(staff.sign_in(ENGINEER, PIN), Member)


def test_a_staff_file_that_is_damaged_lets_nobody_in(tmp_path: Path) -> None:
    staff = two_staff(tmp_path)
    (tmp_path / "staff.json").write_text("{")
    with pytest.raises(BadStaff):
        staff.sign_in(ENGINEER, PIN)
