"""How an operation ended: done, refused, or being processed. Three screens that every money service shares."""

from kiosk import central
from kiosk.contract.operation_id import grouped
from kiosk.contract.operations import Operation
from kiosk.contract.papers import PendingPaper
from kiosk.contract.wire import ProblemDetail
from kiosk.documents.slips import processing_slip
from kiosk.flows.paper import hand_out
from kiosk.flows.receipts import hand_out_receipt
from kiosk.messages import Message, known, msg
from kiosk.operation_states import Draft
from kiosk.operations import BeingProcessed, Confirmed, Refused
from kiosk.prompts import Action, Figure, Outcome, OutcomeKind, Row
from kiosk.values import Day, Digits, Moment, Yuan
from kiosk.visit import Visit


async def carry_out(visit: Visit, draft: Draft, *, done: Message, rows: tuple[Row, ...]) -> None:
    """Submit what the citizen has agreed to, and say how it ended; `done` and `rows` when it is."""
    match await visit.submit(draft):
        case Confirmed(operation=operation):
            await settled(visit, operation, title=done, rows=rows)
        case Refused(problem=problem):
            await visit.tell(refused(problem))
        case BeingProcessed() as result:
            await being_processed(visit, result)


async def settled(visit: Visit, operation: Operation, *, title: Message, rows: tuple[Row, ...]) -> None:
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
        await hand_out_receipt(visit, operation)
    else:
        await visit.close_paper(operation.operation_id)


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
    """The centre says no: nothing has moved; why, and what to do instead. A reason that this kiosk has no words
    for (a newer centre's) is said in general terms."""
    key = f"refusal.{problem}" if known(f"refusal.{problem}") else "refusal.unnamed"
    return Outcome(
        OutcomeKind.REFUSED,
        msg("refused.title"),
        rows=(*rows, *(_bounds(detail) if detail else ())),
        explain=(msg(key), msg(f"{key}.instead")),
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
    """Papers of an earlier visit that may not have come out: offered before anything else, never printed
    unasked."""
    for paper in await visit.papers_owed(open_operations):
        operation = await visit.ask_centre(central.operation, paper.operation_id)
        choice = await visit.tell(
            Outcome(
                OutcomeKind.DONE,
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
                    Action("done", msg("action.without-receipt")),
                ),
            )
        )
        if choice == "print":
            await hand_out_receipt(visit, operation, paper.copy)
        else:
            await visit.close_paper(paper.operation_id)
