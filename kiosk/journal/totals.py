"""A kiosk's own side of the day-end balance (日终轧账): what its journal says was confirmed, by business day."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from kiosk.contract.money import Fen
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


def confirmations(rows: Iterable[Row]) -> tuple[Confirmation, ...]:
    """Every confirmation in the journal, in its order.

    The day is the centre's business day, with which a receipt number begins; without one, the day on which the
    kiosk heard of it.
    """
    settled = catalogue()["operation-settled"].number
    found = []
    for _, at, number, text, _ in rows:
        fields = json.loads(text)
        if number == settled and fields["disposition"] == "confirmed":
            receipt = fields.get("receipt")
            heard = datetime.fromisoformat(at).astimezone(CENTRE_ZONE).date()
            day = datetime.strptime(receipt[:8], "%Y%m%d").date() if receipt else heard  # noqa: DTZ007 - a day
            found.append(Confirmation(day, UUID(fields["operation"]), fields.get("amount"), receipt))
    return tuple(found)
