"""Staff: who may open the supervisor's pages, in which role, and how many wrong tries they have had.

    python -m kiosk.staff [--settings FILE] add NUMBER --role operator|engineer [--card]
    python -m kiosk.staff [--settings FILE] list | remove NUMBER | unlock NUMBER

The PIN (and the ID number) are asked for without being shown, or come as lines of standard input.

A PIN is kept as an argon2 hash, the number of a staff card as a salted scrypt hash. A try is counted on the disk
before it is checked, so neither a restart nor a power cut gives a try back.
"""

import argparse
import getpass
import hashlib
import json
import secrets
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TextIO

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kiosk import settings
from kiosk.private_file import write_private

STAFF_FILE = "staff.json"
TRIES_FILE = "staff-tries.json"
STAFF_DIGITS = 6
PIN_DIGITS = 6
MOST_TRIES = 5
LOCKED_S = 30 * 60
"""Five tries in half an hour: guessing a PIN of six digits takes ten years on average."""

MOST_STRANGERS = 200
"""Tries at numbers that no staff has are counted like any others, so that no lock tells which numbers exist; of so many
numbers, the last ones."""

CARD_COST = 2**14


class Role(StrEnum):
    """What staff may do: the operator keeps the kiosk going, the engineer also looks inside."""

    OPERATOR = "operator"
    ENGINEER = "engineer"


@dataclass(frozen=True)
class Member:
    """One of the staff. `card` is the hash of the number on their ID card, or empty."""

    number: str
    role: Role
    pin: str = field(repr=False)
    card: str = field(default="", repr=False)


@dataclass(frozen=True)
class WrongPin:
    """The number, the PIN, or both are wrong: which of them is not told."""


@dataclass(frozen=True)
class LockedOut:
    """Too many wrong tries: not even the right PIN opens before `until` (UTC)."""

    until: datetime


class BadStaff(ValueError):
    """Staff that cannot be added, or a file that cannot be read; the message says why."""


def utc_now() -> datetime:
    """The kiosk's clock."""
    return datetime.now(UTC)


class Staff:
    """The staff file and the tries beside it, in the kiosk's data folder. Blocking: call it from a thread."""

    def __init__(self, folder: Path, now: Callable[[], datetime] = utc_now) -> None:
        self._file, self._tries_file, self._now = folder / STAFF_FILE, folder / TRIES_FILE, now
        self._unkept: dict[str, tuple[int, datetime | None]] | None = None
        """The tries that a disk which takes nothing any more could not be given."""

    # ---------------------------------------------------------------- who there is

    def members(self) -> dict[str, Member]:
        """All staff by number. Raises BadStaff for a file that is there and cannot be read."""
        return self._read()[1]

    def add(self, number: str, role: Role, pin: str, id_number: str = "") -> None:
        """Add staff, or give them another role, PIN and card: none stays of what was. Raises BadStaff, OSError."""
        for name, digits, length in (("number", number, STAFF_DIGITS), ("PIN", pin, PIN_DIGITS)):
            if len(digits) != length or not (digits.isascii() and digits.isdigit()):
                raise BadStaff(f"a staff {name} has {length} digits")
        if len(set(pin)) == 1 or pin in f"0123456789 9876543210 {number}":
            raise BadStaff("that PIN is the first that anybody would guess")
        salt, members = self._read()
        card = _card_hash(id_number, salt) if id_number else ""
        members[number] = Member(number, role, _hasher().hash(pin), card)
        self._write(salt, members)
        self.unlock(number)

    def remove(self, number: str) -> None:
        """Let somebody go. Raises BadStaff, OSError."""
        salt, members = self._read()
        if members.pop(number, None) is None:
            raise BadStaff("there is no such staff number")
        self._write(salt, members)
        self.unlock(number)

    def has_cards(self) -> bool:
        """Whether any staff card is on the list: only then a card laid on the idle kiosk is looked at."""
        return any(member.card for member in self.members().values())

    def is_card(self, id_number: str) -> bool:
        """Whether an ID card belongs to staff. Nothing of it is kept. Raises BadStaff."""
        salt, members = self._read()
        found = _card_hash(id_number, salt)
        return any(secrets.compare_digest(member.card, found) for member in members.values() if member.card)

    # ---------------------------------------------------------------- signing in

    def sign_in(self, number: str, pin: str) -> Member | WrongPin | LockedOut:
        """Check a PIN; takes as long for a number that nobody has. Raises BadStaff."""
        members, tries = self.members(), self._tries()
        member = members.get(number)
        wrong, locked_until = tries.pop(number, (0, None))
        strangers = [tried for tried in tries if tried not in members]
        for forgotten in strangers[: -MOST_STRANGERS + 1]:
            del tries[forgotten]
        longest = self._now() + timedelta(seconds=LOCKED_S)
        if locked_until and self._now() < locked_until:
            if locked_until > longest:  # the clock was set back since: half an hour stays half an hour
                self._keep_tries({**tries, number: (wrong, longest)})
            return LockedOut(min(locked_until, longest))
        wrong = 1 if locked_until else wrong + 1
        until = longest if wrong >= MOST_TRIES else None
        self._keep_tries({**tries, number: (wrong, until)})
        if _matches(member.pin if member else _nobodys_pin(), pin) and member:
            self.unlock(number)
            return member
        return LockedOut(until) if until else WrongPin()

    def unlock(self, number: str) -> None:
        """Forget the wrong tries of a number; of all, when the file of tries cannot be read any more."""
        try:
            tries = self._tries()
        except BadStaff:
            tries = {number: (0, None)}
        if tries.pop(number, None) is not None:
            self._keep_tries(tries)

    # ---------------------------------------------------------------- files

    def _read(self) -> tuple[str, dict[str, Member]]:
        if not self._file.exists():
            return secrets.token_hex(16), {}
        try:
            data = json.loads(self._file.read_text("utf-8"))
            members = (Member(**{**row, "role": Role(row["role"])}) for row in data["members"])
            return str(data["salt"]), {member.number: member for member in members}
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise BadStaff(f"the staff file cannot be read: {type(problem).__name__}") from None

    def _write(self, salt: str, members: dict[str, Member]) -> None:
        data = {"salt": salt, "members": [asdict(member) for member in members.values()]}
        write_private(self._file, json.dumps(data, indent=1).encode())

    def _tries(self) -> dict[str, tuple[int, datetime | None]]:
        if self._unkept is not None:
            return dict(self._unkept)
        if not self._tries_file.exists():
            return {}
        try:
            data = json.loads(self._tries_file.read_text("utf-8"))
            return {
                key: (int(wrong), datetime.fromisoformat(until) if until else None)
                for key, (wrong, until) in data.items()
            }
        except (OSError, ValueError, TypeError, AttributeError) as problem:
            raise BadStaff(f"the file of tries cannot be read: {type(problem).__name__}") from None

    def _keep_tries(self, tries: dict[str, tuple[int, datetime | None]]) -> None:
        data = {key: (wrong, until.isoformat() if until else None) for key, (wrong, until) in tries.items()}
        try:
            write_private(self._tries_file, json.dumps(data).encode())
            self._unkept = None
        except (
            OSError
        ):  # staff must get in to end the program; a restart without a journal has no way in to guess at
            self._unkept = tries


