"""Statement (明细对账单): a period's entries on paper, numbered and sealed by the centre."""

from hardware.device import Kind
from kiosk import central
from kiosk.flows.issuing import SLIP_MAX_ENTRIES, circumstances, issue_and_hand_out
from kiosk.flows.periods import ask_period
from kiosk.messages import msg
from kiosk.prompts import Action, Outcome, OutcomeKind, Step
from kiosk.values import Count
from kiosk.visit import Visit

STEPS = 2


async def statement(visit: Visit) -> None:
    """Period, what will be on the paper, paper."""
    found = await circumstances(visit)
    account = await visit.fetch(central.account)
    while True:
        period = await ask_period(visit, account.opened_on, account.as_of, Step(1, STEPS))
        if found.printer("statement") is Kind.A4_PRINTER:
            break
        count = await visit.fetch(central.count_entries, period.first, period.last)
        if count <= SLIP_MAX_ENTRIES:
            break
        await visit.ask(
            Outcome(
                OutcomeKind.TROUBLE,
                msg("statement.too-long"),
                explain=(msg("statement.too-long.instead", most=Count(SLIP_MAX_ENTRIES)),),
                actions=(Action("shorter", msg("statement.shorter"), "primary"),),
            )
        )
    await issue_and_hand_out(
        visit,
        found,
        "statement",
        title=msg("statement.title"),
        printed=msg("statement.print"),
        first=period.first,
        last=period.last,
    )
