"""The wire models of the central API, shared by the kiosk's client and the centre.

Names are the field's English terms; the code of JGJ/T 320-2014 stands beside the term once. Amounts travel
as strings with two decimals and are integer fen (分) on both sides; dates are calendar days in the centre's
zone; instants are UTC.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

from kiosk.contract.money import Fen, format_yuan, parse_yuan


def _fen_from_wire(value: object) -> object:
    return parse_yuan(value, signed=True) if isinstance(value, str) else value


Amount = Annotated[
    Fen,
    BeforeValidator(_fen_from_wire, json_schema_input_type=str),
    PlainSerializer(lambda fen: format_yuan(Fen(fen)), return_type=str, when_used="json"),
    Field(
        json_schema_extra={
            "type": "string",
            "pattern": r"^-?[0-9]{1,13}\.[0-9]{2}$",
            "examples": ["1234.50"],
        },
    ),
]
"""Integer fen in Python, "1234.50" in JSON."""

ServiceCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}$")]
ContractNumber = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{6,30}$")]
Digits6 = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
Language = Literal["zh", "en"]
DocumentLanguage = Literal["zh", "en", "both"]


class Wire(BaseModel):
    """Base of all wire models: immutable, and closed in what the centre accepts."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Reply(BaseModel):
    """Base of all answers: immutable; a newer centre may add fields that an older kiosk ignores."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ProblemDetail(Reply):
    """RFC 9457 problem+json. `type` is `/problems/<Problem>`; `detail` is for staff, not for the screen."""

    type: str
    title: str
    status: int
    detail: str = ""
    retry_after_s: int | None = None
    tries_left: int | None = None
    locked_until: datetime | None = None
    reopens_at: datetime | None = None
    minimum: Amount | None = None
    maximum: Amount | None = None
    step: Amount | None = None
    allowed_from: date | None = None
    operation_id: UUID | None = None


# ------------------------------------------------------------------ kiosks and visits


class Enrolment(Wire):
    """POST /v1/kiosks: a one-time code from the centre's staff and the kiosk's own Ed25519 public key."""

    code: Annotated[str, StringConstraints(min_length=8, max_length=32)]
    public_key: Annotated[str, StringConstraints(min_length=43, max_length=44)]  # base64 of 32 bytes
    name: Annotated[str, StringConstraints(min_length=1, max_length=64)]


class Enrolled(Reply):
    """The kiosk's id, which is also the key id of its signatures."""

    kiosk_id: str
    centre_name: dict[Language, str]
    time: datetime


class IdCardCredential(Wire):
    kind: Literal["id_card"] = "id_card"
    id_number: Annotated[str, StringConstraints(min_length=15, max_length=18)]


class JointCardCredential(Wire):
    """联名卡: the bank card issued together with the fund account."""

    kind: Literal["joint_card"] = "joint_card"
    card_number: Annotated[str, StringConstraints(pattern=r"^[0-9]{12,19}$")]


class PhoneCodeCredential(Wire):
    """A one-time code that the centre's app shows on a phone; it has proved the person already."""

    kind: Literal["phone_code"] = "phone_code"
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{16,64}$")]


Credential = Annotated[
    IdCardCredential | JointCardCredential | PhoneCodeCredential, Field(discriminator="kind")
]


class OpenVisit(Wire):
    """POST /v1/visits."""

    credential: Credential


class PendingPaper(Reply):
    """An operation of this citizen not seen to its end, or whose paper may be missing."""

    operation_id: UUID
    kind: "OperationKind"
    state: "OperationState"
    submitted_at: datetime


class VisitOpened(Reply):
    """`token` is bound to the kiosk that opened the visit. `verified` is false until the password."""

    token: str
    verified: bool
    name_masked: str  # 王*
    id_number_masked: str  # 2102**********1319
    expires_at: datetime
    tries_left: int
    open_operations: tuple[PendingPaper, ...] = ()


