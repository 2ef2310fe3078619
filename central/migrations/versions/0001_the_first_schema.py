"""The first schema."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WRITTEN_ONCE = ("posting", "entry", "audit", "interest_settlement", "loan_plan")
HOUSE = ("bank", "payout_clearing", "interest_paid", "interest_earned", "penalty_earned", "opening")


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("chain", sa.String(length=32), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("operation_id", sa.Uuid()),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", "sequence", name="pk_audit"),
    )
    op.create_table(
        "audit_head",
        sa.Column("chain", sa.String(length=32), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name="pk_audit_head"),
    )
    op.create_table(
        "batch",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("started_ms", sa.BigInteger(), nullable=False),
        sa.Column("finished_ms", sa.BigInteger()),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("summary", sa.Text()),
        sa.PrimaryKeyConstraint("kind", "on", name="pk_batch"),
    )
    op.create_table(
        "enrolment_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("used_ms", sa.BigInteger()),
        sa.Column("kiosk_id", sa.String(length=32)),
        sa.PrimaryKeyConstraint("code_hash", name="pk_enrolment_code"),
    )
    op.create_table(
        "kiosk",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("public_key", sa.String(length=44), nullable=False),
        sa.Column("enrolled_ms", sa.BigInteger(), nullable=False),
        sa.Column("revoked_ms", sa.BigInteger()),
        sa.Column("seen_ms", sa.BigInteger()),
        sa.Column("health", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_kiosk"),
        sa.UniqueConstraint("public_key", name="uq_kiosk_public_key"),
    )
    op.create_table(
        "ledger_account",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("balance", sa.BigInteger()),
        sa.Column("carried", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_account"),
        sa.UniqueConstraint("name", name="uq_ledger_account_name"),
    )
    op.create_table(
        "nonce",
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk_id", "nonce", name="pk_nonce"),
    )
    op.create_index("ix_nonce_expires_ms", "nonce", ["expires_ms"])

    op.create_table(
        "person",
        sa.Column("id", ID, nullable=False),
        sa.Column("id_number", sa.String(length=18), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("born", sa.Date(), nullable=False),
        sa.Column("category", sa.String(length=10), nullable=False),
        sa.Column("retired_on", sa.Date()),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("locked_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("id_number", name="uq_person_id_number"),
    )
    op.create_table(
        "posting",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("phase", sa.String(length=7), nullable=False),
        sa.Column("settles", ID),
        sa.Column("corrects", ID),
        sa.Column("operation_id", sa.Uuid()),
        sa.Column("batch_key", sa.String(length=64)),
        sa.Column("kiosk_id", sa.String(length=32)),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("booked_ms", sa.BigInteger(), nullable=False),
        _foreign("corrects", "posting.id", "fk_posting_corrects"),
        _foreign("settles", "posting.id", "fk_posting_settles"),
        sa.PrimaryKeyConstraint("id", name="pk_posting"),
        sa.UniqueConstraint("batch_key", name="uq_posting_batch_key"),
        sa.UniqueConstraint("corrects", name="uq_posting_corrects"),
        sa.UniqueConstraint("settles", name="uq_posting_settles"),
    )
    op.create_index("ix_posting_operation_id", "posting", ["operation_id"])

    op.create_table(
        "account",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("state", sa.String(length=2), nullable=False),
        sa.Column("freeze", sa.String(length=1), nullable=False),
        sa.Column("employer", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("deposit_base", sa.BigInteger(), nullable=False),
        sa.Column("employer_rate", sa.String(length=6), nullable=False),
        sa.Column("person_rate", sa.String(length=6), nullable=False),
        sa.Column("monthly_deposit", sa.BigInteger(), nullable=False),
        sa.Column("paid_up_to", sa.String(length=7), nullable=False),
        sa.Column("payout_card", sa.String(length=19)),
        sa.Column("closed_on", sa.Date()),
        sa.Column("interest_from", sa.Date(), nullable=False),
        sa.Column("interest_opening", sa.BigInteger(), nullable=False),
        sa.Column("pending_operation", sa.Uuid()),
        _foreign("id", "ledger_account.id", "fk_account_id"),
        _foreign("person_id", "person.id", "fk_account_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("number", name="uq_account_number"),
        sa.UniqueConstraint("person_id", name="uq_account_person_id"),
    )
    op.create_table(
        "card",
        sa.Column("number", sa.String(length=19), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("bank", sa.Text(), nullable=False),
        _foreign("person_id", "person.id", "fk_card_person_id"),
        sa.PrimaryKeyConstraint("number", name="pk_card"),
    )
    op.create_index("ix_card_person_id", "card", ["person_id"])

    op.create_table(
        "entry",
        sa.Column("id", ID, nullable=False),
        sa.Column("posting_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("carried", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger()),
        sa.Column("correction", sa.Boolean(), nullable=False),
        sa.Column("earns", sa.Boolean(), nullable=False),
        _foreign("account_id", "ledger_account.id", "fk_entry_account_id"),
        _foreign("posting_id", "posting.id", "fk_entry_posting_id"),
        sa.PrimaryKeyConstraint("id", name="pk_entry"),
    )
    op.create_index("ix_entry_account", "entry", ["account_id", "on", "id"])
    op.create_index("ix_entry_posting_id", "entry", ["posting_id"])

    op.create_table(
        "loan",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("contract", sa.String(length=30), nullable=False),
        sa.Column("borrower_id", ID, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("principal", sa.BigInteger(), nullable=False),
        sa.Column("second_home", sa.Boolean(), nullable=False),
        sa.Column("rate", sa.String(length=8), nullable=False),
        sa.Column("method", sa.String(length=2), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("months_left", sa.Integer(), nullable=False),
        sa.Column("level", sa.BigInteger(), nullable=False),
        sa.Column("disbursed_on", sa.Date(), nullable=False),
        sa.Column("due_day", sa.Integer(), nullable=False),
        sa.Column("last_due", sa.Date()),
        sa.Column("next_due", sa.Date()),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.Column("next_interest", sa.BigInteger()),
        sa.Column("early_count", sa.Integer(), nullable=False),
        sa.Column("last_early_on", sa.Date()),
        sa.Column("property", sa.Text(), nullable=False),
        sa.Column("settled_on", sa.Date()),
        _foreign("borrower_id", "person.id", "fk_loan_borrower_id"),
        _foreign("id", "ledger_account.id", "fk_loan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_loan"),
        sa.UniqueConstraint("contract", name="uq_loan_contract"),
    )
    op.create_index("ix_loan_borrower_id", "loan", ["borrower_id"])

    op.create_table(
        "operation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", ID),
        sa.Column("quote_id", sa.Uuid()),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("receipt_number", sa.String(length=24)),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("problem", sa.String(length=40)),
        sa.Column("submitted_ms", sa.BigInteger(), nullable=False),
        sa.Column("completed_ms", sa.BigInteger()),
        sa.Column("seen_ms", sa.BigInteger()),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("view", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        _foreign("person_id", "person.id", "fk_operation_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_operation"),
        sa.UniqueConstraint("quote_id", name="uq_operation_quote_id"),
        sa.UniqueConstraint("receipt_number", name="uq_operation_receipt_number"),
    )
    op.create_index("ix_operation_number", "operation", ["number"])
    op.create_index("ix_operation_person", "operation", ["person_id", "submitted_ms"])

    op.create_table(
        "phone_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("used_ms", sa.BigInteger()),
        _foreign("person_id", "person.id", "fk_phone_code_person_id"),
        sa.PrimaryKeyConstraint("code_hash", name="pk_phone_code"),
    )
    op.create_table(
        "visit",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("credential", sa.String(length=16), nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("verified_ms", sa.BigInteger()),
        sa.Column("ended_ms", sa.BigInteger()),
        _foreign("kiosk_id", "kiosk.id", "fk_visit_kiosk_id"),
        _foreign("person_id", "person.id", "fk_visit_person_id"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_visit"),
    )
    op.create_table(
        "co_borrower",
        sa.Column("loan_id", ID, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        _foreign("loan_id", "loan.id", "fk_co_borrower_loan_id"),
        _foreign("person_id", "person.id", "fk_co_borrower_person_id"),
        sa.PrimaryKeyConstraint("loan_id", "person_id", name="pk_co_borrower"),
    )
    op.create_index("ix_co_borrower_person_id", "co_borrower", ["person_id"])

    op.create_table(
        "document",
        sa.Column("id", ID, nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24)),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("issued_ms", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text()),
        _foreign("operation_id", "operation.id", "fk_document_operation_id", deferred=True),
        _foreign("person_id", "person.id", "fk_document_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
        sa.UniqueConstraint("number", name="uq_document_number"),
        sa.UniqueConstraint("operation_id", name="uq_document_operation_id"),
    )
    op.create_index("ix_document_person", "document", ["person_id", "issued_ms"])

    op.create_table(
        "interest_settlement",
        sa.Column("account_id", ID, autoincrement=False, nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("product_sum", sa.BigInteger(), nullable=False),
        sa.Column("interest", sa.BigInteger(), nullable=False),
        sa.Column("closing", sa.BigInteger(), nullable=False),
        sa.Column("posting_id", ID),
        _foreign("account_id", "account.id", "fk_interest_settlement_account_id"),
        _foreign("posting_id", "posting.id", "fk_interest_settlement_posting_id"),
        sa.PrimaryKeyConstraint("account_id", "until", name="pk_interest_settlement"),
    )
    op.create_table(
        "loan_plan",
        sa.Column("loan_id", ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.String(length=8), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("level", sa.BigInteger(), nullable=False),
        sa.Column("operation_id", sa.Uuid()),
        _foreign("loan_id", "loan.id", "fk_loan_plan_loan_id"),
        sa.PrimaryKeyConstraint("loan_id", "version", name="pk_loan_plan"),
    )
    op.create_table(
        "missed",
        sa.Column("loan_id", ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("principal", sa.BigInteger(), nullable=False),
        sa.Column("interest", sa.BigInteger(), nullable=False),
        _foreign("loan_id", "loan.id", "fk_missed_loan_id"),
        sa.PrimaryKeyConstraint("loan_id", "number", name="pk_missed"),
    )
    op.create_table(
        "offset_agreement",
        sa.Column("id", ID, nullable=False),
        sa.Column("loan_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("retained", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.String(length=8)),
        sa.Column("month", sa.Integer()),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("last_run_on", sa.Date()),
        _foreign("loan_id", "loan.id", "fk_offset_agreement_loan_id"),
        _foreign("person_id", "person.id", "fk_offset_agreement_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_offset_agreement"),
    )
    op.create_index("ix_offset_agreement_loan_id", "offset_agreement", ["loan_id"])

    op.create_table(
        "outbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_ms", sa.BigInteger()),
        sa.Column("done_ms", sa.BigInteger()),
        sa.Column("outcome", sa.String(length=12)),
        _foreign("operation_id", "operation.id", "fk_outbox_operation_id", deferred=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("operation_id", name="uq_outbox_operation_id"),
    )
    op.create_index("ix_outbox_next", "outbox", ["next_try_ms"])

    op.create_table(
        "quote",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("kiosk_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("loan_id", ID),
        sa.Column("account_version", sa.Integer(), nullable=False),
        sa.Column("loan_version", sa.Integer()),
        sa.Column("etag", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text()),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("valid_until_ms", sa.BigInteger(), nullable=False),
        sa.Column("authorised_ms", sa.BigInteger()),
        _foreign("account_id", "account.id", "fk_quote_account_id"),
        _foreign("loan_id", "loan.id", "fk_quote_loan_id"),
        _foreign("person_id", "person.id", "fk_quote_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_quote"),
    )
    op.create_table(
        "document_revocation",
        sa.Column("document_id", ID, autoincrement=False, nullable=False),
        sa.Column("revoked_ms", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        _foreign("document_id", "document.id", "fk_document_revocation_document_id"),
        sa.PrimaryKeyConstraint("document_id", name="pk_document_revocation"),
    )
    _write_once()
    _first_rows()


def _foreign(column: str, target: str, name: str, *, deferred: bool = False) -> sa.ForeignKeyConstraint:
    """Deferred: checked when the transaction commits."""
    when: dict[str, Any] = {"deferrable": True, "initially": "DEFERRED"} if deferred else {}
    return sa.ForeignKeyConstraint([column], [target], name=name, **when)


def _write_once() -> None:
    """What is written once is protected by the database itself."""
    if op.get_bind().dialect.name == "sqlite":
        for table in WRITTEN_ONCE:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION written_once() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% is written once', TG_TABLE_NAME; END $$"
    )
    for table in WRITTEN_ONCE:
        op.execute(
            f"CREATE TRIGGER {table}_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " EXECUTE FUNCTION written_once()"
        )


def _first_rows() -> None:
    """The house's own accounts, and the centre's audit chain."""
    accounts = sa.table(
        "ledger_account", *map(sa.column, ("id", "kind", "name", "balance", "carried", "version"))
    )
    op.bulk_insert(
        accounts,
        [
            {"id": number, "kind": "house", "name": name, "balance": None, "carried": 0, "version": 1}
            for number, name in enumerate(HOUSE, start=1)
        ],
    )
    heads = sa.table("audit_head", *map(sa.column, ("chain", "sequence", "hash")))
    op.bulk_insert(heads, [{"chain": "centre", "sequence": 0, "hash": "0" * 64}])


def downgrade() -> None:
    raise RuntimeError("books are never taken back to an older schema: restore a backup instead")
