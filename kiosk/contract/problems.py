"""Problem types (RFC 9457): the stable names of everything the centre can refuse, and their HTTP status."""

from enum import StrEnum
from http import HTTPStatus


class Problem(StrEnum):
    """The last part of the `type` URI, `/problems/<value>`. Never renamed; new ones are added."""

    # the request itself
    MALFORMED = "malformed"
    NOT_FOUND = "not-found"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    TOO_LARGE = "too-large"
    RATE_LIMITED = "rate-limited"
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"
    # kiosk and visit
    SIGNATURE_INVALID = "signature-invalid"
    SIGNATURE_EXPIRED = "signature-expired"
    SIGNATURE_REPLAYED = "signature-replayed"
    KIOSK_UNKNOWN = "kiosk-unknown"
    ENROLMENT_CODE_INVALID = "enrolment-code-invalid"
    VISIT_INVALID = "visit-invalid"
    VISIT_NOT_VERIFIED = "visit-not-verified"
    CREDENTIAL_UNKNOWN = "credential-unknown"
    CREDENTIAL_EXPIRED = "credential-expired"
    PASSWORD_WRONG = "password-wrong"  # noqa: S105 - a name, not a secret
    PASSWORD_LOCKED = "password-locked"  # noqa: S105
    # idempotency
    IDEMPOTENCY_KEY_MISSING = "idempotency-key-missing"
    IDEMPOTENCY_KEY_INVALID = "idempotency-key-invalid"
    IDEMPOTENCY_KEY_REUSED = "idempotency-key-reused"
    IDEMPOTENCY_IN_FLIGHT = "idempotency-in-flight"
    # quotes
    PRECONDITION_REQUIRED = "precondition-required"
    QUOTE_STALE = "quote-stale"
    QUOTE_EXPIRED = "quote-expired"
    # accounts
    ACCOUNT_CLOSED = "account-closed"
    ACCOUNT_FROZEN = "account-frozen"
    CLOSED_FOR_BATCH = "closed-for-batch"
    OPERATION_IN_FLIGHT = "operation-in-flight"
    INSUFFICIENT_BALANCE = "insufficient-balance"
    NO_PAYOUT_CARD = "no-payout-card"
    NOT_ELIGIBLE = "not-eligible"
    PAYOUT_REFUSED = "payout-refused"  # the bank said no; everything was taken back
    # loans
    LOAN_SETTLED = "loan-settled"
    LOAN_IN_ARREARS = "loan-in-arrears"
    NOT_THE_BORROWER = "not-the-borrower"
    AMOUNT_TOO_SMALL = "amount-too-small"
    AMOUNT_TOO_LARGE = "amount-too-large"
    AMOUNT_NOT_A_STEP = "amount-not-a-step"
    PAYOFF_ONLY = "payoff-only"
    TOO_EARLY = "too-early"
    TOO_CLOSE_TO_DUE_DATE = "too-close-to-due-date"
    ONCE_A_MONTH = "once-a-month"
    TOO_MANY_REPAYMENTS = "too-many-repayments"
    DAY_EXCLUDED = "day-excluded"  # not a working day, or a day of the month on which the centre takes none
    TERM_CHANGE_TOO_SOON = "term-change-too-soon"
    # documents
    DOCUMENT_UNAVAILABLE = "document-unavailable"


STATUS: dict[Problem, HTTPStatus] = {
    Problem.MALFORMED: HTTPStatus.BAD_REQUEST,
    Problem.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Problem.METHOD_NOT_ALLOWED: HTTPStatus.METHOD_NOT_ALLOWED,
    Problem.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Problem.RATE_LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
    Problem.INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
    Problem.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    Problem.SIGNATURE_INVALID: HTTPStatus.UNAUTHORIZED,
    Problem.SIGNATURE_EXPIRED: HTTPStatus.UNAUTHORIZED,
    Problem.SIGNATURE_REPLAYED: HTTPStatus.UNAUTHORIZED,
    Problem.KIOSK_UNKNOWN: HTTPStatus.UNAUTHORIZED,
    Problem.ENROLMENT_CODE_INVALID: HTTPStatus.UNAUTHORIZED,
    Problem.VISIT_INVALID: HTTPStatus.UNAUTHORIZED,
    Problem.VISIT_NOT_VERIFIED: HTTPStatus.FORBIDDEN,
    Problem.CREDENTIAL_UNKNOWN: HTTPStatus.FORBIDDEN,
    Problem.CREDENTIAL_EXPIRED: HTTPStatus.FORBIDDEN,
    Problem.PASSWORD_WRONG: HTTPStatus.FORBIDDEN,
    Problem.PASSWORD_LOCKED: HTTPStatus.FORBIDDEN,
    Problem.IDEMPOTENCY_KEY_MISSING: HTTPStatus.BAD_REQUEST,
    Problem.IDEMPOTENCY_KEY_INVALID: HTTPStatus.BAD_REQUEST,
    Problem.IDEMPOTENCY_KEY_REUSED: HTTPStatus.UNPROCESSABLE_ENTITY,
    Problem.IDEMPOTENCY_IN_FLIGHT: HTTPStatus.CONFLICT,
    Problem.PRECONDITION_REQUIRED: HTTPStatus.PRECONDITION_REQUIRED,
    Problem.QUOTE_STALE: HTTPStatus.PRECONDITION_FAILED,
    Problem.QUOTE_EXPIRED: HTTPStatus.PRECONDITION_FAILED,
}
"""The status of each type; every type not named here is a business refusal."""

REFUSAL_STATUS = HTTPStatus.UNPROCESSABLE_ENTITY


def status_of(problem: Problem) -> HTTPStatus:
    """The HTTP status that goes with a problem type."""
    return STATUS.get(problem, REFUSAL_STATUS)
