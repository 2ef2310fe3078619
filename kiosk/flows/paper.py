"""Handing out paper: print, and when that fails say why, what to do, and offer it again."""

from uuid import UUID

from hardware.device import Kind
from hardware.receipt_printer.interface import NotPrinted, Printed, SentToPrinter, Unsure
from hardware.receipt_printer.receipt import Receipt
from kiosk.faults import advice
from kiosk.messages import Message, msg
from kiosk.prompts import Action, Outcome, OutcomeKind
from kiosk.visit import Visit


async def hand_out(
    visit: Visit, receipt: Receipt, *, number: str | None = None, operation: UUID | None = None
) -> bool:
    """Print until it is in the citizen's hand or they do without. True when it came out (or was sent).

    `number` is the document's, to be shown; the paper of an `operation` is journalled with it.
    """
    while True:
        outcome = await visit.print(receipt, operation)
        match outcome:
            case Printed() | SentToPrinter():
                title = msg("paper.done" if isinstance(outcome, Printed) else "paper.sent")
                await visit.tell(
                    Outcome(
                        OutcomeKind.DONE,
                        title,
                        explain=(msg("paper.keep"),),
                        number=number,
                        number_label=msg("number.document") if number else None,
                        actions=(Action("done", msg("action.menu"), "primary", icon="menu"),),
                    )
                )
                return True
            case NotPrinted() | Unsure():
                if await visit.tell(not_printed(outcome)) != "again":
                    return False


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
