"""What a visit asks of the centre: one function for each request, in the words of the flows.

Each takes the visit's Line first and blocks; `visit.fetch(central.loans)` calls it off the window's thread.
"""

import time
from datetime import date
from typing import Literal
from uuid import UUID

from kiosk.contract.accounts import Account, ClosureQuote, Entries
from kiosk.contract.kiosks import Heartbeat, HeartbeatReply
from kiosk.contract.loans import Loan, Loans, QuoteRequest, RepaymentMode, RepaymentQuote, Schedule
from kiosk.contract.money import Fen
from kiosk.contract.operations import Operation
from kiosk.contract.papers import Document, DocumentRequest, IssuedPaper, IssuedPapers, PaperSeen
from kiosk.contract.problems import Problem
from kiosk.contract.visits import Credential, OpenVisit, Verification, Verified, VisitOpened
from kiosk.line import Cause, Line, Refused, Unreachable

PAGE_LIMIT = 100
PAPER_ASKED_AGAIN = 2
IN_FLIGHT_S = 1.0


def open_visit(line: Line, credential: Credential) -> VisitOpened:
    """Identify. Raises Refused (credential-unknown, credential-expired, password-locked)."""
    return line.call("POST", "/v1/visits", VisitOpened, body=OpenVisit(credential=credential))


def verify(line: Line, password: str, authorises: UUID | None = None) -> Verified:
    """The query password; with `authorises` it agrees to one quote. Raises Refused (password-wrong, ...)."""
    return line.call(
        "POST",
        "/v1/visits/current/verification",
        Verified,
        body=Verification(password=password, authorises=authorises),
    )


def end_visit(line: Line) -> None:
    """Let the centre forget the visit's token now."""
    line.send("DELETE", "/v1/visits/current")


def account(line: Line) -> Account:
    """The citizen's account as of today."""
    return line.call("GET", "/v1/account", Account)


def entries(line: Line, first: date, last: date) -> Entries:
    """All entries of a period, both days included: every page of the centre's answer, put together."""
    query = {"from": first.isoformat(), "to": last.isoformat(), "limit": str(PAGE_LIMIT)}
    page = line.call("GET", "/v1/account/entries", Entries, query=query)
    gathered = list(page.entries)
    while page.next_cursor:
        page = line.call("GET", "/v1/account/entries", Entries, query={**query, "cursor": page.next_cursor})
        gathered += page.entries
    return page.model_copy(update={"entries": tuple(gathered), "next_cursor": None})


def loans(line: Line) -> tuple[Loan, ...]:
    """The citizen's loans, as borrower or co-borrower."""
    return line.call("GET", "/v1/loans", Loans).loans


def schedule(line: Line, contract: str) -> Schedule:
    """The instalments still to come."""
    return line.call("GET", f"/v1/loans/{contract}/schedule", Schedule)


def quote_repayment(
    line: Line,
    contract: str,
    extent: Literal["part", "full"],
    amount: Fen | None = None,
    mode: RepaymentMode | None = None,
) -> RepaymentQuote:
    """What an early repayment would do, to the fen. Raises Refused with the bounds when it is not allowed."""
    return line.call(
        "POST",
        f"/v1/loans/{contract}/repayment-quotes",
        RepaymentQuote,
        body=QuoteRequest(extent=extent, amount=amount, mode=mode),
    )


def quote_closure(line: Line) -> ClosureQuote:
    """The checklist for closing the account on retirement, and the amount to the day."""
    return line.call("POST", "/v1/account/closure-quotes", ClosureQuote, body={})


def operation(line: Line, operation_id: UUID) -> Operation:
    """What became of an operation, for the citizen it belongs to. Raises Refused(not-found)."""
    return line.call("GET", f"/v1/operations/{operation_id}", Operation)


def operation_by_number(line: Line, number: str) -> Operation:
    """What became of a business number, for the citizen it belongs to. Raises Refused(not-found)."""
    return line.call("GET", "/v1/operations", Operation, query={"number": number})


def issue_document(line: Line, operation_id: UUID, request: DocumentRequest) -> Document:
    """Have the centre number and seal a paper; the same id asks for the same paper again. When the answer is lost on
    its way it is asked for again at once, so that no number is given to a paper that nobody sees."""

    def ask() -> Document:
        key = {"Idempotency-Key": str(operation_id)}
        return line.call("POST", "/v1/documents", Document, body=request, headers=key)

    for _ in range(PAPER_ASKED_AGAIN):
        try:
            return ask()
        except Unreachable as lost:
            if lost.cause not in (Cause.BROKEN, Cause.GARBAGE):
                raise
        except Refused as refused:
            if refused.problem is not Problem.IDEMPOTENCY_IN_FLIGHT:
                raise
            time.sleep(IN_FLIGHT_S)  # the request whose answer was lost is still at work
    return ask()


def count_entries(line: Line, first: date, last: date) -> int:
    """How many entries a period has, both days included."""
    query = {"from": first.isoformat(), "to": last.isoformat(), "limit": "1"}
    return line.call("GET", "/v1/account/entries", Entries, query=query).count


def documents(line: Line) -> tuple[IssuedPaper, ...]:
    """The citizen's official papers that can be printed again."""
    return line.call("GET", "/v1/documents", IssuedPapers).documents


def document(line: Line, operation_id: UUID) -> Document:
    """One of them. Raises Refused (not-found, document-unavailable when it was revoked)."""
    return line.call("GET", f"/v1/documents/{operation_id}", Document)


def paper_seen(line: Line, operation_id: UUID, copy_number: int) -> Operation:
    """Tell the centre that a copy is out (0: the citizen saw the result and wanted no paper)."""
    return line.call(
        "POST",
        f"/v1/operations/{operation_id}/papers",
        Operation,
        body=PaperSeen(copy_number=copy_number),
    )


def heartbeat(line: Line, beat: Heartbeat) -> HeartbeatReply:
    """Tell the centre how the kiosk is; also how the kiosk knows that the centre is there."""
    return line.call("POST", "/v1/kiosks/current/heartbeat", HeartbeatReply, body=beat)
