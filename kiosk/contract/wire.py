"""What all wire models share: amounts, codes, languages, the two base classes, and the problem document.

Names are the field's English terms; the code of JGJ/T 320-2014 stands beside the term once. Amounts travel
as strings with two decimals and are integer fen (分) on both sides; dates are calendar days in the centre's
zone; instants are UTC.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

from kiosk.contract.money import Fen, format_yuan, parse_yuan


def _fen_from_wire(value: object) -> object:
    return parse_yuan(value, signed=True) if isinstance(value, str) else value


Amount = Annotated[
    Fen,
    BeforeValidator(_fen_from_wire, json_schema_input_type=str),
    PlainSerializer(lambda fen: format_yuan(Fen(fen)), return_type=str, when_used="json"),
    Field(
        json_schema_extra={
            "type": "string",
            "pattern": r"^-?[0-9]{1,13}\.[0-9]{2}$",
            "examples": ["1234.50"],
        },
    ),
]
"""Integer fen in Python, "1234.50" in JSON."""

ServiceCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}$")]
ContractNumber = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{6,30}$")]
Digits6 = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
Language = Literal["zh", "en"]
DocumentLanguage = Literal["zh", "en", "both"]


class Wire(BaseModel):
    """Base of all wire models: immutable, and closed in what the centre accepts."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Reply(BaseModel):
    """Base of all answers: immutable; a newer centre may add fields that an older kiosk ignores."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ProblemDetail(Reply):
    """RFC 9457 problem+json. `type` is `/problems/<Problem>`; `detail` is for staff, not for the screen."""

    type: str
    title: str
    status: int
    detail: str = ""
    retry_after_s: int | None = None
    tries_left: int | None = None
    locked_until: datetime | None = None
    reopens_at: datetime | None = None
    minimum: Amount | None = None
    maximum: Amount | None = None
    step: Amount | None = None
    allowed_from: date | None = None
    operation_id: UUID | None = None
