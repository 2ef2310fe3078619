"""A kiosk's own side of the day-end balance (日终轧账): what its journal says was confirmed, by business day."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from kiosk.contract.kiosks import DayTotal
from kiosk.contract.money import Fen
from kiosk.contract.operations import DAY_TOTALS_TOLD
from kiosk.events import catalogue
from kiosk.journal.chain import Row
from kiosk.values import CENTRE_ZONE


@dataclass(frozen=True)
class Confirmation:
    """One operation that the centre has confirmed to this kiosk. `amount` in fen; None where none was told."""

    day: date
    operation_id: UUID
    amount: Fen | None
    receipt_number: str | None


Totals = dict[date, DayTotal]


def confirmations(rows: Iterable[Row]) -> tuple[Confirmation, ...]:
    """Every confirmation in the journal, in its order.

    The day is the centre's business day, with which a receipt number begins; without one, the day on which the
    kiosk heard of it.
    """
    settled = catalogue()["operation-settled"].number
    found = []
    for _, at, number, text, _ in rows:
        if number != settled:
            continue
        fields = json.loads(text)
        if fields["disposition"] == "confirmed":
            receipt = fields.get("receipt")
            heard = datetime.fromisoformat(at).astimezone(CENTRE_ZONE).date()
            day = datetime.strptime(receipt[:8], "%Y%m%d").date() if receipt else heard  # noqa: DTZ007 - a day
            found.append(Confirmation(day, UUID(fields["operation"]), fields.get("amount"), receipt))
    return tuple(found)


def add_up(told: Iterable[Confirmation], before: Mapping[date, DayTotal] = MappingProxyType({})) -> Totals:
    """The confirmations by business day, on top of what was added up before. Pure."""
    totals = dict(before)
    for one in told:
        so_far = totals.get(one.day, DayTotal.nothing_on(one.day))
        amount = Fen(so_far.amount + (one.amount or 0))
        totals[one.day] = DayTotal(day=one.day, operations=so_far.operations + 1, amount=amount)
    return totals


class RunningTotals:
    """The totals of the last days, for each heartbeat: only events that are new are read."""

    def __init__(self) -> None:
        self._totals: Totals = {}
        self._seen = 0

    def last_days(self, events_after: Callable[[int], Iterable[Row]]) -> tuple[DayTotal, ...]:
        """The last DAY_TOTALS_TOLD days on which there was something, the latest first."""
        self._totals = add_up(confirmations(self._noting(events_after(self._seen))), self._totals)
        latest = sorted(self._totals, reverse=True)[:DAY_TOTALS_TOLD]
        return tuple(self._totals[day] for day in latest)

    def _noting(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self._seen = row[0]
            yield row
