"""Handing out paper: print, and when that fails say why, what to do, and offer it again."""

from collections.abc import Callable

from hardware.device import Kind
from hardware.receipt_printer.interface import NotPrinted, Printed, PrintOutcome, SentToPrinter, Unsure
from hardware.receipt_printer.receipt import Receipt
from kiosk.contract.models import Operation
from kiosk.faults import advice
from kiosk.messages import Message, msg
from kiosk.prompts import Action, Outcome, OutcomeKind
from kiosk.visit import Visit


async def hand_out(visit: Visit, receipt: Receipt, *, number: str | None = None) -> None:
    """Print until it is in the citizen's hand or they do without. `number` is the document's, to be shown."""
    while True:
        outcome = await visit.print(receipt)
        if await _told(visit, outcome, number):
            return


async def hand_out_paper(
    visit: Visit, operation: Operation, make: Callable[[int], Receipt], copy: int = 1
) -> None:
    """The same for the paper of an operation: every copy is journalled and bears its number."""
    while True:
        outcome = await visit.print_paper(operation.operation_id, operation.kind, make, copy)
        if await _told(visit, outcome, None):
            await visit.close_paper(operation.operation_id)
            return
        copy += 1


async def _told(visit: Visit, outcome: PrintOutcome, number: str | None) -> bool:
    """Say how it went; True unless the citizen wants to try again."""
    match outcome:
        case Printed() | SentToPrinter():
            await visit.tell(
                Outcome(
                    OutcomeKind.DONE,
                    msg("paper.done" if isinstance(outcome, Printed) else "paper.sent"),
                    explain=(msg("paper.keep"),),
                    number=number,
                    number_label=msg("number.document") if number else None,
                    actions=(Action("done", msg("action.menu"), "primary", icon="menu"),),
                )
            )
            return True
        case NotPrinted() | Unsure():
            return await visit.tell(not_printed(outcome)) != "again"


def not_printed(outcome: NotPrinted | Unsure) -> Outcome:
    """Why there is no paper, and what the citizen can do."""
    row = advice(Kind.RECEIPT_PRINTER, outcome.fault)
    title: Message = msg("paper.failed" if isinstance(outcome, NotPrinted) else "paper.unsure")
    return Outcome(
        OutcomeKind.TROUBLE,
        title,
        explain=(row.citizen, msg("paper.later")),
        number=row.number,
        number_label=msg("number.fault"),
        actions=(
            Action("again", msg("paper.again"), icon="print"),
            Action("done", msg("paper.without"), "primary", icon="menu"),
        ),
    )
