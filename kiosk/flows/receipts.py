"""The receipt of an operation that is done: numbered and sealed by the centre, like every official paper."""

import asyncio
from collections.abc import Callable

from hardware.receipt_printer.receipt import Receipt
from kiosk import central
from kiosk.contract.operations import Operation, OperationState
from kiosk.contract.papers import Document, DocumentRequest
from kiosk.documents.official import official
from kiosk.documents.slips import official_slip, operation_slip
from kiosk.flows.paper import hand_out_paper
from kiosk.leaving import CentralUnreachable
from kiosk.line import Refused
from kiosk.visit import Visit

SEAL_S = 4.0
"""How long a receipt waits for its seal. What was done stands without: then it is printed without, and says so."""


async def hand_out_receipt(visit: Visit, operation: Operation, copy: int = 1) -> None:
    """Print the paper of an operation, marked as a reprint from the second copy on."""
    await hand_out_paper(visit, operation, await _maker(visit, operation), copy)


async def _maker(visit: Visit, operation: Operation) -> Callable[[int], Receipt]:
    """What makes the slip for the copy number that it must bear."""
    desk = visit.desk()
    sealed = await _sealed(visit, operation)
    if sealed is None:
        return lambda copy: operation_slip(operation, desk, copy)
    paper = official(sealed)
    return lambda copy: official_slip(paper, desk, copy)


async def _sealed(visit: Visit, operation: Operation) -> Document | None:
    """The operation's own paper, the same at every kiosk; None for one that is not done, or when the centre cannot
    seal it in time."""
    if operation.state is not OperationState.CONFIRMED:
        return None
    request = DocumentRequest.model_validate(
        {
            "kind": f"{operation.kind}-receipt",
            "language": visit.desk().language,
            "operation_id": operation.operation_id,
        }
    )
    asking = visit.ask_centre(central.issue_document, operation.operation_id, request)
    try:
        return await asyncio.wait_for(asking, SEAL_S)
    except (TimeoutError, CentralUnreachable, Refused):
        return None
