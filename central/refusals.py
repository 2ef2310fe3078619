"""How the centre says no: one exception, one problem type, and what the citizen may be told with it."""

from datetime import date, datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from kiosk.contract.money import Fen
from kiosk.contract.problems import Problem, status_of
from kiosk.contract.wire import ProblemDetail


class Extras(TypedDict, total=False):
    """Members of a problem besides its type; see ProblemDetail."""

    retry_after_s: int
    tries_left: int
    locked_until: datetime
    reopens_at: datetime
    minimum: Fen
    maximum: Fen
    step: Fen
    allowed_from: date
    operation_id: UUID


class Refused(Exception):
    """The request is refused. `detail` is for staff, in English, without personal data."""

    def __init__(self, problem: Problem, detail: str = "", **extras: Unpack[Extras]) -> None:
        super().__init__(f"{problem}: {detail}" if detail else problem.value)
        self.problem = problem
        self.detail = detail
        self.extras = extras
        self.person_id: int | None = None  # whose operation this refuses, once that is known

    def as_detail(self, **more: Unpack[Extras]) -> ProblemDetail:
        """The body of the answer."""
        extras: dict[str, Any] = {**self.extras, **more}
        return ProblemDetail(
            type=f"/problems/{self.problem}",
            title=self.problem.value.replace("-", " ").capitalize(),
            status=int(status_of(self.problem)),
            detail=self.detail,
            **extras,
        )
