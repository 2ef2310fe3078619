"""What became of my business (业务查询): the number on a slip, looked up by the citizen it belongs to.

The centre knows what has come in. What has not, because the line broke, is known to the journal of the kiosk that gave
the number: there it is being processed, or was never submitted, and is not called unknown.
"""

from kiosk import central
from kiosk.contract.operation_id import BUSINESS_NUMBER_DIGITS, grouped
from kiosk.contract.operations import Operation, OperationState
from kiosk.contract.problems import Problem
from kiosk.flows.outcomes import being_processed, refused
from kiosk.flows.receipts import hand_out_receipt
from kiosk.line import Refused
from kiosk.messages import known, msg
from kiosk.operation_states import NOT_SUBMITTED, UNKNOWN_OUTCOME
from kiosk.operations import BeingProcessed
from kiosk.prompts import Action, EnterDigits, Figure, Note, Outcome, OutcomeKind, Row
from kiosk.values import Digits, Moment, Yuan
from kiosk.visit import Visit

KIND = {
    OperationState.CONFIRMED: OutcomeKind.DONE,
    OperationState.PENDING: OutcomeKind.PENDING,
    OperationState.REFUSED: OutcomeKind.REFUSED,
}


async def lookup(visit: Visit) -> None:
    """Ask for the twelve digits and say what the centre knows."""
    note: Note | None = None
    while True:
        number = await visit.ask(
            EnterDigits(
                msg("lookup.title"),
                BUSINESS_NUMBER_DIGITS,
                group=4,
                explain=msg("lookup.explain"),
                note=note,
            )
        )
        try:
            operation = await visit.fetch(central.operation_by_number, number)
            break
        except Refused as refusal:
            if refusal.problem is not Problem.NOT_FOUND:
                raise
            if await _told_from_here(visit, number):
                return
            note = Note("refusal", msg("lookup.unknown", number=Digits(grouped(number))))
    if await visit.tell(shown(operation)) == "print":
        await hand_out_receipt(visit, operation, operation.copies + 1)


async def _told_from_here(visit: Visit, number: str) -> bool:
    """Whether this kiosk's journal knows what the centre cannot: nothing but the state, as it knows no person."""
    for record in await visit.known_here(number):
        if record.state in UNKNOWN_OUTCOME:
            await being_processed(visit, BeingProcessed(record.operation_id, record.number))
            return True
        if record.problem == NOT_SUBMITTED:
            await visit.tell(refused(NOT_SUBMITTED))
            return True
    return False


def shown(operation: Operation) -> Outcome:
    """One operation as the centre has it now."""
    rows = [Row(msg("operation.submitted"), Moment(operation.submitted_at))]
    if operation.completed_at:
        rows.append(Row(msg("operation.completed"), Moment(operation.completed_at)))
    if operation.receipt_number:
        rows.append(Row(msg("operation.receipt-number"), Digits(operation.receipt_number, personal=False)))
    why = f"refusal.{operation.problem}"
    told = operation.state is OperationState.REFUSED and known(why)
    explain = (msg(why if told else f"operation.{operation.state}.explain"),)
    return Outcome(
        KIND[operation.state],
        msg(f"operation.{operation.kind}.{operation.state}"),
        figure=Figure(msg("operation.amount"), Yuan(operation.amount)) if operation.amount else None,
        rows=tuple(rows),
        explain=explain,
        number=grouped(operation.number),
        number_label=msg("number.business"),
        actions=(
            Action("print", msg("action.print"), "secondary", icon="print"),
            Action("done", msg("action.menu"), "primary", icon="menu"),
        ),
    )
