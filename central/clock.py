"""The centre's time: instants in UTC milliseconds, days in the centre's zone."""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

CENTRE_ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China keeps one zone and, since 1991, no summer time: a fixed offset needs no time zone database."""


class Clock(Protocol):
    """Where the centre reads the time; tests and simulations give their own."""

    def now_ms(self) -> int:
        """Milliseconds since 1970-01-01T00:00:00Z."""
        ...


class SystemClock:
    """The machine's clock."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000


def instant(at_ms: int) -> datetime:
    """The instant as an aware UTC datetime, for the wire."""
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def day_of(at_ms: int) -> date:
    """The calendar day in the centre's zone."""
    return datetime.fromtimestamp(at_ms / 1000, CENTRE_ZONE).date()


def start_of_day_ms(day: date) -> int:
    """The first instant of a day in the centre's zone."""
    return int(datetime(day.year, day.month, day.day, tzinfo=CENTRE_ZONE).timestamp()) * 1000
