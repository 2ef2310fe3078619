"""The table of demonstration citizens. Their query password is 123456."""

from datetime import date

from central.clock import SystemClock, day_of
from central.demo.borrowers import borrowers
from central.demo.depositors import depositors
from central.demo.retiring import payouts, retiring
from central.demo.spec import Citizen
from central.rules.months import YearMonth

PASSWORD = "123456"  # noqa: S105 - every demonstration citizen's


def citizens(today: date) -> tuple[Citizen, ...]:
    """Every demonstration citizen as of `today`; some days of birth move with it."""
    month = YearMonth.of(today)
    return (*depositors(), *borrowers(), *retiring(month), *payouts(month))


CITIZENS: tuple[Citizen, ...] = citizens(day_of(SystemClock().now_ms()))
"""The demonstration as of the day this program started."""