def _matches(hashed: str, pin: str) -> bool:
    try:
        return _hasher().verify(hashed, pin)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # RFC 9106's second recommendation: 64 MiB, three passes


@cache
def _nobodys_pin() -> str:
    return _hasher().hash(secrets.token_hex(8))


def _card_hash(id_number: str, salt: str) -> str:
    number = id_number.strip().upper().encode()
    return hashlib.scrypt(number, salt=bytes.fromhex(salt), n=CARD_COST, r=8, p=1).hex()


# -------------------------------------------------------------------- the command


def main(arguments: list[str] | None = None, stdin: TextIO | None = None) -> int:
    """Manage the staff file; the exit status is 0 when it was done."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.staff", description="The staff of this kiosk")
    parser.add_argument("--settings", type=Path, default=settings.DEFAULT_FILE, metavar="FILE")
    verbs = parser.add_subparsers(dest="verb", required=True)
    add = verbs.add_parser("add", help="asks for the PIN, and with --card for the number of their ID card")
    add.add_argument("number")
    add.add_argument("--role", choices=[role.value for role in Role], required=True)
    add.add_argument("--card", action="store_true", help="their ID card, too, calls the way in")
    for verb in ("remove", "unlock"):
        verbs.add_parser(verb).add_argument("number")
    verbs.add_parser("list")
    given = parser.parse_args(arguments)
    lines = stdin or sys.stdin
    try:
        staff = Staff(settings.load(given.settings).data)
        match given.verb:
            case "add":
                pin = _secret("PIN: ", lines)
                id_number = _secret("ID card number: ", lines) if given.card else ""
                staff.add(given.number, Role(given.role), pin, id_number)
            case "remove":
                staff.remove(given.number)
            case "unlock":
                staff.unlock(given.number)
            case _:
                for member in staff.members().values():
                    print(f"{member.number} {member.role.value}{' card' if member.card else ''}")
    except (BadStaff, settings.SettingsProblem, OSError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _secret(question: str, lines: TextIO) -> str:
    """A line that nobody who stands behind may read. Raises BadStaff when it is typed differently the second time."""
    if not lines.isatty():
        return lines.readline().strip()
    typed = getpass.getpass(question)
    if getpass.getpass(f"Again, {question}") != typed:
        raise BadStaff("that was not the same twice")
    return typed.strip()


if __name__ == "__main__":
    sys.exit(main())
