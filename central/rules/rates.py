"""What an annual rate in per cent comes to for a month or for days. Only fen are rounded, never rates."""

from decimal import ROUND_HALF_UP, Decimal

from kiosk.contract.money import Fen, round_ratio

MONTHS_TIMES_PERCENT = 1200  # a month's interest is balance * annual per cent / 1200
DAYS_TIMES_PERCENT_360 = 36000  # a day's is balance * annual per cent / 36000: PBOC circular 129 of 2005


def month_interest(balance: Fen, annual_percent: Decimal) -> Fen:
    """A full month's interest on a loan balance, half up to the fen; the monthly rate is not rounded."""
    numerator, denominator = annual_percent.as_integer_ratio()
    return round_ratio(balance * numerator, MONTHS_TIMES_PERCENT * denominator)


def day_interest(balance: Fen, annual_percent: Decimal, days: int) -> Fen:
    """Interest on a loan balance for so many actual days over a year of 360, half up to the fen."""
    numerator, denominator = annual_percent.as_integer_ratio()
    return round_ratio(balance * numerator * days, DAYS_TIMES_PERCENT_360 * denominator)


def equal_instalment(balance: Fen, annual_percent: Decimal, months: int) -> Fen:
    """The instalment that repays `balance` in `months` equal payments: B r (1+r)^n / ((1+r)^n - 1), half up.

    Worked in whole numbers, so that it is exact before it is rounded. Without interest it is B / n.
    """
    numerator, denominator = annual_percent.as_integer_ratio()
    if numerator == 0:
        return round_ratio(balance, months)
    unit = MONTHS_TIMES_PERCENT * denominator
    grown, plain = (unit + numerator) ** months, unit**months
    return round_ratio(balance * numerator * grown, unit * (grown - plain))


def with_rounded_month(annual_percent: Decimal, places: int | None) -> Decimal:
    """The annual rate whose twelfth is the monthly rate rounded half up to so many decimals, as a fraction of 1.

    For centres whose systems keep a rounded monthly rate (8 to 12 places), which moves some rows by a fen: 2.6%
    at 8 places is 0.00216667 a month, 2.600004% a year. None leaves the rate alone.
    """
    if places is None:
        return annual_percent
    monthly = (annual_percent / MONTHS_TIMES_PERCENT).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return monthly * MONTHS_TIMES_PERCENT


def months_to_repay(balance: Fen, annual_percent: Decimal, instalment: Fen) -> int:
    """The fewest months in which equal payments of `instalment` repay `balance`: ceil(ln(m/(m-Br))/ln(1+r)).

    Found in whole numbers: the least n with (m - Br)(1+r)^n >= m. Raises ValueError when the instalment does
    not cover one month's interest, for then it never ends.
    """
    numerator, denominator = annual_percent.as_integer_ratio()
    unit = MONTHS_TIMES_PERCENT * denominator
    if numerator == 0:
        if instalment <= 0:
            raise ValueError("an instalment of nothing never repays the loan")
        return -(-balance // instalment)
    left, target = instalment * unit - balance * numerator, instalment * unit
    if left <= 0:
        raise ValueError("the instalment does not cover a month's interest")
    months = 0
    while left < target:
        left, target, months = left * (unit + numerator), target * unit, months + 1
    return months
