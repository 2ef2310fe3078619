"""Early repayment (提前还款): part of a loan or all of it, out of the account's balance."""

from typing import Literal

from kiosk import central
from kiosk.contract.loans import Loan, RepaymentMode, RepaymentQuote, Schedule
from kiosk.contract.money import Fen
from kiosk.contract.operations import OperationKind
from kiosk.flows.charts import interest_before_and_after
from kiosk.flows.identify import ask_password
from kiosk.flows.outcomes import carry_out, refused
from kiosk.messages import msg
from kiosk.operation_states import Draft
from kiosk.prompts import (
    Action,
    Choose,
    Compare,
    Consent,
    EnterAmount,
    Facts,
    Figure,
    Option,
    Outcome,
    Row,
    Step,
)
from kiosk.terms import term
from kiosk.values import Count, Day, Digits, Name, Percent, Yuan
from kiosk.visit import Visit

STEPS = 6


async def early_repayment(visit: Visit) -> None:
    """Choose, be told what it would do, agree, confirm with the password, and have it done once."""
    loans = await visit.fetch(central.loans)
    if not loans:
        await visit.tell(refused("loan.none"))
        return
    loan: Loan = await visit.ask(choose_loan(loans)) if len(loans) > 1 else loans[0]
    if not loan.terms.allowed:
        await visit.tell(not_allowed(loan))
        return
    extent: Literal["part", "full"] = await visit.ask(choose_extent(loan))
    if extent == "part":
        amount = await visit.ask(enter_amount(loan))
        quotes = [
            await visit.fetch(central.quote_repayment, loan.contract, extent, amount, mode)
            for mode in (RepaymentMode.SHORTEN, RepaymentMode.REDUCE)
        ]
        schedule = await visit.fetch(central.schedule, loan.contract)
        quote: RepaymentQuote = await visit.ask(compare(quotes, schedule))
    else:
        quote = await visit.fetch(central.quote_repayment, loan.contract, extent)
    await visit.ask(review(quote, loan))
    await visit.ask(consent(quote))
    await ask_password(visit, msg("repayment.password"), authorises=quote.quote_id)
    await carry_out(visit, draft(quote), done=msg("repayment.done"), rows=done_rows(quote))


def draft(quote: RepaymentQuote) -> Draft:
    """What is submitted: the quote and nothing else."""
    return Draft(
        kind=OperationKind.REPAYMENT,
        path=f"/v1/loans/{quote.contract}/repayments",
        body={"quote_id": str(quote.quote_id)},
        if_match=quote.etag,
        amount=quote.total,
    )


def choose_loan(loans: tuple[Loan, ...]) -> Choose:
    """One card a loan; those of a co-borrower can be seen but not repaid."""
    return Choose(
        msg("loan.choose"),
        tuple(
            Option(
                msg("loan.contract", contract=Digits(loan.contract)),
                loan,
                line=Name(loan.property_masked),
                figure=Figure(msg("loan.balance"), Yuan(loan.balance)),
                rows=(
                    Row(msg("loan.instalment"), Yuan(loan.instalment)),
                    Row(msg("loan.months-left"), Count(loan.months_left)),
                    Row(msg("loan.rate"), Percent(loan.rate)),
                    Row(msg("loan.state"), msg(f"loan.state.{loan.state}")),
                ),
                icon="loan",
            )
            for loan in loans
        ),
        step=Step(1, STEPS),
    )


def not_allowed(loan: Loan) -> Outcome:
    """Why this loan cannot be repaid early today, and what to do instead."""
    terms = loan.terms
    return refused(
        terms.refusals[0] if terms.refusals else "not-eligible",
        rows=(
            Row(msg("loan.contract.label"), Digits(loan.contract)),
            Row(msg("loan.balance"), Yuan(loan.balance)),
            *((Row(msg("loan.overdue"), Yuan(loan.overdue), emphasis=True),) if loan.overdue else ()),
            *((Row(msg("loan.allowed-from"), Day(terms.allowed_from)),) if terms.allowed_from else ()),
        ),
    )


def choose_extent(loan: Loan) -> Choose:
    """Part or all; what cannot be done says why."""
    terms = loan.terms
    part_line = (
        msg("extent.part.line", low=Yuan(terms.part_minimum), high=Yuan(terms.part_maximum))
        if terms.part_minimum is not None and terms.part_maximum is not None
        else msg("extent.part.short")
    )
    return Choose(
        msg("extent.title"),
        (
            Option(
                msg("extent.part"),
                "part",
                line=part_line,
                icon="part",
                reason=None if terms.part_allowed else msg("extent.part.none"),
            ),
            Option(
                msg("extent.full"),
                "full",
                line=msg("extent.full.line") if terms.payoff_affordable else None,
                figure=Figure(msg("extent.payoff"), Yuan(terms.payoff)) if terms.payoff is not None else None,
                icon="whole",
                reason=None
                if terms.payoff_affordable
                else msg("extent.full.none", available=Yuan(terms.available)),
            ),
        ),
        step=Step(2, STEPS),
        explain=msg("extent.available", available=Yuan(terms.available)),
    )


