"""What a receipt printer can be asked to do, and how a print ends.

How a print ends is a value, never an exception: each of the four endings leads the citizen somewhere else.
"""

from dataclasses import dataclass
from typing import Protocol

from hardware.device import Command, Driver, Fault
from hardware.receipt_printer.receipt import Receipt


@dataclass(frozen=True)
class Printed:
    """The printer said so itself, behind the cut."""


@dataclass(frozen=True)
class SentToPrinter:
    """Every byte was taken, by a printer that cannot tell what became of them."""


@dataclass(frozen=True)
class NotPrinted:
    """No whole slip has come out, and none will: nothing was sent, or the printer has confirmed that it threw
    the rest away. `begun` is true when a part may be on paper; it comes out marked void once the printer
    works. `sheets` came out whole before, as far as the printer counts them.
    """

    fault: Fault
    begun: bool = False
    sheets: int = 0


@dataclass(frozen=True)
class Unsure:
    """Part or all of the job was sent, and what became of it cannot be known."""

    fault: Fault


PrintOutcome = Printed | SentToPrinter | NotPrinted | Unsure


class PrinterDriver(Driver, Protocol):
    """A receipt printer.

    Words in the detail of its status, for staff: `paper` full, low, out, jammed, unknown; `cover` closed,
    open, unknown; `cutter` ok, failed, unknown; `head` ok, hot, unknown; `presenter` empty, paper, unknown,
    not_supported.
    """

    def print(self, receipt: Receipt, command: Command) -> PrintOutcome:
        """Print and cut. Returns within the deadline of `command` plus the second it takes to clear a
        failed job. Raises CommandCancelled, after clearing what was sent, when the command was called off."""
        ...

    def paper_taken(self, command: Command) -> bool | None:
        """True once nothing is left in the mouth of the printer; None when no sensor can tell."""
        ...

    def retract(self, command: Command) -> bool:
        """Pull paper that was not taken back into the bin; False when the printer cannot."""
        ...
