"""Official papers as data: what each says, its number, and the code by which anybody can check it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from central import accounts, document_fields, masks
from central.centre import CENTRE_NAME, Centre
from central.clock import instant
from central.document_fields import Paper
from central.operations import Outcome
from central.refusals import Refused
from central.store.tables import document
from central.visits import Visitor
from kiosk.contract.models import (
    Document,
    DocumentRequest,
    Operation,
    OperationKind,
    OperationState,
)
from kiosk.contract.operation import business_number
from kiosk.contract.problems import Problem

TOKEN_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # noqa: S105 - the letters of a QR code, none to misread
TOKEN_CHARS = 26  # 130 bits: nobody finds a paper by trying


@dataclass(frozen=True)
class Ask:
    """A request for a paper, with everything that its content is taken from."""

    tx: Connection
    centre: Centre
    visitor: Visitor
    request: DocumentRequest

    @property
    def period(self) -> tuple[date, date]:
        """The period asked for, or the last year."""
        until = self.request.to or self.centre.today()
        return self.request.from_ or until - timedelta(days=accounts.DEFAULT_PERIOD_DAYS), until


def issue(
    tx: Connection, centre: Centre, visitor: Visitor, operation_id: UUID, request: DocumentRequest
) -> Outcome:
    """Number a paper, keep what it says, and answer with it. Raises Refused DOCUMENT_UNAVAILABLE or NOT_FOUND."""
    now_ms = centre.now_ms()
    fund = accounts.of_person(tx, visitor.person_id)
    paper = CONTENT[request.kind](Ask(tx, centre, visitor, request))
    token = "".join(secrets.choice(TOKEN_ALPHABET) for _ in range(TOKEN_CHARS))
    document_id = tx.execute(
        insert(document)
        .values(
            operation_id=operation_id,
            person_id=visitor.person_id,
            token=token,
            kind=request.kind,
            issued_ms=now_ms,
        )
        .returning(document.c.id)
    ).scalar_one()
    issued = Document(
        operation_id=operation_id,
        number=f"{centre.today():%Y%m%d}{document_id:08d}",
        kind=request.kind,
        language=request.language,
        issued_at=instant(now_ms),
        issuer=CENTRE_NAME,
        holder=visitor.name,
        account_masked=masks.account(fund.row.number),
        fields=paper.fields,
        entries=paper.entries,
        opening=paper.opening,
        closing=paper.closing,
        rows=paper.rows,
        verify_url=f"{centre.site_url}/verify/{token}".upper(),
    )
    body = issued.model_dump_json()
    tx.execute(
        update(document)
        .where(document.c.id == document_id)
        .values(number=issued.number, body=body, seal=centre.sealer.seal(body.encode()))
    )
    view = Operation(
        operation_id=operation_id,
        kind=OperationKind.DOCUMENT,
        state=OperationState.CONFIRMED,
        number=business_number(operation_id),
        receipt_number=issued.number,
        submitted_at=instant(now_ms),
        completed_at=instant(now_ms),
        account_masked=issued.account_masked,
        name_masked=masks.name(visitor.name),
    )
    return Outcome(201, view, visitor.person_id, body=body, detail={"document": request.kind})


def by_token(tx: Connection, token: str) -> tuple[Document, str | None]:
    """A paper and its seal by the code on it. Raises Refused NOT_FOUND."""
    row = tx.execute(
        select(document.c.body, document.c.seal).where(document.c.token == token.upper())
    ).one_or_none()
    if row is None:
        raise Refused(Problem.NOT_FOUND, "no such paper")
    return Document.model_validate_json(row.body), row.seal


CONTENT: dict[str, Callable[[Ask], Paper]] = {
    "statement": lambda ask: document_fields.statement(ask.tx, ask.visitor, *ask.period),
    "interest-statement": lambda ask: document_fields.interest_statement(ask.tx, ask.visitor),
    "deposit-certificate": lambda ask: document_fields.deposit_certificate(ask.tx, ask.visitor),
    "loan-use-certificate": lambda ask: document_fields.loan_use_certificate(ask.tx, ask.visitor),
    "repayment-schedule": lambda ask: document_fields.repayment_schedule(
        ask.tx, ask.visitor, ask.request.contract
    ),
    "repayment-receipt": lambda ask: document_fields.receipt(
        ask.tx, ask.visitor, ask.request.operation_id, OperationKind.REPAYMENT
    ),
    "settled-certificate": lambda ask: document_fields.settled_certificate(
        ask.tx, ask.visitor, ask.request.contract
    ),
    "closure-receipt": lambda ask: document_fields.receipt(
        ask.tx, ask.visitor, ask.request.operation_id, OperationKind.CLOSURE
    ),
}
