"""How an operation ended: done, refused, or being processed. Three screens that every money service shares."""

from hardware.receipt_printer.receipt import Receipt
from kiosk import central
from kiosk.contract.models import Operation, OperationState, PendingPaper, ProblemDetail
from kiosk.contract.operation import business_number, grouped
from kiosk.documents.slips import operation_slip, processing_slip
from kiosk.flows.paper import hand_out
from kiosk.messages import Message, msg
from kiosk.operations import BeingProcessed
from kiosk.prompts import Action, Figure, Outcome, OutcomeKind, Row
from kiosk.values import Day, Digits, Moment, Yuan
from kiosk.visit import Visit


async def settled(
    visit: Visit, operation: Operation, *, title: Message, rows: tuple[Row, ...], receipt: Receipt
) -> None:
    """It is done: the figure, what changed, the receipt."""
    choice = await visit.tell(
        Outcome(
            OutcomeKind.DONE,
            title,
            figure=Figure(msg("operation.amount"), Yuan(operation.amount)) if operation.amount else None,
            rows=(*rows, Row(msg("operation.receipt-number"), Digits(operation.receipt_number or "", False))),
            number=grouped(operation.number),
            number_label=msg("number.business"),
            actions=(
                Action("print", msg("action.receipt"), "primary", icon="print"),
                Action("done", msg("action.without-receipt")),
            ),
        )
    )
    if choice == "print":
        await hand_out(visit, receipt, operation=operation.operation_id)


async def being_processed(visit: Visit, result: BeingProcessed) -> None:
    """Not known yet, and never called failed: the number, and a slip of it."""
    choice = await visit.tell(
        Outcome(
            OutcomeKind.PENDING,
            msg("processing.title"),
            explain=(msg("processing.do-not-repeat"), msg("processing.look-up")),
            number=grouped(result.number),
            number_label=msg("number.business"),
            actions=(
                Action("print", msg("processing.print"), "primary", icon="print"),
                Action("done", msg("action.menu"), icon="menu"),
            ),
        )
    )
    if choice == "print":
        await hand_out(visit, processing_slip(result.number, visit.desk()))


def refused(problem: str, rows: tuple[Row, ...] = (), detail: ProblemDetail | None = None) -> Outcome:
    """The centre says no: nothing has moved; why, and what to do instead."""
    return Outcome(
        OutcomeKind.REFUSED,
        msg("refused.title"),
        rows=(*rows, *(_bounds(detail) if detail else ())),
        explain=(msg(f"refusal.{problem}"), msg(f"refusal.{problem}.instead")),
        actions=(Action("done", msg("action.menu"), "primary", icon="menu"),),
    )


def _bounds(detail: ProblemDetail) -> tuple[Row, ...]:
    """The figures that the centre gave with its no."""
    rows = []
    if detail.minimum is not None:
        rows.append(Row(msg("bound.minimum"), Yuan(detail.minimum)))
    if detail.maximum is not None:
        rows.append(Row(msg("bound.maximum"), Yuan(detail.maximum)))
    if detail.allowed_from is not None:
        rows.append(Row(msg("loan.allowed-from"), Day(detail.allowed_from)))
    if detail.locked_until is not None:
        rows.append(Row(msg("bound.locked-until"), Moment(detail.locked_until)))
    if detail.reopens_at is not None:
        rows.append(Row(msg("bound.reopens-at"), Moment(detail.reopens_at)))
    return tuple(rows)


async def unfinished(visit: Visit, open_operations: tuple[PendingPaper, ...]) -> None:
    """Business of an earlier visit that ended without its outcome or its paper: offered before anything else."""
    for pending in open_operations:
        operation = await visit.ask_centre(central.operation_by_number, business_number(pending.operation_id))
        choice = await visit.tell(
            Outcome(
                OutcomeKind.PENDING if operation.state is OperationState.PENDING else OutcomeKind.DONE,
                msg("unfinished.title"),
                figure=Figure(msg("operation.amount"), Yuan(operation.amount)) if operation.amount else None,
                rows=(
                    Row(msg("operation.state"), msg(f"operation.{operation.kind}.{operation.state}")),
                    Row(msg("operation.submitted"), Moment(operation.submitted_at)),
                ),
                number=grouped(operation.number),
                number_label=msg("number.business"),
                actions=(
                    Action("print", msg("action.receipt"), "primary", icon="print"),
                    Action("done", msg("action.next")),
                ),
            )
        )
        if choice == "print":
            await paper_of(visit, operation)


async def paper_of(visit: Visit, operation: Operation) -> None:
    """A further copy of an operation's paper, marked as such."""
    slip = operation_slip(operation, visit.desk(), copy=operation.copies + 1)
    await hand_out(visit, slip, operation=operation.operation_id)
