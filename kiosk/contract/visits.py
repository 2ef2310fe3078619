"""A visit at the centre: credentials, the query password, what waits for the citizen."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from kiosk.contract.papers import PendingPaper
from kiosk.contract.wire import Digits6, Reply, Wire


class IdCardCredential(Wire):
    kind: Literal["id_card"] = "id_card"
    id_number: Annotated[str, StringConstraints(min_length=15, max_length=18)]


class JointCardCredential(Wire):
    """联名卡: the bank card issued together with the fund account."""

    kind: Literal["joint_card"] = "joint_card"
    card_number: Annotated[str, StringConstraints(pattern=r"^[0-9]{12,19}$")]


class PhoneCodeCredential(Wire):
    """A one-time code that the centre's app shows on a phone; it has proved the person already."""

    kind: Literal["phone_code"] = "phone_code"
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{16,64}$")]


Credential = Annotated[
    IdCardCredential | JointCardCredential | PhoneCodeCredential, Field(discriminator="kind")
]


class OpenVisit(Wire):
    """POST /v1/visits."""

    credential: Credential


class VisitOpened(Reply):
    """`token` is bound to the kiosk that opened the visit. `verified` is false until the password."""

    token: str
    verified: bool
    name_masked: str  # 王*
    id_number_masked: str  # 2102**********1319
    expires_at: datetime
    tries_left: int
    open_operations: tuple[PendingPaper, ...] = ()


class Verification(Wire):
    """POST /v1/visits/current/verification: the six-digit query password (查询密码)."""

    kind: Literal["query_password"] = "query_password"
    password: Digits6
    authorises: UUID | None = None
    """The quote that this second look at the password agrees to. From then on the quote is the authority: the
    kiosk that holds it may submit it, once, until it expires, also after the visit has ended (a retry)."""


class Verified(Reply):
    verified: Literal[True] = True
    expires_at: datetime
