"""The services of the menu: what each needs, where its tile stands, and which flow it runs."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from kiosk.contract.catalogue import Catalogue
from kiosk.flows.balance import balance
from kiosk.flows.certificates import certificates
from kiosk.flows.closure import closure
from kiosk.flows.early_repayment import early_repayment
from kiosk.flows.guides import guides
from kiosk.flows.loans import loans
from kiosk.flows.lookup import lookup
from kiosk.flows.statement import statement
from kiosk.health import Health, Need, missing
from kiosk.messages import msg
from kiosk.prompts import Tile
from kiosk.visit import Visit

Flow = Callable[[Visit], Awaitable[str | None]]
"""A service's journey. What it returns is the key of a service to go on with, or None for the menu."""


@dataclass(frozen=True)
class Service:
    """One tile of the menu. Its texts are `service.<key>` and `service.<key>.line`."""

    key: str
    group: Literal["look", "money", "print", "guides"]
    icon: str
    flow: Flow
    needs: tuple[Need, ...] = (Need.CENTRE, Need.IDENTIFICATION)

    @property
    def identified(self) -> bool:
        """Whether the citizen must say who they are first."""
        return Need.IDENTIFICATION in self.needs


def services(catalogue: Catalogue, guide_base_url: str) -> Mapping[str, Service]:
    """All services by key, in the order of the menu."""
    printing = (Need.CENTRE, Need.IDENTIFICATION, Need.PRINTER)
    listed = (
        Service("balance", "look", "account", balance),
        Service("loans", "look", "home", loans),
        Service("early_repayment", "money", "loan", early_repayment),
        Service("closure", "money", "closure", closure),
        Service("statement", "print", "statement", statement, needs=printing),
        Service("certificates", "print", "print", certificates, needs=printing),
        Service("lookup", "guides", "search", lookup),
        Service("guides", "guides", "guide", guides(catalogue, guide_base_url), needs=()),
    )
    return {service.key: service for service in listed}


def tile(service: Service, health: Health) -> Tile:
    """The service's tile; when a need is missing it stays, with the reason and the way out."""
    reasons = [reason for need in service.needs if (reason := missing(need, health))]
    return Tile(
        service.key,
        service.group,
        service.icon,
        msg(f"service.{service.key}"),
        msg(f"service.{service.key}.line"),
        reason=reasons[0] if reasons else None,
    )