class Verification(Wire):
    """POST /v1/visits/current/verification: the six-digit query password (查询密码)."""

    kind: Literal["query_password"] = "query_password"
    password: Digits6
    authorises: UUID | None = None
    """The quote that this second look at the password agrees to. From then on the quote is the authority: the
    kiosk that holds it may submit it, once, until it expires, also after the visit has ended (a retry)."""


class Verified(Reply):
    verified: Literal[True] = True
    expires_at: datetime


# ------------------------------------------------------------------ account


class Account(Reply):
    """GET /v1/account: the personal account (个人账户) as of `as_of`."""

    number_masked: str
    state: str  # grzhzt: 01 normal, 02 sealed, 03/04/05 closed, 06 frozen
    frozen: bool
    employer: str
    opened_on: date
    deposit_base: Amount  # grjcjs 缴存基数
    employer_rate: str  # "12" percent
    person_rate: str
    monthly_deposit: Amount
    balance: Amount  # grzhye = carried_over + current_year
    carried_over: Amount  # grzhsnjzye 上年结转
    current_year: Amount  # grzhdngjye 当年归集
    accrued_interest: Amount  # to the day, credited on 30 June
    interest_rate: str  # percent a year
    paid_up_to: str  # YYYY-MM 缴至年月
    payout_card_masked: str | None  # the joint card that receives money
    closed_on: date | None = None
    as_of: date


class Entry(Reply):
    """One line of the account's ledger as the citizen sees it."""

    id: int
    on: date  # jzrq
    kind: str  # gjhtqywlx 01..15, 99
    amount: Amount  # signed: deposits positive, withdrawals negative
    balance: Amount
    correction: bool = False  # czbz 冲账


class Entries(Reply):
    """GET /v1/account/entries?from=&to=&cursor=&limit=: opening + all entries of the period = closing."""

    from_: date = Field(alias="from")
    to: date
    opening: Amount
    closing: Amount
    total_in: Amount
    total_out: Amount
    count: int
    entries: tuple[Entry, ...]
    next_cursor: str | None = None

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


# ------------------------------------------------------------------ loans


class RepaymentMode(StrEnum):
    """What an early repayment in part does to the rest of the loan."""

    REDUCE = "reduce"  # keep the term, smaller instalment
    SHORTEN = "shorten"  # keep the instalment, fewer months


class RepaymentTerms(Reply):
    """What this citizen may repay early today, stated before anything is typed. Amounts are in yuan."""

    allowed: bool
    refusals: tuple[str, ...] = ()  # Problem values, the most telling first
    allowed_from: date | None = None
    part_allowed: bool = False
    part_minimum: Amount | None = None
    part_maximum: Amount | None = None
    part_step: Amount | None = None
    payoff: Amount | None = None  # all of it, with interest to today
    payoff_affordable: bool = False
    available: Amount  # what the account can give (balance less the retained minimum)


class Loan(Reply):
    """GET /v1/loans (a list) and GET /v1/loans/{contract}."""

    contract: ContractNumber  # jkhtbh 借款合同编号
    role: Literal["borrower", "co_borrower"]
    state: Literal["normal", "arrears", "settled"]
    principal: Amount  # htdkje
    balance: Amount  # dkye
    rate: str  # percent a year
    months: int  # dkqs
    months_left: int
    method: str  # dkhkfs 01 equal instalment 等额本息, 02 equal principal 等额本金
    instalment: Amount  # the next one
    next_due: date | None
    last_due: date | None
    disbursed_on: date
    due_day: int
    overdue: Amount
    overdue_periods: int
    penalty: Amount
    property_masked: str
    terms: RepaymentTerms
    version: str  # ETag of the loan


class Loans(Reply):
    loans: tuple[Loan, ...]


class ScheduleRow(Reply):
    number: int
    due: date
    principal: Amount
    interest: Amount
    payment: Amount
    balance: Amount


class Schedule(Reply):
    """GET /v1/loans/{contract}/schedule: the instalments still to come."""

    contract: ContractNumber
    rows: tuple[ScheduleRow, ...]
    total_interest: Amount


