"""Quotes (试算): how long one holds, and what it must be to be carried out, whatever it is of.

A quote that the password has agreed to is the authority: the kiosk that holds it needs no visit.
"""

from datetime import date, timedelta

from central.batch.days import not_now
from central.clock import start_of_day_ms
from central.refusals import Refused
from central.store.rows import AnyRow
from kiosk.contract.problems import Problem

QUOTE_MS = 10 * 60 * 1000


def holds_until_ms(now_ms: int, today: date) -> int:
    """Until when a quote of this moment holds: never beyond its day, for interest is to the day."""
    return min(now_ms + QUOTE_MS, start_of_day_ms(today + timedelta(days=1)))


def check_agreed(row: AnyRow, if_match: str, now_ms: int, *, books_closed: bool) -> None:
    """Refuse a row of `quote` that may not be carried out now: UNAVAILABLE while the day-end runs,
    VISIT_NOT_VERIFIED when the password has not agreed, QUOTE_STALE for another etag, QUOTE_EXPIRED."""
    if books_closed:
        raise not_now()
    if row.authorised_ms is None:
        raise Refused(Problem.VISIT_NOT_VERIFIED, "the password has not agreed to this quote")
    if if_match != row.etag:
        raise Refused(Problem.QUOTE_STALE, "If-Match is not the quote's etag")
    if row.valid_until_ms <= now_ms:
        raise Refused(Problem.QUOTE_EXPIRED)
