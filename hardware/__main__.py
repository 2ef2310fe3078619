"""The devices from the command line: `python -m hardware COMMAND`.

A command is a module with `add_arguments(parser)` and `run(arguments) -> exit status`; it is imported only when
it is asked for, so that a machine without, say, a card library can still scan a picture.
"""

import argparse
import importlib
import sys
from collections.abc import Mapping, Sequence

COMMANDS: Mapping[str, tuple[str, str]] = {
    "scan": ("hardware.scanner.command", "decode pictures of codes, one JSON line for each file"),
    "probe": ("hardware.probe", "what is attached, and how it is"),
    "test": ("hardware.selftest", "let one device do its work once"),
}
"""Name: (module, what it does)."""


def main(arguments: Sequence[str]) -> int:
    """Run the command that the first argument names; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m hardware", description="The kiosk's devices.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, purpose) in COMMANDS.items():
        command = commands.add_parser(name, help=purpose, description=purpose)
        if name in arguments[:1]:
            importlib.import_module(module).add_arguments(command)
    parsed = parser.parse_args(arguments)
    return int(importlib.import_module(COMMANDS[parsed.command][0]).run(parsed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
