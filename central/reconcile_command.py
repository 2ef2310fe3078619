"""`python -m central reconcile`: are the books sound? Exit status 1 and the rows that are not."""

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from uuid import UUID

from central.bank import BankLine
from central.ledger.reconcile import Finding, against_bank, kiosk_day_totals, reconcile
from central.serve import EXIT_BAD_INPUT, add_database
from central.store import schema
from central.store.database import Database, UnsafeDatabase
from kiosk.contract.money import Fen, format_yuan, parse_yuan

EXIT_UNSOUND = 1


def main(arguments: Sequence[str]) -> int:
    """Check every invariant; with --bank-file also the bank's day, with --day the kiosks' totals."""
    options = _parser().parse_args(arguments)
    try:
        lines = read_bank_file(options.bank_file) if options.bank_file else []
        database = Database(options.database)
        schema.check(database, allow_unsafe=True)
    except (UnsafeDatabase, schema.WrongSchema, OSError, ValueError) as error:
        sys.stderr.write(f"python -m central reconcile: {error}\n")
        return EXIT_BAD_INPUT
    with database.read() as tx:
        findings = reconcile(tx)
        if options.bank_file and (finding := against_bank(tx, options.day, lines)):
            findings.append(finding)
        totals = kiosk_day_totals(tx, options.day) if options.day else []
    database.close()
    _show(findings, totals, as_json=options.format == "json")
    return EXIT_UNSOUND if findings else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m central reconcile", description=__doc__)
    add_database(parser)
    parser.add_argument(
        "--day", type=date.fromisoformat, help="the business day of the totals and the bank's file"
    )
    parser.add_argument("--bank-file", type=Path, help="CSV: reference,amount,on; needs --day")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    return parser


def read_bank_file(path: Path) -> list[BankLine]:
    """The bank's file of a day: a header `reference,amount,on`, amounts in yuan. Raises ValueError, OSError."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if rows.fieldnames != ["reference", "amount", "on"]:
            raise ValueError(f"{path}: the first line must be reference,amount,on")
        return [
            BankLine(UUID(row["reference"]), parse_yuan(row["amount"]), date.fromisoformat(row["on"]))
            for row in rows
        ]


def _show(findings: list[Finding], totals: list[tuple[str, int, int]], *, as_json: bool) -> None:
    if as_json:
        kiosks = [
            {"kiosk": kiosk, "operations": times, "amount": format_yuan(Fen(amount))}
            for kiosk, times, amount in totals
        ]
        body = {"sound": not findings, "findings": [asdict(one) for one in findings], "kiosks": kiosks}
        print(json.dumps(body, ensure_ascii=False, indent=1))
        return
    for kiosk, times, amount in totals:
        print(f"{kiosk}  {times} operations  {format_yuan(Fen(amount))}")
    for finding in findings:
        print(f"{finding.invariant}  {finding.rule}: {finding.count}")
        for row in finding.rows:
            print(f"    {row}")
    print("the books are sound" if not findings else f"{len(findings)} invariants do not hold")
