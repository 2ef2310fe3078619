"""`python -m kiosk.journal verify | show | totals | verify-export | catalogue`: read a journal, touching nothing."""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.contract.kiosks import DayTotal
from kiosk.contract.money import Fen, format_yuan
from kiosk.contract.signing import public_key_from_wire
from kiosk.events import catalogue, catalogue_page
from kiosk.journal.archive import archives, check, read
from kiosk.journal.chain import ChainBroken, Head, Row, verify
from kiosk.journal.database import JournalBroken, connect
from kiosk.journal.export import verify_export
from kiosk.journal.store import Store
from kiosk.journal.totals import add_up, confirmations


@contextmanager
def copy_of(path: Path) -> Iterator[Store]:
    """A copy of the journal to read: evidence is never opened itself. Raises JournalBroken, OSError."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "journal.db"
        shutil.copyfile(path, copy)
        log = path.with_name(path.name + "-wal")
        if log.exists():
            shutil.copyfile(log, copy.with_name(copy.name + "-wal"))
        store = Store(connect(copy))
        try:
            yield store
        finally:
            store.close()


def verify_journal(path: Path) -> tuple[int, Head]:
    """Follow the whole chain, archives first. How many events were seen, and the head. Raises ChainBroken."""
    seen, last = 0, None
    for archive in archives(path):
        start, end = check(archive)
        if last is not None and start != last:
            raise ChainBroken(archive.first, f"{archive.path.name} does not follow the archive before")
        seen, last = seen + end.sequence - start.sequence, end
    with copy_of(path) as store:
        base = store.base()
        if last is not None and last != base and last.sequence <= base.sequence:
            raise ChainBroken(base.sequence, "the database does not follow the last archive")
        head = verify(store.events(), base)
        return seen + head.sequence - max(base.sequence, last.sequence if last else 0), head


def rows_of(path: Path) -> Iterator[Row]:
    """Every event that is there, archives first."""
    last = 0
    for archive in archives(path):
        yield from read(archive)[1]
        last = archive.last
    with copy_of(path) as store:
        yield from store.events(last)


def _verify(path: Path) -> int:
    seen, head = verify_journal(path)
    print(f"whole: {seen} events, head {head.sequence} {head.hex}")
    return 0


def _show(path: Path, operation: str | None) -> int:
    names = {kind.number: kind.name for kind in catalogue().values()}
    for sequence, at, number, text, _ in rows_of(path):
        fields = json.loads(text)
        if operation is None or fields.get("operation", "").startswith(operation):
            told = " ".join(f"{name}={value}" for name, value in fields.items())
            print(f"{sequence:>8} {at} {number} {names.get(number, '?')} {told}")
    return 0


def _totals(path: Path, day: date | None) -> int:
    """By day; with `day`, its operations one by one, to be laid beside the centre's list."""
    told = confirmations(rows_of(path))
    for one in sorted(told, key=lambda one: one.receipt_number or "") if day else ():
        if one.day == day:
            print(f"{one.operation_id}  {format_yuan(one.amount or Fen(0))}  {one.receipt_number or ''}")
    totals = add_up(told)
    for total in (
        [totals.get(day, DayTotal.nothing_on(day))] if day else [totals[each] for each in sorted(totals)]
    ):
        print(f"{total.day}  {total.operations} operations  {format_yuan(total.amount)}")
    return 0


def _public_key(text: str) -> Ed25519PublicKey:
    try:
        return public_key_from_wire(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(f"that is no public key: {problem}") from None


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0 whole, 1 not whole."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.journal", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("verify", help="check the database and follow the hash chain").add_argument(
        "path", type=Path
    )
    show = verbs.add_parser("show", help="print the events")
    show.add_argument("path", type=Path)
    show.add_argument("--operation", help="only those of one operation (its id, or how it begins)")
    signed = verbs.add_parser("verify-export", help="check a signed export against the kiosk's public key")
    signed.add_argument("path", type=Path)
    signed.add_argument("key", type=_public_key, help="the kiosk's public key as its centre has it")
    totals = verbs.add_parser(
        "totals", help="what was confirmed, by business day: the kiosk's side of day-end"
    )
    totals.add_argument("path", type=Path)
    totals.add_argument("--day", type=date.fromisoformat, help="one day, with its operations")
    verbs.add_parser("catalogue", help="print docs/journal.md")
    given = parser.parse_args(arguments)
    try:
        match given.verb:
            case "verify":
                return _verify(given.path)
            case "verify-export":
                count, head = verify_export(given.path, given.key)
                print(f"whole: {count} events, head {head.sequence} {head.hex}")
                return 0
            case "totals":
                return _totals(given.path, given.day)
            case "show":
                return _show(given.path, given.operation)
            case _:
                print(catalogue_page(), end="")
                return 0
    except (ChainBroken, JournalBroken, OSError) as problem:
        print(f"not whole: {problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
