"""The account, its entries, and its closure."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from kiosk.contract.wire import Amount, Reply, Wire


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
