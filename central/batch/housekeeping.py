"""What need not be kept is forgotten: who stood where, codes and quotes that came to nothing."""

from sqlalchemy import Connection, delete, exists, not_

from central.store.tables import enrolment_code, nonce, operation, phone_code, quote, visit

DAY_MS = 24 * 3600 * 1000
VISITS_KEPT_MS = 7 * DAY_MS
"""Long enough to look into a complaint; what a visit has done is in the operations and the audit chains."""

QUOTES_KEPT_MS = 7 * DAY_MS


def forget(tx: Connection, now_ms: int) -> int:
    """Delete visits, used or old codes, nonces, and quotes that nobody carried out; how many rows."""
    done = not_(exists().where(operation.c.quote_id == quote.c.id))
    statements = (
        delete(visit).where(visit.c.expires_ms < now_ms - VISITS_KEPT_MS),
        delete(phone_code).where(phone_code.c.expires_ms < now_ms - DAY_MS),
        delete(enrolment_code).where(enrolment_code.c.expires_ms < now_ms - DAY_MS),
        delete(nonce).where(nonce.c.expires_ms < now_ms),
        delete(quote).where(quote.c.valid_until_ms < now_ms - QUOTES_KEPT_MS, done),
    )
    return sum(tx.execute(statement).rowcount for statement in statements)
