"""Operations that move money or issue a paper: their states and what came of them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from kiosk.contract.wire import Amount, ContractNumber, Reply


class OperationKind(StrEnum):
    REPAYMENT = "repayment"
    CLOSURE = "closure"
    DOCUMENT = "document"


MONEY_KINDS = tuple(kind for kind in OperationKind if kind is not OperationKind.DOCUMENT)
"""What changes the books: counted in the day's totals, each with its receipt."""


class OperationState(StrEnum):
    PENDING = "pending"  # accepted; the bank has not answered yet
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Operation(Reply):
    """GET /v1/operations/{operation_id} (or ?number=), and the answer of every submit."""

    operation_id: UUID
    kind: OperationKind
    state: OperationState
    number: str  # business number, 12 digits
    receipt_number: str | None = None
    amount: Amount | None = None
    interest: Amount | None = None
    submitted_at: datetime
    completed_at: datetime | None = None
    problem: str | None = None  # why it was refused
    contract: ContractNumber | None = None
    account_masked: str | None = None
    name_masked: str | None = None
    payout_card_masked: str | None = None
    balance_after: Amount | None = None  # of the loan
    account_after: Amount | None = None
    instalment_after: Amount | None = None
    months_after: int | None = None
    interest_saved: Amount | None = None
    last_due_after: date | None = None
    copies: int = 0


DAY_TOTALS_TOLD = 7
