"""What an A4 printer can be asked to do. How a print ends is told in the words of the receipt printer."""

from typing import Protocol

from hardware.device import Command, Driver
from hardware.receipt_printer.interface import NotPrinted, Printed, PrintOutcome, SentToPrinter, Unsure

__all__ = ["A4PrinterDriver", "NotPrinted", "PrintOutcome", "Printed", "SentToPrinter", "Unsure"]


class A4PrinterDriver(Driver, Protocol):
    """An A4 printer. Words in the detail of its status: `queue`, `printer`, and `reasons`, its own, in English."""

    def print(self, pdf: bytes, command: Command) -> PrintOutcome:
        """Print a PDF. Whatever the ending, nothing of it is left in a queue or on a disk. Raises
        CommandCancelled, after calling the job off, when the command was called off."""
        ...
