"""Handing out paper: print, and when that fails say why, what to do, and offer it again."""

from collections.abc import Callable
from uuid import UUID

from hardware.device import Kind
from hardware.receipt_printer.interface import NotPrinted, Printed, SentToPrinter, Unsure
from hardware.receipt_printer.receipt import Receipt
from kiosk import central
from kiosk.contract.operations import Operation, OperationKind
from kiosk.contract.papers import OPERATION_OF_RECEIPT, Document
from kiosk.faults import advice
from kiosk.handing_over import PaperOutcome, TakenBack
from kiosk.leaving import CentralUnreachable
from kiosk.line import Refused
from kiosk.messages import Message, msg
from kiosk.print_jobs import Paper
from kiosk.prompts import Action, Outcome, OutcomeKind
from kiosk.values import Count
from kiosk.visit import Visit

AGAIN_OR_WITHOUT = (
    Action("again", msg("paper.again"), icon="print"),
    Action("done", msg("paper.without"), "primary", icon="menu"),
)

TAKEN_BACK = Outcome(
    OutcomeKind.TROUBLE,
    msg("paper.taken-back"),
    explain=(msg("paper.taken-back.explain"), msg("paper.later")),
    actions=AGAIN_OR_WITHOUT,
)


async def hand_out(visit: Visit, receipt: Receipt) -> None:
    """Print until it is in the citizen's hand or they do without."""
    while True:
        if await _told(visit, await visit.print(receipt), Kind.RECEIPT_PRINTER, None):
            return


async def hand_out_paper(
    visit: Visit, operation: Operation, make: Callable[[int], Receipt], copy: int = 1
) -> None:
    """The same for the paper of an operation: every copy is journalled and bears its number, from `copy` on."""
    await _hand_out_copies(visit, operation.operation_id, operation.kind, make, Kind.RECEIPT_PRINTER, copy)


async def hand_out_document(
    visit: Visit, document: Document, make: Callable[[int], Paper], printer: Kind, copy: int = 1
) -> None:
    """The same for an official paper; its number is shown."""
    kind = OPERATION_OF_RECEIPT.get(document.kind, OperationKind.DOCUMENT)
    await _hand_out_copies(visit, document.operation_id, kind, make, printer, copy, document.number)


async def _hand_out_copies(
    visit: Visit,
    operation_id: UUID,
    kind: OperationKind,
    make: Callable[[int], Paper],
    printer: Kind,
    copy: int,
    number: str | None = None,
) -> None:
    made = 0

    def numbered(copy_number: int) -> Paper:
        nonlocal made
        made = copy_number
        return make(copy_number)

    while True:
        outcome = await visit.print_paper(operation_id, kind, numbered, copy)
        if isinstance(outcome, Printed | SentToPrinter | TakenBack):
            await _report(visit, operation_id, made)
        if await _told(visit, outcome, printer, number):
            await visit.close_paper(operation_id)
            return


async def _report(visit: Visit, operation_id: UUID, copy: int) -> None:
    """Let the centre count the copy. It is no reason to keep a citizen: the paper is out either way."""
    try:
        await visit.ask_centre(central.paper_seen, operation_id, copy)
    except (CentralUnreachable, Refused):
        pass


async def _told(visit: Visit, outcome: PaperOutcome, printer: Kind, number: str | None) -> bool:
    """Say how it went; True unless the citizen wants to try again."""
    match outcome:
        case Printed() | SentToPrinter():
            await visit.tell(
                Outcome(
                    OutcomeKind.DONE,
                    msg("paper.done" if isinstance(outcome, Printed) else "paper.sent"),
                    explain=(msg("paper.keep.a4" if printer is Kind.A4_PRINTER else "paper.keep"),),
                    number=number,
                    number_label=msg("number.document") if number else None,
                    actions=(Action("done", msg("action.menu"), "primary", icon="menu"),),
                )
            )
            return True
        case TakenBack():
            return await visit.tell(TAKEN_BACK) != "again"
        case NotPrinted() | Unsure():
            return await visit.tell(not_printed(outcome, printer)) != "again"


def not_printed(outcome: NotPrinted | Unsure, printer: Kind = Kind.RECEIPT_PRINTER) -> Outcome:
    """Why there is no paper, and what the citizen can do."""
    row = advice(printer, outcome.fault)
    title: Message = msg("paper.failed" if isinstance(outcome, NotPrinted) else "paper.unsure")
    sheets = outcome.sheets if isinstance(outcome, NotPrinted) else 0
    out_already = (msg("paper.sheets-out", sheets=Count(sheets)),) if sheets else ()
    return Outcome(
        OutcomeKind.TROUBLE,
        title,
        explain=(row.citizen, *out_already, msg("paper.later")),
        number=row.number,
        number_label=msg("number.fault"),
        actions=AGAIN_OR_WITHOUT,
    )
