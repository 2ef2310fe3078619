"""`python -m central COMMAND ...`: the front door of the reference centre."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from central.command_line import complain

# Each command is a function of its arguments to an exit status. Its module is imported only when it is asked
# for, so that a calculation does not wait for the web server's libraries.
COMMANDS = {
    "serve": ("central.serve:main", "the centre as a server"),
    "demo": ("central.admin:demo", "fill an empty database with synthetic citizens, or list them"),
    "migrate": ("central.admin:migrate", "bring a database's schema up to date"),
    "reconcile": (
        "central.reconcile_command:main",
        "prove the books: every invariant, the bank's file, day totals",
    ),
    "day-end": (
        "central.batch.command:main",
        "interest, re-pricing, instalments and offset agreements of a day",
    ),
    "kiosks": ("central.fleet:main", "the kiosks, and what of them a person must look at"),
    "openapi": ("central.openapi_command:main", "the contract, as OpenAPI 3.1"),
    "enrol-code": ("central.admin:enrol_code", "a one-time code that enrols a kiosk"),
    "phone-code": ("central.admin:phone_code", "a one-time code as a citizen's phone shows it"),
    "unlock": ("central.admin:unlock", "give a citizen new tries for the query password"),
    "verify-document": (
        "central.seal.commands:verify_document",
        "check a paper's code with public keys only",
    ),
    "revoke-document": ("central.seal.commands:revoke_document", "take a paper back"),
    "seal-keys": ("central.seal.commands:seal_keys", "show or rotate the keys that seal papers"),
    "calculate": ("central.calculate:main", "ask a rule: schedules, interest, retirement and more"),
}

EXIT_BROKEN_PIPE = 141  # as a shell reports a reader that left early


def usage() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {summary}" for name, (_, summary) in COMMANDS.items()]
    return "\n".join(["usage: python -m central COMMAND ...", "", *lines])


def main(arguments: Sequence[str]) -> int:
    if arguments and arguments[0] in ("-h", "--help"):
        sys.stdout.write(usage() + "\n")
        return 0
    name = arguments[0] if arguments else ""
    if name not in COMMANDS:
        return complain("python -m central", f"{name!r} is no command: allowed are {', '.join(COMMANDS)}")
    module, _, function = COMMANDS[name][0].partition(":")
    status: int = getattr(import_module(module), function)(arguments[1:])
    return status


if __name__ == "__main__":
    try:
        exit_status = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        exit_status = EXIT_BROKEN_PIPE
    sys.exit(exit_status)
