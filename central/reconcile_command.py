"""`python -m central reconcile`: are the books sound? Exit status 1 and the rows that are not."""

import csv
import json
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from central.bank import BankLine
from central.command_line import Parser, add_database, complain, day
from central.ledger.day_balance import (
    KioskDay,
    against_bank,
    against_kiosks,
    in_words,
    kiosk_days,
    kiosk_operations,
)
from central.ledger.findings import EXIT_FOUND, Finding
from central.ledger.reconcile import reconcile
from central.store import schema
from central.store.database import Database, UnsafeDatabase
from central.store.tables import kiosk
from kiosk.contract.money import parse_yuan

COMMAND = "python -m central reconcile"


def main(arguments: Sequence[str]) -> int:
    """Check every invariant; with --day also the kiosks' journals, and with --bank-file the bank's day."""
    options = _options(arguments)
    try:
        lines = [line for path in options.bank_file for line in read_bank_file(path)]
        database = Database(options.database)
        schema.check(database, allow_unsafe=True)
    except (UnsafeDatabase, schema.WrongSchema, OSError, ValueError) as error:
        return complain(COMMAND, str(error))
    try:
        return _check(database, options, lines)
    except (DBAPIError, ValueError, TypeError) as error:
        # A database that is damaged, or a row that holds what its column cannot: no books that can be proved.
        sys.stderr.write(f"{COMMAND}: the books cannot be read: {str(error).splitlines()[0]}\n")
        return EXIT_FOUND
    finally:
        database.close()


def _check(database: Database, options: Namespace, lines: list[BankLine]) -> int:
    with database.read() as tx:
        if options.kiosk and not tx.execute(select(kiosk.c.id).where(kiosk.c.id == options.kiosk)).all():
            return complain(
                COMMAND, f"there is no kiosk {options.kiosk}: `python -m central kiosks` lists them"
            )
        findings = reconcile(tx)
        days = kiosk_days(tx, options.day) if options.day else []
        if differ := against_kiosks(days):
            findings.append(differ)
        listed = kiosk_operations(tx, options.day, options.kiosk) if options.kiosk else []
        if options.bank_file:
            findings += against_bank(tx, options.day, lines)
    _show(findings, days, listed, as_json=options.format == "json")
    return EXIT_FOUND if findings else 0


def _options(arguments: Sequence[str]) -> Namespace:
    parser = Parser(prog=COMMAND, description=__doc__)
    add_database(parser)
    parser.add_argument("--day", type=day, help="the business day of the kiosks' totals and the bank's file")
    parser.add_argument(
        "--bank-file",
        type=Path,
        nargs="+",
        default=[],
        help="CSV: reference,amount,on; with the file of the day before or after, what crossed midnight is found",
    )
    parser.add_argument("--kiosk", help="list the operations of this kiosk, as its journal lists them")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    options = parser.parse_args(arguments)
    if (options.bank_file or options.kiosk) and not options.day:
        parser.error("--bank-file and --kiosk need --day")
    return options


def read_bank_file(path: Path) -> list[BankLine]:
    """The bank's file of a day: a header `reference,amount,on`, amounts in yuan. Raises ValueError, OSError."""
    with path.open(encoding="utf-8-sig", newline="") as file:  # spreadsheets put a mark before the first line
        rows = csv.reader(file, strict=True)
        try:
            if next(rows, None) != ["reference", "amount", "on"]:
                raise ValueError("must be reference,amount,on")
            return [_bank_line(row) for row in rows]
        except (ValueError, csv.Error) as error:
            raise ValueError(f"{path}, line {max(rows.line_num, 1)}: {error}") from error


def _bank_line(row: list[str]) -> BankLine:
    try:
        reference, amount, on = row
        return BankLine(UUID(reference), parse_yuan(amount), day(on))
    except (ValueError, ArgumentTypeError) as error:
        raise ValueError(f"{','.join(row)!r} is no UUID, amount in yuan and day: {error}") from error


def _show(findings: list[Finding], days: list[KioskDay], listed: list[str], *, as_json: bool) -> None:
    if as_json:
        kiosks = [
            {
                "kiosk": one.kiosk_id,
                "books": one.booked.model_dump(mode="json"),
                "journal": one.told.model_dump(mode="json") if one.told else None,
            }
            for one in days
        ]
        body = {
            "sound": not findings,
            "findings": [asdict(one) for one in findings],
            "kiosks": kiosks,
            "listed": listed,
        }
        print(json.dumps(body, ensure_ascii=False, indent=1))
        return
    for row in listed:
        print(row)
    for one in days:
        print(
            f"{one.kiosk_id}  books {in_words(one.booked)}  journal {in_words(one.told) if one.told else '-'}"
        )
    for found in findings:
        print(f"{found.invariant}  {found.rule}: {found.count}")
        for row in found.rows:
            print(f"    {row}")
    print("the books are sound" if not findings else f"{len(findings)} invariants do not hold")
