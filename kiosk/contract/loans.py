"""Loans, their schedules, and early repayment."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from kiosk.contract.wire import Amount, ContractNumber, Reply, Wire


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
