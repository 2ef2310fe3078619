"""Statement (明细对账单): a period's entries on paper, numbered by the centre."""

from uuid import UUID

from kiosk import central
from kiosk.contract.models import DocumentRequest
from kiosk.contract.operation import new_operation_id
from kiosk.documents.slips import statement_slip
from kiosk.flows.paper import hand_out
from kiosk.flows.periods import ask_period
from kiosk.line import Line
from kiosk.messages import msg
from kiosk.prompts import Action, Facts, Figure, Row, Step
from kiosk.values import Count, Day, Yuan
from kiosk.visit import Visit

STEPS = 2


async def statement(visit: Visit) -> None:
    """Period, what will be on it, paper."""
    account = await visit.fetch(central.account)
    period = await ask_period(visit, account.opened_on, account.as_of, Step(1, STEPS))
    entries = await visit.fetch(central.entries, period.first, period.last)
    await visit.ask(
        Facts(
            msg("statement.title"),
            figure=Figure(msg("entries.closing"), Yuan(entries.closing)),
            rows=(
                Row(msg("statement.from"), Day(period.first)),
                Row(msg("statement.to"), Day(period.last)),
                Row(msg("entries.opening"), Yuan(entries.opening)),
                Row(msg("entries.in"), Yuan(entries.total_in)),
                Row(msg("entries.out"), Yuan(entries.total_out)),
                Row(msg("statement.count"), Count(entries.count)),
            ),
            actions=(Action("print", msg("statement.print"), "primary", icon="print"),),
            step=Step(2, STEPS),
        )
    )
    operation_id = await visit.fetch(_new_id)
    request = DocumentRequest.model_validate(
        {
            "kind": "statement",
            "language": visit.preferences.language,
            "from": period.first,
            "to": period.last,
        }
    )
    document = await visit.fetch(central.issue_document, operation_id, request)
    await hand_out(visit, statement_slip(document, visit.desk()), number=document.number)


def _new_id(line: Line) -> UUID:
    """Remembered like everything that is fetched, so that a replay asks for the same paper again."""
    return new_operation_id(line.now_ms())
