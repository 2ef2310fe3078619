"""My loans (贷款查询): what is left of a loan, where the instalments go, and every one that is still to come."""

from kiosk import central
from kiosk.contract.loans import Loan, Schedule
from kiosk.contract.money import Fen
from kiosk.flows.charts import instalments
from kiosk.flows.early_repayment import choose_loan
from kiosk.flows.outcomes import refused
from kiosk.messages import msg
from kiosk.prompts import Action, Column, Facts, Figure, Row, Table
from kiosk.terms import term
from kiosk.values import Count, Day, Digits, Percent, Yuan
from kiosk.visit import Visit

REPAY = "early_repayment"
"""The service to go on with; also the action's key."""


async def loans(visit: Visit) -> str | None:
    """One loan, its schedule, and on to repaying early when the citizen wants that."""
    owned = await visit.fetch(central.loans)
    if not owned:
        await visit.tell(refused("loan.none"))
        return None
    loan: Loan = await visit.ask(choose_loan(owned)) if len(owned) > 1 else owned[0]
    schedule = await visit.fetch(central.schedule, loan.contract)
    wanted = await visit.ask(overview(loan, schedule))
    if wanted == "schedule":
        wanted = await visit.ask(listing(schedule))
    return REPAY if wanted == REPAY else None


def overview(loan: Loan, schedule: Schedule) -> Facts:
    """What is left, and what the instalments of every year go to."""
    settled = msg("refusal.loan.none") if loan.state == "settled" else None
    return Facts(
        msg("loans.title"),
        figure=Figure(
            msg("loan.balance"), Yuan(loan.balance), msg("loan.contract", contract=Digits(loan.contract))
        ),
        rows=(
            Row(msg("loan.instalment"), Yuan(loan.instalment), emphasis=True),
            *((Row(msg("loans.next-due"), Day(loan.next_due)),) if loan.next_due else ()),
            Row(msg("loan.months-left"), Count(loan.months_left)),
            *((Row(msg("compare.last"), Day(loan.last_due)),) if loan.last_due else ()),
            Row(msg("loan.rate"), Percent(loan.rate)),
            Row(msg("loan.method"), term("dkhkfs", loan.method)),
            Row(msg("loan.state"), msg(f"loan.state.{loan.state}"), emphasis=loan.state == "arrears"),
            *((Row(msg("loan.overdue"), Yuan(loan.overdue), emphasis=True),) if loan.overdue else ()),
        ),
        actions=(
            Action("schedule", msg("loans.schedule"), "primary", icon="list"),
            Action(REPAY, msg("service.early_repayment"), icon="repay", reason=settled),
            Action("done", msg("action.menu"), icon="menu"),
        ),
        chart=instalments(schedule),
    )


def listing(schedule: Schedule) -> Table:
    """Every instalment still to come; their sums stay in sight."""
    principal = sum(row.principal for row in schedule.rows)
    return Table(
        msg("loans.schedule"),
        columns=(
            Column(msg("loans.due")),
            Column(msg("loans.payment"), amount=True),
            Column(msg("chart.principal"), amount=True),
            Column(msg("chart.interest"), amount=True),
        ),
        rows=tuple(
            (Day(row.due), Yuan(row.payment), Yuan(row.principal), Yuan(row.interest))
            for row in schedule.rows
        ),
        summary=(
            Row(msg("loan.months-left"), Count(len(schedule.rows))),
            Row(msg("loan.balance"), Yuan(Fen(principal))),
            Row(msg("loans.interest-left"), Yuan(schedule.total_interest), emphasis=True),
        ),
        actions=(
            Action(REPAY, msg("service.early_repayment"), icon="repay"),
            Action("done", msg("action.menu"), "primary", icon="menu"),
        ),
        empty=msg("loans.none-left"),
    )
