"""Official papers as data: what each says, its number, and the code by which anybody can check it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from central import accounts, document_fields, masks
from central.centre import CENTRE_NAME, Centre
from central.clock import instant
from central.document_fields import Paper
from central.ledger import audit
from central.operations import Outcome, in_flight
from central.refusals import Refused
from central.seal import code
from central.seal.claims import claims_of, digest
from central.seal.code import Claims
from central.seal.signer import PublicKey
from central.store.tables import document, document_revocation, operation
from central.visits import Visitor
from kiosk.contract.operation_id import business_number
from kiosk.contract.operations import Operation, OperationKind, OperationState
from kiosk.contract.papers import (
    OPERATION_OF_RECEIPT,
    Document,
    DocumentRequest,
    IssuedPaper,
    IssuedPapers,
    PaperKind,
)
from kiosk.contract.problems import Problem

REPRINT_MS = 92 * 24 * 3600 * 1000
"""How long a paper can be printed again under its number: three months."""

MAX_LISTED = 20


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
        return accounts.period(self.request.from_, self.request.to, self.centre.today())


def issue(
    tx: Connection, centre: Centre, visitor: Visitor, operation_id: UUID, request: DocumentRequest
) -> Outcome:
    """Number and seal a paper, and answer with it: an operation like any other. Raises Refused DOCUMENT_UNAVAILABLE
    or NOT_FOUND."""
    issued = _write(tx, centre, visitor, operation_id, request)
    view = Operation(
        operation_id=operation_id,
        kind=OperationKind.DOCUMENT,
        state=OperationState.CONFIRMED,
        number=business_number(operation_id),
        receipt_number=issued.number,
        submitted_at=issued.issued_at,
        completed_at=issued.issued_at,
        account_masked=issued.account_masked,
        name_masked=masks.name(visitor.name),
    )
    body = issued.model_dump_json()
    return Outcome(201, view, visitor.person_id, body=body, detail={"document": request.kind})


def is_own_receipt(operation_id: UUID, request: DocumentRequest) -> bool:
    """Whether a receipt is asked for under the id of its operation: then it is that operation's own paper."""
    return request.kind in OPERATION_OF_RECEIPT and request.operation_id == operation_id


def own_receipt(tx: Connection, centre: Centre, visitor: Visitor, request: DocumentRequest) -> Document:
    """The receipt of an operation: sealed when it is first asked for, in the language of that request, and the same
    ever after, whichever kiosk asks. Its copies are those of the operation. Raises Refused DOCUMENT_UNAVAILABLE,
    NOT_FOUND, IDEMPOTENCY_IN_FLIGHT."""
    operation_id = request.operation_id
    assert operation_id is not None
    if not centre.database.try_lock(tx, operation_id):
        raise in_flight()
    known = tx.execute(select(document.c.id).where(document.c.operation_id == operation_id)).one_or_none()
    if known is not None:
        kept = one_of_person(tx, visitor.person_id, operation_id)
        if kept.kind != request.kind:
            raise Refused(Problem.NOT_FOUND, "no such operation")
        return kept
    issued = _write(tx, centre, visitor, operation_id, request)
    audit.append(tx, visitor.kiosk_id, "receipt-sealed", centre.now_ms(), {}, operation_id)
    return issued


def _write(
    tx: Connection, centre: Centre, visitor: Visitor, operation_id: UUID, request: DocumentRequest
) -> Document:
    """Number and seal a paper, and keep what it says."""
    now_ms = centre.now_ms()
    fund = accounts.of_person(tx, visitor.person_id)
    paper = CONTENT[request.kind](Ask(tx, centre, visitor, request))
    document_id = tx.execute(
        insert(document)
        .values(operation_id=operation_id, person_id=visitor.person_id, kind=request.kind, issued_ms=now_ms)
        .returning(document.c.id)
    ).scalar_one()
    unsealed = Document(
        operation_id=operation_id,
        number=f"{centre.today():%Y%m%d}{document_id:08d}",
        kind=request.kind,
        language=request.language,
        issued_at=instant(now_ms),
        issuer=CENTRE_NAME,
        holder=visitor.name,
        id_number_masked=masks.id_number(visitor.id_number),
        account_masked=masks.account(fund.row.number),
        fields=paper.fields,
        entries=paper.entries,
        opening=paper.opening,
        closing=paper.closing,
        rows=paper.rows,
        verify_url="",
    )
    site = urlsplit(centre.site_url)
    claims = claims_of(unsealed, site.netloc)
    sealed = code.url(claims, code.seal(claims, centre.seal_keys.signer()), site.scheme)
    issued = unsealed.model_copy(update={"verify_url": sealed})
    body = issued.model_dump_json()
    tx.execute(update(document).where(document.c.id == document_id).values(number=issued.number, body=body))
    return issued


