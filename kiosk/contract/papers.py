"""Official papers: what is asked for, what the centre issues."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from kiosk.contract.accounts import Entry
from kiosk.contract.loans import ScheduleRow
from kiosk.contract.operations import MONEY_KINDS, OperationKind, OperationState
from kiosk.contract.wire import Amount, ContractNumber, DocumentLanguage, Language, Reply, Wire

PaperKind = Literal[
    "statement",
    "interest-statement",
    "deposit-certificate",
    "loan-use-certificate",
    "repayment-schedule",
    "repayment-receipt",
    "settled-certificate",
    "closure-receipt",
]
"""Every official paper. The code on a paper says its kind by the place in this list: new kinds are added at the end,
none is ever moved."""

OPERATION_OF_RECEIPT: Mapping[str, OperationKind] = {f"{kind}-receipt": kind for kind in MONEY_KINDS}
"""A receipt is the paper of the operation that it tells of; every other paper is an operation of its own."""


class PaperSeen(Wire):
    """POST /v1/operations/{operation_id}/papers: the citizen has the result. 0 is the screen alone, n the n-th copy."""

    copy_number: Annotated[int, Field(ge=0, le=99)]


class DocumentRequest(Wire):
    """POST /v1/documents with Idempotency-Key: the centre numbers and seals a paper."""

    kind: PaperKind
    language: DocumentLanguage = "zh"
    from_: date | None = Field(default=None, alias="from")
    to: date | None = None
    contract: ContractNumber | None = None
    operation_id: UUID | None = None

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class DocumentField(Reply):
    """One labelled value of a paper: `key` names the label in the catalogue, `kind` how it is written.

    `group` is 0 for the paper itself; 1, 2, ... number its repeated parts: a loan, a year of interest.
    """

    key: str
    kind: Literal["text", "amount", "date", "month", "percent", "code", "count"]
    value: str
    code_set: str | None = None  # a table of JGJ/T 320, or loan-role, loan-state
    group: int = 0


class Document(Reply):
    """An official paper as data: what it says, its number, and the code that proves it."""

    operation_id: UUID
    number: str
    kind: str
    language: DocumentLanguage
    issued_at: datetime
    issuer: dict[Language, str]
    holder: str  # full name: it goes on paper only
    id_number_masked: str | None = None
    account_masked: str
    fields: tuple[DocumentField, ...]
    entries: tuple[Entry, ...] = ()
    opening: Amount | None = None
    closing: Amount | None = None
    rows: tuple[ScheduleRow, ...] = ()
    verify_url: str  # upper case, for the QR code


class IssuedPaper(Reply):
    """An official paper that the citizen has been given a number for, to be printed again under it."""

    operation_id: UUID
    number: str
    kind: str
    language: DocumentLanguage
    issued_at: datetime
    copies: int


class IssuedPapers(Reply):
    """GET /v1/documents: of the last three months, the newest first; revoked ones are not among them."""

    documents: tuple[IssuedPaper, ...]


class PendingPaper(Reply):
    """An operation of this citizen not seen to its end, or whose paper may be missing."""

    operation_id: UUID
    kind: OperationKind
    state: OperationState
    submitted_at: datetime
