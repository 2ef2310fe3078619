"""Balance (账户查询): what is in the account, what came and went, and a slip of it."""

from kiosk import central
from kiosk.contract.accounts import Account, Entries
from kiosk.documents.slips import balance_slip, entries_slip
from kiosk.flows.charts import balance_course
from kiosk.flows.paper import hand_out
from kiosk.flows.periods import ask_period
from kiosk.messages import msg
from kiosk.prompts import Action, Column, Facts, Figure, Row, Table
from kiosk.terms import term
from kiosk.values import Day, Digits, Month, Name, Percent, Yuan
from kiosk.visit import Visit


async def balance(visit: Visit) -> None:
    """Account, entries of a period, and paper."""
    account = await visit.fetch(central.account)
    match await visit.ask(overview(account)):
        case "print":
            await hand_out(visit, balance_slip(account, visit.desk()))
        case "entries":
            period = await ask_period(visit, account.opened_on, account.as_of)
            entries = await visit.fetch(central.entries, period.first, period.last)
            if await visit.ask(listing(entries)) == "print":
                await hand_out(visit, entries_slip(account, entries, visit.desk()))


def overview(account: Account) -> Facts:
    """The account on one screen; the balance is the hero."""
    return Facts(
        msg("balance.title"),
        figure=Figure(
            msg("account.balance"),
            Yuan(account.balance),
            msg("account.as-of", day=Day(account.as_of)),
        ),
        rows=(
            Row(msg("account.carried-over"), Yuan(account.carried_over)),
            Row(msg("account.current-year"), Yuan(account.current_year)),
            Row(msg("account.accrued-interest"), Yuan(account.accrued_interest)),
            Row(msg("account.monthly-deposit"), Yuan(account.monthly_deposit)),
            Row(msg("account.deposit-base"), Yuan(account.deposit_base)),
        ),
        more=(
            (
                msg("account.heading"),
                (
                    Row(msg("account.state"), term("grzhzt", account.state), emphasis=account.state != "01"),
                    Row(msg("account.number"), Digits(account.number_masked)),
                    Row(msg("account.employer"), Name(account.employer)),
                    Row(
                        msg("account.rates"),
                        msg(
                            "account.rates.value",
                            employer=Percent(account.employer_rate),
                            person=Percent(account.person_rate),
                        ),
                    ),
                    Row(msg("account.paid-up-to"), Month(account.paid_up_to)),
                    Row(
                        msg("account.payout-card"),
                        Digits(account.payout_card_masked)
                        if account.payout_card_masked
                        else msg("account.payout-card.none"),
                    ),
                ),
            ),
        ),
        actions=(
            Action("entries", msg("balance.entries"), "primary", icon="list"),
            Action("print", msg("action.print"), icon="print"),
            Action("done", msg("action.menu"), icon="menu"),
        ),
    )


def listing(entries: Entries) -> Table:
    """Every entry of the period; opening + entries = closing stays in sight."""
    return Table(
        msg("entries.title", first=Day(entries.from_), last=Day(entries.to)),
        columns=(
            Column(msg("entries.on")),
            Column(msg("entries.kind")),
            Column(msg("entries.amount"), amount=True),
            Column(msg("entries.balance"), amount=True),
        ),
        rows=tuple(
            (
                Day(entry.on),
                term("gjhtqywlx", entry.kind),
                Yuan(entry.amount, signed=True),
                Yuan(entry.balance),
            )
            for entry in entries.entries
        ),
        summary=(
            Row(msg("entries.opening"), Yuan(entries.opening)),
            Row(msg("entries.in"), Yuan(entries.total_in)),
            Row(msg("entries.out"), Yuan(entries.total_out)),
            Row(msg("entries.closing"), Yuan(entries.closing), emphasis=True),
        ),
        actions=(
            Action("print", msg("action.print"), "primary", icon="print"),
            Action("done", msg("action.menu"), icon="menu"),
        ),
        empty=msg("entries.none"),
        chart=balance_course(entries),
    )
