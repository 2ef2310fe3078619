"""The supervisor: how staff come in without a way in that the public can see, and the menu of their pages.

Five touches on a corner of the idle screen, or a staff card laid on the reader, only ask for a staff number and a
PIN. Inside a visit neither does anything. docs/supervisor.md tells staff how to use the pages.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from hardware.device import Device, DeviceFault, Kind
from hardware.id_card.interface import IdCard
from kiosk.events import error_fields
from kiosk.flows.supervisor.console import Console, Workshop
from kiosk.flows.supervisor.devices import devices
from kiosk.flows.supervisor.records import journal, outcomes, settings
from kiosk.flows.supervisor.running import network, out_of_service, readiness, restart, shut_down
from kiosk.flows.supervisor.sign_in import sign_in
from kiosk.idle import Idle
from kiosk.journal import JournalBroken
from kiosk.leaving import Cancelled, TimedOut
from kiosk.messages import msg
from kiosk.prompts import Choose, Option, OutcomeKind
from kiosk.staff import BadStaff
from kiosk.stage import Preferences

CARD_POLL_S = 1.0
CARD_READ_S = 4.0


@dataclass(frozen=True)
class PageEntry:
    """A page of the menu; its texts are `supervisor.<key>` and `supervisor.<key>.line`."""

    key: str
    icon: str
    open: Callable[[Console], Awaitable[None]]
    engineer_only: bool = False


PAGES = (
    PageEntry("devices", "printer", devices),
    PageEntry("service", "ban", out_of_service),
    PageEntry("readiness", "list-check", readiness),
    PageEntry("outcomes", "hourglass", outcomes),
    PageEntry("journal", "list", journal),
    PageEntry("network", "world", network),
    PageEntry("settings", "settings", settings, engineer_only=True),
    PageEntry("restart", "rotate", restart),
    PageEntry("shutdown", "door-exit", shut_down, engineer_only=True),
)


class Supervisor:
    """The pages of one kiosk."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop

    async def serve(self, idle: Idle) -> None:
        """From the sign-in until staff leave, or nobody touches anything any more."""
        language = self._shop.settings.language
        console = Console(self._shop, idle, preferences=Preferences(language=language))
        disposition = "finished"
        try:
            console.member = await sign_in(console)
            if console.member:
                who = console.member
                self._shop.journal.event("supervisor-begin", role=who.role.value, staff=who.number)
                await self._menu(console)
        except Cancelled:
            pass
        except TimedOut:
            disposition = "timed-out"
        except Exception as error:  # the last net, as for a visit
            self._shop.journal.event("program-error", **error_fields(error))
        finally:
            if console.member:
                self._shop.journal.event("supervisor-end", disposition=disposition)

    async def _menu(self, console: Console) -> None:
        only = None if console.engineer else msg("supervisor.engineer-only")
        options = tuple(
            Option(
                msg(f"supervisor.{page.key}"),
                page,
                line=msg(f"supervisor.{page.key}.line"),
                icon=page.icon,
                reason=only if page.engineer_only else None,
            )
            for page in PAGES
        )
        while page := await console.ask(Choose(msg("supervisor.title"), options), back=False):
            try:
                await page.open(console)
            except JournalBroken:  # what can be done without it still can: staff must get to "restart"
                await console.tell(OutcomeKind.TROUBLE, msg("out-of-service.journal"))

    async def card_laid(self) -> None:
        """Returns when a staff card lies on the reader. With no staff card on the list no card is looked at.

        What is read of anybody else's card is forgotten on the spot, before it has been looked at twice.
        """
        reader = self._shop.devices.get(Kind.ID_CARD)
        stranger = False
        while True:
            if reader and reader.status.usable and await self._has_cards():
                try:
                    there = await reader.run(reader.driver.present, CARD_READ_S)
                    if there and not stranger and await self._is_staff(reader):
                        return
                    stranger = bool(there)
                except DeviceFault:
                    pass  # its watcher reports it
            await asyncio.sleep(CARD_POLL_S)

    async def _has_cards(self) -> bool:
        try:
            return await asyncio.to_thread(self._shop.staff.has_cards)
        except BadStaff:
            return False

    async def _is_staff(self, reader: Device[Any]) -> bool:
        came = await reader.run(reader.driver.read, CARD_READ_S)
        return isinstance(came, IdCard) and await asyncio.to_thread(self._shop.staff.is_card, came.id_number)
