"""Which printer a paper is for, what that is given, and how long it may take."""

from hardware.device import Kind
from hardware.receipt_printer.receipt import Receipt
from kiosk.documents.a4.press import Sheets

PRINT_S = 30.0
A4_PAGE_S = 5.0
"""What each sheet may take besides."""

Paper = Receipt | Sheets


def job_of(paper: Paper) -> tuple[Kind, Receipt | bytes, float]:
    """Printer, what it is given, and the limit in seconds."""
    match paper:
        case Sheets(pdf, pages):
            return Kind.A4_PRINTER, pdf, PRINT_S + pages * A4_PAGE_S
        case Receipt():
            return Kind.RECEIPT_PRINTER, paper, PRINT_S