# ------------------------------------------------------------------ papers that are out already


@dataclass(frozen=True)
class Found:
    """What is known of a paper whose code is genuine. `document` is None when only the code itself is left: the
    books do not have the paper, or not as the code says."""

    claims: Claims
    document: Document | None = None
    copies: int = 0
    revoked_ms: int | None = None


def by_code(tx: Connection, text: str, keys: Mapping[bytes, PublicKey]) -> Found:
    """A paper by the code on it. Raises NotGenuine."""
    claims = code.unseal(text, keys)
    row = tx.execute(
        select(document.c.body, operation.c.copies, document_revocation.c.revoked_ms)
        .join(operation, operation.c.id == document.c.operation_id)
        .outerjoin(document_revocation, document_revocation.c.document_id == document.c.id)
        .where(document.c.number == claims.number)
    ).one_or_none()
    if row is None:
        return Found(claims)
    kept = Document.model_validate_json(row.body)
    if digest(kept) != claims.digest:
        return Found(claims)
    return Found(claims, kept, row.copies, row.revoked_ms)


def of_person(tx: Connection, person_id: int, now_ms: int) -> IssuedPapers:
    """A citizen's papers that can be printed again."""
    rows = tx.execute(
        select(document.c.body, operation.c.copies)
        .join(operation, operation.c.id == document.c.operation_id)
        .outerjoin(document_revocation, document_revocation.c.document_id == document.c.id)
        .where(
            document.c.person_id == person_id,
            document.c.issued_ms > now_ms - REPRINT_MS,
            document_revocation.c.revoked_ms.is_(None),
        )
        .order_by(document.c.issued_ms.desc(), document.c.id.desc())
        .limit(MAX_LISTED)
    )
    kept = [(Document.model_validate_json(row.body), row.copies) for row in rows]
    return IssuedPapers(
        documents=tuple(
            IssuedPaper(
                operation_id=paper.operation_id,
                number=paper.number,
                kind=paper.kind,
                language=paper.language,
                issued_at=paper.issued_at,
                copies=copies,
            )
            for paper, copies in kept
        )
    )


def one_of_person(tx: Connection, person_id: int, operation_id: UUID) -> Document:
    """One of them, as it was issued. Raises Refused NOT_FOUND, DOCUMENT_UNAVAILABLE (it was revoked)."""
    row = tx.execute(
        select(document.c.body, document_revocation.c.revoked_ms)
        .outerjoin(document_revocation, document_revocation.c.document_id == document.c.id)
        .where(document.c.operation_id == operation_id, document.c.person_id == person_id)
    ).one_or_none()
    if row is None:
        raise Refused(Problem.NOT_FOUND, "no such paper")
    if row.revoked_ms is not None:
        raise Refused(Problem.DOCUMENT_UNAVAILABLE, "the paper has been revoked")
    return Document.model_validate_json(row.body)


def revoke(tx: Connection, number: str, reason: str, now_ms: int) -> bool:
    """Take a paper back; doing it twice changes nothing. False when there is no such paper."""
    document_id = tx.execute(select(document.c.id).where(document.c.number == number)).scalar_one_or_none()
    if document_id is None:
        return False
    known = tx.execute(
        select(document_revocation.c.document_id).where(document_revocation.c.document_id == document_id)
    ).scalar_one_or_none()
    if known is None:
        tx.execute(
            insert(document_revocation).values(document_id=document_id, revoked_ms=now_ms, reason=reason[:40])
        )
    return True


def _receipt(ask: Ask) -> Paper:
    kind = OPERATION_OF_RECEIPT[ask.request.kind]
    return document_fields.receipt(ask.tx, ask.visitor, ask.request.operation_id, kind)


CONTENT: Mapping[PaperKind, Callable[[Ask], Paper]] = {
    "statement": lambda ask: document_fields.statement(ask.tx, ask.visitor, *ask.period),
    "interest-statement": lambda ask: document_fields.interest_statement(ask.tx, ask.visitor),
    "deposit-certificate": lambda ask: document_fields.deposit_certificate(ask.tx, ask.visitor),
    "loan-use-certificate": lambda ask: document_fields.loan_use_certificate(ask.tx, ask.visitor),
    "repayment-schedule": lambda ask: document_fields.repayment_schedule(
        ask.tx, ask.visitor, ask.request.contract
    ),
    "repayment-receipt": _receipt,
    "settled-certificate": lambda ask: document_fields.settled_certificate(
        ask.tx, ask.visitor, ask.request.contract
    ),
    "closure-receipt": _receipt,
}
