"""Certificates and statements (证明与对账单): which paper, of which loan, a look at it, and it is printed."""

from dataclasses import dataclass
from typing import Final, Literal

from kiosk import central
from kiosk.contract.accounts import Account
from kiosk.contract.loans import Loan
from kiosk.contract.papers import IssuedPaper, PaperKind
from kiosk.flows.issuing import Circumstances, circumstances, hand_out_again, issue_and_hand_out
from kiosk.flows.statement import statement
from kiosk.messages import Message, msg
from kiosk.prompts import Choose, Option, Row, Step
from kiosk.values import Count, Digits, Moment, Yuan
from kiosk.visit import Visit

AGAIN: Final = "again"
STEPS = 3

KINDS: tuple[PaperKind, ...] = (
    "deposit-certificate",
    "loan-use-certificate",
    "settled-certificate",
    "repayment-schedule",
    "interest-statement",
    "statement",
)
"""In the order in which people ask for them."""

LOAN_KINDS: frozenset[PaperKind] = frozenset({"settled-certificate", "repayment-schedule"})
OPEN_ACCOUNT_KINDS: frozenset[PaperKind] = frozenset({"deposit-certificate", "loan-use-certificate"})


@dataclass(frozen=True)
class Case:
    """What decides which papers this citizen can have."""

    account: Account
    loans: tuple[Loan, ...]
    earlier: tuple[IssuedPaper, ...]
    found: Circumstances


async def certificates(visit: Visit) -> None:
    """Which paper, which loan, preview, paper."""
    found = await circumstances(visit)
    account = await visit.fetch(central.account)
    loans = await visit.fetch(central.loans)
    # A number whose paper never came out (another language was chosen) is nobody's to print again.
    earlier = tuple(paper for paper in await visit.fetch(central.documents) if paper.copies)
    case = Case(account, loans, earlier, found)
    kind: PaperKind | Literal["again"] = await visit.ask(which_paper(case))
    if kind == "statement":
        await statement(visit)
        return
    if kind == AGAIN:
        paper: IssuedPaper = await visit.ask(which_again(case))
        await hand_out_again(
            visit,
            found,
            paper.operation_id,
            paper.copies,
            title=msg("certificates.preview.title"),
            printed=msg("certificates.print"),
        )
        return
    await issue_and_hand_out(
        visit,
        found,
        kind,
        title=msg("certificates.preview.title"),
        printed=msg("certificates.print"),
        contract=await _contract(visit, kind, loans),
    )


def which_paper(case: Case) -> Choose:
    """Every kind; one that cannot be had stays in its place with the reason."""
    options = [
        Option(
            msg(f"document.kind.{kind}"),
            kind,
            line=msg(f"certificates.{kind}.line"),
            icon="statement",
            reason=case.found.reason(kind) or _not_for(kind, case),
        )
        for kind in KINDS
    ]
    if any(case.found.printer(paper.kind) for paper in case.earlier):
        again = Option(msg("certificates.again"), AGAIN, line=msg("certificates.again.line"), icon="print")
        options.append(again)
    return Choose(msg("certificates.title"), tuple(options), step=Step(1, STEPS))


def _not_for(kind: PaperKind, case: Case) -> Message | None:
    """Why the centre would not issue it to this citizen, as far as is known already."""
    if kind in OPEN_ACCOUNT_KINDS and case.account.closed_on is not None:
        return msg("certificates.none.closed")
    if kind in LOAN_KINDS and not of_kind(kind, case.loans):
        settled = kind == "settled-certificate"
        return msg("certificates.none.settled-loan" if settled else "certificates.none.open-loan")
    return None


def of_kind(kind: PaperKind, loans: tuple[Loan, ...]) -> tuple[Loan, ...]:
    """The loans that a paper of this kind can be about."""
    settled = kind == "settled-certificate"
    return tuple(loan for loan in loans if (loan.state == "settled") == settled)


async def _contract(visit: Visit, kind: PaperKind, loans: tuple[Loan, ...]) -> str | None:
    if kind not in LOAN_KINDS:
        return None
    candidates = of_kind(kind, loans)
    if len(candidates) == 1:
        return candidates[0].contract
    contract: str = await visit.ask(
        Choose(
            msg("certificates.loan.title"),
            tuple(
                Option(
                    msg("loan.contract", contract=Digits(loan.contract)),
                    loan.contract,
                    icon="loan",
                    rows=(
                        Row(msg("field.principal"), Yuan(loan.principal)),
                        Row(msg("field.loan-balance"), Yuan(loan.balance)),
                    ),
                )
                for loan in candidates
            ),
            step=Step(2, STEPS),
        )
    )
    return contract


def which_again(case: Case) -> Choose:
    """The papers of the last months that can be printed here."""
    return Choose(
        msg("certificates.again.title"),
        tuple(
            Option(
                msg(f"document.kind.{paper.kind}"),
                paper,
                line=msg("certificates.again.copies", copies=Count(paper.copies)),
                icon="print",
                rows=(
                    Row(msg("number.document"), Digits(paper.number, personal=False)),
                    Row(msg("document.issued-at"), Moment(paper.issued_at)),
                ),
                reason=case.found.reason(paper.kind),
            )
            for paper in case.earlier
        ),
        step=Step(2, STEPS),
        explain=msg("certificates.again.explain"),
    )
