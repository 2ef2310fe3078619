"""Devices in memory, whose answers are given beforehand."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from hardware.cards import NoCard
from hardware.device import Kind, State, Status
from hardware.id_card.interface import CardKind, IdCard
from hardware.joint_card.interface import JointCard
from hardware.receipt_printer.interface import Printed
from hardware.scanner.interface import Decoded, NothingSeen
from tests.journeys.canary import CANARY_CARD, CANARY_ID, CANARY_NAME


@dataclass
class HeldDriver:
    """A driver whose answers are given: `answers` are used up, then the last one stays."""

    answers: dict[str, list[Any]]

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        if verb.startswith("_") or verb not in self.answers:
            raise AttributeError(verb)
        given = self.answers[verb]

        def act(*arguments: Any) -> Any:
            came = given.pop(0) if len(given) > 1 else given[0]
            if callable(came):
                raise came()
            return came

        return act


@dataclass
class HeldDevice:
    """hardware.device.Device as a visit sees it, without a thread."""

    kind: Kind
    driver: HeldDriver
    status: Status = field(default_factory=lambda: Status(State.READY))
    takes_s: float = 0.0

    async def run(self, verb: Callable[[Any], Any], timeout_s: float) -> Any:
        came = verb(None)
        # a look without a card takes its whole time
        await asyncio.sleep(timeout_s if isinstance(came, NoCard | NothingSeen) else self.takes_s)
        return came

    def refresh(self) -> "Future[Status]":
        """Asked how it is, it has nothing new to say."""
        asked: Future[Status] = Future()
        asked.set_result(self.status)
        return asked


def devices() -> dict[Kind, HeldDevice]:
    """All four, each with something of the canary citizen's."""
    card = IdCard(CardKind.RESIDENT, CANARY_NAME, CANARY_ID, None)
    return {
        Kind.ID_CARD: HeldDevice(Kind.ID_CARD, HeldDriver({"read": [card], "present": [False]})),
        Kind.JOINT_CARD: HeldDevice(
            Kind.JOINT_CARD, HeldDriver({"read": [JointCard(CANARY_CARD)], "present": [False]})
        ),
        Kind.SCANNER: HeldDevice(Kind.SCANNER, HeldDriver({"scan": [Decoded("GJJ1:" + "A" * 32)]})),
        Kind.RECEIPT_PRINTER: HeldDevice(
            Kind.RECEIPT_PRINTER,
            HeldDriver({"print": [Printed()], "paper_taken": [True], "retract": [True]}),
        ),
    }
