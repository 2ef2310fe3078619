"""The tables. Amounts are integer fen, instants integer milliseconds since 1970 UTC, days the centre's."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _of_operation() -> ForeignKey:
    """Checked when the transaction commits: an operation's row is written last, with all that came of it."""
    return ForeignKey("operation.id", deferrable=True, initially="DEFERRED")


_Id = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER numbers itself on SQLite

# ------------------------------------------------------------------ people and what identifies them

person = Table(
    "person",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("id_number", String(18), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("born", Date, nullable=False),
    Column("category", String(10), nullable=False),  # man, woman-55, woman-50, unknown: employer's evidence
    Column("retired_on", Date),  # approval of the social insurance, which outranks the age
    Column("password_hash", Text, nullable=False),
    Column("wrong_tries", Integer, nullable=False, default=0),
    Column("locked_ms", BigInteger),
)

card = Table(
    "card",
    metadata,
    Column("number", String(19), primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("bank", Text, nullable=False),
)

phone_code = Table(
    "phone_code",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("used_ms", BigInteger),
)

# ------------------------------------------------------------------ kiosks and visits

kiosk = Table(
    "kiosk",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("public_key", String(44), nullable=False, unique=True),
    Column("enrolled_ms", BigInteger, nullable=False),
    Column("revoked_ms", BigInteger),
    Column("seen_ms", BigInteger),
    Column("health", Text),  # the last heartbeat as JSON
)

enrolment_code = Table(
    "enrolment_code",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("expires_ms", BigInteger, nullable=False),
    Column("used_ms", BigInteger),
    Column("kiosk_id", String(32)),
)

nonce = Table(
    "nonce",
    metadata,
    Column("kiosk_id", String(32), primary_key=True),
    Column("nonce", String(64), primary_key=True),
    Column("expires_ms", BigInteger, nullable=False, index=True),
)

visit = Table(
    "visit",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("kiosk_id", ForeignKey("kiosk.id"), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("credential", String(16), nullable=False),
    Column("opened_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("verified_ms", BigInteger),
    Column("ended_ms", BigInteger),
)

# ------------------------------------------------------------------ the ledger

ledger_account = Table(
    "ledger_account",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("name", String(40), nullable=False, unique=True),
    # Member and loan accounts keep their sum of entries; the house's own accounts do not, for every
    # transaction would wait for that one row.
    Column("balance", BigInteger),
    Column("carried", BigInteger, nullable=False, default=0),  # the part of a member's balance carried over
    Column("version", Integer, nullable=False, default=1),  # rises with every change that a quote rests on
)

posting = Table(
    "posting",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("phase", String(7), nullable=False),  # single, pending, post, void
    Column("settles", ForeignKey("posting.id"), unique=True),  # the pending one that this posts or voids
    Column("corrects", ForeignKey("posting.id"), unique=True),  # the one that this takes back (冲账)
    Column("operation_id", Uuid, index=True),
    Column("batch_key", String(64), unique=True),  # what a batch books at most once
    Column("kiosk_id", String(32)),
    Column("on", Date, nullable=False),
    Column("booked_ms", BigInteger, nullable=False),
)

entry = Table(
    "entry",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("posting_id", ForeignKey("posting.id"), nullable=False, index=True),
    Column("account_id", ForeignKey("ledger_account.id"), nullable=False),
    Column("on", Date, nullable=False),
    Column("code", String(2), nullable=False),  # gjhtqywlx for members, dkywmxlx for loans
    Column("amount", BigInteger, nullable=False),  # credit above zero, debit below
    Column("carried", BigInteger, nullable=False, default=0),  # of it, what changes the carried-over part
    Column("balance", BigInteger),  # after it, where the account keeps a balance
    Column("correction", Boolean, nullable=False, default=False),  # czbz
    # Whether it moves the product sum from its day on: not interest itself, nor what is pending or taken back.
    Column("earns", Boolean, nullable=False, default=True),
    Index("ix_entry_account", "account_id", "on", "id"),
)

# ------------------------------------------------------------------ accounts and loans

account = Table(
    "account",
    metadata,
    Column("id", ForeignKey("ledger_account.id"), primary_key=True, autoincrement=False),
    Column("number", String(20), nullable=False, unique=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, unique=True),
    Column("state", String(2), nullable=False),
    Column("freeze", String(1), nullable=False, default="0"),
    Column("employer", Text, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("deposit_base", BigInteger, nullable=False),
    Column("employer_rate", String(6), nullable=False),
    Column("person_rate", String(6), nullable=False),
    Column("monthly_deposit", BigInteger, nullable=False),
    Column("paid_up_to", String(7), nullable=False),
    Column("payout_card", String(19)),
    Column("closed_on", Date),
    Column("interest_from", Date, nullable=False),  # interest is settled up to here
    Column("interest_opening", BigInteger, nullable=False, default=0),  # all of it carried over, on that day
    Column("pending_operation", Uuid),
)

interest_settlement = Table(
    "interest_settlement",
    metadata,
    Column("account_id", ForeignKey("account.id"), primary_key=True, autoincrement=False),
    Column("until", Date, primary_key=True),
    Column("since", Date, nullable=False),
    Column("product_sum", BigInteger, nullable=False),  # fen times days (积数)
    Column("interest", BigInteger, nullable=False),
    Column("closing", BigInteger, nullable=False),
    Column("posting_id", ForeignKey("posting.id")),  # none when there was no fen of interest
)

loan = Table(
    "loan",
    metadata,
    Column("id", ForeignKey("ledger_account.id"), primary_key=True, autoincrement=False),
    Column("contract", String(30), nullable=False, unique=True),
    Column("borrower_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("state", String(8), nullable=False),
    Column("principal", BigInteger, nullable=False),
    Column("second_home", Boolean, nullable=False, default=False),
    Column("rate", String(8), nullable=False),
    Column("method", String(2), nullable=False),
    Column("months", Integer, nullable=False),
    Column("months_left", Integer, nullable=False),
    Column("level", BigInteger, nullable=False),  # instalment, or the principal part of equal principal
    Column("disbursed_on", Date, nullable=False),
    Column("due_day", Integer, nullable=False),
    Column("last_due", Date),  # the last instalment paid or missed; none before the first
    Column("next_due", Date),
    Column("next_number", Integer, nullable=False),
    Column("next_interest", BigInteger),  # when the next instalment's interest is not a full month's
    Column("early_count", Integer, nullable=False, default=0),
    Column("last_early_on", Date),
    Column("property", Text, nullable=False),
    Column("settled_on", Date),
)

loan_plan = Table(
    "loan_plan",
    metadata,
    Column("loan_id", ForeignKey("loan.id"), primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("on", Date, nullable=False),
    Column("reason", String(24), nullable=False),
    Column("balance", BigInteger, nullable=False),
    Column("rate", String(8), nullable=False),
    Column("months", Integer, nullable=False),
    Column("level", BigInteger, nullable=False),
    Column("operation_id", Uuid),
)

missed = Table(
    "missed",
    metadata,
    Column("loan_id", ForeignKey("loan.id"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("due", Date, nullable=False),
    Column("principal", BigInteger, nullable=False),
    Column("interest", BigInteger, nullable=False),
)

co_borrower = Table(
    "co_borrower",
    metadata,
    Column("loan_id", ForeignKey("loan.id"), primary_key=True, autoincrement=False),
    Column("person_id", ForeignKey("person.id"), primary_key=True, autoincrement=False, index=True),
)

offset_agreement = Table(
    "offset_agreement",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("loan_id", ForeignKey("loan.id"), nullable=False, index=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("kind", String(8), nullable=False),  # monthly (逐月), yearly (按年)
    Column("rank", Integer, nullable=False, default=1),  # borrower first, then the co-borrower
    Column("retained", BigInteger, nullable=False),
    Column("mode", String(8)),  # yearly: what the part repaid changes
    Column("month", Integer),  # yearly: the month it runs in, on the loan's due day
    Column("signed_on", Date, nullable=False),
    Column("ended_on", Date),
    Column("last_run_on", Date),
)

# ------------------------------------------------------------------ quotes and operations

quote = Table(
    "quote",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("kiosk_id", String(32), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("loan_id", ForeignKey("loan.id")),
    Column("account_version", Integer, nullable=False),
    Column("loan_version", Integer),
    Column("etag", String(40), nullable=False),
    Column("body", Text, nullable=False),  # the answer that the citizen saw
    Column("plan", Text),  # of the loan after it, as JSON
    Column("created_ms", BigInteger, nullable=False),
    Column("valid_until_ms", BigInteger, nullable=False),
    Column("authorised_ms", BigInteger),
)

operation = Table(
    "operation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("state", String(9), nullable=False),
    Column("kiosk_id", String(32), nullable=False),
    Column("person_id", ForeignKey("person.id")),
    Column("quote_id", Uuid, unique=True),  # a quote is carried out once
    Column("number", String(12), nullable=False, index=True),
    Column("receipt_number", String(24), unique=True),
    Column("amount", BigInteger),
    Column("problem", String(40)),
    Column("submitted_ms", BigInteger, nullable=False),
    Column("completed_ms", BigInteger),
    Column("seen_ms", BigInteger),  # the citizen has had the result, on paper or without
    Column("copies", Integer, nullable=False, default=0),
    Column("view", Text, nullable=False),  # the Operation as JSON
    Column("status", Integer, nullable=False),
    Column("response", Text, nullable=False),  # what was answered, and will be for ever
    Index("ix_operation_person", "person_id", "submitted_ms"),
)

document = Table(
    "document",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("operation_id", Uuid, _of_operation(), nullable=False, unique=True),
    Column("number", String(24), unique=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("issued_ms", BigInteger, nullable=False),
    Column("body", Text),  # the Document as JSON, its code in it
    Index("ix_document_person", "person_id", "issued_ms"),
)

document_revocation = Table(
    "document_revocation",
    metadata,
    Column("document_id", ForeignKey("document.id"), primary_key=True, autoincrement=False),
    Column("revoked_ms", BigInteger, nullable=False),
    Column("reason", String(40), nullable=False),
)

# ------------------------------------------------------------------ what leaves the books, and what watches them

outbox = Table(
    "outbox",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("operation_id", Uuid, _of_operation(), nullable=False, unique=True),
    Column("kind", String(12), nullable=False),  # payout, notice
    Column("payload", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_try_ms", BigInteger),  # none once it is done
    Column("done_ms", BigInteger),
    Column("outcome", String(12)),
    Index("ix_outbox_next", "next_try_ms"),
)

audit = Table(
    "audit",
    metadata,
    Column("chain", String(32), primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("event", String(32), nullable=False),
    Column("operation_id", Uuid),
    Column("detail", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("chain", String(32), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)

batch = Table(
    "batch",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("on", Date, primary_key=True),
    Column("started_ms", BigInteger, nullable=False),
    Column("finished_ms", BigInteger),
    Column("position", BigInteger, nullable=False, default=0),
    Column("summary", Text),
)