def enter_amount(loan: Loan) -> EnterAmount:
    """The bounds stand on the screen before anything is typed."""
    terms = loan.terms
    low, high, step = terms.part_minimum, terms.part_maximum, terms.part_step
    assert low is not None and high is not None and step is not None
    middle = Fen((low + high) // 2 // step * step)
    quick = [(msg("amount.least", amount=Yuan(low)), low), (msg("amount.most", amount=Yuan(high)), high)]
    if low < middle < high:
        quick.insert(1, (msg("amount.middle", amount=Yuan(middle)), middle))
    return EnterAmount(
        msg("amount.title"),
        minimum=low,
        maximum=high,
        multiple_of=step,
        quick=tuple(quick),
        explain=msg("amount.explain", low=Yuan(low), high=Yuan(high), available=Yuan(terms.available)),
        step=Step(3, STEPS),
    )


def compare(quotes: list[RepaymentQuote], schedule: Schedule) -> Compare:
    """Shorten the term or reduce the instalment: the same four lines for both, and the interest as it is now."""
    most = max(quote.interest_saved for quote in quotes)
    return Compare(
        msg("compare.title"),
        tuple(
            Option(
                msg(f"compare.{quote.mode}"),
                quote,
                line=msg(f"compare.{quote.mode}.line"),
                rows=(
                    Row(
                        msg("compare.instalment"),
                        Yuan(quote.instalment_after if quote.instalment_after is not None else Fen(0)),
                    ),
                    Row(msg("compare.months"), Count(quote.months_after)),
                    *((Row(msg("compare.last"), Day(quote.last_due_after)),) if quote.last_due_after else ()),
                    Row(msg("compare.saved"), Yuan(quote.interest_saved), emphasis=True),
                ),
                badge=msg("compare.saves-most") if quote.interest_saved == most else None,
            )
            for quote in quotes
        ),
        step=Step(4, STEPS),
        explain=msg(
            "compare.before",
            instalment=Yuan(quotes[0].instalment_before),
            months=Count(quotes[0].months_before),
        ),
        chart=interest_before_and_after(schedule, quotes),
    )


def review(quote: RepaymentQuote, loan: Loan) -> Facts:
    """All of it in one place before the citizen agrees."""
    after = (
        (
            Row(msg("compare.instalment"), Yuan(quote.instalment_after)),
            Row(msg("compare.months"), Count(quote.months_after)),
        )
        if quote.instalment_after is not None
        else ()
    )
    return Facts(
        msg("review.title"),
        figure=Figure(msg("review.total"), Yuan(quote.total), msg("review.from-account")),
        rows=(
            Row(msg("review.principal"), Yuan(quote.principal)),
            Row(msg("review.interest"), Yuan(quote.interest)),
            Row(msg("review.balance-after"), Yuan(quote.balance_after), emphasis=True),
            *after,
            Row(msg("compare.saved"), Yuan(quote.interest_saved)),
            Row(msg("review.account-after"), Yuan(quote.account_after)),
        ),
        more=(
            (
                msg("review.loan"),
                (
                    Row(msg("loan.contract.label"), Digits(loan.contract)),
                    Row(msg("loan.method"), term("dkhkfs", loan.method)),
                    Row(msg("loan.rate"), Percent(loan.rate)),
                ),
            ),
        ),
        actions=(Action("go", msg("action.next"), "primary"),),
        step=Step(5, STEPS),
    )


def consent(quote: RepaymentQuote) -> Consent:
    """What is agreed to, in plain sentences."""
    whole = quote.extent == "full"
    return Consent(
        msg("consent.title"),
        (
            msg("consent.repayment.take", total=Yuan(quote.total)),
            msg("consent.repayment.settles" if whole else "consent.repayment.new-plan"),
            msg("consent.final"),
        ),
        agree=msg("consent.agree"),
        step=Step(6, STEPS),
    )


def done_rows(quote: RepaymentQuote) -> tuple[Row, ...]:
    """What has changed."""
    rows = [
        Row(msg("review.balance-after"), Yuan(quote.balance_after), emphasis=True),
        Row(msg("review.account-after"), Yuan(quote.account_after)),
    ]
    if quote.instalment_after is not None:
        rows.insert(1, Row(msg("compare.instalment"), Yuan(quote.instalment_after)))
        rows.insert(2, Row(msg("compare.months"), Count(quote.months_after)))
    return tuple(rows)
