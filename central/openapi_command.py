"""`python -m central openapi`: the contract of this code; --write puts it into config, --check compares it."""

import sys
import tempfile
from collections.abc import Sequence

from central.api.app import create_app
from central.api.contract import CONTRACT_FILE, as_text, contract
from central.bank import SimulatedBank
from central.centre import Centre
from central.clock import SystemClock
from central.command_line import Parser
from central.policy import load
from central.store.database import Database


def main(arguments: Sequence[str]) -> int:
    """Print, write or check; exit status 1 when the file is not what the code says."""
    parser = Parser(prog="python -m central openapi", description=__doc__)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--write", action="store_true")
    what.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    text = current()
    if options.write:
        CONTRACT_FILE.write_text(text, encoding="utf-8")
    elif options.check:
        if CONTRACT_FILE.read_text(encoding="utf-8") != text:
            sys.stderr.write(
                f"{CONTRACT_FILE.name} is not what the code says: run `python -m central openapi --write`\n"
            )
            return 1
    else:
        sys.stdout.write(text)
    return 0


def current() -> str:
    """The contract of this code, as it is checked in."""
    clock = SystemClock()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/none.db")
        app = create_app(Centre(database, SimulatedBank(clock), load(), clock), relay=False)
        text = as_text(contract(app))
        database.close()
    return text
