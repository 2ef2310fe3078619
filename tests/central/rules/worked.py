"""Short ways to write amounts, dates and loans in tables of worked examples."""

from datetime import date
from decimal import Decimal

from central.rules import schedule
from central.rules.schedule import Method, Plan, Terms
from kiosk.contract.money import Fen, parse_yuan

EI = Method.EQUAL_INSTALMENT
EP = Method.EQUAL_PRINCIPAL


def yuan(text: str) -> Fen:
    """Fen from an amount as it is printed: "565,007.47"."""
    return parse_yuan(text.replace(",", ""), signed=True)


def day(text: str) -> date:
    return date.fromisoformat(text)


def terms(principal: str, rate: str, months: int, method: Method = EI, **dates: date) -> Terms:
    return Terms(yuan(principal), Decimal(rate), months, method, **dates)


def plan(principal: str, rate: str, months: int, method: Method = EI, *, after: int = 0) -> Plan:
    """A loan as it stands after so many instalments."""
    return schedule.after(schedule.plan_for(yuan(principal), Decimal(rate), months, method), after)
