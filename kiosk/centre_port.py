"""Operations over the line: what the journal's resolver needs of the centre, in its own words."""

from uuid import UUID

from kiosk.contract.operations import Operation
from kiosk.contract.problems import Problem
from kiosk.exchange import NotFound, Refusal, Unknown
from kiosk.line import Line, Refused, Unreachable
from kiosk.operation_states import Submission


class LinePort:
    """kiosk.exchange.CentrePort over a kiosk's line. An authorised quote needs no visit: none is held here."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def submit(self, submission: Submission) -> Operation | Refusal | Unknown:
        """Send the request under its id. Never raises."""
        headers = {"Idempotency-Key": str(submission.operation_id)}
        if submission.if_match:
            headers["If-Match"] = submission.if_match
        try:
            return self._line.call("POST", submission.path, Operation, body=submission.body, headers=headers)
        except Refused as refusal:
            return Refusal(refusal.problem, refusal.detail)
        except Unreachable as problem:
            return Unknown(problem.cause.value)

    def find(self, operation_id: UUID) -> Operation | NotFound | Unknown:
        """What became of an operation. Never raises."""
        try:
            return self._line.call("GET", f"/v1/operations/{operation_id}", Operation)
        except Refused as refusal:
            if refusal.problem is Problem.NOT_FOUND:
                return NotFound()
            return Unknown(refusal.problem.value)
        except Unreachable as problem:
            return Unknown(problem.cause.value)
