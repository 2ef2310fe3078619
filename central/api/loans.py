"""Endpoints: the citizen's loans and their early repayment."""

from fastapi import APIRouter, Response

from central import accounts, loan_view, loans, repayment, repayment_quotes, visits
from central.api import quoted
from central.api.answers import json_answer, problems, stored_answer
from central.api.quoted import IdempotencyKey, IfMatch
from central.api.security import Kiosk, TheState
from central.operations import submit
from kiosk.contract.loans import Loan, Loans, QuoteRequest, RepaymentQuote, Schedule, SubmitRepayment
from kiosk.contract.operations import Operation, OperationKind
from kiosk.contract.wire import ContractNumber

router = APIRouter(prefix="/v1/loans", tags=["loans"])


@router.get("", response_model=Loans, responses=problems(403, 404))
def all_loans(state: TheState, kiosk: Kiosk) -> Response:
    """Everything the citizen borrowed or co-borrowed, open loans first."""
    centre = state.centre
    with centre.database.read() as tx:
        visitor = visits.current(tx, kiosk, centre.now_ms())
        fund = accounts.of_person(tx, visitor.person_id)
        found = tuple(
            loan_view.view(debt, role, fund, centre.today(), centre.policy)
            for debt, role in loans.of_person(tx, visitor.person_id)
        )
    return json_answer(Loans(loans=found))


@router.get("/{contract}", response_model=Loan, responses=problems(403, 404))
def one_loan(state: TheState, kiosk: Kiosk, contract: ContractNumber) -> Response:
    """One loan of the citizen."""
    centre = state.centre
    with centre.database.read() as tx:
        visitor = visits.current(tx, kiosk, centre.now_ms())
        debt, role = loans.one(tx, visitor.person_id, contract)
        fund = accounts.of_person(tx, visitor.person_id)
        found = loan_view.view(debt, role, fund, centre.today(), centre.policy)
    return json_answer(found, headers={"ETag": f'"{found.version}"'})


@router.get("/{contract}/schedule", response_model=Schedule, responses=problems(403, 404))
def schedule(state: TheState, kiosk: Kiosk, contract: ContractNumber) -> Response:
    """The instalments still to come."""
    centre = state.centre
    with centre.database.read() as tx:
        visitor = visits.current(tx, kiosk, centre.now_ms())
        debt, _ = loans.one(tx, visitor.person_id, contract)
    return json_answer(loans.schedule(debt))


@router.post(
    "/{contract}/repayment-quotes",
    status_code=201,
    response_model=RepaymentQuote,
    responses=problems(403, 404, 422),
)
def repayment_quote(
    state: TheState, kiosk: Kiosk, contract: ContractNumber, request: QuoteRequest
) -> Response:
    """What an early repayment today would do, to the fen."""
    centre = state.centre
    with centre.database.write() as tx:
        visitor = visits.current(tx, kiosk, centre.now_ms())
        quote = repayment_quotes.give_quote(tx, centre, visitor, contract, request)
    return json_answer(quote, 201, {"ETag": quote.etag})


@router.post(
    "/{contract}/repayments",
    status_code=201,
    response_model=Operation,
    responses=problems(403, 409, 412, 422, 428),
)
def repay(
    state: TheState,
    kiosk: Kiosk,
    contract: ContractNumber,
    request: SubmitRepayment,
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> Response:
    """Carry out a quoted repayment that the password has agreed to. Safe to repeat with the same key."""
    centre = state.centre
    path = f"/v1/loans/{contract}/repayments"
    asked, etag = quoted.submission(OperationKind.REPAYMENT, kiosk, path, request, idempotency_key, if_match)
    answer = submit(
        centre,
        state.running,
        asked,
        lambda tx: repayment.carry_out(
            tx,
            centre,
            operation_id=asked.id,
            kiosk_id=kiosk.kiosk_id,
            quote_id=request.quote_id,
            if_match=etag,
            contract=contract,
        ),
    )
    return stored_answer(answer, f"/v1/operations/{asked.id}")