class QuoteRequest(Wire):
    """POST /v1/loans/{contract}/repayment-quotes. `amount` and `mode` are for a part only."""

    extent: Literal["part", "full"]
    amount: Amount | None = None
    mode: RepaymentMode | None = None


class RepaymentQuote(Reply):
    """What would happen, to the fen. Valid until `valid_until` and as long as the loan does not change."""

    quote_id: UUID
    etag: str
    contract: ContractNumber
    extent: Literal["part", "full"]
    mode: RepaymentMode | None
    principal: Amount
    interest: Amount  # interest due with it, to today
    total: Amount  # leaves the account
    account_after: Amount
    balance_before: Amount
    balance_after: Amount
    instalment_before: Amount
    instalment_after: Amount | None
    months_before: int
    months_after: int
    last_due_before: date | None
    last_due_after: date | None
    interest_saved: Amount
    valid_until: datetime


class SubmitRepayment(Wire):
    """POST /v1/loans/{contract}/repayments with Idempotency-Key and If-Match (the etag)."""

    quote_id: UUID


# ------------------------------------------------------------------ closure


class Check(Reply):
    """One line of the eligibility checklist. `code` names the rule; `source` who the centre asked."""

    code: Literal["age", "account-state", "not-frozen", "loan-settled", "nothing-in-flight", "payout-card"]
    passed: bool
    source: Literal["centre", "social-insurance", "id-card"]
    retires: str | None = None  # YYYY-MM, for `age`
    category: Literal["man", "woman-55", "woman-50", "unknown"] | None = None
    problem: str | None = None


class ClosureQuote(Reply):
    """POST /v1/account/closure-quotes: what the centre knows, and the amount to the day."""

    quote_id: UUID
    etag: str
    eligible: bool
    checks: tuple[Check, ...]
    balance: Amount
    interest: Amount
    payout: Amount
    payout_card_masked: str | None
    valid_until: datetime


class SubmitClosure(Wire):
    """POST /v1/account/closures with Idempotency-Key and If-Match."""

    quote_id: UUID


# ------------------------------------------------------------------ operations and documents


class OperationKind(StrEnum):
    REPAYMENT = "repayment"
    CLOSURE = "closure"
    DOCUMENT = "document"


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
    last_due_after: date | None = None
    copies: int = 0


class PaperSeen(Wire):
    """POST /v1/operations/{operation_id}/papers: the citizen has the result. 0 is the screen alone, n the n-th copy."""

    copy_number: Annotated[int, Field(ge=0, le=99)]


class DocumentRequest(Wire):
    """POST /v1/documents with Idempotency-Key: the centre numbers and seals a paper."""

    kind: Literal[
        "statement",
        "interest-statement",
        "deposit-certificate",
        "loan-use-certificate",
        "repayment-schedule",
        "repayment-receipt",
        "settled-certificate",
        "closure-receipt",
    ]
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


DAY_TOTALS_TOLD = 7


class DayTotal(Wire):
    """What was confirmed at one kiosk on one business day."""

    day: date
    operations: Annotated[int, Field(ge=0)]
    amount: Amount


class Heartbeat(Wire):
    """POST /v1/kiosks/current/heartbeat: health words only; nothing about citizens."""

    version: Annotated[str, StringConstraints(max_length=32)]
    journal_head: Annotated[str, StringConstraints(max_length=64)]
    journal_sequence: Annotated[int, Field(ge=0)]
    unknown_operations: Annotated[int, Field(ge=0)]
    devices: dict[
        Annotated[str, StringConstraints(max_length=32)], Annotated[str, StringConstraints(max_length=64)]
    ]
    oldest_unknown_s: Annotated[int, Field(ge=0)] | None = None
    """How long the oldest of the unknown operations has been unknown."""
    journal_used_percent: Annotated[int, Field(ge=0)] | None = None
    """Of the room that is set aside for the journal's archives."""
    day_totals: Annotated[tuple[DayTotal, ...], Field(max_length=DAY_TOTALS_TOLD)] | None = None
    """By its journal, the last business days on which there was something; None from a kiosk that tells none."""


class HeartbeatReply(Reply):
    time: datetime
