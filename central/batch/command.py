"""`python -m central day-end`: close a business day. Safe to run again after a crash at any point."""

import json
import sys
from collections.abc import Sequence
from datetime import date, timedelta

from central.bank import SimulatedBank
from central.batch import days, housekeeping, instalments, interest, offsets, repricing
from central.centre import Centre
from central.clock import SystemClock, day_of
from central.command_line import Parser, add_database, add_policy, complain, day
from central.ledger import audit
from central.ledger.day_balance import against_kiosks, kiosk_days
from central.ledger.findings import EXIT_FOUND
from central.policy import PolicyError, load
from central.store import schema
from central.store.database import Database, UnsafeDatabase


def close_day(centre: Centre, today: date) -> dict[str, int]:
    """Everything that the end of `today` has to do, in this order; what was done already is passed over.

    Kiosks are told that the books are closed until it is finished. Interest comes last of the accounts' business,
    as the day's movements change it. A new rate applies to instalments due on or after 1 January, and to no others,
    also when the day-end of 31 December was missed.
    """
    with centre.database.write() as tx:
        _, finished = days.begin(tx, days.DAY_END, today, centre.now_ms())
    if finished:
        return {}
    turn = repricing.turn_of(today)
    done: dict[str, int] = {"repriced": 0, "instalments": 0, "missed": 0}

    def collect(due_until: date) -> None:
        paid, missed = instalments.run(centre, today, due_until)
        done["instalments"] += paid
        done["missed"] += missed

    if turn <= today and repricing.is_open(centre, turn):
        collect(turn - timedelta(days=1))  # what was due in the old year has the old rate, however late
        done["repriced"] = repricing.run(centre, turn)
    collect(today)
    done["offsets"] = offsets.run(centre, today)
    done["interest"] = interest.run(centre, today)
    if turn > today:
        done["repriced"] = repricing.run(centre, turn)
    now_ms = centre.now_ms()
    with centre.database.write() as tx:
        done["forgotten"] = housekeeping.forget(tx, now_ms)
        differ = against_kiosks(kiosk_days(tx, today))
        done["kiosks_differ"] = differ.count if differ else 0
        audit.append(tx, audit.CENTRE_CHAIN, "day-closed", now_ms, {"day": today.isoformat(), **done})
        days.finish(tx, days.DAY_END, today, now_ms, json.dumps(done))
    return done


def main(arguments: Sequence[str]) -> int:
    """Close a day and print what was done, as JSON; then the kiosks whose journals do not say what the books say,
    with the exit status of books that do not balance."""
    parser = Parser(prog="python -m central day-end", description=__doc__)
    add_database(parser)
    add_policy(parser)
    parser.add_argument("--day", type=day, help="the business day (default: today)")
    options = parser.parse_args(arguments)
    clock = SystemClock()
    try:
        policy = load(options.policy)
        database = Database(options.database)
        schema.check(database)
    except (PolicyError, UnsafeDatabase, schema.WrongSchema) as error:
        return complain(parser.prog, str(error))
    centre = Centre(database, SimulatedBank(clock), policy, clock)
    closing = options.day or day_of(clock.now_ms())
    print(json.dumps({"day": closing.isoformat(), **close_day(centre, closing)}))
    with database.read() as tx:
        differ = against_kiosks(kiosk_days(tx, closing))
    database.close()
    for row in differ.rows if differ else ():
        print(row, file=sys.stderr)
    return EXIT_FOUND if differ else 0
