"""Closing the account on retirement (离退休销户提取): what the centre knows already, the amount, and the money."""

from kiosk import central
from kiosk.contract.accounts import Check, ClosureQuote
from kiosk.contract.operations import OperationKind
from kiosk.flows.identify import ask_password
from kiosk.flows.outcomes import carry_out
from kiosk.messages import Message, msg
from kiosk.operation_states import Draft
from kiosk.prompts import Action, CheckItem, Checklist, Consent, Facts, Figure, Note, Row, Step
from kiosk.values import Digits, Month, Yuan
from kiosk.visit import Visit

STEPS = 3


async def closure(visit: Visit) -> None:
    """Checklist, amount, agreement, password, and the payout."""
    quote = await visit.fetch(central.quote_closure)
    if await visit.ask(checklist(quote)) == "done":
        return
    await visit.ask(amount(quote))
    await visit.ask(consent(quote))
    await ask_password(visit, msg("closure.password"), authorises=quote.quote_id)
    await carry_out(
        visit, draft(quote), done=msg("closure.done"), rows=(Row(msg("closure.card"), _card(quote)),)
    )


def draft(quote: ClosureQuote) -> Draft:
    """What is submitted: the quote and nothing else."""
    return Draft(
        kind=OperationKind.CLOSURE,
        path="/v1/account/closures",
        body={"quote_id": str(quote.quote_id)},
        if_match=quote.etag,
        amount=quote.payout,
    )


def checklist(quote: ClosureQuote) -> Checklist:
    """Every condition with its answer; a condition that is not met says what to do instead."""
    note = (
        Note("success", msg("closure.eligible"))
        if quote.eligible
        else Note("refusal", msg("closure.not-eligible"))
    )
    actions = (
        (Action("go", msg("action.next"), "primary"),)
        if quote.eligible
        else (Action("done", msg("action.menu"), "primary", icon="menu"),)
    )
    return Checklist(
        msg("closure.checks"),
        tuple(
            CheckItem(
                msg(f"check.{check.code}"),
                check.passed,
                detail=_detail(check),
                source=msg(f"check.source.{check.source}"),
            )
            for check in quote.checks
        ),
        note=note,
        actions=actions,
        step=Step(1, STEPS),
    )


def _detail(check: Check) -> Message | None:
    if check.code == "age" and check.retires:
        return msg("check.age.passed" if check.passed else "check.age.failed", month=Month(check.retires))
    if check.passed:
        return None
    if check.code == "age":
        return msg("check.age.unknown")
    return msg(f"check.{check.code}.failed")


def amount(quote: ClosureQuote) -> Facts:
    """What will be paid and where it goes."""
    return Facts(
        msg("closure.amount"),
        figure=Figure(msg("closure.payout"), Yuan(quote.payout), msg("closure.payout.note")),
        rows=(
            Row(msg("account.balance"), Yuan(quote.balance)),
            Row(msg("closure.interest"), Yuan(quote.interest)),
            Row(msg("closure.card"), _card(quote), emphasis=True),
        ),
        actions=(Action("go", msg("action.next"), "primary"),),
        step=Step(2, STEPS),
    )


def consent(quote: ClosureQuote) -> Consent:
    """What is agreed to, in plain sentences."""
    return Consent(
        msg("consent.title"),
        (
            msg("consent.closure.pay", payout=Yuan(quote.payout), card=_card(quote)),
            msg("consent.closure.ends"),
            msg("consent.final"),
        ),
        agree=msg("consent.agree"),
        step=Step(3, STEPS),
    )


def _card(quote: ClosureQuote) -> Digits:
    return Digits(quote.payout_card_masked or "")
