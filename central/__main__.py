"""`python -m central COMMAND ...`: the front door of the reference centre."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

# Each command's module offers main(arguments) -> exit status. It is imported only when it is asked for, so that
# a calculation does not wait for the web server's libraries.
COMMANDS = {
    "calculate": ("central.calculate", "ask a rule: schedules, interest, retirement and more"),
}

EXIT_BAD_INPUT = 2
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
        sys.stderr.write(f"python -m central: {name!r} is no command: allowed are {', '.join(COMMANDS)}\n")
        return EXIT_BAD_INPUT
    status: int = import_module(COMMANDS[name][0]).main(arguments[1:])
    return status


if __name__ == "__main__":
    try:
        exit_status = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        exit_status = EXIT_BROKEN_PIPE
    sys.exit(exit_status)
