"""Why a request is refused: a stable reason, and the bound that would have been allowed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from kiosk.contract.money import Fen

R = TypeVar("R", bound=StrEnum, covariant=True)


@dataclass(frozen=True, slots=True)
class Refusal(Generic[R]):
    """One unmet condition. At most one bound is given: the amount, the count or the day that it turns on."""

    reason: R
    amount: Fen | None = None
    count: int | None = None
    day: date | None = None
