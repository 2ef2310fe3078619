"""Which period? The usual ones by one touch, any other by two dates."""

from datetime import date, timedelta

from kiosk.messages import msg
from kiosk.prompts import ChoosePeriod, Period, Step
from kiosk.visit import Visit

INTEREST_YEAR_MONTH = 7
"""The fund's interest year runs from 1 July to 30 June."""


async def ask_period(visit: Visit, opened: date, today: date, step: Step | None = None) -> Period:
    """A period between the account's opening and today, both included."""
    return await visit.ask(period_prompt(opened, today, step))


def period_prompt(opened: date, today: date, step: Step | None = None) -> ChoosePeriod:
    """The presets that lie within the account's life, the shortest first."""
    this_year = interest_year_start(today)
    presets = (
        (msg("period.three-months"), Period(months_before(today, 3), today)),
        (msg("period.year"), Period(months_before(today, 12), today)),
        (msg("period.interest-year"), Period(this_year, today)),
        (
            msg("period.last-interest-year"),
            Period(months_before(this_year, 12), this_year - timedelta(days=1)),
        ),
    )
    within = tuple(
        (label, Period(max(period.first, opened), period.last))
        for label, period in presets
        if period.last >= opened
    )
    return ChoosePeriod(msg("period.title"), within, earliest=opened, latest=today, step=step)


def interest_year_start(day: date) -> date:
    """The 1 July on or before `day`."""
    return date(day.year if day.month >= INTEREST_YEAR_MONTH else day.year - 1, INTEREST_YEAR_MONTH, 1)


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, clipped to the month's end."""
    index = day.year * 12 + day.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    following = date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    return first + timedelta(days=min(day.day, (following - first).days) - 1)
