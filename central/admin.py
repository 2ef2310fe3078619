"""`python -m central enrol-code | phone-code | unlock | migrate | demo`: what the centre's staff do by hand."""

import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

from central import kiosks, visits
from central.clock import SystemClock, day_of
from central.command_line import Parser, add_database, add_policy, complain
from central.refusals import Refused
from central.store import schema
from central.store.database import Database, UnsafeDatabase


def enrol_code(arguments: Sequence[str]) -> int:
    """Print a code that enrols one kiosk within 24 hours."""
    options = _parser("enrol-code", enrol_code).parse_args(arguments)

    def work(database: Database) -> int:
        with database.write() as tx:
            print(kiosks.new_enrolment_code(tx, SystemClock().now_ms()))
        return 0

    return _with_books("enrol-code", options, work)


def phone_code(arguments: Sequence[str]) -> int:
    """Print a one-time code for a citizen's phone, good for 5 minutes."""
    parser = _parser("phone-code", phone_code)
    parser.add_argument("--id-number", required=True)
    options = parser.parse_args(arguments)

    def work(database: Database) -> int:
        with database.write() as tx:
            try:
                print(visits.new_phone_code(tx, options.id_number, SystemClock().now_ms()))
            except Refused:
                return _complain("phone-code", "nobody has this identity number")
        return 0

    return _with_books("phone-code", options, work)


def unlock(arguments: Sequence[str]) -> int:
    """Give a citizen five new tries for the query password."""
    parser = _parser("unlock", unlock)
    parser.add_argument("--id-number", required=True)
    options = parser.parse_args(arguments)

    def work(database: Database) -> int:
        with database.write() as tx:
            if not visits.unlock(tx, options.id_number):
                return _complain("unlock", "nobody has this identity number")
        return 0

    return _with_books("unlock", options, work)


def migrate(arguments: Sequence[str]) -> int:
    """Bring the database's schema up to date; an empty database gets all of it."""
    options = _parser("migrate", migrate).parse_args(arguments)
    try:
        database = Database(options.database)
        found = schema.upgrade(database)
    except UnsafeDatabase as error:
        return _complain("migrate", str(error))
    print(f"the database is at version {found}")
    return 0


def demo(arguments: Sequence[str]) -> int:
    """Fill an empty database with the demonstration, or list who is in it."""
    parser = _parser("demo", demo)
    add_policy(parser)
    parser.add_argument("--list", action="store_true", help="print the citizens instead of writing them")
    parser.add_argument("--format", choices=("table", "json", "markdown"), default="table")
    options = parser.parse_args(arguments)
    from central.demo import listing
    from central.demo.citizens import CITIZENS

    if options.list:
        sys.stdout.write(listing.show(CITIZENS, options.format))
        return 0
    from central.demo.create import fill
    from central.policy import PolicyError, load

    try:
        policy = load(options.policy)
        database = Database(options.database)
        with database.read() as tx:
            if schema.version(tx) is not None:
                return _complain("demo", "the database is not empty: the demonstration needs one of its own")
        schema.create(database)
        fill(database, CITIZENS, day_of(SystemClock().now_ms()), policy)
    except (PolicyError, UnsafeDatabase) as error:
        return _complain("demo", str(error))
    print(json.dumps({"citizens": len(CITIZENS)}))
    return 0


def _parser(name: str, command: Callable[..., int]) -> Parser:
    parser = Parser(prog=f"python -m central {name}", description=command.__doc__)
    add_database(parser)
    return parser


def _with_books(name: str, options: Any, work: Callable[[Database], int]) -> int:
    try:
        database = Database(options.database)
        schema.check(database)
        return work(database)
    except (UnsafeDatabase, schema.WrongSchema) as error:
        return _complain(name, str(error))


def _complain(name: str, sentence: str) -> int:
    return complain(f"python -m central {name}", sentence)
